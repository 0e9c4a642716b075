/* Crypto cards beside migrations: sessions follow their VMs or forbid them to go, no request is lost or done twice
 * (worlds_run fails when an invariant does not hold). */
#include "models/base/random.h"
#include "tests/sim/world/worlds.h"

#define ck_assert_count(result, name, expected) ck_assert_double_eq(worlds_number(result, name), expected)

/* A migration takes about a second, and its VM stands still for about 0.1 s. */
#define HOST(name, arch) "{'name': '" name "', 'arch': '" arch "', 'memory': '128MiB', 'dom0_memory': '64MiB'}"
#define LINK(name)       "{'name': 'l" name "', 'ends': ['" name "', 's'], 'bandwidth': '100Mbps', 'latency': '20us'}"
#define MOVE(vm, to, at)                                                                                               \
    "{'at': '" at "', 'do': 'migrate', 'vm': '" vm "', 'to': '" to "', 'hypervisor': " WORLDS_COSTS "}"
/* in place of the other guest's session */
#define CALLERS                                                                                                             \
    "/card_sessions/1={\"name\": \"other\", \"copies\": 2, \"card\": \"ha\", \"path\": \"path\", \"workload\": {\"kind\": " \
    "\"poisson\", \"rate\": \"2k/s\", \"mix\": [{\"algorithm\": \"sm4\", \"bytes\": \"1KiB\"}]}}"
#define BASE_WITH(timeline)                                                                                                                   \
    "{'name': 'cards', 'run_until': '3s',"                                                                                                    \
    " 'hosts': [" HOST("a", "x86_64") ", " HOST("b", "x86_64") ", " HOST("bare", "x86_64") ", " HOST(                                         \
        "arm",                                                                                                                                \
        "aarch64") "],"                                                                                                                       \
                   " 'switches': [{'name': 's'}], 'links': [" LINK("a") ", " LINK("b") ", " LINK("bare") ", " LINK(                           \
                       "arm") "],"                                                                                                            \
                              " 'guests': [{'name': 'vm', 'host': 'a', 'memory': '4MiB'}, {'name': 'other', 'host': 'a', 'memory': '4MiB'}]," \
                              " 'cards': [{'name': 'ha', 'host': 'a', 'profile': 'sjk1828', 'keys': [{'slot': 1, 'owner': 'vm'}]},"           \
                              "           {'name': 'hb', 'host': 'b', 'profile': 'sjk1828'},"                                                 \
                              "           {'name': 'harm', 'host': 'arm', 'profile': 'sjk1828'}],"                                            \
                              " 'card_paths': [{'name': 'path', 'profile': 'ivshmem'}],"                                                      \
                              " 'card_sessions': ["                                                                                           \
                              "   {'name': 'vm', 'guest': 'vm', 'card': 'ha', 'path': 'path', 'workload':"                                    \
                              "     {'kind': 'closed', 'outstanding': 4, 'mix': [{'algorithm': 'sm2-verify', 'bytes': '32B'}]}},"             \
                              "   {'name': 'other', 'guest': 'other', 'card': 'ha', 'path': 'path', 'workload':"                              \
                              "     {'kind': 'poisson', 'rate': '2k/s', 'mix': [{'algorithm': 'sm4', 'bytes': '1KiB'}]}}],"                   \
                              " 'timeline': [" timeline "]}"
#define NOTHING "{'at': '2.9s', 'do': 'restore-link', 'link': 'lbare'}"
#define BASE    BASE_WITH(MOVE("vm", "b", "1s") ", " NOTHING)

