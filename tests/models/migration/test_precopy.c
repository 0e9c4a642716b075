#include "models/migration/precopy.h"
#include "tests/check_main.h"

#include <math.h>
#include <string.h>

#define PAGE 4096.0

/* One guest, its image at the destination and the machine over both, driven by a link of constant rate. */
typedef struct {
    DirtyLog *log;
    Image *image;
    PageSet set;
    Precopy *precopy;
    double now_s;
    double rate_Bps;
    guint max_batches;
    double latency_s; /* of the path, which one transfer may fill twice */
    gboolean steady;
    guint sends, suspends;
} Rig;

static const PrecopyRules xen45 = {.policy.max_rounds = 29,
                                   .policy.min_pages = 50,
                                   .policy.few_basis = FEW_OF_ROUND,
                                   .policy.max_factor = 3,
                                   .batch_pages = 1024,
                                   .peek_skip = TRUE,
                                   .first_round_skips = TRUE};

static Rig
rig_new(guint64 pages, guint64 seed, const Workload *workload, double rate_Bps)
{
    Rig rig = {.rate_Bps = rate_Bps, .max_batches = 1};
    RandomStream random;

    random_init(&random, seed, "dirty", "guest");
    rig.log = dirty_new(pages, &random, 0);
    rig.image = image_new(rig.log);
    if (workload)
        dirty_set_workload(rig.log, 0, workload);
    return rig;
}

/* The set is borrowed by the machine, so both are made once the rig is where it stays. */
static void
rig_begin(Rig *rig, const PrecopyRules *rules)
{
    page_set_init(&rig->set, PAGE);
    page_set_add(&rig->set, rig->log, rig->image, 0, dirty_pages(rig->log));
    rig->precopy = precopy_new(&rig->set, rules);
}

static void
rig_clear(Rig *rig)
{
    precopy_free(rig->precopy);
    image_free(rig->image);
    dirty_free(rig->log);
}

static CopyAction
rig_step(Rig *rig)
{
    const CopyReach reach = {.rate_Bps = rig->rate_Bps,
                             .alone_Bps = rig->rate_Bps,
                             .max_batches = rig->max_batches,
                             .until_s = INFINITY,
                             .latency_s = rig->latency_s,
                             .steady = rig->steady,
                             .plans = TRUE};
    const CopyAction action = precopy_next(rig->precopy, rig->now_s, &reach);

    if (action.kind == COPY_SEND) {
        rig->sends++;
        rig->now_s = MAX(rig->now_s + action.bytes / rig->rate_Bps, action.until_s);
    }
    if (action.kind == COPY_SUSPEND) {
        rig->suspends++;
        dirty_set_speed(rig->log, rig->now_s, 0);
    }
    return action;
}

static void
rig_run(Rig *rig)
{
    while (rig_step(rig).kind != COPY_FINISHED)
        ;
}

static const CopyRound *
round_of(const Rig *rig, guint number)
{
    return &g_array_index(precopy_totals(rig->precopy).rounds, CopyRound, number - 1);
}

START_TEST(idle_guest_is_sent_once_and_only_once)
{
    Rig rig = rig_new(131072, 1, NULL, 12.5e6);

    rig_begin(&rig, &xen45);
    rig_run(&rig);
    ck_assert_uint_eq(precopy_totals(rig.precopy).sent_pages, 131072);
    ck_assert_double_eq_tol(rig.now_s, 42.94967296, 1e-9); /* 512 MiB at 100 Mb/s */
    ck_assert_uint_eq(image_differing_pages(rig.image, rig.now_s), 0);
    /* Xen's loop: round 2 finds nothing, 0 < 50, then the last round */
    ck_assert_uint_eq(precopy_totals(rig.precopy).rounds->len, 3);
    ck_assert_int_eq(precopy_totals(rig.precopy).stop, STOP_FEW_PAGES);
    rig_clear(&rig);
}
END_TEST

