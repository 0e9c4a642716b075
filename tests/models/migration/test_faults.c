/* A guest of several processors under post-copy, of which those wait that need a page: how fast the others go on, held
 * to the machine-repair model. */
#include "models/migration/faults.h"

#include "tests/check_main.h"
#include "tests/models/migration/qemu_rig.h"

#include <math.h>

#define ALL     (1u << 18) /* 1 GiB, of which a thousandth or so is asked for */
#define ON_WIRE (PAGE + 8)
#define BATCHES 20

/* ---- the closed form (faults.h) ---- */

/* Requests that a busy period serves: exponential times between a processor's faults, each of its requests in b. */
static double
busy_period_requests(guint v, double rate, double service_s)
{
    double sum = 0, term = 1; /* binomial(v - 1, i) x product of (1 - psi_j) / psi_j, psi_j = exp(-j l b) */

    for (guint i = 0; i < v; i++) {
        sum += term;
        term *= (double)(v - 1 - i) / (i + 1) * expm1((i + 1) * rate * service_s);
    }
    return sum;
}

/* The share of the processors that run. */
static double
repair_speed(guint v, double rate, double service_s)
{
    const double served = busy_period_requests(v, rate, service_s);

    return served / (1 / (v * rate) + service_s * served) / (v * rate);
}

/* ---- a guest that is pulled by what it asks for ---- */

typedef struct {
    guint processors;
    double rate;      /* of a processor's faults, while it runs */
    double service_s; /* of a page on the wire */
    double latency_s; /* of a request */
    gboolean preempt;
    double buffer_bytes; /* of the socket; 0: nobody ever waits for room in it */
} Case;

typedef struct {
    double speed, error; /* mean of the batches, and its standard error */
    FaultCounts faults;
    double lasted_s;
} Speed;

static Speed
speed_of(const double *batches)
{
    double sum = 0, squares = 0;

    for (guint i = 0; i < BATCHES; i++) {
        sum += batches[i];
        squares += batches[i] * batches[i];
    }
    const double mean = sum / BATCHES;
    return (Speed){.speed = mean, .error = sqrt((squares / BATCHES - mean * mean) / (BATCHES - 1))};
}

/* The background is a page a minute, so that the wire carries what is asked for, and nearly all is missing all the
 * time; a batch has up to 100 requests. */
static Speed
pull_by_requests(const Case *how_many)
{
    const Workload workload = {
        .kind = WORKLOAD_UNIFORM, .pages = ALL, .rate_pages_s = how_many->rate * how_many->processors};
    const double cycle_s = how_many->service_s + how_many->latency_s + 1 / how_many->rate;
    const double batch_s = 100 * cycle_s / how_many->processors;
    QemuRules how = qemu_rig_rules();
    double batches[BATCHES];
    Rig rig;

    how.postcopy_syncs = 1;
    how.postcopy_bandwidth_Bps = 1e-3;
    how.window_s = 60;
    how.state_bytes = 0;
    how.page.work_s = 0;
    how.preempt = how_many->preempt;
    if (how_many->buffer_bytes > 0)
        how.buffer_bytes = how_many->buffer_bytes;
    how.fault_processors = how_many->processors;
    rig_begin(&rig, ALL, ALL, &workload, &how);
    rig.rate_Bps = ON_WIRE / how_many->service_s;
    rig.latency_s = how_many->latency_s;
    while (rig.hand_overs == 0)
        ck_assert_int_ne(rig_step(&rig), COPY_FINISHED);
    const double begin_s = rig.now_s;
    for (guint i = 0; i < BATCHES; i++) {
        const double from_s = rig.now_s, ran_s = dirty_guest_s(rig.log, from_s);
        ck_assert(!rig_run(&rig, from_s + batch_s));
        batches[i] = (dirty_guest_s(rig.log, rig.now_s) - ran_s) / (rig.now_s - from_s);
    }
    Speed speed = speed_of(batches);
    speed.faults = qemu_report(rig.qemu).faults;
    speed.lasted_s = rig.now_s - begin_s;
    ck_assert_uint_eq(qemu_totals(rig.qemu).data_pages, ALL - qemu_pages_left(rig.qemu));
    rig_clear(&rig);
    return speed;
}

/* After some 2000 requests that many of ALL pages are there, and writes to them ask for nothing: on average half of
 * these 0.8 %. */
#define DRIFT 0.004

static void
expect_speed(const Case *how_many, double expected)
{
    const Speed speed = pull_by_requests(how_many);

    ck_assert_uint_le(speed.faults.requests, 2 * DRIFT * ALL);
    ck_assert_msg(fabs(speed.speed - expected) < 4 * speed.error + DRIFT * expected,
                  "%u processors: %g +- %g, expected %g", how_many->processors, speed.speed, speed.error, expected);
}

/* ---- tests ---- */

