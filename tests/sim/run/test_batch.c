/* Means over runs, of which a claim is made: a migration that did not complete is not left out of them. */
#include "sim/run/batch.h"

#include "sim/claims/claim_table.h"
#include "tests/check_main.h"
#include "tests/program.h"

#include <math.h>
#include <string.h>

/* The migration gives up where the guest writes faster than the wire carries. */
#define SCENARIO                                                                                                       \
    "{\"name\": \"b\", \"hosts\": [{\"name\": \"a\"}, {\"name\": \"b\"}],"                                             \
    " \"links\": [{\"name\": \"l\", \"ends\": [\"a\", \"b\"], \"bandwidth\": \"100Mbps\"}],"                           \
    " \"guests\": [{\"name\": \"vm\", \"host\": \"a\", \"memory\": \"16MiB\","                                         \
    "   \"workload\": {\"kind\": \"uniform\", \"working_set\": \"8MiB\", \"rate\": \"100/s\"}}],"                      \
    " \"timeline\": [{\"at\": \"1s\", \"do\": \"migrate\", \"vm\": \"vm\", \"to\": \"b\","                             \
    "   \"hypervisor\": {\"profile\": \"qemu-7.2-tcg\", \"time_limit\": \"3s\"}}]}"

START_TEST(a_mean_of_runs_of_which_one_lacks_the_number_is_none)
{
    g_autofree char *folder = program_folder();
    g_autofree char *path = g_build_filename(folder, "s.json", NULL);
    g_autoptr(Batch) batch = batch_new();
    g_autoptr(GError) error = NULL;

    program_write(folder, "s.json", SCENARIO);
    const guint good = batch_add(batch, path, 2, &error, NULL);
    ck_assert_uint_eq(good, 0);
    ck_assert_uint_eq(batch_add(batch, path, 1, &error, "/guests/0/workload/rate=20k/s", NULL), 2);
    ck_assert_uint_eq(batch_add(batch, path, 1, &error, NULL), 3);
    ck_assert(batch_run(batch, 1, &error));
    const Spread known = batch_spread(batch, good, 2, "migration.vm.total_s");
    const Spread none = batch_spread(batch, good, 4, "migration.vm.total_s");
    const Spread spent = batch_spread(batch, good, 4, "migration.vm.spent_s");
    const Spread share = batch_spread(batch, good, 4, "migration.vm.completed");
    ck_assert_double_gt(known.mean, 0);
    ck_assert(isnan(none.mean) && isnan(none.min) && isnan(none.max));
    ck_assert_double_gt(spent.max, 3);
    ck_assert_double_eq(share.mean, 0.75);
    program_remove(folder);
}
END_TEST

START_TEST(a_claim_about_no_number_fails)
{
    g_autoptr(ClaimSet) claims = claims_new();

    claims_add_value(claims, "value", "source", ROLE_PREDICTED, "s", 60, NAN, 1e9, "why");
    claims_add_range(claims, "range", "source", ROLE_PREDICTED, "s", 0, 1e9, NAN, NAN, "why");
    g_autofree char *table = claim_table_text(claims, 120);
    ck_assert_uint_eq(claims_failed(claims), 2);
    ck_assert_msg(strstr(table, "none s") && !strstr(table, "nan"), "%s", table);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("batch");

    g_setenv("TANDEM_DATA", TANDEM_SOURCE_DIR, TRUE);
    tcase_set_timeout(tcase, 100);
    tcase_add_test(tcase, a_mean_of_runs_of_which_one_lacks_the_number_is_none);
    tcase_add_test(tcase, a_claim_about_no_number_fails);
    return check_main("batch", tcase, NULL);
}
