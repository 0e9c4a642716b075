/* Servers that sleep when they have nothing to do: against the exact queue with set-up times, and what waking costs
 * whom. Requests are CARD_ECHO: they see a path's stations and no card. */
#include "tests/check_main.h"
#include "tests/models/card/card_fixtures.h"

#include <math.h>
#include <string.h>

#define SERVICE_S 1e-5
#define WAKE_S    2e-5
#define NOTIFY_S  3e-6
#define QUEUED_S  1e-6

#define HALTED_NOTIFY_S 7e-6
#define HALTED_WAKE_S   4e-5

static const CardMix ECHO = {CARD_ECHO, 0, 1, 0};

static const CardRunRule TIGHT = {.confidence = 0.99, .relative = 0.004, .batch_requests = 20000};

/* M/G/1 whose idle server needs a set-up U before it serves: the wait of M/G/1 and
 * (2 E[U] + l E[U^2]) / (2 (1 + l E[U])); a request finds the server off with probability (1 - rho) / (1 + l E[U]).
 * P. D. Welch, "On a generalized M/G/1 queuing process in which the first customer of each busy period receives
 * exceptional service", Operations Research 12(5), 1964. Both times are constant, or both exponential. */
START_TEST(a_sleeping_server_is_mg1_with_set_up)
{
    static const double utilizations[] = {0.1, 0.5, 0.8};
    const double rate = utilizations[_i / 2] / SERVICE_S, second_moment = _i % 2 ? 2 : 1;
    const CardStation stations[] = {{"thread", NULL, CARD_HOST_USER, CARD_FORWARD, 1, SERVICE_S, .wake_s = WAKE_S,
                                     .spread = _i % 2 ? CARD_EXPONENTIAL : CARD_CONSTANT}};
    const CardPath path = {"sleeper", STATIONS(stations)};
    const CardLoad load = {CARD_LOAD_POISSON, &ECHO, 1, .rate_per_s = rate};
    const CardSpec spec = fixture_sjk1828();
    g_autoptr(Card) card = card_new(&spec, 7, 0);
    const double wait_s = rate * second_moment * SERVICE_S * SERVICE_S / (2 * (1 - utilizations[_i / 2])) +
                          (2 * WAKE_S + rate * second_moment * WAKE_S * WAKE_S) / (2 * (1 + rate * WAKE_S));
    guint vm;

    ck_assert(cardpath_check(&path, NULL));
    ck_assert_int_eq(card_attach(card, card_add_path(card, &path), "vm", &load, &vm), CARD_ATTACHED);
    const CardRunReport report = cardrun_measure(card, &TIGHT);
    g_autoptr(CardResult) result = cardresult_new(card);
    const CardStationResult *thread = cardresult_find(result, "sleeper", "thread");
    const double asleep = (1 - utilizations[_i / 2]) / (1 + rate * WAKE_S);
    ck_assert_double_le(fabs(report.latency_s.mean - wait_s - SERVICE_S), report.latency_s.half_width);
    ck_assert_double_eq_tol(report.latency_s.mean / (wait_s + SERVICE_S), 1, 0.01);
    ck_assert_double_eq_tol((double)thread->wakes / (double)thread->visits / asleep, 1, 0.02);
    ck_assert_double_le(result->little_error, 1e-9);
    ck_assert_double_eq_tol(thread->working_max, utilizations[_i / 2], 0.01); /* waking is no work */
}
END_TEST

/* A client that waits, and a thread that answers; both sleep meanwhile. */
#define SLEEPERS(NAME)                                                                                                 \
    static const CardStation NAME[] = {                                                                                \
        {"send", "guest", CARD_GUEST, CARD_FORWARD, 1, SERVICE_S, 0, CARD_PER_VM},                                     \
        {"serve", "thread", CARD_HOST_USER, CARD_FORWARD, 1, SERVICE_S, .wake_s = WAKE_S, .notify_s = NOTIFY_S},       \
        {"take", "guest", CARD_GUEST, CARD_RETURN, 1, SERVICE_S, 0, CARD_PER_VM, .wake_s = WAKE_S,                     \
         .notify_s = NOTIFY_S},                                                                                        \
    }

static const CardStationResult *
station(const CardResult *result, const char *name)
{
    return cardresult_find(result, "sleepers", name);
}

