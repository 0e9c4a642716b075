/* Domains that are created, started, stopped and destroyed by the time line: what is done, what is refused, and what it
 * means for their memory, their vTPMs, their sockets and for everybody else. */
#include "tests/sim/world/worlds.h"

#include <math.h>

#define NOBODY_MOVES          "/timeline=[]"
#define AT(date, what, guest) "/timeline/-={\"at\":\"" date "\",\"do\":\"" what "-guest\",\"guest\":\"" guest "\"}"
#define AT_HOST(date, what, guest, host)                                                                               \
    "/timeline/-={\"at\":\"" date "\",\"do\":\"" what "-guest\",\"guest\":\"" guest "\",\"host\":\"" host "\"}"
#define MIGRATE(date, to)                                                                                              \
    "/timeline/-={\"at\":\"" date "\",\"do\":\"migrate\",\"vm\":\"vm\",\"to\":\"" to "\",\"hypervisor\":\"ideal\"}"

#define ck_assert_exact(result, name, expected) ck_assert_double_eq(worlds_number(result, name), expected)

/* The last column of each row of domain-requests.csv: "no-memory done". (transfer full) */
static char *
outcomes(const Result *result)
{
    g_autofree char *text = g_strchomp(g_strdup(result_table(result, "domain-requests.csv")));
    g_auto(GStrv) lines = g_strsplit(text, "\n", 0);
    GString *all = g_string_new(NULL);

    for (guint i = 1; lines[i]; i++)
        g_string_append_printf(all, "%s%s", i > 1 ? " " : "", strrchr(lines[i], ',') + 1);
    return g_string_free(all, FALSE);
}

#define ck_assert_outcomes(result, expected)                                                                           \
    do {                                                                                                               \
        g_autofree char *found_ = outcomes(result);                                                                    \
        ck_assert_str_eq(found_, expected);                                                                            \
    } while (0)

START_TEST(each_request_is_done_or_refused_with_its_word)
{
    g_autoptr(Result) there =
        WORLDS_RUN(WORLDS_BASE, NOBODY_MOVES, AT("0.1s", "start", "vm"), AT("0.2s", "stop", "vm"),
                   AT("0.3s", "stop", "vm"), AT("0.4s", "start", "vm"), AT("0.5s", "destroy", "vm"),
                   AT("0.6s", "start", "vm"), AT("0.7s", "stop", "vm"), AT("0.8s", "destroy", "vm"));
    ck_assert_outcomes(there, "running done stopped done done gone gone gone");
    ck_assert_exact(there, "domain_requests.made", 8);
    ck_assert_exact(there, "domain_requests.refused", 5);
    ck_assert_word(there, "domain.vm.state", "destroyed");

    g_autoptr(Result) later =
        WORLDS_RUN(WORLDS_BASE, NOBODY_MOVES, AT("0.1s", "start", "vm"), AT("0.2s", "stop", "vm"),
                   AT("0.3s", "destroy", "vm"), AT("0.4s", "create", "vm"), AT("0.5s", "create", "vm"),
                   AT("0.6s", "destroy", "vm"), AT("0.7s", "create", "vm"));
    ck_assert_outcomes(later, "not-there not-there not-there done there done gone");
}
END_TEST

START_TEST(a_migration_has_its_domains_to_itself)
{
    g_autoptr(Result) result =
        WORLDS_RUN(WORLDS_BASE, "/timeline/0/method=vm", "/guests/0/memory=32MiB", AT("1.1s", "stop", "vm"),
                   AT("1.2s", "destroy", "vm"), "/run_until=9s", AT("8s", "stop", "vm"));
    ck_assert_outcomes(result, "migrating migrating done");
    ck_assert_word(result, "migration.vm.outcome", "completed");
    ck_assert_word(result, "domain.vm.host", "b");
    ck_assert_word(result, "domain.vm.state", "suspended");

    /* also when only its vTPM moves */
    g_autoptr(Result) vtpm = WORLDS_RUN(WORLDS_BASE, "/timeline/0/method=vtpm", AT("1.1s", "destroy", "vm"));
    ck_assert_outcomes(vtpm, "migrating");

    g_autoptr(Result) stopped =
        WORLDS_RUN(WORLDS_BASE, NOBODY_MOVES, AT("0.5s", "stop", "vm"), MIGRATE("1s", "b"), AT("2s", "start", "vm"));
    ck_assert_word(stopped, "migration.vm.outcome", "not-running");
    ck_assert_word(stopped, "domain.vm.state", "running");
}
END_TEST