START_TEST(a_drained_session_opens_on_the_destination_and_asks_nothing_twice)
{
    g_autoptr(Result) result = WORLDS_RUN(BASE);

    ck_assert_word(result, "migration.vm.outcome", "completed");
    ck_assert_word(result, "card_session.vm.card", "hb");
    ck_assert_count(result, "card_session.vm.moves", 1);
    ck_assert_count(result, "card_session.vm.resubmitted", 0);
    /* four verifications of 183.4 us stand before one engine, of which the first is partly done */
    ck_assert_double_gt(worlds_number(result, "card_session.vm.drained_s"), 1 * 183.4e-6);
    ck_assert_double_lt(worlds_number(result, "card_session.vm.drained_s"), 5 * 183.4e-6);
    ck_assert_count(result, "card.ha.discarded", 0);
    /* without a card exactly while it is stopped, to rounding */
    ck_assert_number(result, "card_session.vm.closed_s", worlds_number(result, "migration.vm.downtime_s"), 1e-9);
}
END_TEST

START_TEST(a_resubmitted_session_takes_its_requests_along)
{
    g_autoptr(Result) result = WORLDS_RUN(BASE, "/card_sessions/0/on_migration=resubmit");

    ck_assert_count(result, "card_session.vm.resubmitted", 4);
    ck_assert_count(result, "card_session.vm.drained_s", 0);
    /* the one in the engine is computed for nobody; two at most have passed the ring */
    ck_assert_double_ge(worlds_number(result, "card.ha.discarded"), 1);
    /* its latency spans the time without a card */
    ck_assert_double_gt(worlds_number(result, "card_session.vm.latency_max_s"),
                        worlds_number(result, "card_session.vm.closed_s"));
}
END_TEST

START_TEST(a_neighbour_on_the_source_goes_on)
{
    g_autoptr(Result) result = WORLDS_RUN(BASE);

    ck_assert_word(result, "card_session.other.card", "ha");
    /* Poisson with mean 2000 * 3 s: five standard deviations are 390 */
    ck_assert_number(result, "card_session.other.done", 6000, 390);
}
END_TEST

START_TEST(an_idle_card_beside_a_migration_does_not_change_it)
{
    g_autoptr(Result) with = WORLDS_RUN(BASE, "/card_sessions/0/on_migration=resubmit");
    g_autoptr(Result) without = WORLDS_RUN(BASE, "/card_sessions=[]", "/cards/0/keys=[]");

    ck_assert_double_eq(worlds_number(with, "migration.vm.total_s"), worlds_number(without, "migration.vm.total_s"));
}
END_TEST

/* The neighbour moves instead: while it stands still, for about 0.1 s, its own program asks nothing. */
START_TEST(an_open_load_pauses_with_its_vm_or_queues)
{
    g_autoptr(Result) pauses = WORLDS_RUN(BASE, "/timeline/0/vm=other");
    g_autoptr(Result) queues = WORLDS_RUN(BASE, "/timeline/0/vm=other", "/card_sessions/1/when_stopped=queue");
    const double closed_s = worlds_number(pauses, "card_session.other.closed_s");

    ck_assert_double_gt(closed_s, 0.05);
    /* Poisson with mean 2000/s, five standard deviations are 390 at most */
    ck_assert_number(pauses, "card_session.other.done", 2000 * (3 - closed_s), 390);
    ck_assert_double_lt(worlds_number(pauses, "card_session.other.latency_p99_s"), closed_s / 10);
    /* the same dates, so that those of the time without a card are asked besides, and wait up to all of it */
    ck_assert_double_gt(worlds_number(queues, "card_session.other.done"),
                        worlds_number(pauses, "card_session.other.done") + 2000 * closed_s / 2);
    ck_assert_double_gt(worlds_number(queues, "card_session.other.latency_p99_s"), closed_s / 10);
}
END_TEST

/* ---- refusals ---- */

typedef struct {
    const char *const settings[3];
    const char *outcome, *text;
} Refusal;

static const Refusal refusals[] = {
    {{"/card_paths/0/profile=sriov"},
     "card-stays",
     "hardware state of the virtual function cannot be moved: SR-IOV hardly supports migration (paper, introduction)"},
    {{"/card_paths/0/profile=passthrough", "/card_sessions/1/card=hb"},
     "card-stays",
     "the device is passed through to this one VM and cannot be moved (paper, section 1)"},
    {{"/timeline/0/to=bare"}, "no-card", "the destination has no crypto card that serves the VM"},
    {{"/card_sessions/0/workload/mix/0/key=1"}, "no-keys", "the destination's crypto card has not got the VM's keys"},
    {{"/timeline/0/to=arm"},
     "card-arm",
     "ivshmem on an ARM host: the shared pages have other attributes in the guest than on the host, the hardware does "
     "not keep caches coherent, and the VM crashes (paper, section 5.1)"},
    {{"/cards/1/algorithms={\"sm2-verify\": null}"},
     "no-card",
     "the destination has no crypto card that serves the VM"},
};

