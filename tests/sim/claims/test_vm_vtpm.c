/* The claims of the VM-vTPM paper, as a user gets them: they pass, and say what was fitted and how far off they are. */
#include "tests/check_main.h"
#include "tests/program.h"

#include <cjson/cJSON.h>
#include <string.h>

static char *folder;
static char *listing; /* what the program printed */
static cJSON *claims;

static void
set_up(void)
{
    folder = program_folder();
    g_auto(Ended) ended = program_run("reproduce vm-vtpm vm-vtpm --out %s/papers", folder);
    ck_assert_msg(ended.status == 0, "%s%s", ended.out, ended.err);
    listing = g_steal_pointer(&ended.out);
    g_autofree char *text = program_read(folder, "papers/claims.json");
    claims = cJSON_Parse(text);
    ck_assert(cJSON_IsArray(claims));
}

static void
tear_down(void)
{
    cJSON_Delete(claims);
    g_free(listing);
    program_remove(folder);
    g_free(folder);
}

static const cJSON *
claim(const char *id)
{
    for (const cJSON *each = claims->child; each; each = each->next)
        if (g_str_equal(cJSON_GetStringValue(cJSON_GetObjectItem(each, "id")), id))
            return each;
    ck_abort_msg("no claim %s", id);
}

/* The text says about 10 %, its table 6.4 %: the first is reported as missed by a third, not hidden in a range. */
START_TEST(overhead_stands_beside_both_of_the_papers_figures)
{
    const cJSON *text = claim("overhead-from-text"), *table = claim("overhead-from-table");
    const double simulated = cJSON_GetNumberValue(cJSON_GetObjectItem(text, "simulated"));

    ck_assert_double_eq(cJSON_GetNumberValue(cJSON_GetObjectItem(text, "paper_value")), 10);
    ck_assert_double_eq_tol(cJSON_GetNumberValue(cJSON_GetObjectItem(table, "paper_value")), 6.41, 0.01); /* rounded */
    ck_assert_double_eq(cJSON_GetNumberValue(cJSON_GetObjectItem(table, "simulated")), simulated);
    ck_assert_double_eq_tol(cJSON_GetNumberValue(cJSON_GetObjectItem(text, "deviation")), simulated / 10 - 1, 1e-3);
}
END_TEST

/* A row that a parameter was fitted to shows that the model can, not that it is right. */
START_TEST(fitted_rows_are_not_called_predictions)
{
    static const char *const calibrated[] = {
        "table-4-vm-mean",     "table-4-vtpm-mean",  "table-4-joint-mean",   "table-4-joint-above-sequential",
        "overhead-from-table", "overhead-from-text", "xen-log-round-1-sent", "xen-log-round-1-skipped"};

    for (gsize i = 0; i < G_N_ELEMENTS(calibrated); i++)
        ck_assert_str_eq(cJSON_GetStringValue(cJSON_GetObjectItem(claim(calibrated[i]), "role")), "calibrated");
}
END_TEST

START_TEST(fitted_parameters_are_listed_with_the_values_of_the_profiles)
{
    ck_assert_ptr_nonnull(strstr(listing, "guests/qi-meng-vm: /workload/rate = 510/s,"));
    ck_assert_ptr_nonnull(strstr(listing, "hypervisors/xen-4.5: sum of /costs = 8.4s,"));
    ck_assert_ptr_nonnull(strstr(listing, "hypervisors/xen-4.5: /cump_page_work = 26us,"));
    ck_assert_ptr_nonnull(strstr(listing, "xen-log.json: /guests/0/workload/exponent = 0.457,"));
    ck_assert_ptr_nonnull(strstr(listing, "36 claims, 0 failed, 4 fitted parameters")); /* five are allowed */
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("vm-vtpm");

    tcase_add_unchecked_fixture(tcase, set_up, tear_down); /* one for all; named twice, it is done once */
    tcase_add_test(tcase, overhead_stands_beside_both_of_the_papers_figures);
    tcase_add_test(tcase, fitted_rows_are_not_called_predictions);
    tcase_add_test(tcase, fitted_parameters_are_listed_with_the_values_of_the_profiles);
    return check_main("vm_vtpm", tcase, NULL);
}
