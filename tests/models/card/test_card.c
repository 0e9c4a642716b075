#include "tests/check_main.h"
#include "tests/models/card/card_fixtures.h"

#include <math.h>

static const CardMix SM4_4K = {CARD_SM4, 4096, 1, 0};

static const CardPath *const PATHS[] = {
    &FIXTURE_PATH_HOST,  &FIXTURE_PATH_IVSHMEM,     &FIXTURE_PATH_IVSHMEM_OLD, &FIXTURE_PATH_VSOCK,
    &FIXTURE_PATH_SRIOV, &FIXTURE_PATH_PASSTHROUGH, &FIXTURE_PATH_EMULATED,    &FIXTURE_PATH_VIRTIO_NET,
};

/* Counts answers by id, for up to 16 VMs. */
typedef struct {
    GHashTable *seen; /* (vm, id) */
    guint64 answers, doubles;
    double last_s;
    gboolean backwards;
} Ledger;

static void
note_answer(const CardAnswer *answer, gpointer data)
{
    Ledger *ledger = data;
    const guint64 key = (answer->id << 8) | answer->vm;

    ledger->answers++;
    if (!g_hash_table_add(ledger->seen, GSIZE_TO_POINTER((gsize)key)))
        ledger->doubles++;
    ledger->backwards |= answer->done_s < ledger->last_s || answer->done_s < answer->issued_s;
    ledger->last_s = answer->done_s;
}

static Card *
card_with(const CardSpec *spec, const CardPath *path, const CardLoad *load, guint vms)
{
    Card *card = card_new(spec, 1, 0);
    const guint number = card_add_path(card, path);

    ck_assert(cardspec_check(spec, NULL) && cardpath_check(path, NULL) && cardload_check(load, NULL));
    for (guint i = 0; i < vms; i++) {
        g_autofree char *name = g_strdup_printf("vm%u", i);
        guint vm;
        ck_assert_int_eq(card_attach(card, number, name, load, &vm), CARD_ATTACHED);
        ck_assert_uint_eq(vm, i);
    }
    return card;
}

START_TEST(littles_law_holds_at_every_station_of_every_path)
{
    const CardSpec spec = fixture_sjk1828();
    const CardMix mix[] = {{CARD_SM1, 1024, 2, 0}, {CARD_SM2_SIGN, 64, 1, 0}, {CARD_SM3, 16384, 1, 0}};
    const CardLoad closed = {CARD_LOAD_CLOSED, mix, 3, .outstanding = 4};
    const CardLoad open = {CARD_LOAD_BURSTS, mix, 3, .rate_per_s = 20000, .on_s = 0.001, .off_s = 0.002};

    for (gsize p = 0; p < G_N_ELEMENTS(PATHS); p++) {
        const guint vms = PATHS[p]->vms_max ? PATHS[p]->vms_max : 5;
        for (int kind = 0; kind < 2; kind++) {
            g_autoptr(Card) card = card_with(&spec, PATHS[p], kind ? &open : &closed, vms);
            card_advance(card, 0.01);
            card_reset_statistics(card);
            card_advance(card, 0.1234);
            g_autoptr(CardResult) result = cardresult_new(card);
            ck_assert_uint_gt(result->done, 100);
            ck_assert_double_le(result->little_error, 1e-9); /* rounding of sums of 10^5 terms */
            for (guint i = 0; i < result->stations->len; i++)
                ck_assert_double_le(cardresult_station(result, i)->utilization_max, 1 + 1e-9);
        }
    }
}
END_TEST

START_TEST(the_number_of_slices_makes_no_difference)
{
    const CardSpec spec = fixture_sjk1828();
    const CardLoad load = {CARD_LOAD_POISSON, &SM4_4K, 1, .rate_per_s = 20000};
    g_autoptr(Card) once = card_with(&spec, &FIXTURE_PATH_IVSHMEM, &load, 3);
    g_autoptr(Card) often = card_with(&spec, &FIXTURE_PATH_IVSHMEM, &load, 3);

    card_advance(once, 0.05);
    for (int i = 1; i <= 1000; i++)
        card_advance(often, 0.05 * i / 1000);
    g_autoptr(CardResult) a = cardresult_new(once);
    g_autoptr(CardResult) b = cardresult_new(often);
    ck_assert_uint_eq(a->done, b->done);
    ck_assert_mem_eq(&a->latency, &b->latency, sizeof a->latency);
}
END_TEST

