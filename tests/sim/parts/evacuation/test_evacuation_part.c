/* Hosts that are evacuated in the running world: who goes when and where, and what is told of who cannot. */
#include "tests/program.h"
#include "tests/sim/world/worlds.h"

#define HOST(name) "{'name': '" name "', 'memory': '128MiB', 'dom0_memory': '64MiB'}"
#define LINK(name) "{'name': 'l" name "', 'ends': ['" name "', 's'], 'bandwidth': '100Mbps', 'latency': '20us'}"
#define GUEST(name, memory, rate)                                                                                      \
    "{'name': '" name "', 'host': 'a', 'memory': '" memory "',"                                                        \
    " 'workload': {'kind': 'uniform', 'working_set': '1MiB', 'rate': '" rate "/s'}}"

/* Four VMs on host a, which go to b, c and d; a MiB takes 84 ms. ' stands for ". */
#define BASE                                                                                                           \
    "{'name': 'evacuated',"                                                                                            \
    " 'hosts': [" HOST("a") "," HOST("b") "," HOST("c") "," HOST(                                                      \
        "d") "],"                                                                                                      \
             " 'switches': [{'name': 's'}],"                                                                           \
             " 'links': [" LINK("a") "," LINK("b") "," LINK("c") "," LINK(                                             \
                 "d") "],"                                                                                             \
                      " 'guests': [" GUEST("v1", "16MiB", "30") "," GUEST("v2", "8MiB", "10") "," GUEST(               \
                          "v3", "4MiB",                                                                                \
                          "40") "," GUEST("v4", "12MiB",                                                               \
                                          "20") "],"                                                                   \
                                                " 'timeline': [{'at': '1s', 'do': 'evacuate', 'host': 'a', 'hypervisor': 'ideal'}]}"

#define SET(key, value) "/timeline/0/" key "=" value
#define ADD(action)     "/timeline/-=" action
#define TABLE           "evacuations.csv"

/* The cell of an attempt's row. */
static double
cell(const Result *result, const char *begins, guint column)
{
    g_auto(GStrv) cells = worlds_row(result, TABLE, begins);

    return g_ascii_strtod(cells[column], NULL);
}

enum { ASKED = 4, START, END, OUTCOME };

/* Exactly. */
static void
expect_count(const Result *result, const char *name, double expected)
{
    const double value = worlds_number(result, name);

    ck_assert_msg(value == expected, "%s is %g, expected %g", name, value, expected);
}

static void
expect_outcome(const Result *result, const char *begins, const char *outcome)
{
    g_auto(GStrv) cells = worlds_row(result, TABLE, begins);

    ck_assert_str_eq(cells[OUTCOME], outcome);
}

/* The VMs in the order in which their migrations began, "v1 v2 …". */
static char *
order_of(const Result *result)
{
    g_auto(GStrv) rows = g_strsplit(result_table(result, TABLE), "\n", 0);
    GString *order = g_string_new(NULL);

    for (guint i = 1; rows[i] && *rows[i]; i++) {
        g_auto(GStrv) cells = g_strsplit(rows[i], ",", 0);
        g_string_append_printf(order, "%s%s", order->len > 0 ? " " : "", cells[1]);
    }
    return g_string_free(order, FALSE);
}

static void
expect_order(const Result *result, const char *expected)
{
    g_autofree char *order = order_of(result);

    ck_assert_str_eq(order, expected);
}

/* ---- who goes when ---- */