/* VM and vTPM, 4 and 1 MiB, come and go together, on the host that was asked for. */
START_TEST(memory_is_taken_and_given_back_with_the_vtpms)
{
    const double whole = 64 * 1048576.0, vm = 4 * 1048576.0, vtpm = 1048576.0;

    g_autoptr(Result) never =
        WORLDS_RUN(WORLDS_BASE, NOBODY_MOVES, AT("5s", "create", "vm"), "/run_until=6s", AT("5.5s", "destroy", "vm"));
    ck_assert_exact(never, "host.a.free_bytes", whole);
    g_autoptr(Result) created = WORLDS_RUN(WORLDS_BASE, NOBODY_MOVES, AT_HOST("1s", "create", "vm", "c"));
    ck_assert_exact(created, "host.a.free_bytes", whole);
    ck_assert_exact(created, "host.c.free_bytes", whole - vm - vtpm);
    ck_assert_word(created, "domain.tpm.host", "c");
    ck_assert_word(created, "domain.tpm.state", "running");
    ck_assert_word(created, "vtpm.tpm.place", "with-vm");

    /* one byte too few for both: neither is created */
    g_autoptr(Result) full = WORLDS_RUN(WORLDS_BASE, NOBODY_MOVES, AT("1s", "create", "vm"), "/guests/0/memory=63MiB",
                                        "/hosts/0/dom0_memory=64.00390625MiB");
    ck_assert_outcomes(full, "no-memory");
    ck_assert_word(full, "domain.tpm.state", "none");
    g_autoptr(Result) fits = WORLDS_RUN(WORLDS_BASE, NOBODY_MOVES, AT("1s", "create", "vm"), "/guests/0/memory=63MiB");
    ck_assert_outcomes(fits, "done");
    ck_assert_exact(fits, "host.a.free_bytes", 0);
}
END_TEST

/* Of two domains of 3 and 1 virtual processors, on 2 cores. */
START_TEST(no_domain_is_created_where_its_processors_find_no_place)
{
    g_autoptr(Result) full = WORLDS_RUN(WORLDS_BASE, NOBODY_MOVES, AT("1s", "create", "vm"), "/guests/0/vcpus=3",
                                        "/hosts/0/cores=2", "/hosts/0/vcpus_per_core=1.9");
    g_autoptr(Result) fits = WORLDS_RUN(WORLDS_BASE, NOBODY_MOVES, AT("1s", "create", "vm"), "/guests/0/vcpus=3",
                                        "/hosts/0/cores=2", "/hosts/0/vcpus_per_core=2");

    ck_assert_outcomes(full, "no-cpu");
    ck_assert_word(full, "domain.tpm.state", "none");
    ck_assert_outcomes(fits, "done");
}
END_TEST

START_TEST(a_lost_host_takes_nobody)
{
    g_autoptr(Result) result =
        WORLDS_RUN(WORLDS_BASE, NOBODY_MOVES, "/timeline/-={\"at\":\"1s\",\"do\":\"fail-host\",\"host\":\"b\"}",
                   AT_HOST("1s", "create", "vm", "b"), AT("2s", "create", "vm"));
    ck_assert_outcomes(result, "host-lost done");
    ck_assert_word(result, "domain.vm.host", "a");
}
END_TEST

