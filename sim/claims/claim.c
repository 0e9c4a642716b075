#include "sim/claims/claim.h"

#include <math.h>

struct ClaimSet {
    char *paper;         /* owned */
    GPtrArray *list;     /* of Claim, owned */
    GPtrArray *fitted;   /* of FittedParameter, owned */
    GArray *predictions; /* of ClaimMeasure */
};

static const char *const role_words[N_CLAIM_ROLES] = {[ROLE_DEFINITION] = "definition",
                                                      [ROLE_EXACT] = "exact",
                                                      [ROLE_CALIBRATED] = "calibrated",
                                                      [ROLE_DERIVED] = "derived",
                                                      [ROLE_PREDICTED] = "predicted"};
static const char *const verdict_words[N_CLAIM_VERDICTS] = {[CLAIM_PASS] = "pass",
                                                            [CLAIM_FAIL] = "fail",
                                                            [CLAIM_KNOWN_MISS] = "known-miss",
                                                            [CLAIM_DISPUTED] = "disputed",
                                                            [CLAIM_SKIPPED] = "skipped"};

static void
clear_measure(gpointer data)
{
    ClaimMeasure *measure = data;

    g_free(measure->name);
    g_free(measure->unit);
}

static GArray *
new_measures(void)
{
    GArray *measures = g_array_new(FALSE, FALSE, sizeof(ClaimMeasure));

    g_array_set_clear_func(measures, clear_measure);
    return measures;
}

static void
append_measure(GArray *measures, const char *name, const char *unit, double value)
{
    const ClaimMeasure measure = {g_strdup(name), g_strdup(unit), value};

    g_array_append_val(measures, measure);
}

static void
free_claim(gpointer data)
{
    Claim *claim = data;

    g_free(claim->id);
    g_free(claim->paper);
    g_free(claim->source);
    g_free(claim->paper_value.words);
    g_free(claim->simulated.words);
    g_free(claim->unit);
    g_free(claim->why);
    g_free(claim->reason);
    g_free(claim->mechanism);
    g_free(claim->mutations);
    g_free(claim->same_as);
    g_array_unref(claim->measures);
    g_free(claim);
}

static void
free_fitted(gpointer data)
{
    FittedParameter *fitted = data;

    g_free(fitted->name);
    g_free(fitted->kind);
    g_free(fitted->value);
    g_free(fitted->fitted_to);
    g_free(fitted);
}

ClaimSet *
claims_new(void)
{
    ClaimSet *claims = g_new0(ClaimSet, 1);

    claims->paper = g_strdup("");
    claims->list = g_ptr_array_new_with_free_func(free_claim);
    claims->fitted = g_ptr_array_new_with_free_func(free_fitted);
    claims->predictions = new_measures();
    return claims;
}

void
claims_free(ClaimSet *claims)
{
    if (!claims)
        return;
    g_free(claims->paper);
    g_ptr_array_unref(claims->list);
    g_ptr_array_unref(claims->fitted);
    g_array_unref(claims->predictions);
    g_free(claims);
}

void
claims_set_paper(ClaimSet *claims, const char *paper)
{
    g_free(claims->paper);
    claims->paper = g_strdup(paper);
}

static Claim *
add_claim(ClaimSet *claims, const char *id, const char *source, ClaimRole role, const char *unit, const char *why)
{
    Claim *claim = g_new0(Claim, 1);

    claim->id = g_strdup(id);
    claim->paper = g_strdup(claims->paper);
    claim->source = g_strdup(source);
    claim->role = role;
    claim->unit = g_strdup(unit);
    claim->why = g_strdup(why);
    claim->reason = g_strdup("");
    claim->mechanism = g_strdup("");
    claim->mutations = g_strdup("");
    claim->deviation = NAN;
    claim->tolerance = NAN;
    claim->measures = new_measures();
    g_ptr_array_add(claims->list, claim);
    return claim;
}

static void
judge(Claim *claim, gboolean holds)
{
    claim->passes = holds;
    claim->verdict = holds ? CLAIM_PASS : CLAIM_FAIL;
}

void
claims_add_value(ClaimSet *claims, const char *id, const char *source, ClaimRole role, const char *unit,
                 double paper_value, double simulated, double tolerance, const char *why)
{
    Claim *claim = add_claim(claims, id, source, role, unit, why);

    claim->paper_value = (ClaimValue){NULL, paper_value, paper_value};
    claim->simulated = (ClaimValue){NULL, simulated, simulated};
    claim->tolerance = tolerance;
    judge(claim, fabs(simulated - paper_value) <= tolerance * fabs(paper_value));
    if (paper_value != 0)
        claim->deviation = (simulated - paper_value) / fabs(paper_value);
    append_measure(claim->measures, "", unit, simulated);
}