START_TEST(one_client_pays_for_every_wake)
{
    SLEEPERS(stations);
    static const CardPath path = {"sleepers", STATIONS(stations)};
    const CardSpec spec = fixture_sjk1828();
    g_autoptr(Card) card = fixture_card(&spec, &path, 1, 1, &ECHO, 0);

    card_advance(card, 1);
    g_autoptr(CardResult) result = cardresult_new(card);
    ck_assert_double_eq_tol(result->requests_per_s * (3 * SERVICE_S + 2 * WAKE_S + 2 * NOTIFY_S), 1, 1e-3);
    ck_assert_uint_ge(station(result, "thread")->wakes + 1, result->done);
    ck_assert_uint_ge(station(result, "guest")->wakes + 1, result->done);
}
END_TEST

/* With eight clients the thread always has somebody waiting. It wakes for the first request and never again, nobody
 * spends time on telling it, and it spends time on waking each client: the sum has grown from 1 / 76 us to 1 / 13 us,
 * five times as much, for the waking that is no longer paid. */
START_TEST(a_thread_that_never_sleeps_is_never_woken)
{
    SLEEPERS(stations);
    static const CardPath path = {"sleepers", STATIONS(stations)};
    const CardSpec spec = fixture_sjk1828();
    g_autoptr(Card) card = fixture_card(&spec, &path, 8, 1, &ECHO, 0);

    card_advance(card, 1);
    g_autoptr(CardResult) result = cardresult_new(card);
    ck_assert_double_eq_tol(result->requests_per_s * (SERVICE_S + NOTIFY_S), 1, 1e-3);
    ck_assert_uint_le(station(result, "thread")->wakes, 8);
    ck_assert_double_eq_tol(station(result, "guest")->busy_mean, result->requests_per_s * (2 * SERVICE_S + WAKE_S),
                            0.01); /* none tells the thread */
}
END_TEST

/* Between the two: each client adds to the sum until the thread is full, and each lets it sleep less. */
START_TEST(the_sum_grows_with_clients_as_wakes_are_saved)
{
    SLEEPERS(stations);
    static const CardPath path = {"sleepers", STATIONS(stations)};
    const CardSpec spec = fixture_sjk1828();
    const double full = 1 / (SERVICE_S + NOTIFY_S);
    double before = 0, wakes_before = 1.01;

    for (guint clients = 1; clients <= 8; clients++) {
        g_autoptr(Card) card = fixture_card(&spec, &path, clients, 1, &ECHO, 0);
        card_advance(card, 0.5);
        g_autoptr(CardResult) result = cardresult_new(card);
        const double wakes = (double)station(result, "thread")->wakes / (double)result->done;
        ck_assert(result->requests_per_s > 1.05 * before || before > 0.999 * full);
        ck_assert_double_le(wakes, wakes_before);
        before = result->requests_per_s;
        wakes_before = wakes;
    }
    ck_assert_double_eq_tol(before / full, 1, 1e-3);
    ck_assert_double_lt(wakes_before, 0.01);
}
END_TEST

/* What comes while a server wakes goes along with the request that woke it. */
START_TEST(what_comes_during_a_wake_is_taken_with_it)
{
    static const CardStation stations[] = {{"thread", NULL, CARD_HOST_USER, CARD_FORWARD, 1, SERVICE_S,
                                            .wake_s = WAKE_S, .group_max = 64, .group_bytes_max = 16384}};
    static const CardPath path = {"sleepers", STATIONS(stations)};
    const CardSpec spec = fixture_sjk1828();
    g_autoptr(Card) card = fixture_card(&spec, &path, 1, 6, &ECHO, 0);

    card_advance(card, 0.1);
    g_autoptr(CardResult) result = cardresult_new(card);
    /* six at once: the first wakes the thread, and the other five are there when it runs; then all six come again */
    ck_assert_double_eq_tol(result->requests_per_s * (SERVICE_S + WAKE_S) / 6, 1, 1e-2);
}
END_TEST