START_TEST(another_vm_does_not_move_the_arrivals_of_the_first)
{
    const CardSpec spec = fixture_sjk1828();
    const CardLoad load = {CARD_LOAD_POISSON, &SM4_4K, 1, .rate_per_s = 5000};
    g_autoptr(Card) alone = card_with(&spec, &FIXTURE_PATH_VSOCK, &load, 1);
    g_autoptr(Card) together = card_with(&spec, &FIXTURE_PATH_VSOCK, &load, 2);

    card_advance(alone, 1);
    card_advance(together, 1);
    g_autoptr(CardResult) a = cardresult_new(alone);
    g_autoptr(CardResult) b = cardresult_new(together);
    /* the same arrivals; at most those on their way at the end are not answered yet */
    ck_assert_uint_eq(cardresult_vm(a, 0)->done + cardresult_vm(a, 0)->outstanding,
                      cardresult_vm(b, 0)->done + cardresult_vm(b, 0)->outstanding);
    ck_assert_double_lt(cardresult_vm(a, 0)->latency.mean_s, cardresult_vm(b, 0)->latency.mean_s);
}
END_TEST

START_TEST(a_packet_over_16_KB_is_rejected_and_one_of_16_KB_is_not)
{
    const CardSpec spec = fixture_sjk1828();
    const CardMix mix[] = {{CARD_SM4, 16384, 1, 0}, {CARD_SM4, 16385, 1, 0}, {CARD_SM4, 0, 1, 0}};
    const CardLoad load = {CARD_LOAD_CLOSED, mix, 3, .outstanding = 1, .request_limit = 3000};
    g_autoptr(Card) card = card_with(&spec, &FIXTURE_PATH_IVSHMEM, &load, 1);

    card_advance(card, 10);
    g_autoptr(CardResult) result = cardresult_new(card);
    ck_assert_uint_eq(result->done + result->rejected, 3000);
    ck_assert_double_eq_tol((double)result->rejected, 1000, 5 * sqrt(3000 * 2 / 9.0)); /* binomial, five sigma */
}
END_TEST

START_TEST(another_vms_key_is_refused_and_never_reaches_the_card)
{
    const CardSpec spec = fixture_sjk1828();
    const CardMix mix = {CARD_SM2_SIGN, 32, 1, .key = 5};
    const CardLoad load = {CARD_LOAD_CLOSED, &mix, 1, .outstanding = 1, .request_limit = 100};
    g_autoptr(Card) card = card_new(&spec, 1, 0);
    const guint path = card_add_path(card, &FIXTURE_PATH_VSOCK);
    guint owner, thief;

    card_set_key_owner(card, 5, "owner");
    ck_assert_int_eq(card_attach(card, path, "owner", &load, &owner), CARD_ATTACHED);
    ck_assert_int_eq(card_attach(card, path, "thief", &load, &thief), CARD_ATTACHED);
    card_advance(card, 1);
    g_autoptr(CardResult) result = cardresult_new(card);
    ck_assert_uint_eq(cardresult_vm(result, owner)->done, 100);
    ck_assert_uint_eq(cardresult_vm(result, thief)->refused, 100);
    ck_assert_uint_eq(cardresult_vm(result, thief)->done, 0);
    ck_assert_uint_eq(cardresult_find(result, NULL, "engine-1")->visits, 100);
}
END_TEST

START_TEST(a_vm_that_must_own_its_keys_is_not_attached_without_them)
{
    const CardSpec spec = fixture_sjk1828();
    const CardMix mix = {CARD_SM2_SIGN, 32, 1, .key = 5};
    const CardLoad load = {CARD_LOAD_CLOSED, &mix, 1, .outstanding = 1, .require_keys = TRUE};
    g_autoptr(Card) card = card_new(&spec, 1, 0);
    const guint path = card_add_path(card, &FIXTURE_PATH_VSOCK);
    guint vm;

    ck_assert_int_eq(card_attach(card, path, "vm", &load, &vm), CARD_REFUSES_KEYS);
    card_set_key_owner(card, 5, "vm");
    ck_assert_int_eq(card_attach(card, path, "vm", &load, &vm), CARD_ATTACHED);
}
END_TEST