START_TEST(images_are_equal_after_any_loaded_migration)
{
    const Workload loads[] = {
        {.kind = WORKLOAD_UNIFORM, .pages = 5000, .rate_pages_s = 900},
        {.kind = WORKLOAD_HOT_COLD,
         .first_page = 77,
         .pages = 4000,
         .rate_pages_s = 3000,
         .hot_pages = 300,
         .hot_share = 0.9},
        {.kind = WORKLOAD_ZIPF, .pages = 8000, .rate_pages_s = 5000, .exponent = 1.1},
        {.kind = WORKLOAD_SWEEP, .pages = 7777, .rate_pages_s = 2500},
        {.kind = WORKLOAD_UNIFORM, .pages = 8000, .rate_pages_s = 50000}, /* never converges */
    };
    const PrecopyRules variants[] = {
        xen45,
        {.policy.max_rounds = 5, .policy.min_pages = 50, .policy.few_basis = FEW_DIRTY, .batch_pages = 1024},
        {.policy.max_rounds = 0, .batch_pages = 1024},
        {.policy.max_rounds = 7,
         .policy.min_pages = 1,
         .batch_pages = 37,
         .peek_skip = TRUE,
         .first_round_skips = TRUE},
    };

    for (gsize w = 0; w < G_N_ELEMENTS(loads); w++)
        for (gsize p = 0; p < G_N_ELEMENTS(variants); p++)
            for (guint64 seed = 1; seed <= 5; seed++) {
                Rig rig = rig_new(8000, seed, &loads[w], 12.5e6);
                rig_begin(&rig, &variants[p]);
                rig_run(&rig);
                ck_assert_uint_eq(image_differing_pages(rig.image, rig.now_s), 0);
                ck_assert_uint_eq(rig.suspends, 1);
                rig_clear(&rig);
            }
}
END_TEST

/* Every page that a round was to send was either sent or skipped, or is in to_fix: nothing falls through. */
START_TEST(each_round_sends_or_skips_what_the_one_before_dirtied)
{
    const Workload load = {.kind = WORKLOAD_UNIFORM, .pages = 60000, .rate_pages_s = 1500};
    Rig rig = rig_new(131072, 3, &load, 12.5e6);

    rig_begin(&rig, &xen45);
    rig_run(&rig);
    ck_assert_uint_eq(round_of(&rig, 1)->sent + round_of(&rig, 1)->skipped, 131072);
    for (guint r = 2; r < precopy_totals(rig.precopy).rounds->len; r++)
        ck_assert_uint_eq(round_of(&rig, r)->sent + round_of(&rig, r)->skipped, round_of(&rig, r - 1)->dirtied);
    ck_assert_uint_gt(round_of(&rig, 1)->skipped, 0);
    rig_clear(&rig);
}
END_TEST

START_TEST(hvm_guests_skip_nothing_in_round_one)
{
    const Workload load = {.kind = WORKLOAD_UNIFORM, .pages = 60000, .rate_pages_s = 1500};
    PrecopyRules hvm = xen45;

    hvm.first_round_skips = FALSE;
    Rig rig = rig_new(131072, 3, &load, 12.5e6);
    rig_begin(&rig, &hvm);
    rig_run(&rig);
    ck_assert_uint_eq(round_of(&rig, 1)->sent, 131072);
    ck_assert_uint_eq(round_of(&rig, 1)->skipped, 0);
    ck_assert_uint_gt(round_of(&rig, 2)->skipped, 0);
    rig_clear(&rig);
}
END_TEST

/* Constant dirty ratio r without a working-set cap: round i sends M r^i (facts.md, section 5). A sweep over all of
 * memory never writes a page twice within a round, so r = rate * page / bandwidth exactly. */
START_TEST(constant_dirty_ratio_gives_the_geometric_series)
{
    const guint64 pages = 1 << 20;
    const double rate_Bps = 1.25e9, ratio = 0.3;
    const Workload load = {.kind = WORKLOAD_SWEEP, .pages = pages, .rate_pages_s = ratio * rate_Bps / PAGE};
    const PrecopyRules rules = {.policy.max_rounds = 9, .batch_pages = 1024};
    Rig rig = rig_new(pages, 1, &load, rate_Bps);

    rig_begin(&rig, &rules);
    rig_run(&rig);
    double expected = pages, sum = 0;
    for (guint r = 1; r <= 9; r++, expected *= ratio) {
        ck_assert_double_eq_tol((double)round_of(&rig, r)->sent / expected, 1, 0.01);
        sum += expected;
    }
    const double closed_form = pages * PAGE / rate_Bps * (1 - pow(ratio, 10)) / (1 - ratio);
    ck_assert_double_eq_tol(rig.now_s / closed_form, 1, 0.01);
    ck_assert_double_gt(sum, 0);
    rig_clear(&rig);
}
END_TEST