/* A sleeper that has been woken needs a processor like anybody else, and whoever wakes it keeps his while he does. */
START_TEST(waking_itself_needs_no_processor)
{
    SLEEPERS(stations);
    static const CardPath path = {"sleepers", STATIONS(stations)};
    CardSpec spec = fixture_sjk1828();

    spec.processors = 1;
    spec.processors_run_guests = TRUE;
    g_autoptr(Card) card = fixture_card(&spec, &path, 16, 1, &ECHO, 0);
    card_advance(card, 1);
    g_autoptr(CardResult) result = cardresult_new(card);
    /* all work is on one processor, and so is the waking of clients; the thread hardly sleeps */
    ck_assert_double_eq_tol(cardresult_find(result, NULL, "processors")->utilization, 1, 1e-3);
    ck_assert_double_eq_tol(result->requests_per_s * (3 * SERVICE_S + NOTIFY_S), 1, 0.05);
    ck_assert_double_le(result->little_error, 1e-9);
}
END_TEST

/* A client and a thread on one processor: who is told is queued for it, for less than a wake costs, and needs none. Of
 * the two only one is told: the other had no processor on which to go to sleep. */
START_TEST(with_no_processor_idle_a_call_only_queues)
{
    SLEEPERS(stations);
    CardStation queued[G_N_ELEMENTS(stations)];
    const CardPath path = {"sleepers", queued, G_N_ELEMENTS(queued)};
    CardSpec spec = fixture_sjk1828();

    memcpy(queued, stations, sizeof queued);
    queued[1].notify_queued_s = queued[2].notify_queued_s = QUEUED_S;
    spec.processors = 1;
    spec.processors_run_guests = TRUE;
    g_autoptr(Card) card = fixture_card(&spec, &path, 1, 1, &ECHO, 0);
    card_advance(card, 1);
    g_autoptr(CardResult) result = cardresult_new(card);
    ck_assert_double_eq_tol(result->requests_per_s * (3 * SERVICE_S + QUEUED_S), 1, 1e-3);
    ck_assert_uint_le(MIN(station(result, "thread")->wakes, station(result, "guest")->wakes), 1);
}
END_TEST

/* With time to think the processor is idle in between, and who was preempted goes to sleep then: both are told. */
START_TEST(who_was_preempted_sleeps_when_a_processor_is_idle)
{
    SLEEPERS(stations);
    static const CardPath path = {"sleepers", STATIONS(stations)};
    const CardLoad load = {CARD_LOAD_CLOSED, &ECHO, 1, .outstanding = 1, .think_s = 1e-3};
    CardSpec spec = fixture_sjk1828();
    guint vm;

    spec.processors = 1;
    spec.processors_run_guests = TRUE;
    g_autoptr(Card) card = card_new(&spec, 1, 0);
    ck_assert_int_eq(card_attach(card, card_add_path(card, &path), "vm", &load, &vm), CARD_ATTACHED);
    card_advance(card, 1);
    g_autoptr(CardResult) result = cardresult_new(card);
    ck_assert_uint_ge(station(result, "thread")->wakes + 1, result->done);
}
END_TEST

/* Also where who asks holds no processor itself, so that the one there is has been idle until then. */
START_TEST(who_was_preempted_sleeps_before_a_request_from_elsewhere)
{
    static const CardStation stations[] = {
        {"first", NULL, CARD_HOST_USER, CARD_FORWARD, 1, SERVICE_S, .wake_s = WAKE_S},
        {"second", NULL, CARD_HOST_USER, CARD_FORWARD, 1, SERVICE_S, .wake_s = WAKE_S, .notify_s = NOTIFY_S}};
    static const CardPath path = {"sleepers", STATIONS(stations)};
    const CardLoad load = {CARD_LOAD_CLOSED, &ECHO, 1, .outstanding = 1, .think_s = 1e-3};
    CardSpec spec = fixture_sjk1828();
    guint vm;

    spec.processors = 1;
    g_autoptr(Card) card = card_new(&spec, 1, 0);
    ck_assert_int_eq(card_attach(card, card_add_path(card, &path), "vm", &load, &vm), CARD_ATTACHED);
    card_advance(card, 1);
    g_autoptr(CardResult) result = cardresult_new(card);
    ck_assert_uint_gt(result->done, 900);
    ck_assert_uint_ge(station(result, "first")->wakes + 1, result->done);
}
END_TEST