START_TEST(virtual_functions_and_passthrough_have_their_limits)
{
    CardSpec spec = fixture_sjk1828();
    const CardLoad load = {CARD_LOAD_CLOSED, &SM4_4K, 1, .outstanding = 1};
    guint vm;

    spec.virtual_functions_max = 8;
    g_autoptr(Card) card = card_with(&spec, &FIXTURE_PATH_SRIOV, &load, 8);
    ck_assert_int_eq(card_attach(card, 0, "vm9", &load, &vm), CARD_REFUSES_VMS);
    g_autoptr(Card) one = card_with(&spec, &FIXTURE_PATH_PASSTHROUGH, &load, 1);
    ck_assert_int_eq(card_attach(one, 0, "vm2", &load, &vm), CARD_REFUSES_VMS);
    const CardMix echo = {CARD_ECHO, 64, 1, 0};
    const CardLoad nothing = {CARD_LOAD_CLOSED, &echo, 1, .outstanding = 1};
    g_autoptr(Card) host = card_new(&spec, 1, 0);
    ck_assert_int_eq(card_attach(host, card_add_path(host, &FIXTURE_PATH_HOST), "h", &nothing, &vm),
                     CARD_REFUSES_NO_TIME);
    spec.services[CARD_SM3].offered = FALSE;
    const CardMix sm3 = {CARD_SM3, 64, 1, 0};
    const CardLoad missing = {CARD_LOAD_CLOSED, &sm3, 1, .outstanding = 1};
    g_autoptr(Card) poor = card_new(&spec, 1, 0);
    ck_assert_int_eq(card_attach(poor, card_add_path(poor, &FIXTURE_PATH_VSOCK), "v", &missing, &vm),
                     CARD_REFUSES_ALGORITHM);
}
END_TEST

START_TEST(a_place_is_as_good_as_a_vm_until_it_is_given_back)
{
    CardSpec spec = fixture_sjk1828();
    const CardLoad load = {CARD_LOAD_CLOSED, &SM4_4K, 1, .outstanding = 1};
    guint vm;

    spec.virtual_functions_max = 2;
    g_autoptr(Card) card = card_with(&spec, &FIXTURE_PATH_SRIOV, &load, 1);
    card_take_place(card, 0);
    ck_assert_int_eq(card_attach(card, 0, "vm2", &load, &vm), CARD_REFUSES_VMS);
    card_give_place(card, 0);
    ck_assert_int_eq(card_attach(card, 0, "vm2", &load, &vm), CARD_ATTACHED);
    ck_assert_int_eq(card_attach(card, 0, "vm3", &load, &vm), CARD_REFUSES_VMS);
    g_autoptr(Card) one = card_new(&spec, 1, 0);
    card_take_place(one, card_add_path(one, &FIXTURE_PATH_PASSTHROUGH));
    ck_assert_int_eq(card_attach(one, 0, "vm", &load, &vm), CARD_REFUSES_VMS);
    card_give_place(one, 0);
    ck_assert_int_eq(card_attach(one, 0, "vm", &load, &vm), CARD_ATTACHED);
}
END_TEST

/* 1.5 times what the SM4 engine can do: the memory is bounded by the queue limit, the rate by the engine, and the
 * result says unstable with the offered utilization. */
START_TEST(an_open_load_above_capacity_is_bounded_and_called_unstable)
{
    const CardSpec spec = fixture_sjk1828();
    const double capacity = 1 / 8.252e-6;
    const CardLoad load = {CARD_LOAD_POISSON, &SM4_4K, 1, .rate_per_s = 1.5 * capacity / 4, .queue_limit = 100};
    g_autoptr(Card) card = card_with(&spec, &FIXTURE_PATH_SRIOV, &load, 4);

    card_advance(card, 0.5);
    g_autoptr(CardResult) result = cardresult_new(card);
    ck_assert(result->unstable);
    ck_assert_double_eq_tol(result->offered, 1.5, 1e-6);
    ck_assert_str_eq(cardresult_station(result, (guint)result->offered_station)->name, "engine");
    ck_assert_str_eq(cardresult_station(result, (guint)result->bottleneck)->name, "engine");
    ck_assert_double_eq_tol(result->requests_per_s / capacity, 1, 0.005); /* 400 requests at the end are not answered */
    for (guint i = 0; i < 4; i++)
        ck_assert_uint_le(cardresult_vm(result, i)->outstanding, 100);
    ck_assert_double_eq_tol((double)result->dropped / (0.5 * 1.5 * capacity), 1.0 / 3, 0.02);
}
END_TEST