START_TEST(deferred_pages_go_in_the_last_round_only)
{
    Rig rig = rig_new(4096, 1, NULL, 12.5e6);

    rig_begin(&rig, &xen45);
    precopy_defer_page(rig.precopy, 0);
    precopy_defer_page(rig.precopy, 4095);
    rig_run(&rig);
    ck_assert_uint_eq(round_of(&rig, 1)->sent, 4094);
    ck_assert_uint_eq(round_of(&rig, precopy_totals(rig.precopy).rounds->len)->sent, 2);
    ck_assert_uint_eq(image_differing_pages(rig.image, rig.now_s), 0);
    rig_clear(&rig);
}
END_TEST

START_TEST(stop_and_copy_sends_everything_while_the_guest_stands)
{
    const PrecopyRules rules = {.policy.max_rounds = 0, .batch_pages = 1024};
    const Workload load = {.kind = WORKLOAD_UNIFORM, .pages = 4000, .rate_pages_s = 1e5};
    Rig rig = rig_new(4096, 1, &load, 12.5e6);

    rig_begin(&rig, &rules);
    ck_assert_int_eq(rig_step(&rig).kind, COPY_SUSPEND);
    rig_run(&rig);
    ck_assert_uint_eq(precopy_totals(rig.precopy).rounds->len, 1);
    ck_assert_uint_eq(round_of(&rig, 1)->sent, 4096);
    ck_assert_int_eq(precopy_totals(rig.precopy).stop, STOP_NOT_LIVE);
    rig_clear(&rig);
}
END_TEST

/* Batches hold exactly batch_pages pages to send, also when that cuts a word of the bitmap. */
START_TEST(a_batch_never_exceeds_its_pages)
{
    const PrecopyRules rules = {.policy.max_rounds = 29, .policy.min_pages = 50, .batch_pages = 100};
    Rig rig = rig_new(1000, 1, NULL, 12.5e6);
    const CopyReach reach = {.rate_Bps = 12.5e6, .alone_Bps = 12.5e6, .max_batches = 1, .until_s = -1};
    guint sends = 0;

    dirty_set_workload(rig.log, 0, &(Workload){.kind = WORKLOAD_UNIFORM, .pages = 1, .rate_pages_s = 1e-9});
    rig_begin(&rig, &rules);
    for (CopyAction a = precopy_next(rig.precopy, 0, &reach); a.kind == COPY_SEND;
         a = precopy_next(rig.precopy, 0, &reach)) {
        ck_assert_double_eq(a.bytes, 100 * PAGE);
        sends++;
    }
    ck_assert_uint_eq(sends, 10);
    rig_clear(&rig);
}
END_TEST

START_TEST(headers_and_zero_pages_cost_what_the_rules_say)
{
    const PrecopyRules rules = {.policy.max_rounds = 1,
                                .batch_pages = 1024,
                                .page.header_bytes = 8,
                                .batch_header_bytes = 4,
                                .page.zero_bytes = 9};
    Rig rig = rig_new(2048, 1, NULL, 12.5e6);

    page_set_init(&rig.set, PAGE);
    page_set_add(&rig.set, rig.log, rig.image, 0, 100);
    rig.precopy = precopy_new(&rig.set, &rules);
    rig_run(&rig);
    ck_assert_uint_eq(precopy_totals(rig.precopy).data_pages, 100);
    ck_assert_uint_eq(precopy_totals(rig.precopy).zero_pages, 1948);
    ck_assert_double_eq(precopy_totals(rig.precopy).bytes, 100 * (PAGE + 8) + 1948 * 9 + 2 * 4);
    rig_clear(&rig);
}
END_TEST