START_TEST(a_host_is_emptied_in_the_order_that_was_asked_for)
{
    g_autoptr(Result) listed = WORLDS_RUN(BASE, SET("outgoing", "1"));
    g_autoptr(Result) smallest = WORLDS_RUN(BASE, SET("order", "smallest-first"), SET("outgoing", "1"));
    g_autoptr(Result) largest = WORLDS_RUN(BASE, SET("order", "largest-first"), SET("outgoing", "1"));
    g_autoptr(Result) calm = WORLDS_RUN(BASE, SET("order", "least-dirty-first"), SET("outgoing", "1"));

    expect_order(listed, "v1 v2 v3 v4");
    expect_order(smallest, "v3 v2 v4 v1");
    expect_order(largest, "v1 v4 v2 v3");
    expect_order(calm, "v2 v4 v1 v3");
    ck_assert_word(smallest, "evacuation.a.outcome", "drained");
    expect_count(smallest, "evacuation.a.moved", 4);
    expect_count(smallest, "evacuation.a.left", 0);
    expect_count(smallest, "evacuation.a.outgoing_peak", 1);
    expect_count(smallest, "evacuation.a.duration_s", worlds_number(smallest, "evacuation.a.spent_s"));
    for (guint i = 1; i <= 4; i++) {
        g_autofree char *host = g_strdup_printf("domain.v%u.host", i);
        ck_assert_str_ne(worlds_word(smallest, host), "a");
    }
}
END_TEST

/* v4 writes what a file lists, 100 pages a second; v2 writes 900 in one second of ten, and v1 nothing at first. */
START_TEST(who_writes_by_a_file_or_in_phases_is_not_taken_for_idle)
{
    g_autofree char *folder = g_dir_make_tmp("tandem-test-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "listed.csv", NULL);
    g_autofree char *listed =
        g_strdup_printf("/guests/3/workload={\"kind\":\"intervals\",\"working_set\":\"1MiB\",\"file\":\"%s\"}", path);

    ck_assert(g_file_set_contents(path, "duration_s,pages\n1,50\n1,150\n", -1, NULL));
    g_autoptr(Result) result = WORLDS_RUN(
        BASE, SET("order", "least-dirty-first"), SET("outgoing", "1"), listed, "/guests/1/phases_order=repeat",
        "/guests/1/phases=[{\"kind\":\"idle\",\"lasts\":\"9s\"},"
        "{\"kind\":\"uniform\",\"working_set\":\"1MiB\",\"rate\":\"900/s\",\"lasts\":\"1s\"}]",
        "/guests/0/phases=[{\"kind\":\"idle\",\"lasts\":\"9s\"},"
        "{\"kind\":\"uniform\",\"working_set\":\"1MiB\",\"rate\":\"900/s\"}]");
    g_unlink(path);
    g_rmdir(folder);
    expect_order(result, "v1 v3 v2 v4");
}
END_TEST

START_TEST(a_drawn_order_is_the_seeds_and_no_other_vms)
{
    g_autoptr(Scenario) scenario =
        worlds_load(BASE, (const char *const[]){SET("order", "drawn"), SET("outgoing", "1"), NULL}, NULL);
    g_autoptr(GHashTable) orders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint64 seed = 1; seed <= 6; seed++) {
        g_autoptr(Result) result = worlds_run_scenario(scenario, seed), again = worlds_run_scenario(scenario, seed);
        g_autofree char *order = order_of(result);
        expect_order(again, order);
        g_hash_table_add(orders, g_steal_pointer(&order));
    }
    ck_assert_uint_gt(g_hash_table_size(orders), 2); /* six seeds with one or two orders of 24: below 1e-4 */
}
END_TEST

START_TEST(so_many_go_at_a_time_and_the_next_one_begins_when_one_has_ended)
{
    g_autoptr(Result) result = WORLDS_RUN(BASE, SET("outgoing", "2"));

    expect_count(result, "evacuation.a.outgoing_peak", 2);
    ck_assert_double_eq(cell(result, "a,v1,1", START), 1);
    ck_assert_double_eq(cell(result, "a,v2,1", START), 1);
    ck_assert_double_eq(cell(result, "a,v3,1", START), cell(result, "a,v2,1", END));
    ck_assert_double_eq(cell(result, "a,v4,1", START), cell(result, "a,v3,1", END));
    ck_assert_double_eq(cell(result, "a,v4,1", ASKED), 1);
}
END_TEST

#define FROM_D "{\"at\":\"1s\",\"do\":\"evacuate\",\"host\":\"d\",\"hypervisor\":\"ideal\",\"in_all\":3,\"outgoing\":3}"