void
claims_add_range(ClaimSet *claims, const char *id, const char *source, ClaimRole role, const char *unit, double low,
                 double high, double simulated_min, double simulated_max, const char *why)
{
    Claim *claim = add_claim(claims, id, source, role, unit, why);

    claim->paper_value = (ClaimValue){NULL, low, high};
    claim->simulated = (ClaimValue){NULL, simulated_min, simulated_max};
    judge(claim, simulated_min >= low && simulated_max <= high);
    append_measure(claim->measures, simulated_min < simulated_max ? "least" : "", unit, simulated_min);
    if (simulated_min < simulated_max)
        append_measure(claim->measures, "most", unit, simulated_max);
}

void
claims_add_statement(ClaimSet *claims, const char *id, const char *source, ClaimRole role, const char *paper_value,
                     const char *simulated, gboolean holds, const char *why)
{
    Claim *claim = add_claim(claims, id, source, role, "", why);

    claim->paper_value.words = g_strdup(paper_value);
    claim->simulated.words = g_strdup(simulated);
    judge(claim, holds);
}

void
claims_add_skipped(ClaimSet *claims, const char *id, const char *source, const char *paper_value, const char *reason)
{
    Claim *claim = add_claim(claims, id, source, ROLE_PREDICTED, "", "");

    claim->paper_value.words = g_strdup(paper_value);
    claim->simulated.words = g_strdup("");
    claim->verdict = CLAIM_SKIPPED;
    g_free(claim->reason);
    claim->reason = g_strdup(reason);
}

void
claims_same_as(ClaimSet *claims, const char *id)
{
    g_return_if_fail(claims->list->len > 0);

    ((Claim *)g_ptr_array_index(claims->list, claims->list->len - 1))->same_as = g_strdup(id);
}

void
claims_add_measure(ClaimSet *claims, const char *name, const char *unit, double value)
{
    g_return_if_fail(claims->list->len > 0);

    append_measure(((Claim *)g_ptr_array_index(claims->list, claims->list->len - 1))->measures, name, unit, value);
}

void
claims_add_prediction(ClaimSet *claims, const char *id, const char *unit, double value)
{
    append_measure(claims->predictions, id, unit, value);
}

void
claims_add_fitted(ClaimSet *claims, const char *name, const char *kind, const char *value, const char *fitted_to)
{
    FittedParameter *fitted = g_new0(FittedParameter, 1);

    fitted->name = g_strdup(name);
    fitted->kind = g_strdup(kind);
    fitted->value = g_strdup(value);
    fitted->fitted_to = g_strdup(fitted_to);
    g_ptr_array_add(claims->fitted, fitted);
}

guint
claims_failed(const ClaimSet *claims)
{
    guint failed = 0;

    for (guint i = 0; i < claims->list->len; i++)
        failed += ((const Claim *)g_ptr_array_index(claims->list, i))->verdict == CLAIM_FAIL;
    return failed;
}

guint
claims_counted(const ClaimSet *claims, int role, int verdict)
{
    guint counted = 0;

    for (guint i = 0; i < claims->list->len; i++) {
        const Claim *claim = g_ptr_array_index(claims->list, i);
        counted += claim->role != ROLE_DEFINITION && !claim->same_as && (role < 0 || (int)claim->role == role) &&
                   (verdict < 0 || (int)claim->verdict == verdict);
    }
    return counted;
}

guint
claims_count(const ClaimSet *claims)
{
    return claims->list->len;
}

guint
claims_fitted_count(const ClaimSet *claims)
{
    return claims->fitted->len;
}

Claim *
claims_get(const ClaimSet *claims, guint index)
{
    return g_ptr_array_index(claims->list, index);
}

const FittedParameter *
claims_fitted(const ClaimSet *claims, guint index)
{
    return g_ptr_array_index(claims->fitted, index);
}

const GArray *
claims_predictions(const ClaimSet *claims)
{
    return claims->predictions;
}

const char *
claim_role_text(ClaimRole role)
{
    return role_words[role];
}

const char *
claim_verdict_text(ClaimVerdict verdict)
{
    return verdict_words[verdict];
}

char *
claim_value_text(const ClaimValue *value, char *(*number_text)(double number))
{
    if (value->words)
        return g_strdup(value->words);
    if (isnan(value->low) || isnan(value->high)) /* a migration did not complete, so that there is no number */
        return g_strdup("none");
    g_autofree char *low = number_text(value->low);
    g_autofree char *high = number_text(value->high);
    return value->low == value->high ? g_steal_pointer(&low) : g_strdup_printf("%s … %s", low, high);
}
