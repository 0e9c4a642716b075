/* The host's processors against exact queueing results, and what must hold whatever their number. Requests of the
 * theory are CARD_ECHO: they see a path's stations and no card. */
#include "tests/check_main.h"
#include "tests/models/card/card_fixtures.h"

#include "models/card/cardsession.h"

#include <math.h>

#define SERVICE_S 1e-5
#define CALLED(n) n, NULL, CARD_HOST_USER

static const CardMix ECHO = {CARD_ECHO, 0, 1, 0};
static const CardMix SM4_4K = {CARD_SM4, 4096, 1, 0};

static const CardPath *const PATHS[] = {
    &FIXTURE_PATH_HOST,  &FIXTURE_PATH_IVSHMEM,     &FIXTURE_PATH_IVSHMEM_OLD, &FIXTURE_PATH_VSOCK,
    &FIXTURE_PATH_SRIOV, &FIXTURE_PATH_PASSTHROUGH, &FIXTURE_PATH_EMULATED,    &FIXTURE_PATH_VIRTIO_NET,
};

static CardSpec
spec_with(guint processors)
{
    CardSpec spec = fixture_sjk1828();

    spec.processors = processors;
    return spec;
}

static guint
attach(Card *card, const CardPath *path, const CardLoad *load, const char *name)
{
    guint vm;

    ck_assert(cardpath_check(path, NULL) && cardload_check(load, NULL));
    ck_assert_int_eq(card_attach(card, card_add_path(card, path), name, load, &vm), CARD_ATTACHED);
    return vm;
}

/* The exact value lies in the run's 99 % interval, and the run is within 1 % of it. */
static void
assert_meets(StatisticsInterval interval, double exact)
{
    ck_assert_double_le(fabs(interval.mean - exact), interval.half_width);
    ck_assert_double_le(fabs(interval.mean / exact - 1), 0.01);
}

static const CardRunRule TIGHT = {.confidence = 0.99, .relative = 0.004, .batch_requests = 20000};

/* Erlang's C formula: the mean wait for one of c servers at this utilization. */
static double
erlang_wait_s(guint c, double utilization)
{
    const double a = utilization * c;
    double sum = 0, term = 1;

    for (guint k = 0; k < c; k++) {
        sum += term;
        term *= a / (k + 1);
    }
    const double waits = term / (1 - utilization) / (sum + term / (1 - utilization));
    return waits * SERVICE_S / (c * (1 - utilization));
}

/* A thread for every request, so that there is nothing to wait for but a processor. */
START_TEST(requests_with_a_thread_each_wait_as_in_mmc)
{
    static const CardStation stations[] = {{CALLED("work"), CARD_FORWARD, 0, SERVICE_S, .spread = CARD_EXPONENTIAL}};
    static const CardPath path = {"open", STATIONS(stations)};
    const guint c = _i ? 3 : 1;
    const CardSpec spec = spec_with(c);
    const CardLoad load = {CARD_LOAD_POISSON, &ECHO, 1, .rate_per_s = 0.7 * c / SERVICE_S};
    g_autoptr(Card) card = card_new(&spec, 7, 0);

    attach(card, &path, &load, "vm");
    const CardRunReport report = cardrun_measure(card, &TIGHT);
    g_autoptr(CardResult) result = cardresult_new(card);
    const CardStationResult *processors = cardresult_find(result, NULL, "processors");
    assert_meets(report.latency_s, erlang_wait_s(c, 0.7) + SERVICE_S);
    ck_assert_double_eq_tol(processors->queue_mean / (load.rate_per_s * erlang_wait_s(c, 0.7)), 1, 0.02);
    ck_assert_double_eq_tol(processors->utilization, 0.7, 0.005);
    ck_assert_double_eq_tol(processors->offered, 0.7, 1e-9);
    ck_assert_str_eq(cardresult_station(result, (guint)result->bottleneck)->name, "processors");
    ck_assert_double_le(result->little_error, 1e-9);
}
END_TEST

/* Two paths, one with constant times and one with exponential ones of three times their length, on one processor:
 * together M/G/1, whose mean wait (Pollaczek and Khinchine) is that of both. */