/* v3 and v4 stand on d. */
START_TEST(the_limit_over_all_counts_the_migrations_of_every_evacuation)
{
    g_autoptr(Result) result =
        WORLDS_RUN(BASE, ADD(FROM_D), SET("in_all", "3"), "/guests/2/host=d", "/guests/3/host=d");

    ck_assert_double_eq(cell(result, "a,v1,1", START), 1);
    ck_assert_double_eq(cell(result, "a,v2,1", START), 1);
    ck_assert_double_eq(cell(result, "d,v3,1", START), 1);
    ck_assert_double_gt(cell(result, "d,v4,1", START), 1);
    ck_assert_double_eq(
        cell(result, "d,v4,1", START),
        MIN(MIN(cell(result, "a,v1,1", END), cell(result, "a,v2,1", END)), cell(result, "d,v3,1", END)));
}
END_TEST

/* d's limit is above a's, so that it goes on where a may not. */
START_TEST(two_evacuations_may_have_different_limits_over_all)
{
    g_autoptr(Result) result =
        WORLDS_RUN(BASE, ADD(FROM_D), SET("in_all", "1"), "/guests/2/host=d", "/guests/3/host=d");

    ck_assert_double_eq(cell(result, "a,v1,1", START), 1);
    ck_assert_double_eq(cell(result, "d,v3,1", START), 1);
    ck_assert_double_eq(cell(result, "d,v4,1", START), 1);
    ck_assert_double_ge(cell(result, "a,v2,1", START), cell(result, "d,v4,1", END));
}
END_TEST

START_TEST(into_one_host_go_no_more_at_a_time_than_was_said)
{
    g_autoptr(Result) result = WORLDS_RUN(BASE, SET("outgoing", "4"), SET("incoming", "1"), SET("to", "[\"b\",\"c\"]"));

    expect_count(result, "evacuation.a.outgoing_peak", 2);
    ck_assert_word(result, "evacuation.a.outcome", "drained");
}
END_TEST

/* ---- where to ---- */

#define TO_AND_FRO                                                                                                     \
    "{\"at\":\"1s\",\"do\":\"evacuate\",\"host\":\"d\",\"hypervisor\":\"ideal\",\"choose\":\"listed\","                \
    "\"to\":[\"a\",\"c\"]}"

/* Each would be the other's first choice. */
START_TEST(hosts_that_evacuate_to_each_other_do_not_send_vms_to_and_fro)
{
    g_autoptr(Result) result = WORLDS_RUN(BASE, ADD(TO_AND_FRO), SET("choose", "listed"), SET("to", "[\"d\",\"b\"]"),
                                          "/guests/2/host=d", "/guests/3/host=d");

    expect_count(result, "evacuation.a.attempts", 2);
    expect_count(result, "evacuation.d.attempts", 2);
    ck_assert_word(result, "evacuation.a.outcome", "drained");
    ck_assert_word(result, "evacuation.d.outcome", "drained");
}
END_TEST

START_TEST(vms_go_by_turns_or_to_the_first_of_the_list)
{
    g_autoptr(Result) turns = WORLDS_RUN(BASE, SET("choose", "round-robin"), SET("to", "[\"d\",\"b\"]"));
    g_autoptr(Result) first = WORLDS_RUN(BASE, SET("choose", "listed"), SET("to", "[\"d\",\"b\"]"));

    ck_assert_word(turns, "domain.v1.host", "d");
    ck_assert_word(turns, "domain.v2.host", "b");
    ck_assert_word(turns, "domain.v3.host", "d");
    ck_assert_word(first, "domain.v4.host", "d");
    ck_assert_word(first, "domain.v1.host", "d");
}
END_TEST

/* b has 20 MiB: v1 (16) and v3 (4), not v1 and v2 (8), although neither has taken its memory when the other is placed.
 */