START_TEST(equal_vms_share_fairly_and_unequal_ones_do_not)
{
    const CardSpec spec = fixture_sjk1828();
    const CardLoad one = {CARD_LOAD_CLOSED, &SM4_4K, 1, .outstanding = 1};
    const CardLoad eight = {CARD_LOAD_CLOSED, &SM4_4K, 1, .outstanding = 8};
    g_autoptr(Card) card = card_with(&spec, &FIXTURE_PATH_VSOCK, &one, 4);
    guint vm;

    card_advance(card, 0.2);
    g_autoptr(CardResult) fair = cardresult_new(card);
    ck_assert_double_gt(fair->jain, 0.999);
    ck_assert_int_eq(card_attach(card, 0, "greedy", &eight, &vm), CARD_ATTACHED);
    card_reset_statistics(card);
    card_advance(card, 0.4);
    g_autoptr(CardResult) unfair = cardresult_new(card);
    ck_assert_double_lt(unfair->jain, 0.7);
}
END_TEST

/* With a ring of one slot the card works on one request at a time: the rate is that of slot-holding times, 1 / (DMA in
 * + engine + DMA out), and the submitting thread is held meanwhile. */
START_TEST(a_full_ring_holds_back_the_thread)
{
    CardSpec spec = fixture_sjk1828();
    const CardLoad load = {CARD_LOAD_CLOSED, &SM4_4K, 1, .outstanding = 1};

    spec.ring_slots = 1;
    g_autoptr(Card) card = card_with(&spec, &FIXTURE_PATH_VSOCK, &load, 16);
    card_advance(card, 0.01);
    card_reset_statistics(card);
    card_advance(card, 0.2);
    g_autoptr(CardResult) result = cardresult_new(card);
    ck_assert_double_eq_tol(result->requests_per_s * (8.252 + 2 * 1.324) * 1e-6, 1, 0.005);
    ck_assert_double_gt(cardresult_find(result, "vsock", "worker")->utilization, 0.9);
}
END_TEST

START_TEST(coalesced_interrupts_wait_for_company_but_not_for_long)
{
    CardSpec spec = fixture_sjk1828();
    const CardLoad lonely = {CARD_LOAD_PERIODIC, &SM4_4K, 1, .rate_per_s = 1000};

    g_autoptr(Card) plain = card_with(&spec, &FIXTURE_PATH_SRIOV, &lonely, 1);
    spec.coalesce_requests = 4, spec.coalesce_s = 50 * US;
    g_autoptr(Card) coalesced = card_with(&spec, &FIXTURE_PATH_SRIOV, &lonely, 1);
    card_advance(plain, 1);
    card_advance(coalesced, 1);
    g_autoptr(CardResult) a = cardresult_new(plain);
    g_autoptr(CardResult) b = cardresult_new(coalesced);
    ck_assert_double_eq_tol(b->latency.mean_s - a->latency.mean_s, 50 * US, 0.1 * US);

    const CardLoad busy = {CARD_LOAD_CLOSED, &SM4_4K, 1, .outstanding = 4, .request_limit = 4000};
    g_autoptr(Card) group = card_with(&spec, &FIXTURE_PATH_SRIOV, &busy, 1);
    card_advance(group, 1);
    g_autoptr(CardResult) c = cardresult_new(group);
    ck_assert_uint_eq(c->done, 4000);
    ck_assert_double_le(c->little_error, 1e-9);
}
END_TEST