/* Two: a busy period serves one more as long as the other one asks meanwhile, exp(l b) in the mean. */
START_TEST(the_closed_form_is_what_one_and_two_processors_do)
{
    ck_assert_double_eq_tol(repair_speed(1, 2, 0.5), 0.5, 1e-12);
    ck_assert_double_eq_tol(busy_period_requests(2, 3, 0.1), exp(0.3), 1e-12);
    ck_assert_double_eq_tol(repair_speed(8, 1e-9, 1), 1, 1e-6);
    ck_assert_double_eq_tol(repair_speed(8, 10, 1), 1.0 / (8 * 10), 1e-9); /* the wire is never idle */
}
END_TEST

START_TEST(the_mean_speed_is_that_of_machine_repair)
{
    static const Case cases[] = {
        {1, 20, 0.05, 0, FALSE, 0}, {2, 20, 0.05, 0, FALSE, 0}, {4, 5, 0.05, 0, FALSE, 0},
        {8, 1, 0.05, 0, FALSE, 0},  {8, 5, 0.05, 0, FALSE, 0},  {4, 5, 0.05, 0, TRUE, 0},
    };

    expect_speed(&cases[_i], repair_speed(cases[_i].processors, cases[_i].rate, cases[_i].service_s));
}
END_TEST

/* A page takes a thousandth of its request's way: nobody waits for another one. */
START_TEST(on_a_long_way_all_wait_side_by_side)
{
    const Case how_many = {8, 5, 1e-4, 0.1, FALSE, 0};

    expect_speed(&how_many, 1 / (1 + 5 * (0.1 + 1e-4)));
}
END_TEST

/* v of them at most stand before the wire, most of them at the source, as the socket has room for one page. Last come,
 * first served would let some wait for much longer. */
START_TEST(requests_are_served_in_their_order)
{
    const Case how_many = {8, 5, 0.05, 0, FALSE, ON_WIRE};
    const Speed speed = pull_by_requests(&how_many);

    ck_assert_double_le(speed.faults.longest_s, (8 + 1) * 0.05 + 1e-6); /* and one page of the background */
    ck_assert_double_ge(speed.faults.longest_s, 7 * 0.05);
}
END_TEST

/* The clock of the guest loses what its processors wait, each its share; who waits still at the end is not counted. */
START_TEST(each_processor_that_waits_takes_its_share)
{
    const Case how_many = {4, 5, 0.05, 0, FALSE, 0};
    const Speed speed = pull_by_requests(&how_many);

    ck_assert_double_eq_tol(speed.speed, 1 - speed.faults.waited_s / (4 * speed.lasted_s), 4 * 0.05 / speed.lasted_s);
}
END_TEST

/* ---- several need one page ---- */

static Faults *
few_pages_missing(DirtyLog *log, guint processors, const guint64 *missing)
{
    const Workload workload = {.kind = WORKLOAD_UNIFORM, .pages = 1, .rate_pages_s = 10};
    RandomStream random;

    random_init(&random, 1, "faults", "test");
    dirty_set_workload(log, 0, &workload);
    Faults *faults = faults_new(missing, 1, 1, processors, log, &random);
    faults_start(faults, 0);
    return faults;
}

START_TEST(all_that_wait_for_a_page_go_on_when_it_comes)
{
    const guint64 missing = 1;
    const FaultsFlight flight = {.first = 0, .end = 1, .pages = 1, .page_bytes = PAGE, .end_bytes = PAGE};
    RandomStream random;

    random_init(&random, 1, "dirty", "guest");
    g_autoptr(DirtyLog) log = dirty_new(64, &random, 0);
    g_autoptr(Faults) faults = few_pages_missing(log, 3, &missing);
    for (guint i = 1; i <= 3; i++) {
        const double now_s = faults_next_s(faults);
        ck_assert(isfinite(now_s));
        faults_stop(faults, now_s, 1e-3);
        ck_assert_double_eq_tol(faults_waiting(faults), i / 3.0, 1e-12);
        dirty_hold(log, now_s, faults_waiting(faults));
    }
    ck_assert(isinf(faults_next_s(faults)));
    faults_pages_sent(faults, &flight);
    ck_assert_double_eq(faults_awaited_bytes(faults, FALSE), PAGE);
    ck_assert(!faults_arrive(faults, 10, PAGE / 2, 0));
    ck_assert(faults_arrive(faults, 11, PAGE, 0));
    ck_assert_double_eq(faults_waiting(faults), 0);
    ck_assert_uint_eq(faults_counts(faults).requests, 3);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("faults");

    tcase_add_test(tcase, the_closed_form_is_what_one_and_two_processors_do);
    tcase_add_loop_test(tcase, the_mean_speed_is_that_of_machine_repair, 0, 6);
    tcase_add_test(tcase, on_a_long_way_all_wait_side_by_side);
    tcase_add_test(tcase, requests_are_served_in_their_order);
    tcase_add_test(tcase, each_processor_that_waits_takes_its_share);
    tcase_add_test(tcase, all_that_wait_for_a_page_go_on_when_it_comes);
    return check_main("faults", tcase, NULL);
}