START_TEST(two_paths_on_one_processor_wait_as_in_mg1)
{
    static const CardStation constant[] = {{CALLED("c"), CARD_FORWARD, 0, SERVICE_S}};
    static const CardStation varying[] = {
        {"v", NULL, CARD_HOST_KERNEL, CARD_RETURN, 0, 3 * SERVICE_S, .spread = CARD_EXPONENTIAL}};
    static const CardPath paths[] = {{"constant", STATIONS(constant)}, {"varying", STATIONS(varying)}};
    const CardLoad loads[] = {{CARD_LOAD_POISSON, &ECHO, 1, .rate_per_s = 0.3 / SERVICE_S},
                              {CARD_LOAD_POISSON, &ECHO, 1, .rate_per_s = 0.1 / SERVICE_S}};
    const CardSpec spec = spec_with(1);
    g_autoptr(Card) card = card_new(&spec, 7, 0);
    const double squares = 0.3 / SERVICE_S * SERVICE_S * SERVICE_S + 0.1 / SERVICE_S * 2 * 9 * SERVICE_S * SERVICE_S;
    const double wait_s = squares / (2 * (1 - 0.6));

    attach(card, &paths[0], &loads[0], "a");
    attach(card, &paths[1], &loads[1], "b");
    const CardRunReport report = cardrun_measure(card, &TIGHT);
    g_autoptr(CardResult) result = cardresult_new(card);
    assert_meets(report.latency_s, wait_s + (0.3 * 1 + 0.1 * 3) / 0.4 * SERVICE_S);
    /* each by itself; 2 %: a third of the requests, or fewer, so twice the deviation of both together */
    ck_assert_double_eq_tol(cardresult_vm(result, 0)->latency.mean_s / (wait_s + SERVICE_S), 1, 0.02);
    ck_assert_double_eq_tol(cardresult_vm(result, 1)->latency.mean_s / (wait_s + 3 * SERVICE_S), 1, 0.02);
}
END_TEST

/* Three threads, each for its own VM, share one processor: who is served next does not depend on how long that takes,
 * and the processor never idles while somebody waits, so the number of requests is that of one M/M/1. */
START_TEST(threads_on_one_processor_are_together_mm1)
{
    static const CardStation stations[] = {
        {CALLED("thread"), CARD_FORWARD, 1, SERVICE_S, 0, CARD_PER_VM, .spread = CARD_EXPONENTIAL}};
    static const CardPath path = {"threads", STATIONS(stations)};
    const double shares[] = {0.1, 0.2, 0.3};
    const CardSpec spec = spec_with(1);
    g_autoptr(Card) card = card_new(&spec, 7, 0);
    const guint number = card_add_path(card, &path);

    for (guint i = 0; i < G_N_ELEMENTS(shares); i++) {
        const CardLoad load = {CARD_LOAD_POISSON, &ECHO, 1, .rate_per_s = shares[i] / SERVICE_S};
        g_autofree char *name = g_strdup_printf("vm%u", i);
        guint vm;
        ck_assert_int_eq(card_attach(card, number, name, &load, &vm), CARD_ATTACHED);
    }
    const CardRunReport report = cardrun_measure(card, &TIGHT);
    assert_meets(report.latency_s, SERVICE_S / (1 - 0.6));
}
END_TEST

/* N programs wait for an exponential time in which nobody works, then do two steps of exponential work on c processors:
 * product form, P(n at the processors) ~ z^(N-n) / (N-n)! * prod over j <= n of 2 s / min(j, c). */
static double
closed_rate(guint customers, guint c, double z_s, double work_s)
{
    double weight = 1, sum = 1, busy = 0;

    for (guint n = 1; n <= customers; n++) {
        weight *= (customers - n + 1) * work_s / (z_s * MIN(n, c));
        sum += weight;
        busy += weight * MIN(n, c);
    }
    return busy / sum / work_s;
}

