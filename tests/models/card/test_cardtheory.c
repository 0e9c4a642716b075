/* The card's stations against exact queueing results. Stations are a path without a card: requests are CARD_ECHO.
 * Every comparison: the exact value lies in the run's 99 % confidence interval, and the run is within 1 % of it. */
#include "tests/check_main.h"
#include "tests/models/card/card_fixtures.h"

#include <math.h>

#define SERVICE_S 1e-5

static const CardMix ECHO = {CARD_ECHO, 0, 1, 0};

static void
assert_meets(StatisticsInterval interval, double exact)
{
    ck_assert_double_le(fabs(interval.mean - exact), interval.half_width);
    ck_assert_double_le(fabs(interval.mean / exact - 1), 0.01);
}

static Card *
card_of(const CardPath *path, const CardLoad *load)
{
    const CardSpec spec = fixture_sjk1828();
    Card *card = card_new(&spec, 7, 0);
    guint vm;

    ck_assert(cardpath_check(path, NULL) && cardload_check(load, NULL));
    ck_assert_int_eq(card_attach(card, card_add_path(card, path), "vm", load, &vm), CARD_ATTACHED);
    return card;
}

/* One open station with c servers at this load: the sojourn time, and the mean queue by itself. */
static void
check_open(guint servers, CardSpread spread, double utilization, double exact_wait_s)
{
    const CardStation stations[] = {
        {"queue", NULL, CARD_HOST_USER, CARD_FORWARD, servers, SERVICE_S, 0, .spread = spread}};
    const CardPath path = {"open", STATIONS(stations)};
    const double rate = utilization * servers / SERVICE_S;
    const CardLoad load = {CARD_LOAD_POISSON, &ECHO, 1, .rate_per_s = rate};
    const CardRunRule rule = {.confidence = 0.99, .relative = 0.004, .batch_requests = 20000};
    g_autoptr(Card) card = card_of(&path, &load);
    const CardRunReport report = cardrun_measure(card, &rule);
    g_autoptr(CardResult) result = cardresult_new(card);

    ck_assert(report.steady && report.narrow);
    assert_meets(report.latency_s, exact_wait_s + SERVICE_S);
    ck_assert_double_eq_tol(cardresult_find(result, "open", "queue")->queue_mean / (rate * exact_wait_s), 1, 0.01);
    ck_assert_double_eq_tol(cardresult_find(result, "open", "queue")->utilization, utilization, 0.005);
    ck_assert_double_le(result->little_error, 1e-9);
}

START_TEST(mm1_waits_rho_over_one_minus_rho)
{
    check_open(1, CARD_EXPONENTIAL, 0.5, SERVICE_S * 0.5 / 0.5);
}
END_TEST

START_TEST(md1_waits_half_of_that)
{
    check_open(1, CARD_CONSTANT, 0.6, SERVICE_S * 0.6 / (2 * 0.4));
}
END_TEST

/* Erlang's C formula. */
START_TEST(mmc_waits_by_erlangs_formula)
{
    const int c = 3;
    const double a = 0.7 * c;
    double sum = 0, term = 1;

    for (int k = 0; k < c; k++) {
        sum += term;
        term *= a / (k + 1);
    }
    const double waits = term / (1 - 0.7) / (sum + term / (1 - 0.7));
    check_open(c, CARD_EXPONENTIAL, 0.7, waits * SERVICE_S / (c * (1 - 0.7)));
}
END_TEST

