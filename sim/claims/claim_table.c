#include "sim/claims/claim_table.h"

#include <math.h>
#include <string.h>

enum { COLUMNS = 7 };

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

/* The widest id is whole, for it is what a reader looks up; the source has what the fixed widths leave. */
static void
append_row(GString *out, const glong widths[COLUMNS], const char *const cells[COLUMNS])
{
    for (int i = 0; i < COLUMNS; i++)
        append_fitted_cell(out, cells[i], widths[i]);
    g_strchomp(out->str);
    out->len = strlen(out->str);
    g_string_append_c(out, '\n');
}

static glong
widest_id(const ClaimSet *claims)
{
    glong widest = 0;

    for (guint i = 0; i < claims_count(claims); i++)
        widest = MAX(widest, g_utf8_strlen(claims_get(claims, i)->id, -1));
    return widest;
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
    char *text = claim_value_text(value, rounded);

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
append_claim(GString *out, const glong widths[COLUMNS], const Claim *claim)
{
    g_autofree char *paper_value = with_unit(&claim->paper_value, claim->unit);
    g_autofree char *simulated = with_unit(&claim->simulated, claim->unit);
    g_autofree char *deviation = percent(claim->deviation);
    const char *verdict = claim->verdict == CLAIM_FAIL ? "FAIL" : claim_verdict_text(claim->verdict);

    append_row(out, widths,
               (const char *[]){verdict, claim->id, claim->source, paper_value, simulated, deviation,
                                claim_role_text(claim->role)});
    if (*claim->reason)
        g_string_append_printf(out, "%*s %s\n", (int)widths[0], "", claim->reason);
}

static void
append_claims(GString *out, const ClaimSet *claims, guint columns, gboolean definitions)
{
    const glong id = widest_id(claims), source = MAX((glong)columns - 71 - id, 12);
    const glong widths[COLUMNS] = {10, id, source, 17, 17, 8, 10};

    append_row(out, widths, (const char *[]){"", "claim", "source", "paper", "tandem", "dev.", "role"});
    for (guint i = 0; i < claims_count(claims); i++)
        if ((claims_get(claims, i)->role == ROLE_DEFINITION) == definitions)
            append_claim(out, widths, claims_get(claims, i));
}

static guint
count_definitions(const ClaimSet *claims)
{
    guint definitions = 0;

    for (guint i = 0; i < claims_count(claims); i++)
        definitions += claims_get(claims, i)->role == ROLE_DEFINITION;
    return definitions;
}

/* "5 exact, 3 predicted": of the roles or the verdicts that there are. */
static char *
counts_text(const ClaimSet *claims, gboolean roles)
{
    GString *text = g_string_new(NULL);

    for (int i = 0; i < (roles ? (int)N_CLAIM_ROLES : (int)N_CLAIM_VERDICTS); i++) {
        const guint n = claims_counted(claims, roles ? i : -1, roles ? -1 : i);
        if (n > 0)
            g_string_append_printf(text, "%s%u %s", text->len > 0 ? ", " : "", n,
                                   roles ? claim_role_text(i) : claim_verdict_text(i));
    }
    return g_string_free(text, FALSE);
}

char *
claim_table_counts(const ClaimSet *claims)
{
    const guint counted = claims_counted(claims, -1, -1), definitions = count_definitions(claims);
    g_autofree char *roles = counts_text(claims, TRUE);
    g_autofree char *verdicts = counts_text(claims, FALSE);

    return g_strdup_printf("%u claims (%s): %s\n%u more tell the same numbers; %u definitions apart\n", counted, roles,
                           verdicts, claims_count(claims) - counted - definitions, definitions);
}

char *
claim_table_text(const ClaimSet *claims, guint columns)
{
    GString *out = g_string_new(NULL);
    g_autofree char *counts = claim_table_counts(claims);

    append_claims(out, claims, columns, FALSE);
    if (count_definitions(claims) > 0) {
        g_string_append(out, "\ndefinitions: settings, flags and initial states, read back\n");
        append_claims(out, claims, columns, TRUE);
    }
    if (claims_fitted_count(claims) > 0)
        g_string_append(out, "\nfitted parameters:\n");
    for (guint i = 0; i < claims_fitted_count(claims); i++) {
        const FittedParameter *fitted = claims_fitted(claims, i);
        if (g_str_equal(fitted->kind, "fitted"))
            g_string_append_printf(out, "  %s = %s, %s\n", fitted->name, fitted->value, fitted->fitted_to);
    }
    g_string_append_printf(out, "\n%s", counts);
    return g_string_free(out, FALSE);
}
