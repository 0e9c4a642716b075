#include "sim/sensitivity/findings.h"

#include "sim/output/exact.h"
#include "sim/scenario/json_text.h"

#include <math.h>

static void
clear_finding(gpointer data)
{
    Finding *finding = data;

    g_free(finding->id);
    g_free(finding->claim);
    g_free(finding->unit);
}

static Findings *
findings_new(void)
{
    Findings *findings = g_new(Findings, 1);

    findings->list = g_array_new(FALSE, FALSE, sizeof(Finding));
    g_array_set_clear_func(findings->list, clear_finding);
    return findings;
}

void
findings_free(Findings *findings)
{
    if (!findings)
        return;
    g_array_unref(findings->list);
    g_free(findings);
}

static void
add(Findings *findings, const char *claim, const char *measure, const char *unit, ClaimRole role, double value,
    Verdict verdict)
{
    const Finding finding = {*measure ? g_strconcat(claim, ".", measure, NULL) : g_strdup(claim),
                             g_strdup(claim),
                             g_strdup(unit),
                             role,
                             value,
                             verdict};

    g_array_append_val(findings->list, finding);
}

const Finding *
findings_find(const Findings *findings, const char *id)
{
    for (guint i = 0; i < findings->list->len; i++) {
        const Finding *finding = &g_array_index(findings->list, Finding, i);
        if (g_str_equal(finding->id, id))
            return finding;
    }
    return NULL;
}

/* ---- claims ---- */

static void
add_claim(Findings *findings, const Claim *claim)
{
    const Verdict verdict = claim->passes ? VERDICT_PASS : VERDICT_FAIL;

    for (guint i = 0; i < claim->measures->len; i++) {
        const ClaimMeasure *measure = &g_array_index(claim->measures, ClaimMeasure, i);
        add(findings, claim->id, measure->name, measure->unit, claim->role, measure->value, verdict);
    }
    if (claim->measures->len == 0)
        add(findings, claim->id, "", "", claim->role, NAN, verdict);
}

Findings *
findings_from_claims(const ClaimSet *claims)
{
    Findings *findings = findings_new();
    const GArray *predictions = claims_predictions(claims);

    for (guint i = 0; i < claims_count(claims); i++)
        add_claim(findings, claims_get(claims, i));
    for (guint i = 0; i < predictions->len; i++) {
        const ClaimMeasure *measure = &g_array_index(predictions, ClaimMeasure, i);
        add(findings, measure->name, "", measure->unit, ROLE_PREDICTED, measure->value, VERDICT_NONE);
    }
    return findings;
}

/* ---- predictions of measured cases ---- */

static Verdict
verdict_of(gboolean passes)
{
    return passes ? VERDICT_PASS : VERDICT_FAIL;
}

static void
add_mean(Findings *findings, const GArray *predictions, Counter counter)
{
    g_autofree char *id = g_strconcat("mean-", validate_counter_name(counter), NULL);
    double sum = 0;
    guint n = 0;

    for (guint i = 0; i < predictions->len; i++) {
        const Comparison *comparison = &g_array_index(predictions, Prediction, i).counters[counter];
        if (isnan(comparison->error))
            continue;
        sum += comparison->predicted / comparison->measured;
        n++;
    }
    if (n > 0)
        add(findings, id, "", "of measured", ROLE_PREDICTED, sum / n, VERDICT_NONE);
}

/* What tests/sim/validate holds over all cases. */
static void
add_median(Findings *findings, const GArray *predictions, Counter counter)
{
    const ErrorSummary summary = validate_summary(predictions, counter);
    const double bar = validate_bars[counter].median;
    g_autofree char *id = g_strconcat("median-error-", validate_counter_name(counter), NULL);

    if (summary.n > 0)
        add(findings, id, "", "", ROLE_PREDICTED, NAN,
            verdict_of(counter == COUNTER_SYNCS ? 100 * summary.within_one >= bar * summary.n : summary.median <= bar));
}

static void
add_case(Findings *findings, const Prediction *prediction)
{
    g_autofree char *ends = g_strconcat(prediction->file->id, ".ends", NULL);

    add(findings, ends, "", "", ROLE_PREDICTED, NAN, verdict_of(validate_ends_as_measured(prediction)));
    for (int c = 0; c < N_COUNTERS; c++) {
        const Comparison *comparison = &prediction->counters[c];
        g_autofree char *id = g_strconcat(prediction->file->id, ".", validate_counter_name(c), NULL);
        if (!isnan(comparison->error))
            add(findings, id, "", c == COUNTER_TOTAL || c == COUNTER_DOWNTIME ? "ms" : "", ROLE_PREDICTED,
                comparison->predicted, verdict_of(fabs(comparison->error) <= validate_bars[c].worst));
    }
}

Findings *
findings_from_predictions(const GArray *predictions)
{
    Findings *findings = findings_new();

    for (int c = 0; c < N_COUNTERS; c++)
        add_mean(findings, predictions, c);
    for (int c = 0; c < N_COUNTERS; c++)
        add_median(findings, predictions, c);
    for (guint i = 0; i < predictions->len; i++)
        add_case(findings, &g_array_index(predictions, Prediction, i));
    return findings;
}

/* ---- from process to process ---- */

static cJSON *
pack_finding(const Finding *finding)
{
    cJSON *object = cJSON_CreateObject();

    cJSON_AddStringToObject(object, "id", finding->id);
    cJSON_AddStringToObject(object, "claim", finding->claim);
    cJSON_AddStringToObject(object, "unit", finding->unit);
    cJSON_AddNumberToObject(object, "role", finding->role);
    cJSON_AddNumberToObject(object, "verdict", finding->verdict);
    if (isfinite(finding->value))
        cJSON_AddNumberToObject(object, "value", finding->value);
    return object;
}

char *
findings_pack(const Findings *findings)
{
    g_autoptr(cJSON) root = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(root, "findings");

    for (guint i = 0; i < findings->list->len; i++)
        cJSON_AddItemToArray(list, pack_finding(&g_array_index(findings->list, Finding, i)));
    return exact_print(root, FALSE);
}

static double
number(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

    return item ? item->valuedouble : NAN;
}

static char *
text(const cJSON *object, const char *key)
{
    return g_strdup(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key)));
}

Findings *
findings_unpack(const char *packed)
{
    g_autoptr(cJSON) root = cJSON_Parse(packed);
    Findings *findings = findings_new();
    const cJSON *item;

    cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(root, "findings"))
    {
        const Finding finding = {text(item, "id"),      text(item, "claim"),
                                 text(item, "unit"),    (ClaimRole)number(item, "role"),
                                 number(item, "value"), (Verdict)number(item, "verdict")};
        g_array_append_val(findings->list, finding);
    }
    return findings;
}

const char *
verdict_text(Verdict verdict)
{
    static const char *const words[] = {"", "fail", "pass"};

    return words[verdict];
}