/* Each side works while the other's processor is idle: for 40 us and more of a thread, for 33 us and more of a guest.
 */
START_TEST(waking_on_a_processor_that_has_halted_takes_longer)
{
    SLEEPERS(stations);
    static const CardPath path = {"sleepers", STATIONS(stations)};
    const double halts_s = _i ? 1e-3 : 1.5e-5, more_s = _i ? 0 : 2 * (HALTED_NOTIFY_S + HALTED_WAKE_S);
    CardSpec spec = fixture_sjk1828();

    spec.processors = 2;
    spec.processors_run_guests = TRUE;
    spec.processor_halts_s = halts_s;
    spec.halted_notify_s = HALTED_NOTIFY_S;
    spec.halted_wake_s = HALTED_WAKE_S;
    g_autoptr(Card) card = fixture_card(&spec, &path, 1, 1, &ECHO, 0);
    card_advance(card, 1);
    g_autoptr(CardResult) result = cardresult_new(card);
    ck_assert_double_eq_tol(result->requests_per_s * (3 * SERVICE_S + 2 * WAKE_S + 2 * NOTIFY_S + more_s), 1, 1e-3);
}
END_TEST

/* A thread that looks for longer than the client needs to ask again is woken once, and the client each time. */
START_TEST(a_thread_that_polls_is_not_woken)
{
    SLEEPERS(stations);
    CardStation polling[G_N_ELEMENTS(stations)];
    const CardPath path = {"sleepers", polling, G_N_ELEMENTS(polling)};
    const CardSpec spec = fixture_sjk1828();

    memcpy(polling, stations, sizeof polling);
    polling[1].poll_s = 2 * SERVICE_S + WAKE_S + (_i ? -1e-7 : 1e-7);
    g_autoptr(Card) card = fixture_card(&spec, &path, 1, 1, &ECHO, 0);
    card_advance(card, 1);
    g_autoptr(CardResult) result = cardresult_new(card);
    ck_assert_double_eq_tol(result->requests_per_s * (3 * SERVICE_S + (1 + _i) * (WAKE_S + NOTIFY_S)), 1, 1e-3);
    if (_i == 0)
        ck_assert_uint_le(station(result, "thread")->wakes, 1);
}
END_TEST

START_TEST(a_halt_needs_processors)
{
    CardSpec spec = fixture_sjk1828();
    g_autoptr(GError) error = NULL;

    spec.processor_halts_s = 1e-4;
    ck_assert(!cardspec_check(&spec, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "processors is 0"));
}
END_TEST

START_TEST(nobody_wakes_a_permit)
{
    static const CardStation stations[] = {
        {"slot", NULL, CARD_GUEST, CARD_FORWARD, 2, 0, 0, CARD_TOKEN, .wake_s = WAKE_S}};
    static const CardPath path = {"permit", STATIONS(stations)};
    g_autoptr(GError) error = NULL;

    ck_assert(!cardpath_check(&path, &error));
    ck_assert_ptr_nonnull(strstr(error->message, "nobody who could be woken"));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("cardwake");

    tcase_add_loop_test(tcase, a_sleeping_server_is_mg1_with_set_up, 0, 6);
    tcase_add_test(tcase, one_client_pays_for_every_wake);
    tcase_add_test(tcase, a_thread_that_never_sleeps_is_never_woken);
    tcase_add_test(tcase, the_sum_grows_with_clients_as_wakes_are_saved);
    tcase_add_test(tcase, what_comes_during_a_wake_is_taken_with_it);
    tcase_add_test(tcase, waking_itself_needs_no_processor);
    tcase_add_test(tcase, with_no_processor_idle_a_call_only_queues);
    tcase_add_test(tcase, who_was_preempted_sleeps_when_a_processor_is_idle);
    tcase_add_test(tcase, who_was_preempted_sleeps_before_a_request_from_elsewhere);
    tcase_add_loop_test(tcase, waking_on_a_processor_that_has_halted_takes_longer, 0, 2);
    tcase_add_loop_test(tcase, a_thread_that_polls_is_not_woken, 0, 2);
    tcase_add_test(tcase, a_halt_needs_processors);
    tcase_add_test(tcase, nobody_wakes_a_permit);
    return check_main("cardwake", tcase, NULL);
}