START_TEST(memory_that_is_promised_is_not_given_twice)
{
    g_autoptr(Result) result = WORLDS_RUN(BASE, SET("to", "[\"b\"]"), SET("outgoing", "4"), "/hosts/1/memory=84MiB");

    expect_count(result, "evacuation.a.moved", 2);
    expect_count(result, "evacuation.a.failed", 0);
    expect_count(result, "evacuation.a.no_room", 2);
    expect_count(result, "evacuation.a.left", 2);
    ck_assert_word(result, "evacuation.a.outcome", "not-drained");
    ck_assert(isnan(result_number(result, "evacuation.a.duration_s")));
    expect_outcome(result, "a,v2,0", "no-room");
    expect_outcome(result, "a,v3,1", "completed");
}
END_TEST

#define AWAY "{\"at\":\"1.1s\",\"do\":\"migrate\",\"vm\":\"v4\",\"to\":\"c\",\"hypervisor\":\"ideal\"}"

/* v4 stands on b, where v1 does not fit beside it, and is sent away by the time line. */
START_TEST(a_place_is_asked_again_when_somebody_elses_migration_has_ended)
{
    g_autoptr(Result) result = WORLDS_RUN(BASE, SET("to", "[\"b\"]"), SET("order", "smallest-first"), ADD(AWAY),
                                          "/guests/3/host=b", "/hosts/1/memory=92MiB", "/guests/0/memory=16MiB");

    ck_assert_word(result, "evacuation.a.outcome", "drained");
    ck_assert_double_ge(cell(result, "a,v1,1", START), 1.1 + worlds_number(result, "migration.v4.total_s") - 1e-9);
}
END_TEST

START_TEST(a_host_without_the_vms_configuration_is_no_place_for_it)
{
    g_autoptr(Result) result = WORLDS_RUN(BASE, SET("to", "[\"b\",\"c\"]"), "/hosts/1/lacks_configs=[\"v1\",\"v2\"]",
                                          "/hosts/2/lacks_configs=[\"v1\"]");

    expect_outcome(result, "a,v1,0", "no-room");
    ck_assert_word(result, "domain.v2.host", "c");
    expect_count(result, "evacuation.a.moved", 3);
}
END_TEST

/* ---- what goes wrong ---- */

START_TEST(a_lost_destination_is_left_out_from_then_on)
{
    g_autoptr(Result) result =
        WORLDS_RUN(BASE, SET("choose", "listed"), SET("to", "[\"b\",\"c\"]"), SET("attempts", "2"),
                   SET("outgoing", "1"), ADD("{\"at\":\"1.5s\",\"do\":\"fail-host\",\"host\":\"b\"}"));

    expect_outcome(result, "a,v1,1", "destination-lost");
    ck_assert_word(result, "evacuation.a.outcome", "drained");
    for (guint i = 1; i <= 4; i++) {
        g_autofree char *host = g_strdup_printf("domain.v%u.host", i);
        ck_assert_word(result, host, "c");
    }
}
END_TEST

START_TEST(a_migration_that_failed_is_tried_again_after_a_while)
{
    const char *const settings[] = {SET("attempts", "2"), SET("retry_after", "7s"),
                                    ADD("{\"at\":\"1.2s\",\"do\":\"fail-link\",\"link\":\"la\"}"),
                                    ADD("{\"at\":\"4s\",\"do\":\"restore-link\",\"link\":\"la\"}"), NULL};
    g_autoptr(Result) again = worlds_run(BASE, settings);
    g_autoptr(Result) once = worlds_run(BASE, &settings[1]);

    expect_outcome(again, "a,v1,1", "link-lost");
    expect_outcome(again, "a,v1,2", "completed");
    ck_assert_double_eq_tol(cell(again, "a,v1,2", START), cell(again, "a,v1,1", END) + 7, 1e-9);
    ck_assert_word(again, "evacuation.a.outcome", "drained");
    expect_count(again, "evacuation.a.attempts", 8);
    expect_count(once, "evacuation.a.failed", 4);
    expect_count(once, "evacuation.a.left", 4);
}
END_TEST