/* Section 6, future work: 64-byte packets of 16 VMs, one at a time against up to 32 as one. */
START_TEST(grouping_small_packets_raises_the_rate_and_answers_everyone)
{
    const CardSpec spec = fixture_sjk1828();
    const CardMix mix = {CARD_SM4, 64, 1, 0};
    const CardLoad load = {CARD_LOAD_CLOSED, &mix, 1, .outstanding = 2, .request_limit = 2000};
    CardStation stations[G_N_ELEMENTS(FIXTURE_IVSHMEM)];
    double seconds[2];

    memcpy(stations, FIXTURE_IVSHMEM, sizeof stations);
    for (int grouped = 0; grouped < 2; grouped++) {
        for (gsize i = 0; grouped && i < G_N_ELEMENTS(stations); i++)
            if (g_str_equal(stations[i].name, "receive"))
                stations[i].group_max = 32, stations[i].group_bytes_max = 16384;
        const CardPath path = {"ivshmem", STATIONS(stations)};
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
        Ledger ledger = {seen};
        g_autoptr(Card) card = card_with(&spec, &path, &load, 16);
        card_on_done(card, note_answer, &ledger);
        seconds[grouped] = card_advance_requests(card, 16 * 2000, 100);
        ck_assert_uint_eq(ledger.answers, 16 * 2000);
        ck_assert_uint_eq(ledger.doubles, 0);
        g_autoptr(CardResult) result = cardresult_new(card);
        ck_assert_double_le(result->little_error, 1e-9);
    }
    ck_assert_double_lt(seconds[1], 0.6 * seconds[0]);
}
END_TEST

typedef struct {
    guint64 last;
    guint overtakes;
} Order;

static void
note_order(const CardAnswer *answer, gpointer data)
{
    Order *order = data;

    order->overtakes += answer->id < order->last;
    order->last = answer->id;
}

/* Eight requests of one caller are under way, and no station has two servers: none overtakes another. */
START_TEST(first_come_is_first_served)
{
    const CardSpec spec = fixture_sjk1828();
    const CardLoad load = {CARD_LOAD_CLOSED, &SM4_4K, 1, .outstanding = 8};
    g_autoptr(Card) card = card_with(&spec, &FIXTURE_PATH_VSOCK, &load, 1);
    Order order = {0};

    card_on_done(card, note_order, &order);
    card_advance_requests(card, 2000, 100);
    ck_assert_uint_gt(order.last, 1000);
    ck_assert_uint_eq(order.overtakes, 0);
}
END_TEST

START_TEST(a_replay_asks_what_and_when_it_is_told)
{
    const CardSpec spec = fixture_sjk1828();
    const CardReplay rows[] = {{0.001, CARD_SM4, 4096}, {0.001, CARD_SM1, 16385}, {0.5, CARD_SM3, 100}};
    const CardLoad load = {CARD_LOAD_REPLAY, .replay = rows, .n_replay = 3};
    g_autoptr(Card) card = card_with(&spec, &FIXTURE_PATH_VSOCK, &load, 1);

    card_advance(card, 0.0005);
    g_autoptr(CardResult) before = cardresult_new(card);
    ck_assert_uint_eq(before->done + before->rejected, 0);
    card_advance(card, 0.4);
    g_autoptr(CardResult) two = cardresult_new(card);
    ck_assert_uint_eq(two->done, 1);
    ck_assert_uint_eq(two->rejected, 1);
    card_advance(card, 2);
    g_autoptr(CardResult) all = cardresult_new(card);
    ck_assert_uint_eq(all->done, 2);
    ck_assert_uint_eq(cardresult_find(all, NULL, "engine-2")->visits, 1);
    ck_assert_double_eq(card_next_event_s(card), G_MAXDOUBLE);
}
END_TEST

/* 10^4 mean arrivals in bursts of 10 ms on, 30 ms off; the count's deviation is dominated by the bursts: about 250 on
 * and off cycles, 10 %. */
START_TEST(bursts_have_their_mean_rate)
{
    const CardSpec spec = fixture_sjk1828();
    const CardLoad load = {CARD_LOAD_BURSTS, &SM4_4K, 1, .rate_per_s = 4000, .on_s = 0.01, .off_s = 0.03};
    g_autoptr(Card) card = card_with(&spec, &FIXTURE_PATH_VSOCK, &load, 1);

    ck_assert_double_eq_tol(cardload_rate(&load), 1000, 1e-9);
    card_advance(card, 40);
    g_autoptr(CardResult) result = cardresult_new(card);
    ck_assert_double_eq_tol(result->requests_per_s, 1000, 100);
    ck_assert_double_gt(result->latency.p99_s, result->latency.p50_s);
    ck_assert_double_ge(result->latency.max_s, result->latency.p999_s);
}
END_TEST

