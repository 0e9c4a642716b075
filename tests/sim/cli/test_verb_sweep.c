#include "tests/check_main.h"
#include "tests/program.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

/* Two hosts, one idle guest; %s: the sweep. */
#define SCENARIO                                                                                                       \
    "{\"name\": \"s\", \"hosts\": [{\"name\": \"a\"}, {\"name\": \"b\"}],"                                             \
    " \"links\": [{\"name\": \"l\", \"ends\": [\"a\", \"b\"]}],"                                                       \
    " \"guests\": [{\"name\": \"vm\", \"host\": \"a\", \"memory\": \"64MiB\"}],"                                       \
    " \"timeline\": [{\"at\": \"1s\", \"do\": \"migrate\", \"vm\": \"vm\", \"to\": \"b\"}],"                           \
    " \"sweep\": %s}"
#define SMALL                                                                                                          \
    "{\"axes\": [{\"pointer\": \"/guests/0/memory\", \"values\": [\"16MiB\", \"64MiB\"]},"                             \
    " {\"pointer\": \"/links/0/bandwidth\", \"from\": \"100Mbps\", \"to\": \"10Gbps\", \"count\": 3,"                  \
    " \"scale\": \"logarithmic\"}], \"repeats\": 2}"

static char *folder; /* of one test */

static void
set_up(void)
{
    folder = program_folder();
}

static void
tear_down(void)
{
    program_remove(folder);
    g_free(folder);
}

static void
write_scenario(const char *sweep)
{
    g_autofree char *text = g_strdup_printf(SCENARIO, sweep);

    program_write(folder, "s.json", text);
}

static int
sweep(const char *out, const char *options)
{
    g_auto(Ended) ended = program_run("sweep %s/s.json --out %s/%s %s", folder, folder, out, options);

    return ended.status;
}

/* The three files of one campaign are those of the other, byte by byte. */
static void
expect_equal(const char *one, const char *other)
{
    static const char *const names[] = {"points.csv", "summary.csv", "manifest.json"};

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *a = g_build_filename(one, names[i], NULL), *b = g_build_filename(other, names[i], NULL);
        g_autofree char *first = program_read(folder, a);
        g_autofree char *second = program_read(folder, b);
        ck_assert_msg(strcmp(first, second) == 0, "%s and %s differ", a, b);
    }
}

static void
expect_failure(int status, const char *text, const char *options)
{
    g_autofree char *words = g_strdup_printf("sweep %s/s.json %s", folder, options);

    program_expect(status, text, words);
}

START_TEST(a_row_per_run_with_parameters_in_si_then_metrics)
{
    write_scenario(SMALL);
    ck_assert_int_eq(sweep("out", "-j 2"), 0);
    g_autofree char *text = program_read(folder, "out/points.csv");
    g_auto(GStrv) lines = g_strsplit(text, "\n", 0);

    ck_assert_uint_eq(g_strv_length(lines), 1 + 12 + 1); /* the last one is empty */
    ck_assert(g_str_has_prefix(lines[0],
                               "point,repeat,seed,guests.vm.memory_bytes,links.l.bandwidth_Bps,status,message,"
                               "run.end_s,migration.vm.outcome,"));
    ck_assert(g_str_has_prefix(lines[1], "1,1,") && strstr(lines[1], ",16777216,12500000,ok,,"));
    ck_assert(g_str_has_prefix(lines[12], "6,2,") && strstr(lines[12], ",67108864,1250000000,ok,,"));
    g_autofree char *summary = program_read(folder, "out/summary.csv");
    g_auto(GStrv) rows = g_strsplit(summary, "\n", 0);
    ck_assert_uint_eq(g_strv_length(rows), 1 + 6 + 1);
    ck_assert(strstr(rows[0], ",migration.vm.total_s.mean,migration.vm.total_s.sd,migration.vm.total_s.ci95_low,"
                              "migration.vm.total_s.ci95_high,migration.vm.total_s.n"));
}
END_TEST

START_TEST(a_run_of_the_sweep_is_the_run_of_the_same_settings_and_seed)
{
    write_scenario(SMALL);
    g_auto(Ended) point = program_run("sweep %s/s.json --point 5", folder);
    g_auto(GStrv) lines = g_strsplit(point.out, "\n", 0);
    g_auto(GStrv) cells = g_strsplit(lines[1], ",", 0);
    g_auto(Ended) run = program_run(
        "run %s/s.json --set /guests/0/memory=64MiB --set /links/0/bandwidth=1Gbps --seed %s --json", folder, cells[2]);
    g_autofree char *end = g_strdup_printf("\"run.end_s\":\t%s,", cells[7]);

    ck_assert_int_eq(point.status, 0);
    ck_assert_msg(strstr(run.out, end), "no %s in %s", end, run.out);
}
END_TEST