START_TEST(a_deadline_tells_in_time_from_late_and_ends_nothing)
{
    g_autoptr(Result) late = WORLDS_RUN(BASE, SET("deadline", "2s"));
    g_autoptr(Result) early = WORLDS_RUN(BASE, SET("deadline", "20s"));
    g_autoptr(Result) none = WORLDS_RUN(BASE);

    expect_count(late, "evacuation.a.in_time", 0);
    expect_count(late, "evacuation.a.drained", 1);
    expect_count(early, "evacuation.a.in_time", 1);
    ck_assert(isnan(result_number(none, "evacuation.a.in_time")));
    ck_assert_number(late, "evacuation.a.duration_s", worlds_number(none, "evacuation.a.duration_s"), 1e-9);
}
END_TEST

/* ---- VMs that are not simply there ---- */

START_TEST(a_stopped_vm_stays_and_one_that_is_started_meanwhile_goes)
{
    g_autoptr(Result) result = WORLDS_RUN(BASE, ADD("{\"at\":\"0s\",\"do\":\"stop-guest\",\"guest\":\"v1\"}"),
                                          ADD("{\"at\":\"0s\",\"do\":\"stop-guest\",\"guest\":\"v2\"}"),
                                          ADD("{\"at\":\"1.2s\",\"do\":\"start-guest\",\"guest\":\"v2\"}"));

    expect_outcome(result, "a,v1,0", "not-running");
    expect_outcome(result, "a,v2,1", "completed");
    expect_count(result, "evacuation.a.left", 1);
    expect_count(result, "evacuation.a.drained", 0);
}
END_TEST

START_TEST(a_vm_that_is_created_meanwhile_follows_and_one_that_is_not_is_told_to_be_absent)
{
    g_autoptr(Result) result =
        WORLDS_RUN(BASE, ADD("{\"at\":\"1.5s\",\"do\":\"create-guest\",\"guest\":\"v1\"}"),
                   ADD("{\"at\":\"60s\",\"do\":\"create-guest\",\"guest\":\"v2\"}"), SET("outgoing", "1"));

    expect_outcome(result, "a,v1,1", "completed");
    expect_outcome(result, "a,v2,0", "absent");
    ck_assert_word(result, "evacuation.a.outcome", "drained");
    expect_count(result, "evacuation.a.absent", 1);
    ck_assert_word(result, "domain.v2.host", "a");
}
END_TEST

#define OUT  "{\"at\":\"0.9s\",\"do\":\"migrate\",\"vm\":\"v1\",\"to\":\"b\",\"hypervisor\":\"ideal\"}"
#define INTO "{\"at\":\"0.9s\",\"do\":\"migrate\",\"vm\":\"v2\",\"to\":\"a\",\"hypervisor\":\"ideal\"}"

START_TEST(a_vm_that_somebody_moves_is_waited_for_and_one_that_comes_in_goes_on)
{
    g_autoptr(Result) result = WORLDS_RUN(BASE, ADD(OUT), ADD(INTO), "/guests/1/host=d", SET("to", "[\"c\"]"));

    expect_outcome(result, "a,v1,0", "left");
    expect_outcome(result, "a,v2,1", "completed");
    ck_assert_double_ge(cell(result, "a,v2,1", START), 0.9 + worlds_number(result, "migration.v2.total_s") - 1e-9);
    expect_count(result, "evacuation.a.left_before", 1);
    ck_assert_word(result, "evacuation.a.outcome", "drained");
    ck_assert_word(result, "domain.v2.host", "c");
}
END_TEST

START_TEST(a_vtpm_goes_with_its_vm)
{
    g_autoptr(Result) result = WORLDS_RUN(BASE, "/vtpms=[{\"name\":\"tpm\",\"vm\":\"v1\",\"memory\":\"1MiB\"}]");
    g_autoptr(Result) alone =
        WORLDS_RUN(BASE, SET("method", "vm"), "/vtpms=[{\"name\":\"tpm\",\"vm\":\"v1\",\"memory\":\"1MiB\"}]");

    ck_assert_str_eq(worlds_word(result, "domain.tpm.host"), worlds_word(result, "domain.v1.host"));
    ck_assert_word(result, "evacuation.a.outcome", "drained");
    ck_assert_word(alone, "domain.tpm.host", "a");
}
END_TEST