START_TEST(a_closed_network_has_its_exact_rate)
{
    static const CardStation stations[] = {
        {"away", NULL, CARD_HOST_KERNEL, CARD_FORWARD, 0, 5 * SERVICE_S, 0, CARD_LATENCY, .spread = CARD_EXPONENTIAL},
        {CALLED("first"), CARD_FORWARD, 0, SERVICE_S, .spread = CARD_EXPONENTIAL},
        {"guest", NULL, CARD_GUEST, CARD_RETURN, 0, 5 * SERVICE_S, .spread = CARD_EXPONENTIAL},
        {CALLED("second"), CARD_RETURN, 0, SERVICE_S, .spread = CARD_EXPONENTIAL},
    };
    static const CardPath path = {"closed", STATIONS(stations)};
    static const guint customers[] = {1, 4, 12}, processors[] = {1, 3};
    /* six runs, so each has a 1 - 0.01/6 interval (Bonferroni) */
    const CardRunRule rule = {.confidence = 1 - 0.01 / 6, .relative = 0.005, .batch_requests = 5000};

    for (guint i = 0; i < G_N_ELEMENTS(customers); i++)
        for (guint k = 0; k < G_N_ELEMENTS(processors); k++) {
            const CardSpec spec = spec_with(processors[k]);
            g_autoptr(Card) card = fixture_card(&spec, &path, 1, customers[i], &ECHO, 0);
            const CardRunReport report = cardrun_measure(card, &rule);
            assert_meets(report.requests_per_s,
                         closed_rate(customers[i], processors[k], 10 * SERVICE_S, 2 * SERVICE_S));
        }
}
END_TEST

/* What must hold whatever the number ----------------------------------------------------------------------------- */

static guint
vms_on(const CardPath *path)
{
    return path->vms_max ? path->vms_max : 5;
}

static void
assert_sound(const CardResult *result, guint processors)
{
    ck_assert_uint_gt(result->done, 100);
    ck_assert_double_le(result->little_error, 1e-9); /* rounding of sums of 10^5 terms */
    ck_assert_double_le(cardresult_find(result, NULL, "processors")->busy_mean, processors + 1e-9);
    for (guint i = 0; i < result->stations->len; i++) {
        const CardStationResult *station = cardresult_station(result, i);
        ck_assert_double_le(station->utilization_max, 1 + 1e-9);
        ck_assert_double_le(station->working_max, station->utilization_max + 1e-9);
        ck_assert_double_ge(station->working_max, 0);
    }
}

START_TEST(littles_law_holds_with_few_processors_on_every_path)
{
    const CardMix mix[] = {
        {CARD_SM1, 1024, 2, 0}, {CARD_SM2_SIGN, 64, 1, 0}, {CARD_SM4, 16385, 1, 0}, {CARD_ECHO, 0, 1, 0}};
    CardLoad closed = {CARD_LOAD_CLOSED, mix, 4, .outstanding = 4};
    const CardLoad open = {CARD_LOAD_BURSTS, mix, 4, .rate_per_s = 20000, .on_s = 0.001, .off_s = 0.002};

    for (guint p = 0; p < G_N_ELEMENTS(PATHS); p++)
        for (guint kind = 0; kind < 8; kind++) {
            CardSpec spec = spec_with(1 + (kind & 1));
            spec.processors_run_guests = (kind & 2) != 0;
            spec.processor_switch_s = kind & 4 ? 2e-6 : 0;
            closed.n_mix = PATHS[p] == &FIXTURE_PATH_HOST ? 3 : 4; /* its echo takes no time */
            g_autoptr(Card) card = card_new(&spec, 1, 0);
            const guint path = card_add_path(card, PATHS[p]);
            for (guint i = 0; i < vms_on(PATHS[p]); i++) {
                g_autofree char *name = g_strdup_printf("vm%u", i);
                guint vm;
                ck_assert_int_eq(card_attach(card, path, name, i & 1 ? &open : &closed, &vm), CARD_ATTACHED);
            }
            card_advance(card, 0.01);
            card_reset_statistics(card);
            card_advance(card, 0.0567);
            g_autoptr(CardResult) result = cardresult_new(card);
            assert_sound(result, spec.processors);
        }
}
END_TEST

