/* A stop rule means the same under both mechanisms: Xen's machine and QEMU's copy the same guest by the same policy,
 * and stop after the same round for the same reason. */
#include "models/migration/precopy.h"
#include "models/migration/qemu.h"
#include "tests/check_main.h"
#include "tests/models/migration/plain_qemu.h"

#include <math.h>

#define PAGE     4096.0
#define PAGES    16384u
#define WRITTEN  8192u /* at the top of memory: all of them, in every round, so that each begins with as many */
#define RATE_BPS 12e6

typedef enum { XEN, XEN_THAT_SKIPS, QEMU, N_MECHANISMS } Mechanism;

static const char *const names[] = {[XEN] = "Xen", [XEN_THAT_SKIPS] = "Xen with to_skip", [QEMU] = "QEMU"};

typedef struct {
    StopReason reason;
    guint live_rounds;
} Stop;

typedef struct {
    DirtyLog *log;
    PageSet set;
    Precopy *precopy;
    Qemu *qemu;
} Rig;

static void
rig_begin(Rig *rig, Mechanism mechanism, const Policy *policy)
{
    const QemuRules qemus = plain_qemu_rules(policy);
    const Workload workload = {
        .kind = WORKLOAD_UNIFORM, .first_page = PAGES - WRITTEN, .pages = WRITTEN, .rate_pages_s = 1e6};
    const PrecopyRules xens = {.policy = *policy, .batch_pages = 1024, .peek_skip = mechanism == XEN_THAT_SKIPS};
    RandomStream random;

    *rig = (Rig){0};
    random_init(&random, 1, "dirty", "guest");
    rig->log = dirty_new(PAGES, &random, 0);
    dirty_set_workload(rig->log, 0, &workload);
    page_set_init(&rig->set, PAGE);
    page_set_add(&rig->set, rig->log, NULL, 0, PAGES);
    if (mechanism == QEMU)
        rig->qemu = qemu_new(&rig->set, &qemus);
    else
        rig->precopy = precopy_new(&rig->set, &xens);
}

static guint
live_rounds(const GArray *rounds)
{
    guint live = 0;

    for (guint i = 0; i < rounds->len; i++)
        live += g_array_index(rounds, CopyRound, i).phase == PHASE_PUSH;
    return live;
}

/* Up to the stop, or for so many seconds. */
static Stop
run(Mechanism mechanism, const Policy *policy)
{
    const CopyReach reach = {
        .rate_Bps = RATE_BPS, .alone_Bps = RATE_BPS, .max_batches = 16, .until_s = INFINITY, .latency_s = 1e-4};
    double now_s = 0;
    Rig rig;

    rig_begin(&rig, mechanism, policy);
    for (CopyAction action = {0}; action.kind != COPY_SUSPEND && now_s < 100;) {
        action = rig.qemu ? qemu_next(rig.qemu, now_s, &reach) : precopy_next(rig.precopy, now_s, &reach);
        if (action.kind == COPY_SEND)
            now_s = MAX(now_s + action.bytes / RATE_BPS, action.until_s);
    }
    const CopyTotals totals = rig.qemu ? qemu_totals(rig.qemu) : precopy_totals(rig.precopy);
    const Stop stop = {totals.stop, live_rounds(totals.rounds)};
    qemu_free(rig.qemu);
    precopy_free(rig.precopy);
    dirty_free(rig.log);
    return stop;
}

/* Round 1 sends 16,384 pages, each later one 8,192, which take 2.8 s, and 8,192 are left after each. QEMU looks at its
 * rules when what is left would fit its downtime limit: 20 ms are 58 pages. */
static const struct {
    const char *counter;
    Policy policy;
    Stop stop;
} rules[] = {
    {"rounds", {.max_rounds = 3}, {STOP_ROUNDS, 3}},
    {"rounds", {.max_rounds = 1}, {STOP_ROUNDS, 1}},
    {"rounds", {.max_rounds = 0}, {STOP_NOT_LIVE, 0}},
    {"round_sent, round_skipped", {.min_pages = 8193, .few_basis = FEW_OF_ROUND}, {STOP_FEW_PAGES, 2}},
    {"left", {.min_pages = 8193, .few_basis = FEW_DIRTY}, {STOP_FEW_PAGES, 1}},
    {"left", {.min_pages = 8000, .few_basis = FEW_DIRTY, .max_rounds = 4}, {STOP_ROUNDS, 4}},
    {"left, with what is not sent", {.min_pages = 8192, .few_basis = FEW_DIRTY, .max_rounds = 2}, {STOP_ROUNDS, 2}},
    {"set_pages", {.max_factor = 0.9}, {STOP_MANY_SENT, 1}},
    {"stalled", {.stall_rounds = 1}, {STOP_STALLED, 2}},
    {"stalled", {.stall_rounds = 3}, {STOP_STALLED, 4}},
    {"expected_s, allowed_s", {.downtime_limit_s = 3.2}, {STOP_DOWNTIME, 1}},
    {"allowed_s", {.downtime_step_s = 1.2, .downtime_most_s = 10}, {STOP_DOWNTIME, 4}},
    {"first rule wins", {.max_rounds = 2, .stall_rounds = 1}, {STOP_ROUNDS, 2}},
};

START_TEST(a_rule_that_reads_a_counter_stops_both_mechanisms_alike)
{
    for (int mechanism = 0; mechanism < N_MECHANISMS; mechanism++) {
        Policy policy = rules[_i].policy;
        const gboolean endless = policy.max_rounds == 0 && rules[_i].stop.reason != STOP_NOT_LIVE;
        policy.max_rounds = endless ? 1000000 : policy.max_rounds;
        policy.downtime_limit_s = policy.downtime_limit_s > 0 ? policy.downtime_limit_s : 0.02;
        const Stop stop = run((Mechanism)mechanism, &policy);
        ck_assert_msg(stop.reason == rules[_i].stop.reason, "%s, %s: %s, expected %s", rules[_i].counter,
                      names[mechanism], policy_stop_text(stop.reason), policy_stop_text(rules[_i].stop.reason));
        ck_assert_msg(stop.live_rounds == rules[_i].stop.live_rounds, "%s, %s: after round %u, expected %u",
                      rules[_i].counter, names[mechanism], stop.live_rounds, rules[_i].stop.live_rounds);
    }
}
END_TEST

/* Pages sent in all rounds: 16,384 and 8,192 with each later round. A sender that skips does not come that far. */
START_TEST(pages_sent_in_all_rounds_stop_both_mechanisms_alike)
{
    const Policy policy = {.max_rounds = 1000000, .downtime_limit_s = 0.02, .max_factor = 1.9};
    const Stop xen = run(XEN, &policy), qemu = run(QEMU, &policy);

    ck_assert_int_eq(xen.reason, STOP_MANY_SENT);
    ck_assert_int_eq(qemu.reason, STOP_MANY_SENT);
    ck_assert_uint_eq(xen.live_rounds, 3);
    ck_assert_uint_eq(qemu.live_rounds, 3);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("stop_rules");

    tcase_add_loop_test(tcase, a_rule_that_reads_a_counter_stops_both_mechanisms_alike, 0, (int)G_N_ELEMENTS(rules));
    tcase_add_test(tcase, pages_sent_in_all_rounds_stop_both_mechanisms_alike);
    return check_main("stop_rules", tcase, NULL);
}