/* The cable goes when v1 has moved, in the first of two legs, and its vTPM is on the way. */
START_TEST(a_host_that_a_vtpm_has_not_left_is_not_drained)
{
    g_autoptr(Result) result =
        WORLDS_RUN(BASE, SET("method", "vm-then-vtpm"), SET("outgoing", "1"), SET("attempts", "2"),
                   "/vtpms=[{\"name\":\"tpm\",\"vm\":\"v1\",\"memory\":\"4MiB\"}]",
                   ADD("{\"at\":\"2.5s\",\"do\":\"fail-link\",\"link\":\"la\"}"),
                   ADD("{\"at\":\"2.6s\",\"do\":\"restore-link\",\"link\":\"la\"}"));

    expect_outcome(result, "a,v1,1", "link-lost");
    expect_outcome(result, "a,v1,2", "apart");
    ck_assert_str_ne(worlds_word(result, "domain.v1.host"), "a");
    ck_assert_word(result, "domain.tpm.host", "a");
    ck_assert_word(result, "evacuation.a.outcome", "not-drained");
    expect_count(result, "evacuation.a.left", 1);
    expect_count(result, "evacuation.a.failed", 1);
    expect_count(result, "evacuation.a.left_before", 0);
}
END_TEST

START_TEST(a_host_that_is_lost_is_not_drained)
{
    g_autoptr(Result) result = WORLDS_RUN(BASE, ADD("{\"at\":\"1.2s\",\"do\":\"fail-host\",\"host\":\"a\"}"));

    ck_assert_word(result, "evacuation.a.outcome", "host-lost");
    expect_count(result, "evacuation.a.gone", 4);
    expect_count(result, "evacuation.a.drained", 0);
}
END_TEST

#define AGAIN(at) "{\"at\":\"" at "\",\"do\":\"evacuate\",\"host\":\"a\",\"hypervisor\":\"ideal\"}"

START_TEST(a_host_is_evacuated_by_one_evacuation_at_a_time)
{
    g_autoptr(Result) result = WORLDS_RUN(BASE, ADD(AGAIN("2s")), ADD(AGAIN("60s")));

    ck_assert_word(result, "evacuation.a.outcome", "drained");
    ck_assert_word(result, "evacuation.a.2.outcome", "busy");
    ck_assert_word(result, "evacuation.a.3.outcome", "drained");
    expect_count(result, "evacuation.a.3.vms", 0);
}
END_TEST

#define NAMED(at, name)                                                                                                \
    "{\"at\":\"" at "\",\"do\":\"evacuate\",\"host\":\"a\",\"hypervisor\":\"ideal\",\"name\":\"" name "\"}"

START_TEST(no_two_evacuations_have_one_name)
{
    g_autoptr(Result) result =
        WORLDS_RUN(BASE, SET("name", "a.2"), ADD(NAMED("60s", "a")), ADD(NAMED("70s", "a")), ADD(NAMED("80s", "a.2")));

    expect_count(result, "evacuation.a.2.moved", 4);
    expect_count(result, "evacuation.a.start_s", 60);
    expect_count(result, "evacuation.a.3.start_s", 70);
    expect_count(result, "evacuation.a.2.2.start_s", 80);
}
END_TEST

