/* Results of the whole: hosts' load and states, SLATAH and PDM by their definitions, migrations together. */
#include "tests/sim/world/worlds.h"

#define DATA TANDEM_SOURCE_DIR "/tests/data/demand/"
/* Each of the two wants two cores for 300 s and one for the others; b is empty. */
#define BASE                                                                                                            \
    "{'name': 'fleet', 'run_until': '600s', 'fleet': {},"                                                               \
    " 'hosts': [{'name': 'a', 'cores': 2, 'processors': 'shared'}, {'name': 'b', 'cores': 2, 'processors': 'shared'}]," \
    " 'links': [{'name': 'l', 'ends': ['a', 'b'], 'bandwidth': '100Mbps'}],"                                            \
    " 'guests': [{'name': 'g', 'count': 2, 'host': 'a', 'vcpus': 2, 'memory': '256MiB'}],"                              \
    " 'demands': [{'guests': ['g'], 'kind': 'files', 'files': ['" DATA "falling.txt', '" DATA "rising.txt']}]}"
#define MOVE "/timeline=[{\"at\": \"300s\", \"do\": \"migrate\", \"vm\": \"g-2\", \"to\": \"b\"}]"

/* The cells of fleet.csv: from, until, idle, busy, overloaded, lost, wanted, given, mean and largest load, migrations.
 */
static void
expect_sample(const Result *result, const char *begins, const double *expected)
{
    g_auto(GStrv) cells = worlds_row(result, "fleet.csv", begins);

    for (guint i = 0; i < 8; i++)
        ck_assert_double_eq_tol(g_ascii_strtod(cells[i + 2], NULL), expected[i], 1e-6);
}

START_TEST(hosts_are_idle_busy_or_overloaded)
{
    g_autoptr(Result) full = WORLDS_RUN(BASE), roomy = WORLDS_RUN(BASE, "/hosts/0/cores=4");
    static const double overloaded[] = {1, 0, 1, 0, 3, 2, 1, 1}, busy[] = {1, 1, 0, 0, 3, 3, 0.75, 0.75};

    expect_sample(full, "0,300,", overloaded);
    expect_sample(full, "300,600,", overloaded);
    expect_sample(roomy, "0,300,", busy);
    ck_assert_number(full, "fleet.active_hosts", 1, 0.5);
    ck_assert_number(full, "fleet.load_mean", 1, 1e-9);
    ck_assert_number(roomy, "fleet.load_mean", 0.75, 1e-9);
}
END_TEST

START_TEST(slatah_is_the_share_of_active_time_in_overload)
{
    static const struct {
        const char *cores, *overload;
        double slatah;
    } rows[] = {
        {"/hosts/0/cores=2", "/fleet/overload=1", 1},
        {"/hosts/0/cores=3", "/fleet/overload=1", 1}, /* all of it is wanted, though nothing is missing */
        {"/hosts/0/cores=4", "/fleet/overload=1", 0},
        {"/hosts/0/cores=4", "/fleet/overload=0.75", 1},
        {"/hosts/0/cores=4", "/fleet/overload=0.76", 0},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(Result) result = WORLDS_RUN(BASE, rows[i].cores, rows[i].overload);
        ck_assert_number(result, "fleet.slatah", rows[i].slatah, 1e-9);
    }
    /* g-1 alone wants two cores of two for 300 s of 600 */
    g_autoptr(Result) half = WORLDS_RUN(BASE, "/guests/0/count=1");
    ck_assert_number(half, "fleet.slatah", 0.5, 1e-9);
}
END_TEST

/* Both hosts are active then, and each of them is full for 300 s: a of 600, b of what is left after the migration. */
START_TEST(slatah_is_a_mean_over_hosts_each_by_its_own_active_time)
{
    g_autoptr(Result) result = WORLDS_RUN(BASE, MOVE);
    g_auto(GStrv) a = worlds_row(result, "host-load.csv", "a,"), b = worlds_row(result, "host-load.csv", "b,");
    const double on_a = g_ascii_strtod(a[2], NULL) / g_ascii_strtod(a[1], NULL);

    ck_assert_double_eq_tol(g_ascii_strtod(b[1], NULL), g_ascii_strtod(b[2], NULL), 1e-6);
    ck_assert_number(result, "fleet.slatah", (on_a + 1) / 2, 1e-9);
    ck_assert_double_lt(on_a, 0.6);
}
END_TEST

/* g-2 wants two cores while it migrates, and 900 s in all; g-1 never migrates. */
START_TEST(pdm_is_a_tenth_of_what_is_wanted_during_migrations)
{
    g_autoptr(Result) result = WORLDS_RUN(BASE, MOVE);
    const double total_s = worlds_number(result, "migration.g-2.total_s");
    const double downtime_s = worlds_number(result, "migration.g-2.downtime_s");
    const double pdm = worlds_number(result, "fleet.pdm"), simulated = worlds_number(result, "fleet.pdm_simulated");

    ck_assert_double_gt(total_s, 10);
    ck_assert_double_eq_tol(pdm, 0.1 * 2 * total_s / 900 / 2, 1e-6);
    ck_assert_number(result, "fleet.slav", pdm * worlds_number(result, "fleet.slatah"), 1e-12);
    /* Until it stops, the two want three cores of two, and it is given one of the two that it wants. */
    const double before_s = worlds_number(result, "migration.g-2.vm.pre_migration_s") +
                            worlds_number(result, "migration.g-2.vm.reservation_s") +
                            worlds_number(result, "migration.g-2.vm.precopy_s");
    ck_assert_double_eq_tol(simulated, (before_s + 2 * downtime_s) / 900 / 2, 1e-6);
}
END_TEST