/* The other guest's session is in the way of pass-through: it gets no guest, and a card of its own. */
START_TEST(what_cannot_keep_its_session_is_refused_before_the_first_page)
{
    const Refusal *refusal = &refusals[_i];
    g_autoptr(GPtrArray) settings = g_ptr_array_new();

    for (guint i = 0; refusal->settings[i]; i++)
        g_ptr_array_add(settings, (gpointer)refusal->settings[i]);
    if (strstr(refusal->settings[0], "passthrough"))
        g_ptr_array_add(settings, (gpointer) "/guests/1/host=b");
    g_ptr_array_add(settings, NULL);
    g_autoptr(Result) result = worlds_run(BASE, (const char *const *)settings->pdata);

    ck_assert_word(result, "migration.vm.outcome", refusal->outcome);
    ck_assert_word(result, "migration.vm.outcome_text", refusal->text);
    ck_assert_count(result, "migration.vm.spent_s", 0);
    ck_assert_ptr_null(strstr(result_table(result, "rounds.csv"), "vm,vm"));
    ck_assert_word(result, "card_session.vm.state", "open");
    ck_assert_word(result, "card_session.vm.card", "ha");
    ck_assert_count(result, "card_session.vm.closed_s", 0);
}
END_TEST

START_TEST(who_owns_the_key_at_both_ends_may_go)
{
    g_autoptr(Result) result =
        WORLDS_RUN(BASE, "/card_sessions/0/workload/mix/0/key=1", "/cards/1/keys=[{\"slot\": 1, \"owner\": \"vm\"}]");

    ck_assert_word(result, "migration.vm.outcome", "completed");
    ck_assert_word(result, "card_session.vm.card", "hb");
}
END_TEST

START_TEST(a_foreign_key_is_refused_at_the_door_or_request_by_request)
{
    g_autoptr(Result) door = WORLDS_RUN(BASE, "/card_sessions/1/workload/mix/0/key=1");
    g_autoptr(Result) each =
        WORLDS_RUN(BASE, "/card_sessions/1/workload/mix/0/key=1", "/card_sessions/1/require_keys=false");

    ck_assert_word(door, "card_session.other.state", "refused-keys");
    ck_assert_word(door, "card_session.other.reason", "the card has not got the VM's keys");
    ck_assert_count(each, "card_session.other.done", 0);
    ck_assert_number(each, "card_session.other.refused", 6000, 390);
}
END_TEST

START_TEST(ivshmem_on_arm_crashes_the_vm_of_who_wants_to_see_it)
{
    g_autoptr(Result) result = WORLDS_RUN(BASE, "/timeline/0/to=arm", "/card_sessions/0/on_arm=crash");

    ck_assert_word(result, "card_session.vm.state", "crashed");
    ck_assert_word(result, "domain.vm.state", "lost");
    ck_assert_count(result, "domain.vm.instances", 0);
    ck_assert_count(result, "host.arm.free_bytes", 64 * WORLDS_MIB);
    ck_assert_count(result, "host.a.free_bytes", 60 * WORLDS_MIB);
}
END_TEST

START_TEST(vsock_works_on_arm)
{
    g_autoptr(Result) result = WORLDS_RUN(BASE, "/timeline/0/to=arm", "/card_paths/0/profile=vsock-arm");

    ck_assert_word(result, "migration.vm.outcome", "completed");
    ck_assert_word(result, "card_session.vm.card", "harm");
}
END_TEST

/* ---- places ---- */