/* Post-copy loses v1 with its cable, at 1.5 s; a second evacuation is asked for at 1.7 s. */
START_TEST(a_summary_tells_who_was_lost_on_the_way_and_which_evacuation_was_refused)
{
    g_autofree char *json = g_strdelimit(g_strdup(BASE), "'", '"');
    g_autofree char *folder = g_dir_make_tmp("tandem-test-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "lost.json", NULL);
    g_autofree char *command = g_strconcat(
        "run ", path, " --set /timeline/0/outgoing=1 --set /timeline/0/deadline=20s",
        " --set /timeline/0/attempts=2 --set /timeline/0/retry_after=1s",
        " --set '/timeline/0/hypervisor={\"profile\":\"qemu-kvm\",\"postcopy_rounds\":1}'",
        " --set '/timeline/-={\"at\":\"1.5s\",\"do\":\"fail-link\",\"link\":\"lb\"}'",
        " --set '/timeline/-={\"at\":\"1.6s\",\"do\":\"restore-link\",\"link\":\"lb\"}'",
        " --set '/timeline/-={\"at\":\"1.7s\",\"do\":\"evacuate\",\"host\":\"a\",\"hypervisor\":\"ideal\"}'", NULL);

    ck_assert(g_file_set_contents(path, json, -1, NULL));
    g_auto(Ended) ended = program_run(command);
    g_unlink(path);
    g_rmdir(folder);
    ck_assert_int_eq(ended.status, 0);
    ck_assert_msg(strstr(ended.out, "evacuation a: drained, in time, 3 of 4 VMs moved in "), "%s", ended.out);
    ck_assert_msg(strstr(ended.out, " 0 left on the host, 1 lost or destroyed\n"), "%s", ended.out);
    ck_assert_msg(strstr(ended.out, "evacuation a.2: busy, as another evacuation of a went on\n"), "%s", ended.out);
}
END_TEST

/* A VM that had another attempt coming is moved away before: it has not waited for what never came. */
START_TEST(nobody_is_said_to_have_waited_from_after_the_end)
{
    g_autoptr(Result) result =
        WORLDS_RUN(BASE, SET("attempts", "2"), SET("retry_after", "30s"), SET("to", "[\"b\"]"),
                   ADD("{\"at\":\"1.1s\",\"do\":\"cancel-migration\",\"vm\":\"v1\"}"),
                   ADD("{\"at\":\"5s\",\"do\":\"migrate\",\"vm\":\"v1\",\"to\":\"d\",\"hypervisor\":\"ideal\"}"));

    expect_outcome(result, "a,v1,1", "cancelled");
    expect_outcome(result, "a,v1,0", "left");
    ck_assert_double_le(cell(result, "a,v1,0", ASKED), cell(result, "a,v1,0", END));
}
END_TEST

/* ---- who plans ahead ---- */

static double
checks_of(const Result *result, const char *invariant)
{
    g_autofree char *text = result_to_json(result);
    cJSON *json = cJSON_Parse(text);
    const cJSON *item;
    double checks = NAN;

    cJSON_ArrayForEach(
        item,
        cJSON_GetObjectItemCaseSensitive(
            json, "invariants")) if (g_str_equal(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "name")),
                                                 invariant)) checks =
        cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(item, "checks"));
    cJSON_Delete(json);
    return checks;
}

START_TEST(one_at_a_time_over_one_cable_is_planned_ahead)
{
    g_autoptr(Result) result = WORLDS_RUN(BASE, SET("outgoing", "1"));
    g_autoptr(Result) step_by_step = WORLDS_RUN(BASE, SET("outgoing", "1"), "/engine/plan_ahead=false");

    ck_assert_double_ge(checks_of(result, "plans_hold"), 4); /* one of each VM, at least */
    ck_assert_number(result, "evacuation.a.duration_s", worlds_number(step_by_step, "evacuation.a.duration_s"), 1e-3);
}
END_TEST

/* v1 has a cable of its own from a to e; somebody else's long migration from d to c is alone on its cables until v3's
 * turn comes, at a date that nobody knows: v2, which is waited for, goes another way. */
#define SECOND "/links/-={\"name\":\"lae\",\"ends\":[\"a\",\"e\"],\"bandwidth\":\"100Mbps\",\"latency\":\"20us\"}"
#define LONG   "{\"at\":\"1s\",\"do\":\"migrate\",\"vm\":\"v4\",\"to\":\"c\",\"hypervisor\":\"ideal\",\"name\":\"long\"}"