#define CROWD                                                                                                           \
    "{'name': 'crowd', 'fleet': {'sample': '10s'}, 'run_until': '100s',"                                                \
    " 'hosts': [{'name': 'a'}, {'name': 'b'}], 'links': [{'name': 'l', 'ends': ['a', 'b'], 'bandwidth': '1Gbps'}],"     \
    " 'guests': [{'name': 'g', 'count': 12, 'host': 'a', 'memory': {'law': 'cycle', 'values': ['64MiB', '128MiB']}},"   \
    "            {'name': 'huge', 'host': 'a', 'memory': '20GiB'}, {'name': 'there', 'host': 'b', 'memory': '50GiB'}]," \
    " 'timeline': [{'do': 'migrate', 'count': 12, 'at': {'law': 'cycle', 'values': ['1s', '2s', '3s']}, 'vm': 'g',"     \
    "               'to': 'b'}, {'do': 'migrate', 'at': '50s', 'vm': 'huge', 'to': 'b'}]}"

static int
compare_numbers(const void *a, const void *b)
{
    const double first = *(const double *)a, second = *(const double *)b;

    return (first > second) - (first < second);
}

START_TEST(migrations_together_are_what_each_of_them_is)
{
    g_autoptr(Result) result = WORLDS_RUN(CROWD);
    double downtimes_s[12], sum_s = 0, first_s = INFINITY;

    for (guint i = 0; i < 12; i++) {
        g_autofree char *begins = g_strdup_printf("g-%u,", i + 1);
        g_auto(GStrv) cells = worlds_row(result, "migrations.csv", begins);
        downtimes_s[i] = g_ascii_strtod(cells[8], NULL);
        sum_s += g_ascii_strtod(cells[7], NULL);
        first_s = MIN(first_s, g_ascii_strtod(cells[5], NULL));
    }
    g_auto(GStrv) huge = worlds_row(result, "migrations.csv", "huge,"); /* which finds no room, the last of all */
    const double last_s = g_ascii_strtod(huge[6], NULL);
    qsort(downtimes_s, 12, sizeof(double), compare_numbers);
    ck_assert_number(result, "fleet.migrations", 13, 0.5);
    ck_assert_number(result, "fleet.completed", 12, 0.5);
    ck_assert_number(result, "fleet.outcome.completed.migrations", 12, 0.5);
    ck_assert_number(result, "fleet.outcome.no-memory.migrations", 1, 0.5);
    ck_assert_number(result, "fleet.total_mean_s", sum_s / 12, 1e-9);
    ck_assert_number(result, "fleet.downtime_p50_s", downtimes_s[5], 1e-9);
    ck_assert_number(result, "fleet.downtime_p99_s", downtimes_s[11], 1e-9);
    ck_assert_number(result, "fleet.downtime_max_s", downtimes_s[11], 1e-9);
    ck_assert_number(result, "fleet.migrating_s", last_s - first_s, 1e-6);
    ck_assert_double_ge(worlds_number(result, "fleet.migrations_peak"), 4);
}
END_TEST

START_TEST(of_many_migrations_none_is_told_by_itself)
{
    g_autoptr(Result) few = WORLDS_RUN(CROWD), many = WORLDS_RUN(CROWD, "/fleet/list_migrations=12");

    ck_assert(!isnan(result_number(few, "migration.g-1.total_s")));
    ck_assert(isnan(result_number(many, "migration.g-1.total_s")));
    ck_assert_number(many, "fleet.completed", 12, 0.5);
    ck_assert_str_eq(result_table(few, "migrations.csv"), result_table(many, "migrations.csv"));
}
END_TEST

START_TEST(too_many_samples_are_refused)
{
    worlds_expect_refused(CROWD, (const char *const[]){"/fleet/sample=10us", NULL},
                          ": /fleet/sample: makes more than 1000000 rows until run_until");
    worlds_expect_refused(CROWD, (const char *const[]){"/fleet/overload=0", NULL},
                          ": /fleet/overload: is 0, expected more than 0");
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("fleet_part");

    tcase_add_test(tcase, hosts_are_idle_busy_or_overloaded);
    tcase_add_test(tcase, slatah_is_the_share_of_active_time_in_overload);
    tcase_add_test(tcase, slatah_is_a_mean_over_hosts_each_by_its_own_active_time);
    tcase_add_test(tcase, pdm_is_a_tenth_of_what_is_wanted_during_migrations);
    tcase_add_test(tcase, migrations_together_are_what_each_of_them_is);
    tcase_add_test(tcase, of_many_migrations_none_is_told_by_itself);
    tcase_add_test(tcase, too_many_samples_are_refused);
    return check_main("fleet_part", tcase, NULL);
}