START_TEST(the_list_is_the_enumeration)
{
    write_scenario(SMALL);
    g_auto(Ended) all = program_run("sweep %s/s.json --list", folder);
    g_auto(Ended) second = program_run("sweep %s/s.json --list --shard 2/5", folder);
    g_auto(GStrv) lines = g_strsplit(all.out, "\n", 0);
    g_auto(GStrv) part = g_strsplit(second.out, "\n", 0);

    ck_assert_str_eq(lines[0], "point,repeat,seed,guests.vm.memory_bytes,links.l.bandwidth_Bps");
    ck_assert_uint_eq(g_strv_length(lines), 14);
    ck_assert_str_eq(part[1], lines[2]);
    ck_assert_str_eq(part[2], lines[7]);
    ck_assert_str_eq(part[3], lines[12]);
    ck_assert_uint_eq(g_strv_length(part), 5);
}
END_TEST

START_TEST(more_repeats_and_longer_axes_leave_the_seeds_as_they_were)
{
    write_scenario(SMALL);
    g_auto(Ended) two = program_run("sweep %s/s.json --list", folder);
    write_scenario("{\"repeats\": 3}");
    g_auto(Ended) three = program_run("sweep %s/s.json --list", folder);
    g_auto(GStrv) a = g_strsplit(two.out, "\n", 0);
    g_auto(GStrv) b = g_strsplit(three.out, "\n", 0);

    for (int repeat = 1; repeat <= 2; repeat++) {
        g_auto(GStrv) first = g_strsplit(a[repeat], ",", 0);
        g_auto(GStrv) second = g_strsplit(b[repeat], ",", 0);
        ck_assert_str_eq(first[2], second[2]);
    }
}
END_TEST

START_TEST(a_sweep_file_names_its_scenario)
{
    write_scenario("{}");
    g_autofree char *text = g_strdup_printf("{\"scenario\": \"s.json\", \"sweep\": %s}", SMALL);
    program_write(folder, "sweep.json", text);
    g_auto(Ended) ended = program_run("sweep %s/sweep.json --out %s/one", folder, folder);
    ck_assert_msg(ended.status == 0, "%s", ended.err);
    write_scenario(SMALL);
    ck_assert_int_eq(sweep("two", ""), 0);
    g_autofree char *one = program_read(folder, "one/points.csv");
    g_autofree char *two = program_read(folder, "two/points.csv");
    ck_assert_str_eq(one, two);
}
END_TEST

START_TEST(shards_merge_into_what_one_run_gives)
{
    write_scenario(SMALL);
    ck_assert_int_eq(sweep("all", "-j 1"), 0);
    ck_assert_int_eq(sweep("s1", "--shard 1/3"), 0);
    ck_assert_int_eq(sweep("s2", "--shard 2/3 -j 3"), 0);
    g_auto(Ended) early = program_run("merge %s/s2 %s/s1 --out %s/early", folder, folder, folder);
    ck_assert_int_eq(early.status, 3);
    ck_assert_msg(strstr(early.err, "4 of 12 runs are missing"), "%s", early.err);
    ck_assert_int_eq(sweep("early", "--resume"), 0);
    expect_equal("all", "early");
    ck_assert_int_eq(sweep("s3", "--shard 3/3"), 0);
    g_auto(Ended) merged = program_run("merge %s/s3 %s/s1 %s/s2 --out %s/merged", folder, folder, folder, folder);
    ck_assert_msg(merged.status == 0, "%s", merged.err);
    expect_equal("all", "merged");
}
END_TEST

/* ---- kills ---- */

static pid_t
start(const char *out, guint workers, gboolean resume)
{
    g_autofree char *line = g_strdup_printf("%s sweep %s/s.json --out %s/%s -j %u -q %s", TANDEM_PROGRAM, folder,
                                            folder, out, workers, resume ? "--resume" : "");
    g_auto(GStrv) argv = g_strsplit(line, " ", 0);
    GPid pid;

    ck_assert(g_spawn_async(NULL, argv, NULL,
                            G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL,
                            NULL, &pid, NULL));
    return pid;
}

/* A process below pid, so many steps down, or 0. */
static pid_t
descendant(pid_t pid, int depth)
{
    for (; depth > 0 && pid > 0; depth--) {
        g_autofree char *path = g_strdup_printf("/proc/%d/task/%d/children", pid, pid);
        g_autofree char *text = NULL;
        pid = g_file_get_contents(path, &text, NULL, NULL) ? atoi(text) : 0;
    }
    return pid;
}