START_TEST(a_turn_that_comes_at_no_known_date_is_not_planned_over)
{
    const char *const settings[] = {"/hosts/-={\"name\":\"e\",\"memory\":\"84MiB\",\"dom0_memory\":\"64MiB\"}",
                                    SECOND,
                                    "/hosts/3/memory=256MiB",
                                    "/hosts/2/memory=256MiB",
                                    "/guests/3/memory=64MiB",
                                    "/guests/3/host=d",
                                    ADD(LONG),
                                    SET("to", "[\"e\",\"c\"]"),
                                    SET("choose", "listed"),
                                    SET("outgoing", "1"),
                                    "/engine/plan_ahead=true",
                                    NULL};
    g_autoptr(Result) planned = worlds_run(BASE, settings);
    const char *const without[] = {settings[0],
                                   settings[1],
                                   settings[2],
                                   settings[3],
                                   settings[4],
                                   settings[5],
                                   settings[6],
                                   settings[7],
                                   settings[8],
                                   settings[9],
                                   "/engine/plan_ahead=false",
                                   NULL};
    g_autoptr(Result) step_by_step = worlds_run(BASE, without);

    ck_assert_word(planned, "domain.v1.host", "e");
    ck_assert_word(planned, "domain.v2.host", "c");
    ck_assert_number(planned, "migration.long.total_s", worlds_number(step_by_step, "migration.long.total_s"), 0.05);
}
END_TEST

static void
add_tests(TCase *tcase)
{
    tcase_add_test(tcase, a_host_is_emptied_in_the_order_that_was_asked_for);
    tcase_add_test(tcase, who_writes_by_a_file_or_in_phases_is_not_taken_for_idle);
    tcase_add_test(tcase, a_drawn_order_is_the_seeds_and_no_other_vms);
    tcase_add_test(tcase, so_many_go_at_a_time_and_the_next_one_begins_when_one_has_ended);
    tcase_add_test(tcase, the_limit_over_all_counts_the_migrations_of_every_evacuation);
    tcase_add_test(tcase, two_evacuations_may_have_different_limits_over_all);
    tcase_add_test(tcase, into_one_host_go_no_more_at_a_time_than_was_said);
    tcase_add_test(tcase, hosts_that_evacuate_to_each_other_do_not_send_vms_to_and_fro);
    tcase_add_test(tcase, vms_go_by_turns_or_to_the_first_of_the_list);
    tcase_add_test(tcase, memory_that_is_promised_is_not_given_twice);
    tcase_add_test(tcase, a_place_is_asked_again_when_somebody_elses_migration_has_ended);
    tcase_add_test(tcase, a_host_without_the_vms_configuration_is_no_place_for_it);
    tcase_add_test(tcase, a_lost_destination_is_left_out_from_then_on);
    tcase_add_test(tcase, a_migration_that_failed_is_tried_again_after_a_while);
    tcase_add_test(tcase, a_deadline_tells_in_time_from_late_and_ends_nothing);
    tcase_add_test(tcase, a_stopped_vm_stays_and_one_that_is_started_meanwhile_goes);
    tcase_add_test(tcase, a_vm_that_is_created_meanwhile_follows_and_one_that_is_not_is_told_to_be_absent);
    tcase_add_test(tcase, a_vm_that_somebody_moves_is_waited_for_and_one_that_comes_in_goes_on);
    tcase_add_test(tcase, a_vtpm_goes_with_its_vm);
    tcase_add_test(tcase, a_host_that_a_vtpm_has_not_left_is_not_drained);
    tcase_add_test(tcase, a_host_that_is_lost_is_not_drained);
    tcase_add_test(tcase, a_host_is_evacuated_by_one_evacuation_at_a_time);
    tcase_add_test(tcase, no_two_evacuations_have_one_name);
    tcase_add_test(tcase, a_summary_tells_who_was_lost_on_the_way_and_which_evacuation_was_refused);
    tcase_add_test(tcase, nobody_is_said_to_have_waited_from_after_the_end);
    tcase_add_test(tcase, one_at_a_time_over_one_cable_is_planned_ahead);
    tcase_add_test(tcase, a_turn_that_comes_at_no_known_date_is_not_planned_over);
}

int
main(void)
{
    TCase *tcase = tcase_create("evacuation_part");

    add_tests(tcase);
    return check_main("evacuation_part", tcase, NULL);
}