/* More engines never lower the rate, over random cards and loads. */
START_TEST(more_engines_never_hurt)
{
    RandomStream random;

    random_init(&random, 1, "test", "card");
    for (int run = 0; run < 60; run++) {
        CardSpec spec = fixture_sjk1828();
        const CardMix mix = {CARD_SM1, (guint32)random_below(&random, 16384), 1, 0};
        const CardLoad load = {CARD_LOAD_CLOSED, &mix, 1, .outstanding = 1 + (guint)random_below(&random, 4)};
        const guint vms = 1 + (guint)random_below(&random, 8);
        double before = 0;
        for (guint engines = 1; engines <= 4; engines *= 2) {
            spec.engines[0] = engines;
            g_autoptr(Card) card = card_with(&spec, &FIXTURE_PATH_IVSHMEM, &load, vms);
            card_advance(card, 0.02);
            card_reset_statistics(card);
            card_advance(card, 0.1);
            g_autoptr(CardResult) result = cardresult_new(card);
            ck_assert_double_ge(result->requests_per_s, before * 0.99); /* 1 %: noise of 80 ms */
            before = result->requests_per_s;
        }
    }
}
END_TEST

START_TEST(every_id_is_answered_once_on_every_path)
{
    const CardSpec spec = fixture_sjk1828();
    const CardMix mix[] = {{CARD_SM1, 512, 1, 0}, {CARD_SM2_DECRYPT, 200, 1, 0}, {CARD_SM4, 20000, 1, 0}};
    const CardLoad load = {CARD_LOAD_CLOSED, mix, 3, .outstanding = 3, .request_limit = 500, .think_s = 1e-5};

    for (gsize p = 0; p < G_N_ELEMENTS(PATHS); p++) {
        const guint vms = PATHS[p]->vms_max ? PATHS[p]->vms_max : 6;
        g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
        Ledger ledger = {seen};
        g_autoptr(Card) card = card_with(&spec, PATHS[p], &load, vms);
        card_on_done(card, note_answer, &ledger);
        card_advance(card, 5);
        ck_assert_uint_eq(ledger.answers, 500 * vms);
        ck_assert_uint_eq(ledger.doubles, 0);
        ck_assert(!ledger.backwards);
        ck_assert_double_eq(card_next_event_s(card), G_MAXDOUBLE);
    }
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("card");

    tcase_add_test(tcase, littles_law_holds_at_every_station_of_every_path);
    tcase_add_test(tcase, the_number_of_slices_makes_no_difference);
    tcase_add_test(tcase, another_vm_does_not_move_the_arrivals_of_the_first);
    tcase_add_test(tcase, a_packet_over_16_KB_is_rejected_and_one_of_16_KB_is_not);
    tcase_add_test(tcase, another_vms_key_is_refused_and_never_reaches_the_card);
    tcase_add_test(tcase, a_vm_that_must_own_its_keys_is_not_attached_without_them);
    tcase_add_test(tcase, virtual_functions_and_passthrough_have_their_limits);
    tcase_add_test(tcase, a_place_is_as_good_as_a_vm_until_it_is_given_back);
    tcase_add_test(tcase, an_open_load_above_capacity_is_bounded_and_called_unstable);
    tcase_add_test(tcase, equal_vms_share_fairly_and_unequal_ones_do_not);
    tcase_add_test(tcase, a_full_ring_holds_back_the_thread);
    tcase_add_test(tcase, coalesced_interrupts_wait_for_company_but_not_for_long);
    tcase_add_test(tcase, grouping_small_packets_raises_the_rate_and_answers_everyone);
    tcase_add_test(tcase, first_come_is_first_served);
    tcase_add_test(tcase, a_replay_asks_what_and_when_it_is_told);
    tcase_add_test(tcase, bursts_have_their_mean_rate);
    tcase_add_test(tcase, more_engines_never_hurt);
    tcase_add_test(tcase, every_id_is_answered_once_on_every_path);
    return check_main("card", tcase, NULL);
}