/* 20 ms between calls of 2 ms, from 1 s to 3 s but for a stop of 1 s. */
START_TEST(a_script_begins_with_its_vm_and_stands_while_it_is_stopped)
{
    g_autoptr(Result) whole = WORLDS_RUN(WORLDS_BASE, NOBODY_MOVES, AT("1s", "create", "vm"));
    g_autoptr(Result) half = WORLDS_RUN(WORLDS_BASE, NOBODY_MOVES, AT("1s", "create", "vm"), AT("1.5s", "stop", "vm"),
                                        AT("2.5s", "start", "vm"));
    const double calls = 2 / 0.022;

    ck_assert_number(whole, "vtpm.tpm.commands_done", calls, 1);
    ck_assert_number(half, "vtpm.tpm.commands_done", calls / 2, 1);
    ck_assert_exact(half, "vtpm.tpm.commands_failed", 0);
    ck_assert_exact(half, "vtpm.tpm.unavailable_s", 0);
}
END_TEST

/* What somebody else's guests do moves no digit. */
START_TEST(a_guest_that_comes_and_goes_changes_nothing_of_others)
{
    g_autoptr(Result) alone = WORLDS_RUN(WORLDS_BASE, "/timeline/0/method=vm");
    g_autoptr(Result) beside = WORLDS_RUN(
        WORLDS_BASE, "/timeline/0/method=vm",
        "/guests/-={\"name\":\"other\",\"host\":\"c\",\"memory\":\"4MiB\",\"workload\":{\"kind\":\"uniform\","
        "\"working_set\":\"1MiB\",\"rate\":\"300/s\"}}",
        AT("1.2s", "create", "other"), AT("1.3s", "stop", "other"), AT("1.4s", "destroy", "other"));
    const char *const metrics[] = {"migration.vm.total_s", "migration.vm.downtime_s", "migration.vm.vm.sent_pages"};

    for (guint i = 0; i < G_N_ELEMENTS(metrics); i++)
        ck_assert_exact(beside, metrics[i], worlds_number(alone, metrics[i]));
}
END_TEST

#define SOCKET                                                                                                         \
    "/guests/-={\"name\":\"peer\",\"host\":\"a\",\"memory\":\"4MiB\"}", "/vtpms=[]",                                   \
        "/sockets=[{\"name\":\"s\",\"from\":\"peer\",\"to\":\"vm\",\"application\":\"request-response\","              \
        "\"pause\":\"1ms\",\"stop\":\"2.5s\"}]"

START_TEST(a_socket_waits_for_its_guest_and_breaks_with_it)
{
    g_autoptr(Result) late = WORLDS_RUN(WORLDS_BASE, NOBODY_MOVES, SOCKET, AT("2s", "create", "vm"));
    g_autoptr(Result) always = WORLDS_RUN(WORLDS_BASE, NOBODY_MOVES, SOCKET);
    g_autoptr(Result) gone = WORLDS_RUN(WORLDS_BASE, NOBODY_MOVES, SOCKET, AT("1s", "destroy", "vm"));

    ck_assert_word(late, "socket.s.outcome", "closed");
    ck_assert_number(late, "socket.s.messages", worlds_number(always, "socket.s.messages") / 5,
                     0.02 * worlds_number(always, "socket.s.messages"));
    ck_assert_word(gone, "socket.s.outcome", "lost");
}
END_TEST

/* A run does not wait for a connection of which one end will never run again: over memory and over TCP, either end. */
START_TEST(nobody_waits_for_a_guest_that_stands)
{
    static const struct {
        const char *peer_host, *stopped;
    } cases[] = {{"a", "peer"}, {"a", "vm"}, {"b", "peer"}, {"b", "vm"}};
    g_autofree char *place = g_strdup_printf("/guests/1/host=%s", cases[_i].peer_host);
    g_autofree char *stop =
        g_strdup_printf("/timeline/-={\"at\":\"0.5s\",\"do\":\"stop-guest\",\"guest\":\"%s\"}", cases[_i].stopped);
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, NOBODY_MOVES, SOCKET, place, stop);

    ck_assert_word(result, "socket.s.outcome", "open");
    ck_assert_number(result, "run.end_s", 3, 1e-6);
}
END_TEST

