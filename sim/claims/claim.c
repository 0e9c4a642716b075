#include "sim/claims/claim.h"

#include "sim/output/csv.h"
#include "sim/output/exact.h"

#include <math.h>
#include <string.h>

struct ClaimSet {
    char *paper;         /* owned */
    GPtrArray *list;     /* of Claim, owned */
    GPtrArray *fitted;   /* of FittedParameter, owned */
    GArray *predictions; /* of ClaimMeasure */
};

static const char *const role_words[] = {"exact", "calibrated", "predicted"};

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
    g_array_unref(claim->measures);
    g_free(claim);
}

static void
free_fitted(gpointer data)
{
    FittedParameter *fitted = data;

    g_free(fitted->name);
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
    claim->deviation = NAN;
    claim->tolerance = NAN;
    claim->measures = new_measures();
    g_ptr_array_add(claims->list, claim);
    return claim;
}

void
claims_add_value(ClaimSet *claims, const char *id, const char *source, ClaimRole role, const char *unit,
                 double paper_value, double simulated, double tolerance, const char *why)
{
    Claim *claim = add_claim(claims, id, source, role, unit, why);

    claim->paper_value = (ClaimValue){NULL, paper_value, paper_value};
    claim->simulated = (ClaimValue){NULL, simulated, simulated};
    claim->tolerance = tolerance;
    claim->passes = fabs(simulated - paper_value) <= tolerance * fabs(paper_value);
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
    claim->passes = simulated_min >= low && simulated_max <= high;
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
    claim->passes = holds;
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
claims_add_fitted(ClaimSet *claims, const char *name, const char *value, const char *fitted_to)
{
    FittedParameter *fitted = g_new0(FittedParameter, 1);

    fitted->name = g_strdup(name);
    fitted->value = g_strdup(value);
    fitted->fitted_to = g_strdup(fitted_to);
    g_ptr_array_add(claims->fitted, fitted);
}

guint
claims_failed(const ClaimSet *claims)
{
    guint failed = 0;

    for (guint i = 0; i < claims->list->len; i++)
        failed += !((const Claim *)g_ptr_array_index(claims->list, i))->passes;
    return failed;
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

const Claim *
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

/* ---- files ---- */

static cJSON *
json_value(const ClaimValue *value)
{
    if (value->words)
        return cJSON_CreateString(value->words);
    if (value->low == value->high)
        return exact_number(value->low);
    cJSON *range = cJSON_CreateArray();
    cJSON_AddItemToArray(range, exact_number(value->low));
    cJSON_AddItemToArray(range, exact_number(value->high));
    return range;
}

static cJSON *
json_claim(const Claim *claim)
{
    cJSON *object = cJSON_CreateObject();

    cJSON_AddStringToObject(object, "id", claim->id);
    cJSON_AddStringToObject(object, "paper", claim->paper);
    cJSON_AddStringToObject(object, "source", claim->source);
    cJSON_AddItemToObject(object, "paper_value", json_value(&claim->paper_value));
    cJSON_AddItemToObject(object, "simulated", json_value(&claim->simulated));
    cJSON_AddStringToObject(object, "unit", claim->unit);
    cJSON_AddItemToObject(object, "deviation", exact_number(claim->deviation));
    cJSON_AddItemToObject(object, "tolerance", exact_number(claim->tolerance));
    cJSON_AddStringToObject(object, "why", claim->why);
    cJSON_AddStringToObject(object, "role", role_words[claim->role]);
    cJSON_AddStringToObject(object, "verdict", claim->passes ? "pass" : "fail");
    return object;
}

static char *
to_json(const ClaimSet *claims)
{
    cJSON *array = cJSON_CreateArray();

    for (guint i = 0; i < claims->list->len; i++)
        cJSON_AddItemToArray(array, json_claim(g_ptr_array_index(claims->list, i)));
    char *printed = cJSON_Print(array);
    char *text = g_strconcat(printed, "\n", NULL);
    cJSON_free(printed);
    cJSON_Delete(array);
    return text;
}

/* "60.2", "58 … 62" or the words. */
static char *
value_text(const ClaimValue *value, char *(*number_text)(double number))
{
    if (value->words)
        return g_strdup(value->words);
    if (isnan(value->low) || isnan(value->high)) /* a migration did not complete, so that there is no number */
        return g_strdup("none");
    g_autofree char *low = number_text(value->low);
    g_autofree char *high = number_text(value->high);
    return value->low == value->high ? g_steal_pointer(&low) : g_strdup_printf("%s … %s", low, high);
}

static char *
to_csv(const ClaimSet *claims)
{
    GString *csv = g_string_new("id,paper,source,paper_value,simulated,unit,deviation,tolerance,why,role,verdict\n");

    for (guint i = 0; i < claims->list->len; i++) {
        const Claim *claim = g_ptr_array_index(claims->list, i);
        g_autofree char *paper_value = value_text(&claim->paper_value, csv_number);
        g_autofree char *simulated = value_text(&claim->simulated, csv_number);
        csv_append_text(csv, claim->id);
        csv_append_text(csv, claim->paper);
        csv_append_text(csv, claim->source);
        csv_append_text(csv, paper_value);
        csv_append_text(csv, simulated);
        csv_append_text(csv, claim->unit);
        csv_append_known(csv, claim->deviation);
        csv_append_known(csv, claim->tolerance);
        csv_append_text(csv, claim->why);
        csv_append_text(csv, role_words[claim->role]);
        csv_append_text(csv, claim->passes ? "pass" : "fail");
        g_string_append_c(csv, '\n');
    }
    return g_string_free(csv, FALSE);
}

static char *
fitted_csv(const ClaimSet *claims)
{
    GString *csv = g_string_new("parameter,value,fitted_to\n");

    for (guint i = 0; i < claims->fitted->len; i++) {
        const FittedParameter *fitted = g_ptr_array_index(claims->fitted, i);
        csv_append_text(csv, fitted->name);
        csv_append_text(csv, fitted->value);
        csv_append_text(csv, fitted->fitted_to);
        g_string_append_c(csv, '\n');
    }
    return g_string_free(csv, FALSE);
}

void
claims_take_files(const ClaimSet *claims, FileSet *files)
{
    files_take(files, "claims.json", to_json(claims));
    files_take(files, "claims.csv", to_csv(claims));
    files_take(files, "fitted.csv", fitted_csv(claims));
}

/* ---- the terminal's table ---- */

/* At most so many characters of text, the last one an ellipsis when it was cut; padded with blanks. */
static void
append_fitted_cell(GString *out, const char *text, glong width)
{
    const glong length = g_utf8_strlen(text, -1);

    if (length > width) {
        g_autofree char *head = g_utf8_substring(text, 0, width - 1);
        g_string_append_printf(out, "%s…", head);
    } else {
        g_string_append(out, text);
        for (glong i = length; i < width; i++)
            g_string_append_c(out, ' ');
    }
    g_string_append_c(out, ' ');
}

/* verdict, role, paper, simulated and deviation have fixed widths; id and source share the rest. */
static void
append_row(GString *out, guint columns, const char *const cells[7])
{
    const glong rest = MAX((glong)columns - 64, 32);
    const glong widths[7] = {4, rest / 2, rest - rest / 2, 17, 17, 8, 10};

    for (int i = 0; i < 7; i++)
        append_fitted_cell(out, cells[i], widths[i]);
    g_strchomp(out->str);
    out->len = strlen(out->str);
    g_string_append_c(out, '\n');
}

/* Five significant digits: what a reader compares. */
static char *
rounded(double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    return g_strdup(g_ascii_formatd(text, sizeof text, "%.5g", value));
}

static char *
with_unit(const ClaimValue *value, const char *unit)
{
    char *text = value_text(value, rounded);

    if (!*unit)
        return text;
    char *both = g_strconcat(text, " ", unit, NULL);
    g_free(text);
    return both;
}

static char *
percent(double share)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    if (isnan(share))
        return g_strdup("");
    return g_strconcat(g_ascii_formatd(text, sizeof text, "%+.1f", share * 100), " %", NULL);
}

static void
append_claim(GString *out, guint columns, const Claim *claim)
{
    g_autofree char *paper_value = with_unit(&claim->paper_value, claim->unit);
    g_autofree char *simulated = with_unit(&claim->simulated, claim->unit);
    g_autofree char *deviation = percent(claim->deviation);

    append_row(out, columns,
               (const char *[]){claim->passes ? "pass" : "FAIL", claim->id, claim->source, paper_value, simulated,
                                deviation, role_words[claim->role]});
}

char *
claims_table(const ClaimSet *claims, guint columns)
{
    GString *out = g_string_new(NULL);

    append_row(out, columns, (const char *[]){"", "claim", "source", "paper", "tandem", "dev.", "role"});
    for (guint i = 0; i < claims->list->len; i++)
        append_claim(out, columns, g_ptr_array_index(claims->list, i));
    if (claims->fitted->len > 0)
        g_string_append(out, "\nfitted parameters:\n");
    for (guint i = 0; i < claims->fitted->len; i++) {
        const FittedParameter *fitted = g_ptr_array_index(claims->fitted, i);
        g_string_append_printf(out, "  %s = %s, to %s\n", fitted->name, fitted->value, fitted->fitted_to);
    }
    g_string_append_printf(out, "\n%u claims, %u failed, %u fitted parameters\n", claims->list->len,
                           claims_failed(claims), claims->fitted->len);
    return g_string_free(out, FALSE);
}