/* N machines run for an exponential time and are repaired one by one: P(n broken) ~ N! / (N - n)! (s/z)^n. */
START_TEST(machine_repair_has_its_exact_rate)
{
    const CardStation stations[] = {
        {"repair", NULL, CARD_HOST_USER, CARD_FORWARD, 1, SERVICE_S, 0, .spread = CARD_EXPONENTIAL}};
    const CardPath path = {"repair", STATIONS(stations)};
    const int machines[] = {1, 3, 10, 30};

    for (gsize m = 0; m < G_N_ELEMENTS(machines); m++) {
        const int n = machines[m];
        const CardLoad load = {CARD_LOAD_CLOSED,         &ECHO, 1, .outstanding = (guint)n, .think_s = 10 * SERVICE_S,
                               .think_exponential = TRUE};
        const CardRunRule rule = {.confidence = 0.99, .relative = 0.004, .batch_requests = 5000};
        double weight = 1, sum = 1;
        for (int k = 1; k <= n; k++) {
            weight *= (n - k + 1) * 0.1;
            sum += weight;
        }
        g_autoptr(Card) card = card_of(&path, &load);
        const CardRunReport report = cardrun_measure(card, &rule);
        const double rate = (1 - 1 / sum) / SERVICE_S;
        assert_meets(report.requests_per_s, rate);
        assert_meets(report.latency_s, n / rate - 10 * SERVICE_S); /* response time law */
    }
}
END_TEST

/* Exact mean-value analysis (Reiser and Lavenberg 1980) of a closed tandem of exponential single servers. */
static double
mva_rate(const double *times_s, int stations, int customers)
{
    double queue[8] = {0}, rate = 0;

    for (int n = 1; n <= customers; n++) {
        double cycle_s = 0;
        for (int k = 0; k < stations; k++)
            cycle_s += times_s[k] * (1 + queue[k]);
        rate = n / cycle_s;
        for (int k = 0; k < stations; k++)
            queue[k] = rate * times_s[k] * (1 + queue[k]);
    }
    return rate;
}

static const double TANDEM_S[] = {1.0e-5, 0.7e-5, 0.4e-5, 0.9e-5};
static const CardStation TANDEM[] = {
    {"a", NULL, CARD_GUEST, CARD_FORWARD, 1, 1.0e-5, 0, .spread = CARD_EXPONENTIAL},
    {"b", NULL, CARD_HOST_USER, CARD_FORWARD, 1, 0.7e-5, 0, .spread = CARD_EXPONENTIAL},
    {"c", NULL, CARD_HOST_USER, CARD_RETURN, 1, 0.4e-5, 0, .spread = CARD_EXPONENTIAL},
    {"d", NULL, CARD_GUEST, CARD_RETURN, 1, 0.9e-5, 0, .spread = CARD_EXPONENTIAL},
};

/* 13 runs, so each has a 1 - 0.01/13 interval: 99 % that the exact rate lies in all of them (Bonferroni). */
START_TEST(a_closed_tandem_has_the_rate_of_exact_mva)
{
    const CardSpec spec = fixture_sjk1828();
    const CardPath path = {"tandem", STATIONS(TANDEM)};
    const CardRunRule rule = {.confidence = 1 - 0.01 / 13, .relative = 0.005, .batch_requests = 5000};

    for (guint customers = 1; customers <= 64; customers *= 2) {
        const double exact = mva_rate(TANDEM_S, 4, (int)customers);
        /* all of one VM, and a VM each: stations see the same */
        for (guint vms = 1; vms <= customers; vms *= customers > 1 ? customers : 2) {
            g_autoptr(Card) card = fixture_card(&spec, &path, vms, customers / vms, &ECHO, 0);
            const CardRunReport report = cardrun_measure(card, &rule);
            g_autoptr(CardResult) result = cardresult_new(card);
            assert_meets(report.requests_per_s, exact);
            ck_assert_double_eq_tol(report.latency_s.mean / (customers / exact), 1, 0.01);
            ck_assert_double_le(result->little_error, 1e-9);
            ck_assert_str_eq(cardresult_station(result, (guint)result->bottleneck)->name, "a");
        }
    }
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("cardtheory");

    tcase_add_test(tcase, mm1_waits_rho_over_one_minus_rho);
    tcase_add_test(tcase, md1_waits_half_of_that);
    tcase_add_test(tcase, mmc_waits_by_erlangs_formula);
    tcase_add_test(tcase, machine_repair_has_its_exact_rate);
    tcase_add_test(tcase, a_closed_tandem_has_the_rate_of_exact_mva);
    return check_main("cardtheory", tcase, NULL);
}