/* Several batches per transfer change nothing while the rate holds: they are peeked when each would have started. */
START_TEST(looking_ahead_is_exact_at_a_constant_rate)
{
    const Workload load = {.kind = WORKLOAD_SWEEP, .pages = 60000, .rate_pages_s = 1500};
    Rig near = rig_new(131072, 3, &load, 12.5e6);
    Rig far = rig_new(131072, 3, &load, 12.5e6);

    far.max_batches = 16;
    rig_begin(&near, &xen45);
    rig_begin(&far, &xen45);
    rig_run(&near);
    rig_run(&far);
    ck_assert_double_eq_tol(near.now_s, far.now_s, 1e-9);
    ck_assert_uint_eq(precopy_totals(near.precopy).sent_pages, precopy_totals(far.precopy).sent_pages);
    rig_clear(&near);
    rig_clear(&far);
}
END_TEST

/* Both know the same of each round, and end together; 1e-9 s: sums of other terms. */
static void
assert_same_rounds(const Rig *a, const Rig *b)
{
    ck_assert_double_eq_tol(a->now_s, b->now_s, 1e-9);
    ck_assert_uint_eq(precopy_totals(a->precopy).rounds->len, precopy_totals(b->precopy).rounds->len);
    ck_assert_int_eq(precopy_totals(a->precopy).stop, precopy_totals(b->precopy).stop);
    for (guint r = 1; r <= precopy_totals(a->precopy).rounds->len; r++) {
        const CopyRound *x = round_of(a, r), *y = round_of(b, r);
        ck_assert_uint_eq(x->sent, y->sent);
        ck_assert_uint_eq(x->skipped, y->skipped);
        ck_assert_uint_eq(x->dirtied, y->dirtied);
        ck_assert_double_eq_tol(x->start_s, y->start_s, 1e-9);
        ck_assert_double_eq_tol(x->duration_s, y->duration_s, 1e-9);
    }
}

/* At a steady rate all live rounds are one transfer, the last round another, and nothing else is different: page by
 * page, for the same seed, however long the path is. */
START_TEST(going_on_from_round_to_round_changes_nothing)
{
    const Workload loads[] = {{.kind = WORKLOAD_SWEEP, .pages = 60000, .rate_pages_s = 1500},
                              {.kind = WORKLOAD_UNIFORM, .pages = 60000, .rate_pages_s = 1500}};
    const double latencies_s[] = {0, 0.01, 30};
    PrecopyRules rules = xen45;

    rules.page.work_s = _i % 2 ? 1e-6 : 0;
    Rig near = rig_new(131072, 3, &loads[_i / 3], 12.5e6), far = rig_new(131072, 3, &loads[_i / 3], 12.5e6);
    near.latency_s = far.latency_s = latencies_s[_i % 3];
    near.max_batches = far.max_batches = G_MAXUINT;
    far.steady = TRUE;
    rig_begin(&near, &rules);
    rig_begin(&far, &rules);
    rig_run(&near);
    rig_run(&far);
    assert_same_rounds(&near, &far);
    ck_assert_uint_eq(image_differing_pages(far.image, far.now_s), 0);
    ck_assert_uint_ge(near.sends, 7);
    ck_assert_uint_eq(far.sends, 2);
    rig_clear(&near);
    rig_clear(&far);
}
END_TEST

/* Rounds are planned up to the next change of the world, and not beyond. */
START_TEST(no_round_is_planned_beyond_the_next_change)
{
    const Workload load = {.kind = WORKLOAD_UNIFORM, .pages = 60000, .rate_pages_s = 1500};
    const CopyReach reach = {
        .rate_Bps = 12.5e6, .alone_Bps = 12.5e6, .max_batches = G_MAXUINT, .until_s = 50, .steady = TRUE};
    Rig rig = rig_new(131072, 3, &load, 12.5e6);

    rig_begin(&rig, &xen45);
    const CopyAction action = precopy_next(rig.precopy, 0, &reach);
    const double end_s = action.bytes / 12.5e6;
    ck_assert_double_ge(end_s, 50); /* it stops with the first batch that would start later */
    ck_assert_double_lt(end_s, 50 + 1024 * PAGE / 12.5e6);
    ck_assert_uint_eq(precopy_totals(rig.precopy).rounds->len, 1);
    ck_assert_double_lt(round_of(&rig, 1)->duration_s, 50);
    rig_clear(&rig);
}
END_TEST

