/* What is known about claims: a file that says what is not so is refused, in one line. */
#include "sim/claims/claim_notes.h"
#include "sim/claims/claim_table.h"
#include "tests/check_main.h"
#include "tests/program.h"

#include <string.h>

static ClaimSet *
some_claims(void)
{
    ClaimSet *claims = claims_new();

    claims_set_paper(claims, "paper");
    claims_add_value(claims, "met", "s", ROLE_EXACT, "s", 10, 10, 0.1, "w");
    claims_add_value(claims, "missed", "s", ROLE_PREDICTED, "s", 10, 20, 0.1, "w");
    claims_add_statement(claims, "read-back", "s", ROLE_DEFINITION, "a", "a", TRUE, "w");
    claims_add_skipped(claims, "unasked", "s", "7 s", "nothing answers it");
    return claims;
}

/* Applies a file of that text (with ' for "). */
static gboolean
apply(ClaimSet *claims, const char *text, GError **error)
{
    g_autofree char *folder = program_folder();
    g_autofree char *notes = g_build_filename(folder, "configs/claims", NULL);
    g_autofree char *json = g_strdelimit(g_strdup(text), "'", '"');

    ck_assert_int_eq(g_mkdir_with_parents(notes, 0755), 0);
    program_write(notes, "paper.json", json);
    g_setenv("TANDEM_DATA", folder, TRUE);
    const gboolean well = claim_notes_apply(claims, "paper", error);
    program_remove(folder);
    return well;
}

#define ALL  "'mechanisms': [{'claims': ['me*', 'missed'], 'mechanism': 'm', 'mutations': ['one', 'two']}]"
#define MISS "'known_misses': [{'claim': 'missed', 'why': 'r'}]"

START_TEST(claims_get_what_is_known_of_them)
{
    g_autoptr(ClaimSet) claims = some_claims();
    g_autoptr(GError) error = NULL;

    ck_assert_uint_eq(claims_failed(claims), 1);
    ck_assert_msg(apply(claims, "{'description': 'd', " ALL ", " MISS "}", &error), "%s", error ? error->message : "");
    ck_assert_str_eq(claims_get(claims, 0)->mutations, "one two");
    ck_assert_int_eq(claims_get(claims, 1)->verdict, CLAIM_KNOWN_MISS);
    ck_assert_str_eq(claims_get(claims, 1)->reason, "r");
    ck_assert_uint_eq(claims_failed(claims), 0);
    g_autofree char *counts = claim_table_counts(claims);
    ck_assert_str_eq(counts, "3 claims (1 exact, 2 predicted): 1 pass, 1 known-miss, 1 skipped\n"
                             "0 more tell the same numbers; 1 definitions apart\n");
}
END_TEST

static const struct {
    const char *text, *says;
} refused[] = {
    {"{'description': 'd', " ALL ", 'known_misses': [{'claim': 'met', 'why': 'r'}]}",
     "paper.json: /known_misses/0: claim met passes, expected one that is missed"},
    {"{'description': 'd', " ALL ", 'disputed': [{'claim': 'nobody', 'why': 'r'}]}",
     "paper.json: /disputed/0: no claim \"nobody\""},
    {"{'description': 'd', 'mechanisms': [{'claims': ['met'], 'mechanism': 'm'}]}",
     "paper.json: /mechanisms: claim missed has none"},
    {"{'description': 'd', 'mechanisms': [{'claims': ['m*', 'read-back'], 'mechanism': 'm'}]}",
     "paper.json: /mechanisms/0/claims/1: no claim \"read-back\""},
    {"{'description': 'd'}", "paper.json: /mechanisms: "},
};

START_TEST(a_file_that_says_what_is_not_so_is_refused)
{
    g_autoptr(ClaimSet) claims = some_claims();
    g_autoptr(GError) error = NULL;

    ck_assert(!apply(claims, refused[_i].text, &error));
    ck_assert_msg(strstr(error->message, refused[_i].says) && !strchr(error->message, '\n'), "%s", error->message);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("claim_notes");

    tcase_add_test(tcase, claims_get_what_is_known_of_them);
    tcase_add_loop_test(tcase, a_file_that_says_what_is_not_so_is_refused, 0, G_N_ELEMENTS(refused));
    return check_main("claim_notes", tcase, NULL);
}