/* Sanitized, a start and a run take ten times as long; what a kill leaves behind is the same. */
#ifdef TANDEM_SANITIZED
#define KILL_SEEDS   1
#define KILL_REPEATS "3"
#else
#define KILL_SEEDS   2
#define KILL_REPEATS "10"
#endif

/* Kills the program, one of its servers or one of their children at a random moment, again and again. Enough kills come
 * through that the test says something: each trial is repeated until the campaign is complete. */
START_TEST(kills_at_random_moments_change_no_byte)
{
    g_autoptr(GRand) random = g_rand_new_with_seed((guint32)_i);
    gboolean complete = FALSE;
    int kills = 0;

    write_scenario(
        "{\"axes\": [{\"pointer\": \"/guests/0/memory\", \"from\": \"1MiB\", \"to\": \"64MiB\", \"count\": 20}],"
        " \"repeats\": " KILL_REPEATS ", \"seeds\": \"per-point\"}");
    ck_assert_int_eq(sweep("whole", "-j 2 -q"), 0);
    for (int trial = 0; trial < 100 && !complete; trial++) {
        const pid_t pid = start("killed", 1 + (guint)g_rand_int_range(random, 0, 3), TRUE);
        /* the program first, and most often; a server or a child only costs a run */
        const int depth = trial < 2 ? 0 : g_rand_int_range(random, 0, 4) % 3;
        int status;
        g_usleep((gulong)g_rand_int_range(random, 30000, 60000 + 50000 * trial));
        const pid_t victim = descendant(pid, depth);
        if (victim > 0 && kill(victim, SIGKILL) == 0)
            kills++;
        while (waitpid(pid, &status, 0) < 0)
            ;
        complete = WIFEXITED(status);
        if (complete) /* a run may have been hit twice, and stays in the table as killed */
            ck_assert_int_eq(WEXITSTATUS(status), 0);
    }
    ck_assert(complete);
    ck_assert_int_ge(kills, 2);
    expect_equal("whole", "killed");
}
END_TEST

START_TEST(a_timeout_costs_its_run_and_is_reported)
{
    /* tens of milliseconds of work: rounds over twelve million pages */
    write_scenario("{\"axes\": [{\"pointer\": \"/guests/0/memory\", \"values\": [\"48GiB\"]},"
                   " {\"pointer\": \"/guests/0/workload\", \"values\":"
                   " [{\"kind\": \"uniform\", \"rate\": \"9000/s\", \"working_set\": \"32MiB\"}]}]}");
    g_auto(Ended) ended = program_run("sweep %s/s.json --out %s/out --point-timeout 1us", folder, folder);
    ck_assert_int_eq(ended.status, 3);
    ck_assert_msg(strstr(ended.err, "of 1 runs 1 timed-out"), "%s", ended.err);
    g_autofree char *points = program_read(folder, "out/points.csv");
    ck_assert(strstr(points, ",51539607552,"));
    ck_assert(strstr(points, ",timed-out,took longer than --point-timeout"));
    g_autofree char *log = program_read(folder, "out/sweep.log");
    ck_assert(strstr(log, "tried again"));
    ck_assert_int_eq(sweep("out", "--resume --retry-failed"), 0);
    ck_assert_int_eq(sweep("fresh", ""), 0);
    expect_equal("fresh", "out");
}
END_TEST

START_TEST(points_that_do_not_fit_stay_in_with_their_status)
{
    write_scenario("{\"axes\": [{\"pointer\": \"/guests/0/memory\", \"values\": [\"1MiB\", \"1TiB\"]}]}");
    g_auto(Ended) ended = program_run("sweep %s/s.json --out %s/out", folder, folder);
    ck_assert_int_eq(ended.status, 3);
    g_autofree char *points = program_read(folder, "out/points.csv");
    ck_assert_msg(strstr(points, ",1099511627776,invalid,\"s.json: /guests/0"), "%s", points);
    ck_assert(strstr(points, ",1048576,ok,,"));
}
END_TEST

/* ---- bad input ---- */