/* All a result holds of two runs, the line of the processors apart. */
static void
assert_same(const CardResult *a, const CardResult *b)
{
    guint k = 0;

    ck_assert_uint_eq(a->done, b->done);
    ck_assert_mem_eq(&a->latency, &b->latency, sizeof a->latency);
    for (guint i = 0; i < b->stations->len; i++) {
        const CardStationResult *station = cardresult_station(b, i);
        if (!station->path && strcmp(station->name, "processors") == 0)
            continue;
        ck_assert_mem_eq(cardresult_station(a, k++), station, sizeof *station);
    }
    ck_assert_uint_eq(k, a->stations->len);
}

static CardResult *
result_of(const CardSpec *spec, const CardPath *path, guint vms)
{
    g_autoptr(Card) card = fixture_card(spec, path, vms, 3, &SM4_4K, 0);

    card_advance(card, 0.05);
    return cardresult_new(card);
}

START_TEST(more_processors_than_threads_change_nothing)
{
    for (guint p = 0; p < G_N_ELEMENTS(PATHS); p++)
        for (guint guests = 0; guests < 2; guests++) {
            const CardSpec unlimited = spec_with(0);
            CardSpec many = spec_with(1000);
            many.processors_run_guests = guests != 0;
            g_autoptr(CardResult) a = result_of(&unlimited, PATHS[p], vms_on(PATHS[p]));
            g_autoptr(CardResult) b = result_of(&many, PATHS[p], vms_on(PATHS[p]));
            assert_same(a, b);
        }
}
END_TEST

START_TEST(one_thread_needs_one_processor)
{
    const CardSpec unlimited = spec_with(0), one = spec_with(1);
    g_autoptr(CardResult) a = result_of(&unlimited, &FIXTURE_PATH_IVSHMEM, 16);
    g_autoptr(CardResult) b = result_of(&one, &FIXTURE_PATH_IVSHMEM, 16);

    assert_same(a, b);
}
END_TEST

/* Whatever else a request waits for, a processor is busy for its stations' times. */
START_TEST(a_held_thread_uses_no_processor)
{
    const CardSpec spec = spec_with(2);
    const CardMix verify = {CARD_SM2_VERIFY, 32, 1, 0};
    g_autoptr(Card) card = fixture_card(&spec, &FIXTURE_PATH_IVSHMEM_OLD, 16, 1, &verify, 0);

    card_advance(card, 5);
    g_autoptr(CardResult) result = cardresult_new(card);
    /* server 2, receive 5, submit 1, complete 0.8, reply 7; a fifth of the times varies, over 26,000 requests */
    ck_assert_double_eq_tol(cardresult_find(result, NULL, "processors")->busy_mean / (result->requests_per_s * 15.8e-6),
                            1, 0.005);
    /* the thread is held for the whole of its request, and yet is not what is short */
    ck_assert_str_eq(cardresult_station(result, (guint)result->bottleneck)->name, "engine-1");
    ck_assert_double_gt(cardresult_find(result, "ivshmem-thread-per-vm", "thread")->utilization, 0.9);
    ck_assert_double_lt(cardresult_find(result, NULL, "processors")->utilization, 0.1);
}
END_TEST

/* One processor is full when the requests of 16 VMs need it for 22.5 us each and the engine for 8 us. */
START_TEST(what_is_short_is_named)
{
    const CardSpec spec = spec_with(1);
    const double work_s = (10 + 10 + 1 + 0.8 + 2 * 4 * 0.085) * US;
    g_autoptr(Card) card = fixture_card(&spec, &FIXTURE_PATH_EMULATED, 16, 1, &SM4_4K, 0);

    card_advance(card, 0.1);
    card_reset_statistics(card);
    card_advance(card, 2);
    g_autoptr(CardResult) result = cardresult_new(card);
    ck_assert_str_eq(cardresult_station(result, (guint)result->bottleneck)->name, "processors");
    /* 80,000 requests, whose work varies by a fifth of its parts: a standard error of 0.03 % */
    ck_assert_double_eq_tol(result->requests_per_s * work_s, 1, 0.002);
    /* its emulators wait for it most of their time */
    ck_assert_double_gt(cardresult_find(result, "emulated", "emulator")->utilization, 0.9);
    ck_assert_double_lt(cardresult_find(result, "emulated", "emulator")->working_max, 0.2);
}
END_TEST