/* The neighbour lives on another host; every card has one place. Each goes to b. */
#define PLACES BASE_WITH(MOVE("vm", "b", "1s") ", " MOVE("other", "b", "1s") ", " NOTHING)
#define ONE_PLACE                                                                                                      \
    "/guests/1/host=bare", "/cards/2={\"name\": \"hc\", \"host\": \"bare\", \"profile\": \"sjk1828\"}",                \
        "/card_sessions/1/card=hc", "/card_paths/0/vms_max=1"

static void
expect_word(const Result *result, const char *format, const char *who, const char *expected)
{
    g_autofree char *name = g_strdup_printf(format, who);

    ck_assert_word(result, name, expected);
}

/* Both see the place free when they begin; who comes to its reservation first has it, and the other sends no page. */
START_TEST(of_two_vms_that_race_for_the_last_place_one_stays)
{
    g_autoptr(Result) result = WORLDS_RUN(PLACES, ONE_PLACE);
    const gboolean vm_wins = g_str_equal(worlds_word(result, "migration.vm.outcome"), "completed");
    const char *first = vm_wins ? "vm" : "other", *second = vm_wins ? "other" : "vm";
    g_autofree char *closed = g_strdup_printf("card_session.%s.closed_s", second);
    g_autofree char *pages = g_strdup_printf("%s,vm", second);

    expect_word(result, "migration.%s.outcome", first, "completed");
    expect_word(result, "card_session.%s.card", first, "hb");
    expect_word(result, "card_session.%s.state", first, "open");
    expect_word(result, "migration.%s.outcome", second, "no-card");
    expect_word(result, "migration.%s.outcome_text", second, "the destination has no crypto card that serves the VM");
    expect_word(result, "card_session.%s.card", second, vm_wins ? "hc" : "ha");
    expect_word(result, "card_session.%s.state", second, "open");
    ck_assert_count(result, closed, 0);
    ck_assert_ptr_null(strstr(result_table(result, "rounds.csv"), pages));
    ck_assert_count(result, "host.b.free_bytes", 60 * WORLDS_MIB); /* the loser's memory is given back */
}
END_TEST

typedef struct {
    const char *const settings[2];
    const char *outcome;
} Ending;

static const Ending endings[] = {
    {{"/timeline/2={\"at\": \"1.2s\", \"do\": \"fail-link\", \"link\": \"la\"}"}, "link-lost"},
    {{"/timeline/2={\"at\": \"1.2s\", \"do\": \"fail-host\", \"host\": \"a\"}"}, "source-lost"},
    {{"/timeline/0/hypervisor/time_limit=1ms"}, "gave-up"},
    {{"/hosts/1/memory=66MiB", "/guests/1/memory=2MiB"}, "no-memory"},
    {{NULL}, "completed"},
};

/* However the first one's migration ends, its place at b is there for the next, unless it is there itself. */
START_TEST(a_place_is_given_back_when_the_migration_fails)
{
    const Ending *ending = &endings[_i];
    const gboolean stays = !g_str_equal(ending->outcome, "completed");
    g_autoptr(Result) result = WORLDS_RUN(PLACES, ONE_PLACE, "/run_until=5s", "/timeline/1/at=2.5s",
                                          ending->settings[0] ? ending->settings[0] : "/name=cards",
                                          ending->settings[1] ? ending->settings[1] : "/name=cards");

    ck_assert_word(result, "migration.vm.outcome", ending->outcome);
    ck_assert_word(result, "migration.other.outcome", stays ? "completed" : "no-card");
    ck_assert_word(result, "card_session.other.card", stays ? "hb" : "hc");
    ck_assert_word(result, "card_session.other.state", "open");
    if (!g_str_equal(ending->outcome, "source-lost"))
        ck_assert_word(result, "card_session.vm.card", stays ? "ha" : "hb");
}
END_TEST

/* The VM stands still on its way to b; the neighbour asks for its place at a just then, and is refused; b fails, and
 * the VM is at home again with its session. */
