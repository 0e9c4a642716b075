#include "models/memory/workload.h"
#include "tests/check_main.h"

#include <math.h>

static const WorkloadWrite backwards[] = {{2, 1}, {1, 1}};
static const WorkloadWrite outside[] = {{2, 100}};
static const WorkloadWrite sound_writes[] = {{0, 99}, {2, 0}, {2, 0}};
static const WorkloadInterval empty_interval[] = {{0, 1}};
static const WorkloadInterval too_many[] = {{1, 51}};
static const WorkloadInterval sound_intervals[] = {{1, 50}, {2, 0}};

/* For a guest of 100 pages. */
static const struct {
    Workload workload;
    const char *fault;
    double end_s;
} cases[] = {
    {{.kind = WORKLOAD_IDLE}, NULL, 0},
    {{.kind = WORKLOAD_UNIFORM, .pages = 100, .rate_pages_s = 1}, NULL, INFINITY},
    {{.kind = WORKLOAD_UNIFORM, .pages = 100}, NULL, 0},
    {{.kind = WORKLOAD_UNIFORM}, "its working set is empty", 0},
    {{.kind = WORKLOAD_SWEEP, .first_page = 1, .pages = 100}, "its working set ends beyond the guest's memory", 0},
    {{.kind = WORKLOAD_SWEEP, .first_page = 100, .pages = 1}, "its working set ends beyond the guest's memory", 0},
    {{.kind = WORKLOAD_SWEEP, .first_page = 9, .pages = G_MAXUINT64},
     "its working set ends beyond the guest's memory",
     0},
    {{.kind = WORKLOAD_UNIFORM, .pages = 1, .rate_pages_s = -1}, "its rate must be finite and >= 0", 0},
    {{.kind = WORKLOAD_UNIFORM, .pages = 1, .rate_pages_s = NAN}, "its rate must be finite and >= 0", 0},
    {{.kind = WORKLOAD_SWEEP, .pages = 1, .rate_pages_s = INFINITY}, "its rate must be finite and >= 0", 0},
    {{.kind = WORKLOAD_HOT_COLD, .pages = 9, .hot_pages = 9},
     "its hot part must be smaller than its working set and not empty",
     0},
    {{.kind = WORKLOAD_HOT_COLD, .pages = 9}, "its hot part must be smaller than its working set and not empty", 0},
    {{.kind = WORKLOAD_HOT_COLD, .pages = 9, .hot_pages = 1, .hot_share = 1.1},
     "its hot share must be within 0 and 1",
     0},
    {{.kind = WORKLOAD_ZIPF, .pages = 9}, "its exponent must be finite and > 0", 0},
    {{.kind = WORKLOAD_ZIPF, .pages = 9, .exponent = 1, .rate_pages_s = 2}, NULL, INFINITY},
    {{.kind = WORKLOAD_REPLAY}, NULL, 0},
    {{.kind = WORKLOAD_REPLAY, .writes = sound_writes, .n_writes = 3}, NULL, 2},
    {{.kind = WORKLOAD_REPLAY, .writes = backwards, .n_writes = 2}, "its times must be >= 0 and must not go back", 0},
    {{.kind = WORKLOAD_REPLAY, .writes = outside, .n_writes = 1}, "it writes a page that the guest does not have", 0},
    {{.kind = WORKLOAD_INTERVALS, .pages = 50, .intervals = sound_intervals, .n_intervals = 2}, NULL, 1},
    {{.kind = WORKLOAD_INTERVALS, .pages = 50, .intervals = empty_interval, .n_intervals = 1},
     "each interval must last longer than 0 s",
     0},
    {{.kind = WORKLOAD_INTERVALS, .pages = 50, .intervals = too_many, .n_intervals = 1},
     "an interval writes more distinct pages than the working set has",
     0},
    {{.kind = WORKLOAD_INTERVALS, .pages = 9, .exponent = -1}, "its exponent must be finite and > 0", 0},
    {{.kind = WORKLOAD_INTERVALS, .pages = 9, .spread_pages = 8}, "it is spread over fewer pages than it has", 0},
    {{.kind = WORKLOAD_INTERVALS, .first_page = 1, .pages = 9, .spread_pages = 100},
     "it is spread beyond the guest's memory",
     0},
    {{.kind = WORKLOAD_INTERVALS, .first_page = 1, .pages = 9, .spread_pages = 99, .exponent = 0.5}, NULL, 0},
};

START_TEST(faults_are_named_and_sound_workloads_have_an_end)
{
    const char *fault = workload_fault(&cases[_i].workload, 100);

    ck_assert_pstr_eq(fault, cases[_i].fault);
    if (!fault)
        ck_assert(workload_end_s(&cases[_i].workload) == cases[_i].end_s);
}
END_TEST

/* What its pages are written at adds up to what it writes; outside there is nothing. */
START_TEST(rates_of_pages_add_up)
{
    const WorkloadClass classes[] = {{30, 0.75}, {70, 0.25}};
    const Workload drawn[] = {
        {.kind = WORKLOAD_UNIFORM, .first_page = 5, .pages = 100, .rate_pages_s = 7},
        {.kind = WORKLOAD_HOT_COLD, .first_page = 5, .pages = 100, .rate_pages_s = 7, .hot_pages = 9, .hot_share = 0.8},
        {.kind = WORKLOAD_ZIPF, .first_page = 5, .pages = 100, .rate_pages_s = 7, .exponent = 1.1},
        {.kind = WORKLOAD_CURVE, .first_page = 5, .pages = 100, .rate_pages_s = 7, .classes = classes, .n_classes = 2},
    };
    const WorkloadRates rates = workload_rates(&drawn[_i]);
    double sum = 0;

    for (guint64 page = 5; page < 105; page++) {
        ck_assert_double_gt(workload_page_rate(&rates, page), 0);
        ck_assert_double_le(workload_page_rate(&rates, page), workload_page_rate(&rates, 5));
        sum += workload_page_rate(&rates, page);
    }
    ck_assert_double_eq_tol(sum, 7, 1e-9);
    ck_assert_double_eq(workload_page_rate(&rates, 4), 0);
    ck_assert_double_eq(workload_page_rate(&rates, 105), 0);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("workload");

    tcase_add_loop_test(tcase, faults_are_named_and_sound_workloads_have_an_end, 0, (int)G_N_ELEMENTS(cases));
    tcase_add_loop_test(tcase, rates_of_pages_add_up, 0, 4);
    return check_main("workload", tcase, NULL);
}