/* More bandwidth never lengthens, more dirtying never shortens; means over seeds, because single runs are random. */
START_TEST(faster_links_and_calmer_guests_finish_sooner)
{
    double last = INFINITY;

    for (int step = 0; step < 4; step++) {
        double sum = 0;
        for (guint64 seed = 1; seed <= 10; seed++) {
            const Workload load = {.kind = WORKLOAD_UNIFORM, .pages = 10000, .rate_pages_s = 800 - 200 * step};
            Rig rig = rig_new(20000, seed, &load, 10e6 * (1 + step));
            rig_begin(&rig, &xen45);
            rig_run(&rig);
            sum += rig.now_s;
            rig_clear(&rig);
        }
        ck_assert_double_lt(sum, last);
        last = sum;
    }
}
END_TEST

/* NSDI 2005: round 1 at the minimum, later ones at the last dirty rate and the step, the last one at the maximum. */
START_TEST(adaptive_rate_paces_each_round)
{
    const PrecopyRules rules = {.policy.max_rounds = 29,
                                .policy.min_pages = 64,
                                .policy.few_basis = FEW_DIRTY,
                                .batch_pages = 256,
                                .policy.rate_first_Bps = 12.5e6,
                                .policy.rate_step_Bps = 6.25e6,
                                .policy.rate_most_Bps = 62.5e6};
    const Workload workload = {.kind = WORKLOAD_UNIFORM, .pages = 32768, .rate_pages_s = 6000};
    Rig rig = rig_new(32768, 1, &workload, 125e6);

    rig_begin(&rig, &rules);
    for (;;) {
        const CopyReach reach = {
            .rate_Bps = rig.rate_Bps, .alone_Bps = rig.rate_Bps, .max_batches = 16, .until_s = INFINITY};
        const CopyAction action = precopy_next(rig.precopy, rig.now_s, &reach);
        if (action.kind == COPY_FINISHED)
            break;
        if (action.kind == COPY_SEND)
            rig.now_s = MAX(rig.now_s + action.bytes / rig.rate_Bps, action.until_s);
        else
            dirty_set_speed(rig.log, rig.now_s, 0);
    }
    const GArray *rounds = precopy_totals(rig.precopy).rounds;
    const CopyRound *first = round_of(&rig, 1), *second = round_of(&rig, 2);
    const CopyRound *last = round_of(&rig, rounds->len);
    ck_assert_double_eq_tol(first->bytes / first->duration_s, 12.5e6, 1e3);
    ck_assert_double_eq_tol(second->bytes / second->duration_s,
                            (double)first->dirtied * PAGE / first->duration_s + 6.25e6, 1e3);
    ck_assert(last->final);
    ck_assert_double_eq_tol(last->bytes / last->duration_s, 62.5e6, 1e3);
    ck_assert_uint_eq(page_set_differing_pages(&rig.set, rig.now_s), 0);
    rig_clear(&rig);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("precopy");

    tcase_add_test(tcase, idle_guest_is_sent_once_and_only_once);
    tcase_add_test(tcase, images_are_equal_after_any_loaded_migration);
    tcase_add_test(tcase, each_round_sends_or_skips_what_the_one_before_dirtied);
    tcase_add_test(tcase, hvm_guests_skip_nothing_in_round_one);
    tcase_add_test(tcase, constant_dirty_ratio_gives_the_geometric_series);
    tcase_add_test(tcase, deferred_pages_go_in_the_last_round_only);
    tcase_add_test(tcase, stop_and_copy_sends_everything_while_the_guest_stands);
    tcase_add_test(tcase, a_batch_never_exceeds_its_pages);
    tcase_add_test(tcase, headers_and_zero_pages_cost_what_the_rules_say);
    tcase_add_test(tcase, looking_ahead_is_exact_at_a_constant_rate);
    tcase_add_loop_test(tcase, going_on_from_round_to_round_changes_nothing, 0, 6);
    tcase_add_test(tcase, no_round_is_planned_beyond_the_next_change);
    tcase_add_test(tcase, faster_links_and_calmer_guests_finish_sooner);
    tcase_add_test(tcase, adaptive_rate_paces_each_round);
    return check_main("precopy", tcase, NULL);
}
