/* A pre-copy that only counts pages against one that knows each of them: the same law of everything it tells. */
#include "models/migration/backlog.h"

#include "models/migration/precopy.h"
#include "tests/models/migration/law.h"

#define PAGE       4096.0
#define RATE_BPS   12.5e6
#define PAGES      6000u
#define RUNS       2000
#define N_SHOWINGS 9

static const char *const showings[N_SHOWINGS] = {"time",
                                                 "rounds",
                                                 "sent",
                                                 "zero pages",
                                                 "skipped in round 1",
                                                 "dirtied in round 1",
                                                 "skipped in round 2",
                                                 "dirtied in round 2",
                                                 "pages of the last round"};

static const struct {
    guint64 used_pages;
    Workload workload;
    PrecopyRules rules;
} cases[] = {
    /* converges: batches within rounds, rounds that shrink */
    {PAGES,
     {.kind = WORKLOAD_UNIFORM, .first_page = 100, .pages = 5000, .rate_pages_s = 1800},
     {.policy.max_rounds = 29,
      .policy.min_pages = 50,
      .policy.max_factor = 3,
      .batch_pages = 128,
      .peek_skip = TRUE,
      .first_round_skips = TRUE}},
    /* does not: most pages of a round are skipped */
    {PAGES,
     {.kind = WORKLOAD_UNIFORM, .pages = 3000, .rate_pages_s = 9000},
     {.policy.max_rounds = 6,
      .policy.min_pages = 50,
      .batch_pages = 256,
      .peek_skip = TRUE,
      .first_round_skips = TRUE}},
    /* two rates, the used pages end within the cold ones, batches go over from one to the other */
    {2500,
     {.kind = WORKLOAD_HOT_COLD,
      .first_page = 700,
      .pages = 4000,
      .rate_pages_s = 3000,
      .hot_pages = 300,
      .hot_share = 0.8},
     {.policy.max_rounds = 9, .policy.min_pages = 50, .batch_pages = 1024, .peek_skip = TRUE, .page.zero_bytes = 9}},
    /* Xen 4.6: nothing is skipped */
    {PAGES,
     {.kind = WORKLOAD_UNIFORM, .pages = PAGES, .rate_pages_s = 2000},
     {.policy.max_rounds = 5,
      .policy.min_pages = 50,
      .policy.few_basis = FEW_DIRTY,
      .batch_pages = 1024,
      .page.header_bytes = 8}},
    /* the guest goes on for a while before it stands */
    {PAGES,
     {.kind = WORKLOAD_HOT_COLD, .pages = PAGES, .rate_pages_s = 1000, .hot_pages = 3000, .hot_share = 0.1},
     {.policy.max_rounds = 2, .batch_pages = 37, .peek_skip = TRUE, .first_round_skips = TRUE, .page.work_s = 20e-6}},
};

static Showing
showing_of(const Precopy *precopy, double end_s)
{
    const GArray *rounds = precopy_totals(precopy).rounds;
    const CopyRound *first = &g_array_index(rounds, CopyRound, 0);
    const CopyRound *second = &g_array_index(rounds, CopyRound, 1);

    return (Showing){{end_s, rounds->len, (double)precopy_totals(precopy).sent_pages,
                      (double)precopy_totals(precopy).zero_pages, (double)first->skipped, (double)first->dirtied,
                      (double)second->skipped, (double)second->dirtied,
                      (double)g_array_index(rounds, CopyRound, rounds->len - 1).sent}};
}

/* Half a second passes between the last live round and the moment in which the guest stands. */
static Showing
migrate(int which, guint64 seed, gboolean counted)
{
    const CopyReach reach = {
        .rate_Bps = RATE_BPS, .alone_Bps = RATE_BPS, .max_batches = G_MAXUINT, .until_s = INFINITY, .steady = TRUE};
    RandomStream random;
    PageSet set;
    double now_s = 0;

    random_init(&random, seed, "dirty", counted ? "counted" : "page by page");
    g_autoptr(DirtyLog) log = dirty_new(PAGES, &random, 0);
    dirty_set_workload(log, 0, &cases[which].workload);
    page_set_init(&set, PAGE);
    page_set_add(&set, log, NULL, 0, cases[which].used_pages);
    g_autoptr(Tally) tally = counted ? dirty_tally(log, cases[which].used_pages) : NULL;
    set.tally = tally;
    g_autoptr(Precopy) precopy = precopy_new(&set, &cases[which].rules);
    for (;;) {
        const CopyAction action = precopy_next(precopy, now_s, &reach);
        if (action.kind == COPY_FINISHED) {
            ck_assert_uint_eq(tally ? tally_stale(tally, dirty_guest_s(log, now_s)) : 0, 0);
            return showing_of(precopy, now_s);
        }
        now_s = action.kind == COPY_SEND ? MAX(now_s + action.bytes / RATE_BPS, action.until_s) : now_s + 0.5;
        if (action.kind == COPY_SUSPEND)
            dirty_set_speed(log, now_s, 0);
    }
}

/* Both ways of counting are independent runs. */
START_TEST(counting_pages_has_the_law_of_knowing_them)
{
    static Showing pages[RUNS], counts[RUNS];

    for (int i = 0; i < RUNS; i++) {
        pages[i] = migrate(_i, (guint64)i, FALSE);
        counts[i] = migrate(_i, (guint64)i, TRUE);
    }
    law_assert_same(pages, counts, RUNS, showings, N_SHOWINGS);
}
END_TEST

/* Where nothing is random, they agree to the page. */
START_TEST(an_idle_guest_is_counted_exactly)
{
    const PrecopyRules rules = {.policy.max_rounds = 29, .policy.min_pages = 50, .batch_pages = 100, .peek_skip = TRUE};
    const CopyReach reach = {.rate_Bps = RATE_BPS, .alone_Bps = RATE_BPS, .max_batches = 3, .until_s = INFINITY};
    RandomStream random;
    PageSet set;
    guint sends = 0;

    random_init(&random, 1, "dirty", "idle");
    g_autoptr(DirtyLog) log = dirty_new(1000, &random, 0);
    dirty_set_workload(log, 0, &(Workload){.kind = WORKLOAD_UNIFORM, .pages = 1, .rate_pages_s = 1e-9});
    page_set_init(&set, PAGE);
    page_set_add(&set, log, NULL, 0, 350);
    g_autoptr(Tally) tally = dirty_tally(log, 350);
    set.tally = tally;
    g_autoptr(Precopy) precopy = precopy_new(&set, &rules);
    for (CopyAction a = precopy_next(precopy, 0, &reach); a.kind == COPY_SEND; a = precopy_next(precopy, 0, &reach))
        sends++;
    ck_assert_uint_eq(sends, 4); /* ten batches, three at a time */
    ck_assert_uint_eq(precopy_totals(precopy).data_pages, 350);
    ck_assert_uint_eq(precopy_totals(precopy).zero_pages, 650);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("backlog");

    tcase_add_loop_test(tcase, counting_pages_has_the_law_of_knowing_them, 0, (int)G_N_ELEMENTS(cases));
    tcase_add_test(tcase, an_idle_guest_is_counted_exactly);
    return check_main("backlog", tcase, NULL);
}