START_TEST(bad_sweeps_are_refused_with_status_2)
{
    write_scenario("{\"axes\": [{\"pointer\": \"/guests/0/memroy\", \"values\": [1]}]}");
    expect_failure(2, "s.json: /sweep/axes/0: /guests/0/memroy leads nowhere: no key \"memroy\"", "--list");
    write_scenario("{\"axes\": [{\"pointer\": \"/guests/0/profile/memory\", \"values\": [\"1MiB\"]}]}");
    expect_failure(2, "leads into a profile", "--list");
    write_scenario("{\"axes\": [{\"pointer\": \"/guests/0/memory\", \"values\": []}]}");
    expect_failure(2, "/sweep/axes/0: is empty, expected values", "--list");
    write_scenario("{\"axes\": [{\"pointer\": \"/guests/0/memory\", \"values\": [\"1MiB\", \"7\"]}]}");
    expect_failure(2, "s.json: /guests/0/memory: \"7\" has no unit", "--list");
    expect_failure(2, "(value 2 of /sweep/axes/0)", "--list");
    write_scenario("{\"axes\": [{\"pointer\": \"/run_until\", \"values\": [\"1s\"]},"
                   "{\"pointer\": \"/run_until\", \"values\": [\"1s\"]}]}");
    expect_failure(2, "/sweep/axes/1: /run_until is the pointer of /sweep/axes/0 too", "--list");
    write_scenario("{\"axes\": [{\"pointer\": \"/run_until\", \"from\": \"0s\", \"to\": \"1s\", \"count\": 1e12}]}");
    expect_failure(2, "has 1000000000000 values, expected at most 10000000", "--list");
    write_scenario("{\"repeats\": 0}");
    expect_failure(2, "/sweep/repeats: is 0, expected at least 1", "--list");
}
END_TEST

START_TEST(bad_options_are_refused_with_status_2)
{
    write_scenario(SMALL);
    expect_failure(2, "--shard 5/4: expected i/n with 1 <= i <= n", "--shard 5/4 --list");
    expect_failure(2, "--shard 0/4: expected i/n", "--shard 0/4 --list");
    expect_failure(2, "--shard x: expected i/n", "--shard x --list");
    expect_failure(2, "--point 7: expected a point from 1 to 6", "--point 7");
    expect_failure(2, "--point-timeout 5: \"5\" has no unit", "--point-timeout 5 --list");
    expect_failure(2, "no folder, expected --out DIR", "");
    expect_failure(2, "-j -1: expected", "-j -1 --list");
    g_autofree char *text = g_strdup("{\"name\": \"s\", \"hosts\": [{\"name\": \"a\"}]}");
    program_write(folder, "s.json", text);
    expect_failure(2, "s.json: /sweep: is missing", "--list");
}
END_TEST

/* Each was ignored: all points ran. */
START_TEST(options_that_say_nothing_are_refused_with_status_2)
{
    write_scenario(SMALL);
    expect_failure(2, "--point 0: expected a point from 1 to 6", "--point 0 --dry-run");
    expect_failure(2, "--retry-failed: nothing was tried before, expected --resume", "--retry-failed --dry-run");
    expect_failure(2, "--slurm: is for Slurm, expected --engine slurm", "--slurm=--time=1 --dry-run");
    expect_failure(2, "--tasks: is for Slurm, expected --engine slurm", "--tasks 2 --dry-run");
    expect_failure(2, "--poll: is for Slurm, expected --engine slurm", "--engine local --poll 1s --dry-run");
    expect_failure(2, "--tasks 0: expected 1 to", "--engine slurm --tasks 0 --out o --dry-run");
}
END_TEST

START_TEST(folders_that_are_not_this_campaigns_are_refused_with_status_2)
{
    g_autofree char *to_full = g_strdup_printf("--out %s/full", folder);
    g_autofree char *to_out = g_strdup_printf("--out %s/out --resume", folder);
    g_autofree char *full_resumed = g_strdup_printf("--out %s/full --resume", folder);
    g_autofree char *full = g_build_filename(folder, "full", NULL);

    write_scenario(SMALL);
    ck_assert_int_eq(g_mkdir(full, 0777), 0);
    program_write(full, "mine.txt", "x");
    expect_failure(2, "full: the folder is not empty, expected --resume", to_full);
    expect_failure(2, "full: is no sweep's folder, expected a manifest.json", full_resumed);
    ck_assert_int_eq(sweep("out", ""), 0);
    g_autofree char *changed = g_strdup_printf(SCENARIO, SMALL);
    *strstr(changed, "64MiB") = '3';
    program_write(folder, "s.json", changed);
    expect_failure(2,
                   "out: holds another campaign: /scenario/guests/0/memory was the text \"64MiB\" and is the text "
                   "\"34MiB\"",
                   to_out);
    write_scenario(SMALL);
    g_autofree char *shard = g_strdup_printf("%s --shard 1/2", to_out);
    expect_failure(2, "holds all of the campaign, expected shard 1/2", shard);
}
END_TEST