START_TEST(open_loads_ask_for_processors)
{
    const CardSpec spec = spec_with(2);
    const double work_s = (10 + 10 + 1 + 0.8 + 2 * 4 * 0.085) * US;
    const CardLoad load = {CARD_LOAD_POISSON, &SM4_4K, 1, .rate_per_s = 12000, .queue_limit = 50};
    g_autoptr(Card) card = card_new(&spec, 1, 0);
    const guint path = card_add_path(card, &FIXTURE_PATH_EMULATED);

    for (guint i = 0; i < 8; i++) {
        g_autofree char *name = g_strdup_printf("vm%u", i);
        guint vm;
        ck_assert_int_eq(card_attach(card, path, name, &load, &vm), CARD_ATTACHED);
    }
    card_advance(card, 0.5);
    g_autoptr(CardResult) result = cardresult_new(card);
    ck_assert(result->unstable);
    ck_assert_double_eq_tol(result->offered, 8 * 12000 * work_s / 2, 1e-9);
    ck_assert_str_eq(cardresult_station(result, (guint)result->offered_station)->name, "processors");
}
END_TEST

/* Three VMs, each with a thread that does 16 us of work and then sleeps for 4 us, on one processor. */
START_TEST(a_thread_goes_on_with_its_next_station)
{
    static const CardStation whole[] = {
        {CALLED("all"), CARD_FORWARD, 1, 16e-6, 0, CARD_PER_VM},
        {"sleep", NULL, CARD_WIRE, CARD_RETURN, 0, 4e-6},
    };
    static const CardStation cut[] = {
        {"first", "all", CARD_HOST_USER, CARD_FORWARD, 1, 10e-6, 0, CARD_PER_VM, "second"},
        {"second", "all", CARD_HOST_USER, CARD_RETURN, 1, 6e-6, 0, CARD_PER_VM},
        {"sleep", NULL, CARD_WIRE, CARD_RETURN, 0, 4e-6},
    };
    static const CardPath paths[] = {{"whole", STATIONS(whole)}, {"cut", STATIONS(cut)}};
    const CardSpec spec = spec_with(1);
    double means_s[2];

    for (guint i = 0; i < 2; i++) {
        g_autoptr(Card) card = fixture_card(&spec, &paths[i], 3, 1, &ECHO, 3000);
        card_advance(card, 1);
        g_autoptr(CardResult) result = cardresult_new(card);
        ck_assert_uint_eq(result->done, 9000);
        means_s[i] = result->latency.mean_s;
    }
    ck_assert_double_eq_tol(means_s[0] / means_s[1], 1, 1e-9); /* the same times, rounded */
}
END_TEST

/* Seconds that `vms` threads take for 1000 requests of 10 us each, on this many processors. */
static double
seconds_with_switches(guint processors, guint vms)
{
    static const CardStation stations[] = {{CALLED("thread"), CARD_FORWARD, 1, 10e-6, 0, CARD_PER_VM}};
    static const CardPath path = {"threads", STATIONS(stations)};
    CardSpec spec = spec_with(processors);

    spec.processor_switch_s = 3e-6;
    g_autoptr(Card) card = fixture_card(&spec, &path, vms, 1, &ECHO, 0);
    return card_advance_requests(card, 1000 * vms, 1);
}

/* 1e-9: sums of 1000 times, rounded */
START_TEST(a_switch_is_paid_when_another_thread_comes)
{
    ck_assert_double_eq_tol(seconds_with_switches(1, 1), 1000 * 10e-6 + 3e-6, 1e-9); /* the first only */
    ck_assert_double_eq_tol(seconds_with_switches(1, 2), 2000 * 13e-6, 1e-9);        /* in turns */
    ck_assert_double_eq_tol(seconds_with_switches(2, 2), 1000 * 10e-6 + 3e-6, 1e-9); /* each has its own */
    ck_assert_double_eq_tol(seconds_with_switches(8, 2), 1000 * 10e-6 + 3e-6, 1e-9); /* and stays with it */
}
END_TEST

/* Ids answered, over two cards. */
typedef struct {
    GHashTable *seen; /* (name's last letter, id) */
    guint64 answers, doubles;
} Ledger;