START_TEST(a_guest_is_created_where_the_network_reaches_it)
{
    g_autoptr(GError) error = NULL;
    const char *const settings[] = {NOBODY_MOVES, "/hosts/-={\"name\":\"island\"}",
                                    AT_HOST("1s", "create", "vm", "island"), NULL};
    g_autoptr(Scenario) scenario = worlds_load(WORLDS_BASE, settings, &error);

    ck_assert_ptr_null(scenario);
    ck_assert_ptr_nonnull(strstr(error->message, "/timeline/0/host: no route from \"a\""));
}
END_TEST

#define CARD                                                                                                           \
    "/vtpms=[]", "/cards=[{\"name\":\"c\",\"host\":\"a\",\"algorithms\":{\"sm4\":{\"fixed\":\"1ms\"}}}]",              \
        "/card_paths=[{\"name\":\"p\",\"stations\":[{\"name\":\"a\",\"place\":\"guest\",\"direction\":\"forward\","    \
        "\"fixed\":\"5us\"},{\"name\":\"z\",\"place\":\"guest\",\"direction\":\"return\",\"fixed\":\"2us\"}]}]",       \
        "/card_sessions=[{\"name\":\"s\",\"guest\":\"vm\",\"card\":\"c\",\"path\":\"p\",\"workload\":{\"kind\":"       \
        "\"poisson\",\"rate\":\"200/s\",\"mix\":[{\"algorithm\":\"sm4\"}]}}]"

START_TEST(a_card_session_opens_when_its_guest_is_created)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, NOBODY_MOVES, CARD, AT("1s", "create", "vm"));

    ck_assert_word(result, "card_session.s.state", "open");
    ck_assert_number(result, "card_session.s.done", 400, 100); /* five times the deviation of 2 s at 200/s */
}
END_TEST

/* Phases are counted from the creation. */
START_TEST(phases_begin_with_the_guest)
{
    const char *phases = "/guests/0/phases=[{\"kind\":\"idle\",\"lasts\":\"2s\"},{\"kind\":\"uniform\","
                         "\"working_set\":\"4MiB\",\"rate\":\"20k/s\"}]";
    g_autoptr(Result) early = WORLDS_RUN(WORLDS_BASE, NOBODY_MOVES, "/vtpms=[]", phases, MIGRATE("2.5s", "b"));
    g_autoptr(Result) late =
        WORLDS_RUN(WORLDS_BASE, NOBODY_MOVES, "/vtpms=[]", phases, AT("1s", "create", "vm"), MIGRATE("2.5s", "b"));

    ck_assert_exact(late, "migration.vm.vm.sent_pages", 1024); /* idle still */
    ck_assert_double_gt(worlds_number(early, "migration.vm.vm.sent_pages"), 1024);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("lifecycle");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, each_request_is_done_or_refused_with_its_word);
    tcase_add_test(tcase, a_migration_has_its_domains_to_itself);
    tcase_add_test(tcase, memory_is_taken_and_given_back_with_the_vtpms);
    tcase_add_test(tcase, no_domain_is_created_where_its_processors_find_no_place);
    tcase_add_test(tcase, a_lost_host_takes_nobody);
    tcase_add_test(tcase, a_script_begins_with_its_vm_and_stands_while_it_is_stopped);
    tcase_add_test(tcase, a_guest_that_comes_and_goes_changes_nothing_of_others);
    tcase_add_test(tcase, a_socket_waits_for_its_guest_and_breaks_with_it);
    tcase_add_loop_test(tcase, nobody_waits_for_a_guest_that_stands, 0, 4);
    tcase_add_test(tcase, a_guest_is_created_where_the_network_reaches_it);
    tcase_add_test(tcase, a_card_session_opens_when_its_guest_is_created);
    tcase_add_test(tcase, phases_begin_with_the_guest);
    return check_main("lifecycle", tcase, NULL);
}