START_TEST(a_folder_that_cannot_be_written_is_refused_with_status_2)
{
    g_autofree char *options = g_strdup_printf("--out %s/s.json/out", folder);

    write_scenario(SMALL);
    expect_failure(2, "s.json/out: cannot make the folder: Not a directory", options);
    expect_failure(2, "cannot make the folder", "--out /proc/tandem");
}
END_TEST

/* A file system of 40 KiB holds the manifest and part of the journal. */
START_TEST(a_full_disk_ends_with_status_3_and_can_be_resumed)
{
    g_autofree char *small = g_build_filename(folder, "small", NULL);

    write_scenario("{\"repeats\": 150}");
    ck_assert_int_eq(g_mkdir(small, 0777), 0);
    if (mount("tandem", small, "tmpfs", 0, "size=40k") != 0) {
        ck_assert_msg(geteuid() != 0 || errno == EPERM, "cannot mount: %s", g_strerror(errno));
        return; /* only root can make a disk full; the suite runs as root where it gates */
    }
    g_auto(Ended) ended = program_run("sweep %s/s.json --out %s/out -q", folder, small);
    const int grown = mount("tandem", small, "tmpfs", MS_REMOUNT, "size=4m");
    g_auto(Ended) resumed = program_run("sweep %s/s.json --out %s/out -q --resume", folder, small);
    const int status = sweep("whole", "-q");
    if (resumed.status == 0)
        expect_equal("whole", "small/out");
    umount(small);
    ck_assert_int_eq(ended.status, 3);
    ck_assert_msg(strstr(ended.err, "No space left on device (--resume goes on from there)"), "%s", ended.err);
    ck_assert_int_eq(grown, 0);
    ck_assert_int_eq(status, 0);
    ck_assert_msg(resumed.status == 0, "%s", resumed.err);
}
END_TEST

static gboolean
is_there(const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

START_TEST(merge_refuses_what_does_not_belong_together)
{
    g_autofree char *words = g_strdup_printf("merge %s/a %s/b --out %s/c", folder, folder, folder);

    write_scenario(SMALL);
    ck_assert_int_eq(sweep("a", "--shard 1/2"), 0);
    program_expect(2, "b: is no sweep's folder", words);
    write_scenario("{\"repeats\": 4}");
    ck_assert_int_eq(sweep("b", "--shard 2/2"), 0);
    g_autofree char *other = g_strdup_printf("merge %s/a %s/b --out %s/d", folder, folder, folder);
    program_expect(2, "b: holds another campaign: /sweep/", other);
    ck_assert(!is_there("c") && !is_there("d"));
    program_expect(2, "no folder given", "merge --out x");
    program_expect(2, "expected --out DIR", "merge x");
}
END_TEST

int
main(void)
{
    TCase *tables = tcase_create("tables"), *kills = tcase_create("kills"), *bad = tcase_create("bad input");

    g_setenv("TANDEM_DATA", TANDEM_SOURCE_DIR, TRUE);
    tcase_add_checked_fixture(tables, set_up, tear_down);
    tcase_add_checked_fixture(kills, set_up, tear_down);
    tcase_add_checked_fixture(bad, set_up, tear_down);
    tcase_add_test(tables, a_row_per_run_with_parameters_in_si_then_metrics);
    tcase_add_test(tables, a_run_of_the_sweep_is_the_run_of_the_same_settings_and_seed);
    tcase_add_test(tables, the_list_is_the_enumeration);
    tcase_add_test(tables, more_repeats_and_longer_axes_leave_the_seeds_as_they_were);
    tcase_add_test(tables, a_sweep_file_names_its_scenario);
    tcase_add_test(tables, shards_merge_into_what_one_run_gives);
    tcase_add_loop_test(kills, kills_at_random_moments_change_no_byte, 0, KILL_SEEDS);
    tcase_add_test(kills, a_timeout_costs_its_run_and_is_reported);
    tcase_add_test(kills, points_that_do_not_fit_stay_in_with_their_status);
    tcase_add_test(bad, bad_sweeps_are_refused_with_status_2);
    tcase_add_test(bad, bad_options_are_refused_with_status_2);
    tcase_add_test(bad, options_that_say_nothing_are_refused_with_status_2);
    tcase_add_test(bad, folders_that_are_not_this_campaigns_are_refused_with_status_2);
    tcase_add_test(bad, a_folder_that_cannot_be_written_is_refused_with_status_2);
    tcase_add_test(bad, a_full_disk_ends_with_status_3_and_can_be_resumed);
    tcase_add_test(bad, merge_refuses_what_does_not_belong_together);
    return check_main("verb_sweep", tables, kills, bad, NULL);
}