static void
note_answer(const CardAnswer *answer, gpointer data)
{
    Ledger *ledger = data;
    const guint64 key = (answer->id << 8) | (guint8)answer->vm_name[strlen(answer->vm_name) - 1];

    ledger->answers++;
    ledger->doubles += !g_hash_table_add(ledger->seen, GSIZE_TO_POINTER((gsize)key));
}

/* VMs go to and fro between two cards with one processor each, with their requests wherever these are just then. */
static void
move_about(const CardPath *path, Ledger *ledger, RandomStream *random)
{
    CardSpec spec = spec_with(1);
    const CardLoad load = {CARD_LOAD_CLOSED, &SM4_4K, 1, .outstanding = 3};
    guint at[4], vm[4];

    spec.processors_run_guests = TRUE;
    g_autoptr(Card) left = card_new(&spec, 1, 0);
    g_autoptr(Card) right = card_new(&spec, 2, 0);
    Card *const cards[2] = {left, right};
    for (guint c = 0; c < 2; c++) {
        card_on_done(cards[c], note_answer, ledger);
        card_add_path(cards[c], path);
    }
    for (guint i = 0; i < 4; i++) {
        const char name[] = {'v', (char)('0' + i), 0};
        at[i] = 0;
        ck_assert_int_eq(card_attach(left, 0, name, &load, &vm[i]), CARD_ATTACHED);
    }
    for (guint move = 1; move <= 200; move++) {
        const guint who = (guint)(random_u64(random) % 4);
        const double at_s = move * 1e-4 + random_unit(random) * 5e-5;
        for (guint c = 0; c < 2; c++)
            card_advance(cards[c], at_s);
        CardSession *session = cardsession_detach(cards[at[who]], vm[who]);
        at[who] ^= 1;
        ck_assert_int_eq(cardsession_attach(cards[at[who]], 0, session, &vm[who]), CARD_ATTACHED);
    }
    guint64 issued = 0, waiting = 0;
    for (guint i = 0; i < 4; i++) {
        issued += card_issued(cards[at[i]], vm[i]);
        waiting += card_under_way(cards[at[i]], vm[i]);
    }
    ck_assert_uint_eq(ledger->answers + waiting, issued);
    for (guint c = 0; c < 2; c++) {
        g_autoptr(CardResult) result = cardresult_new(cards[c]);
        ck_assert_double_le(result->little_error, 1e-9);
    }
}

START_TEST(sessions_that_leave_while_they_wait_for_a_processor_lose_nothing)
{
    const CardPath *const movable[] = {&FIXTURE_PATH_IVSHMEM, &FIXTURE_PATH_IVSHMEM_OLD, &FIXTURE_PATH_VSOCK,
                                       &FIXTURE_PATH_EMULATED};
    RandomStream random;

    random_init(&random, 5, "test", "moves");
    for (guint p = 0; p < G_N_ELEMENTS(movable); p++) {
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
        Ledger ledger = {seen, 0, 0};
        move_about(movable[p], &ledger, &random);
        ck_assert_uint_eq(ledger.doubles, 0);
        ck_assert_uint_gt(ledger.answers, 200);
    }
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("cardprocessor");

    tcase_add_loop_test(tcase, requests_with_a_thread_each_wait_as_in_mmc, 0, 2);
    tcase_add_test(tcase, two_paths_on_one_processor_wait_as_in_mg1);
    tcase_add_test(tcase, threads_on_one_processor_are_together_mm1);
    tcase_add_test(tcase, a_closed_network_has_its_exact_rate);
    tcase_add_test(tcase, littles_law_holds_with_few_processors_on_every_path);
    tcase_add_test(tcase, more_processors_than_threads_change_nothing);
    tcase_add_test(tcase, one_thread_needs_one_processor);
    tcase_add_test(tcase, a_held_thread_uses_no_processor);
    tcase_add_test(tcase, what_is_short_is_named);
    tcase_add_test(tcase, open_loads_ask_for_processors);
    tcase_add_test(tcase, a_thread_goes_on_with_its_next_station);
    tcase_add_test(tcase, a_switch_is_paid_when_another_thread_comes);
    tcase_add_test(tcase, sessions_that_leave_while_they_wait_for_a_processor_lose_nothing);
    return check_main("cardprocessor", tcase, NULL);
}
