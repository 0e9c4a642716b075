#include "sim/claims/claim.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

struct ClaimSet {
    char *paper;       /* owned */
    GPtrArray *list;   /* of Claim, owned */
    GPtrArray *fitted; /* of FittedParameter, owned */
};

static const char *const role_words[] = {"exact", "calibrated", "predicted"};

static void
free_claim(gpointer data)
{
    Claim *claim = data;

    g_free(claim->id);
    g_free(claim->paper);
    g_free(claim->source);
    g_free(claim->paper_value);
    g_free(claim->simulated);
    g_free(claim->deviation);
    g_free(claim->tolerance);
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
    g_free(claims);
}

void
claims_set_paper(ClaimSet *claims, const char *paper)
{
    g_free(claims->paper);
    claims->paper = g_strdup(paper);
}

static Claim *
add_claim(ClaimSet *claims, const char *id, const char *source, ClaimRole role, gboolean passes, const char *why)
{
    Claim *claim = g_new0(Claim, 1);

    claim->id = g_strdup(id);
    claim->paper = g_strdup(claims->paper);
    claim->source = g_strdup(source);
    claim->role = role;
    claim->passes = passes;
    claim->tolerance = g_strdup(why);
    claim->deviation = g_strdup("");
    g_ptr_array_add(claims->list, claim);
    return claim;
}

static char *
with_unit(double value, const char *unit)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    g_ascii_formatd(text, sizeof text, "%.5g", value);
    return *unit ? g_strconcat(text, " ", unit, NULL) : g_strdup(text);
}

static char *
percent(double share)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    g_ascii_formatd(text, sizeof text, "%+.1f", share * 100);
    return g_strconcat(text, " %", NULL);
}

void
claims_add_value(ClaimSet *claims, const char *id, const char *source, ClaimRole role, const char *unit,
                 double paper_value, double simulated, double tolerance, const char *why)
{
    const double difference = simulated - paper_value;
    g_autofree char *bar = percent(tolerance);
    g_autofree char *text = g_strdup_printf("±%s: %s", bar + 1, why);
    Claim *claim = add_claim(claims, id, source, role, fabs(difference) <= tolerance * fabs(paper_value), text);

    claim->paper_value = with_unit(paper_value, unit);
    claim->simulated = with_unit(simulated, unit);
    if (paper_value != 0) {
        g_free(claim->deviation);
        claim->deviation = percent(difference / fabs(paper_value));
    }
}

static char *
range_text(double low, double high, const char *unit)
{
    g_autofree char *first = with_unit(low, "");
    g_autofree char *second = with_unit(high, unit);

    return g_strdup_printf("%s … %s", first, second);
}

void
claims_add_range(ClaimSet *claims, const char *id, const char *source, ClaimRole role, const char *unit, double low,
                 double high, double simulated_min, double simulated_max, const char *why)
{
    Claim *claim = add_claim(claims, id, source, role, simulated_min >= low && simulated_max <= high, why);

    claim->paper_value = range_text(low, high, unit);
    claim->simulated = range_text(simulated_min, simulated_max, unit);
}

void
claims_add_statement(ClaimSet *claims, const char *id, const char *source, ClaimRole role, const char *paper_value,
                     const char *simulated, gboolean holds, const char *why)
{
    Claim *claim = add_claim(claims, id, source, role, holds, why);

    claim->paper_value = g_strdup(paper_value);
    claim->simulated = g_strdup(simulated);
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

/* ---- files ---- */

/* The columns of claims.json and claims.csv, in order. */
static const char *const column_names[] = {"id",        "paper",     "source", "paper_value", "simulated",
                                           "deviation", "tolerance", "role",   "verdict"};

static void
columns_of(const Claim *claim, const char *columns[G_N_ELEMENTS(column_names)])
{
    const char *all[] = {claim->id,
                         claim->paper,
                         claim->source,
                         claim->paper_value,
                         claim->simulated,
                         claim->deviation,
                         claim->tolerance,
                         role_words[claim->role],
                         claim->passes ? "pass" : "fail"};

    memcpy(columns, all, sizeof all);
}

static char *
to_json(const ClaimSet *claims)
{
    cJSON *array = cJSON_CreateArray();
    const char *columns[G_N_ELEMENTS(column_names)];

    for (guint i = 0; i < claims->list->len; i++) {
        cJSON *object = cJSON_CreateObject();
        columns_of(g_ptr_array_index(claims->list, i), columns);
        for (gsize c = 0; c < G_N_ELEMENTS(column_names); c++)
            cJSON_AddStringToObject(object, column_names[c], columns[c]);
        cJSON_AddItemToArray(array, object);
    }
    char *printed = cJSON_Print(array);
    char *text = g_strconcat(printed, "\n", NULL);
    cJSON_free(printed);
    cJSON_Delete(array);
    return text;
}

static void
append_cell(GString *csv, const char *text, gboolean last)
{
    g_auto(GStrv) parts = g_strsplit(text, "\"", 0);
    g_autofree char *doubled = g_strjoinv("\"\"", parts);

    g_string_append_printf(csv, "\"%s\"%s", doubled, last ? "\n" : ",");
}

static char *
to_csv(const ClaimSet *claims)
{
    GString *csv = g_string_new(NULL);
    const char *columns[G_N_ELEMENTS(column_names)];

    for (gsize c = 0; c < G_N_ELEMENTS(column_names); c++)
        g_string_append_printf(csv, "%s%s", column_names[c], c + 1 < G_N_ELEMENTS(column_names) ? "," : "\n");
    for (guint i = 0; i < claims->list->len; i++) {
        columns_of(g_ptr_array_index(claims->list, i), columns);
        for (gsize c = 0; c < G_N_ELEMENTS(column_names); c++)
            append_cell(csv, columns[c], c + 1 == G_N_ELEMENTS(column_names));
    }
    return g_string_free(csv, FALSE);
}

void
claims_take_files(const ClaimSet *claims, FileSet *files)
{
    files_take(files, "claims.json", to_json(claims));
    files_take(files, "claims.csv", to_csv(claims));
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

char *
claims_table(const ClaimSet *claims, guint columns)
{
    GString *out = g_string_new(NULL);

    append_row(out, columns, (const char *[]){"", "claim", "source", "paper", "tandem", "dev.", "role"});
    for (guint i = 0; i < claims->list->len; i++) {
        const Claim *claim = g_ptr_array_index(claims->list, i);
        append_row(out, columns,
                   (const char *[]){claim->passes ? "pass" : "FAIL", claim->id, claim->source, claim->paper_value,
                                    claim->simulated, claim->deviation, role_words[claim->role]});
    }
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