START_TEST(the_place_that_a_vm_leaves_is_kept_until_it_has_arrived)
{
    g_autoptr(Result) quiet = WORLDS_RUN(BASE, ONE_PLACE);
    g_auto(GStrv) stopped = worlds_row(quiet, "steps.csv", "vm,vm,stop_and_copy");
    g_auto(GStrv) committed = worlds_row(quiet, "steps.csv", "vm,vm,commitment");
    char begin[G_ASCII_DTOSTR_BUF_SIZE], end[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd(begin, sizeof begin, "%.6f", g_ascii_strtod(stopped[3], NULL) + 0.001);
    g_ascii_formatd(end, sizeof end, "%.6f", g_ascii_strtod(committed[3], NULL) - 0.001);
    g_autofree char *ask = g_strdup_printf("/timeline/1/at=%ss", begin);
    g_autofree char *fail =
        g_strdup_printf("/timeline/2={\"at\": \"%ss\", \"do\": \"fail-host\", \"host\": \"b\"}", end);
    g_autoptr(Result) result =
        WORLDS_RUN(PLACES, ONE_PLACE, "/timeline/1/to=a", "/timeline/1/hypervisor/costs/pre_migration=0s", ask, fail);

    ck_assert_word(result, "migration.vm.outcome", "destination-lost");
    ck_assert_word(result, "migration.other.outcome", "no-card");
    ck_assert_word(result, "card_session.vm.state", "open");
    ck_assert_word(result, "card_session.vm.card", "ha");
    ck_assert_double_gt(worlds_number(result, "card_session.vm.closed_s"), 0);
}
END_TEST

START_TEST(a_vm_that_has_arrived_leaves_its_old_place_to_others)
{
    g_autoptr(Result) result =
        WORLDS_RUN(PLACES, ONE_PLACE, "/run_until=5s", "/timeline/1/at=2.5s", "/timeline/1/to=a");

    ck_assert_word(result, "card_session.vm.card", "hb");
    ck_assert_word(result, "migration.other.outcome", "completed");
    ck_assert_word(result, "card_session.other.card", "ha");
    ck_assert_word(result, "card_session.other.state", "open");
}
END_TEST

/* ---- failures ---- */

START_TEST(a_failed_migration_leaves_the_session_where_it_was)
{
    /* the destination dies while the VM stands still: it runs again at the source, and so does its session */
    g_autoptr(Result) quiet = WORLDS_RUN(BASE);
    g_auto(GStrv) row = worlds_row(quiet, "steps.csv", "vm,vm,commitment");
    const double at_s = g_ascii_strtod(row[3], NULL) - 0.001;
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    g_autofree char *timeline = g_strdup_printf("/timeline/1={\"at\": \"%ss\", \"do\": \"fail-host\", \"host\": \"b\"}",
                                                g_ascii_formatd(digits, sizeof digits, "%.6f", at_s));
    g_autoptr(Result) result = WORLDS_RUN(BASE, timeline);

    ck_assert_word(result, "migration.vm.outcome", "destination-lost");
    ck_assert_word(result, "card_session.vm.state", "open");
    ck_assert_word(result, "card_session.vm.card", "ha");
    ck_assert_count(result, "card_session.vm.moves", 0);
    ck_assert_double_gt(worlds_number(result, "card_session.vm.done"), 3000);
}
END_TEST

START_TEST(a_session_is_lost_with_its_host)
{
    g_autoptr(Result) result = WORLDS_RUN(BASE, "/timeline=[{\"at\": \"1s\", \"do\": \"fail-host\", \"host\": \"a\"}]");

    ck_assert_word(result, "card_session.vm.state", "lost");
    /* a call of 187.0 us (driver, DMA, engine, DMA, interrupt, driver) after the other for a second, and none after it;
     * the neighbour keeps the thread busy now and then: within 0.2 % */
    ck_assert_number(result, "card_session.vm.done", 1 / 187.0e-6, 11);
}
END_TEST

START_TEST(a_caller_without_a_vm_is_lost_with_the_cards_host)
{
    g_autoptr(Result) result =
        WORLDS_RUN(BASE, "/timeline=[{\"at\": \"1s\", \"do\": \"fail-host\", \"host\": \"a\"}]", CALLERS);

    ck_assert_word(result, "card_session.other-2.state", "lost");
    /* Poisson with mean 2000 for one second: five standard deviations are 224 */
    ck_assert_number(result, "card_session.other-2.done", 2000, 224);
}
END_TEST

enum {
#ifdef TANDEM_SANITIZED
    MOMENTS = 20
#else
    MOMENTS = 100
#endif
};

/* Moves at any microsecond, links that fail at any other: requests are answered once whatever happens. */
START_TEST(no_request_is_lost_or_done_twice_whenever_it_moves_or_fails)
{
    RandomStream stream;
    Run runs[MOMENTS] = {{0}};

    random_init(&stream, 3, "moments", "card");
    for (guint i = 0; i < MOMENTS; i++) {
        char move[G_ASCII_DTOSTR_BUF_SIZE], fail[G_ASCII_DTOSTR_BUF_SIZE];
        g_ascii_formatd(move, sizeof move, "%.7f", 0.5 + random_unit(&stream) * 0.01);
        g_ascii_formatd(fail, sizeof fail, "%.7f", 0.6 + random_unit(&stream) * 1.2);
        g_autofree char *at = g_strdup_printf("/timeline/0/at=%ss", move);
        g_autofree char *second = g_strdup_printf("/timeline/1={\"at\": \"%ss\", \"do\": \"%s\", \"%s\": \"%s\"}", fail,
                                                  i % 3 ? "fail-link" : "fail-host", i % 3 ? "link" : "host",
                                                  i % 3   ? "lb"
                                                  : i % 2 ? "a"
                                                          : "b");
        const char *const settings[] = {at, second, i % 2 ? "/card_sessions/0/on_migration=resubmit" : at, NULL};
        runs[i].scenario = worlds_load(BASE, settings, NULL);
        runs[i].seed = i + 1;
    }
    run_all(runs, MOMENTS, 2);
    for (guint i = 0; i < MOMENTS; i++) {
        ck_assert_msg(runs[i].result, "%s", runs[i].error);
        g_autofree char *violation = result_violation(runs[i].result);
        ck_assert_msg(!violation, "moment %u: %s", i, violation);
        scenario_free((Scenario *)runs[i].scenario);
        run_clear(&runs[i]);
    }
}
END_TEST

/* ---- load ---- */

START_TEST(load_above_capacity_runs_in_bounded_memory_and_is_called_unstable)
{
    g_autoptr(Result) result =
        WORLDS_RUN(BASE, "/timeline=[]", "/card_sessions/1/workload/rate=300k/s", "/run_until=0.5s");

    ck_assert_word(result, "card.ha.stable", "no");
    /* the VM's two slots of the shared memory, each held for 16.4 us on the way and about 8 us in the card; a fifth
     * less would still be ten times what they can do */
    ck_assert_word(result, "card.ha.offered_station", "slot");
    ck_assert_double_gt(worlds_number(result, "card.ha.offered_utilization"), 300e3 * 24e-6 / 2 * 0.8);
    ck_assert_double_gt(worlds_number(result, "card_session.other.dropped"), 10000);
}
END_TEST

START_TEST(a_warm_up_is_not_counted)
{
    g_autoptr(Result) result = WORLDS_RUN(BASE, "/timeline=[]", "/card_measurement/warm_up=1s");

    ck_assert_number(result, "card.ha.measured_s", 2, 1e-9);
    ck_assert_number(result, "card_session.vm.requests_per_s", 1 / 187.0e-6, 11); /* as above */
    /* Poisson with mean 2000 * 2 s: five standard deviations are 316 */
    ck_assert_number(result, "card_session.other.done", 4000, 316);
}
END_TEST

START_TEST(the_interval_of_the_batches_holds_the_offered_rate)
{
    g_autoptr(Result) result = WORLDS_RUN(BASE, "/timeline=[]", "/card_sessions/0/workload/outstanding=1",
                                          "/card_sessions/0/workload/requests_max=1", "/card_measurement/warm_up=1s");
    const double mean = worlds_number(result, "card.ha.requests_per_s_mean");

    /* 20 batches of 200: at 95 %, the mean is within two half-widths of 2000 all but once in 25,000 seeds */
    ck_assert_double_le(fabs(mean - 2000), 2 * worlds_number(result, "card.ha.requests_per_s_half_width"));
}
END_TEST

START_TEST(the_same_seed_gives_the_same_bytes)
{
    g_autoptr(Result) once = WORLDS_RUN(BASE);
    g_autoptr(Result) again = WORLDS_RUN(BASE);
    g_autofree char *first = result_to_json(once);
    g_autofree char *second = result_to_json(again);

    ck_assert_str_eq(first, second);
    ck_assert_str_eq(result_table(once, "card-stations.csv"), result_table(again, "card-stations.csv"));
}
END_TEST

/* The pilot of a narrow measurement begins the statistics anew when it ends; ids that were dropped before still count.
 */
START_TEST(what_is_dropped_before_a_narrow_measurement_is_not_lost)
{
    g_autoptr(Result) result = WORLDS_RUN(
        BASE, "/timeline=[]", "/run_until=0s", "/card_measurement={\"until\": \"narrow\", \"requests_max\": 20000}",
        "/card_sessions/0/workload={\"kind\": \"poisson\", \"rate\": \"200k/s\", \"queue_limit\": 20, \"mix\": "
        "[{\"algorithm\": \"sm4\"}]}");

    ck_assert_double_gt(worlds_number(result, "card_session.vm.dropped"), 0);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("card_part");

    g_setenv("TANDEM_DATA", TANDEM_SOURCE_DIR, TRUE);
    tcase_add_test(tcase, a_drained_session_opens_on_the_destination_and_asks_nothing_twice);
    tcase_add_test(tcase, a_resubmitted_session_takes_its_requests_along);
    tcase_add_test(tcase, a_neighbour_on_the_source_goes_on);
    tcase_add_test(tcase, an_idle_card_beside_a_migration_does_not_change_it);
    tcase_add_test(tcase, an_open_load_pauses_with_its_vm_or_queues);
    tcase_add_loop_test(tcase, what_cannot_keep_its_session_is_refused_before_the_first_page, 0,
                        G_N_ELEMENTS(refusals));
    tcase_add_test(tcase, who_owns_the_key_at_both_ends_may_go);
    tcase_add_test(tcase, a_foreign_key_is_refused_at_the_door_or_request_by_request);
    tcase_add_test(tcase, ivshmem_on_arm_crashes_the_vm_of_who_wants_to_see_it);
    tcase_add_test(tcase, vsock_works_on_arm);
    tcase_add_test(tcase, a_failed_migration_leaves_the_session_where_it_was);
    tcase_add_test(tcase, a_session_is_lost_with_its_host);
    tcase_add_test(tcase, a_caller_without_a_vm_is_lost_with_the_cards_host);
    tcase_add_test(tcase, no_request_is_lost_or_done_twice_whenever_it_moves_or_fails);
    tcase_add_test(tcase, load_above_capacity_runs_in_bounded_memory_and_is_called_unstable);
    tcase_add_test(tcase, a_warm_up_is_not_counted);
    tcase_add_test(tcase, the_interval_of_the_batches_holds_the_offered_rate);
    tcase_add_test(tcase, the_same_seed_gives_the_same_bytes);
    tcase_add_test(tcase, what_is_dropped_before_a_narrow_measurement_is_not_lost);
    tcase_add_test(tcase, of_two_vms_that_race_for_the_last_place_one_stays);
    tcase_add_loop_test(tcase, a_place_is_given_back_when_the_migration_fails, 0, G_N_ELEMENTS(endings));
    tcase_add_test(tcase, the_place_that_a_vm_leaves_is_kept_until_it_has_arrived);
    tcase_add_test(tcase, a_vm_that_has_arrived_leaves_its_old_place_to_others);
    return check_main("card_part", tcase, NULL);
}
