#include "models/card/cardsession.h"
#include "tests/check_main.h"
#include "tests/models/card/card_fixtures.h"

static const CardMix SM1_4K = {CARD_SM1, 4096, 1, 0};

/* One VM's ids; both cards report to the same ledger. */
typedef struct {
    guint8 *answered; /* by id */
    guint64 size, answers;
    gboolean doubled, beyond;
} Ledger;

static void
note_answer(const CardAnswer *answer, gpointer data)
{
    Ledger *ledger = data;

    if (g_strcmp0(answer->vm_name, "mover") != 0)
        return;
    ledger->answers++;
    if (answer->id >= ledger->size)
        ledger->beyond = TRUE;
    else if (ledger->answered[answer->id]++)
        ledger->doubled = TRUE;
}

typedef struct {
    Card *card;
    guint path;
    guint vm; /* of the mover */
} Side;

static Side
side_new(const CardPath *path, Ledger *ledger, guint neighbours)
{
    const CardSpec spec = fixture_sjk1828();
    const CardLoad load = {CARD_LOAD_CLOSED, &SM1_4K, 1, .outstanding = 2};
    Side side = {card_new(&spec, 1, 0)};

    side.path = card_add_path(side.card, path);
    card_on_done(side.card, note_answer, ledger);
    for (guint i = 0; i < neighbours; i++) {
        g_autofree char *name = g_strdup_printf("neighbour%u", i);
        guint vm;
        ck_assert_int_eq(card_attach(side.card, side.path, name, &load, &vm), CARD_ATTACHED);
    }
    return side;
}

/* Two cards, the mover on the first; after some moves at random times everything that it asked is answered once. */
static void
check_moves(const CardPath *path, const CardLoad *load, gboolean drain, RandomStream *random)
{
    g_autofree guint8 *answered = g_new0(guint8, load->request_limit);
    Ledger ledger = {answered, load->request_limit};
    Side sides[2] = {side_new(path, &ledger, 3), side_new(path, &ledger, 2)};
    double now_s = 0;
    int at = 0;

    ck_assert_int_eq(card_attach(sides[0].card, sides[0].path, "mover", load, &sides[0].vm), CARD_ATTACHED);
    for (int move = 0; move < 6; move++, at = 1 - at) {
        now_s += random_exponential(random, 0.002);
        card_advance(sides[at].card, now_s);
        if (drain) {
            ck_assert(card_drain(sides[at].card, sides[at].vm, 1e3));
            now_s = card_now_s(sides[at].card);
        }
        CardSession *session = cardsession_detach(sides[at].card, sides[at].vm);
        ck_assert(!drain || !cardload_is_closed(load) || session->pending->len == 0);
        now_s += random_exponential(random, 0.001); /* the VM travels; the old card works on */
        card_advance(sides[at].card, now_s);
        card_advance(sides[1 - at].card, now_s);
        ck_assert_int_eq(cardsession_attach(sides[1 - at].card, sides[1 - at].path, session, &sides[1 - at].vm),
                         CARD_ATTACHED);
    }
    for (int i = 0; i < 2; i++) {
        card_advance(sides[i].card, now_s + 0.2);
        g_autoptr(CardResult) result = cardresult_new(sides[i].card);
        ck_assert_double_le(result->little_error, 1e-9);
        ck_assert(!drain || result->discarded == 0);
        card_free(sides[i].card);
    }
    ck_assert_uint_eq(ledger.answers, load->request_limit);
    ck_assert(!ledger.doubled && !ledger.beyond);
}

static void
check_all_paths(gboolean drain)
{
    const CardPath *const paths[] = {&FIXTURE_PATH_IVSHMEM, &FIXTURE_PATH_IVSHMEM_OLD, &FIXTURE_PATH_VSOCK,
                                     &FIXTURE_PATH_EMULATED, &FIXTURE_PATH_VIRTIO_NET};
    const CardLoad loads[] = {
        {CARD_LOAD_CLOSED, &SM1_4K, 1, .outstanding = 1, .request_limit = 900},
        {CARD_LOAD_CLOSED, &SM1_4K, 1, .outstanding = 8, .think_s = 1e-4, .think_exponential = TRUE,
         .request_limit = 900},
        {CARD_LOAD_POISSON, &SM1_4K, 1, .rate_per_s = 9000, .request_limit = 900},
        {CARD_LOAD_BURSTS, &SM1_4K, 1, .rate_per_s = 20000, .on_s = 1e-3, .off_s = 1e-3, .request_limit = 900},
    };
    RandomStream random;

    random_init(&random, 1, "test", "cardsession");
    for (int run = 0; run < 5; run++)
        for (gsize p = 0; p < G_N_ELEMENTS(paths); p++)
            for (gsize l = 0; l < G_N_ELEMENTS(loads); l++)
                check_moves(paths[p], &loads[l], drain, &random);
}

START_TEST(a_drained_session_moves_without_losing_or_doubling_a_request)
{
    check_all_paths(TRUE);
}
END_TEST

START_TEST(a_resubmitted_session_moves_without_losing_or_doubling_a_request)
{
    check_all_paths(FALSE);
}
END_TEST

/* Grouped packets with a member that has left must still bring the others home. */
START_TEST(a_group_survives_the_leaving_of_a_member)
{
    CardStation stations[G_N_ELEMENTS(FIXTURE_IVSHMEM)];
    const CardLoad load = {CARD_LOAD_CLOSED, &SM1_4K, 1, .outstanding = 4, .request_limit = 900};
    RandomStream random;

    memcpy(stations, FIXTURE_IVSHMEM, sizeof stations);
    stations[2].group_max = 4, stations[2].group_bytes_max = 16384;
    const CardPath path = {"ivshmem", STATIONS(stations)};
    random_init(&random, 2, "test", "cardsession");
    for (int run = 0; run < 40; run++)
        check_moves(&path, &load, run % 2, &random);
}
END_TEST

START_TEST(while_paused_requests_wait_at_the_gate)
{
    const CardLoad load = {CARD_LOAD_PERIODIC, &SM1_4K, 1, .rate_per_s = 1000, .request_limit = 100};
    g_autofree guint8 *answered = g_new0(guint8, 100);
    Ledger ledger = {answered, 100};
    Side side = side_new(&FIXTURE_PATH_VSOCK, &ledger, 0);
    g_autoptr(Card) card = side.card;
    guint vm;

    ck_assert_int_eq(card_attach(card, side.path, "mover", &load, &vm), CARD_ATTACHED);
    card_advance(card, 0.0205);
    ck_assert_uint_eq(ledger.answers, 20);
    ck_assert(card_drain(card, vm, 1));
    card_advance(card, 0.0505);
    ck_assert_uint_eq(ledger.answers, 20);
    ck_assert_uint_eq(card_outstanding(card, vm), 0);
    card_resume(card, vm);
    ck_assert_uint_eq(card_outstanding(card, vm), 30);
    card_advance(card, 0.2);
    ck_assert_uint_eq(ledger.answers, 100);
}
END_TEST

START_TEST(what_the_old_card_still_computes_is_counted_as_discarded)
{
    const CardLoad load = {CARD_LOAD_CLOSED, &SM1_4K, 1, .outstanding = 2};
    g_autofree guint8 *answered = g_new0(guint8, 1000000);
    Ledger ledger = {answered, 1000000};
    Side side = side_new(&FIXTURE_PATH_IVSHMEM, &ledger, 0);
    g_autoptr(Card) card = side.card;
    guint vm;

    ck_assert_int_eq(card_attach(card, side.path, "mover", &load, &vm), CARD_ATTACHED);
    card_advance(card, 0.01);
    const guint64 before = ledger.answers;
    g_autoptr(CardSession) session = cardsession_detach(card, vm);
    ck_assert_uint_eq(session->pending->len, 2);
    card_advance(card, 0.02);
    ck_assert_uint_eq(ledger.answers, before);
    g_autoptr(CardResult) result = cardresult_new(card);
    ck_assert_uint_eq(result->discarded, 2);
    ck_assert_double_eq(card_next_event_s(card), G_MAXDOUBLE);
}
END_TEST

START_TEST(a_card_without_the_vms_keys_refuses_before_the_move)
{
    const CardMix mix = {CARD_SM2_SIGN, 32, 1, .key = 3};
    const CardLoad load = {CARD_LOAD_CLOSED, &mix, 1, .outstanding = 1, .require_keys = TRUE};
    Ledger ledger = {0};
    Side from = side_new(&FIXTURE_PATH_VSOCK, &ledger, 0), to = side_new(&FIXTURE_PATH_VSOCK, &ledger, 0);
    g_autoptr(Card) a = from.card;
    g_autoptr(Card) b = to.card;
    guint vm;

    card_set_key_owner(a, 3, "mover");
    ck_assert_int_eq(card_attach(a, from.path, "mover", &load, &vm), CARD_ATTACHED);
    ck_assert_int_eq(cardsession_may_move(a, vm, b, to.path), CARD_REFUSES_KEYS);
    card_set_key_owner(b, 3, "mover");
    ck_assert_int_eq(cardsession_may_move(a, vm, b, to.path), CARD_ATTACHED);
}
END_TEST

START_TEST(hardware_paths_say_why_they_refuse_migration)
{
    ck_assert_ptr_nonnull(strstr(FIXTURE_PATH_SRIOV.migration_refusal, "SR-IOV"));
    ck_assert_ptr_nonnull(FIXTURE_PATH_PASSTHROUGH.migration_refusal);
    ck_assert_ptr_null(FIXTURE_PATH_IVSHMEM.migration_refusal);
    ck_assert_ptr_null(FIXTURE_PATH_VSOCK.migration_refusal);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("cardsession");

    tcase_add_test(tcase, a_drained_session_moves_without_losing_or_doubling_a_request);
    tcase_add_test(tcase, a_resubmitted_session_moves_without_losing_or_doubling_a_request);
    tcase_add_test(tcase, a_group_survives_the_leaving_of_a_member);
    tcase_add_test(tcase, while_paused_requests_wait_at_the_gate);
    tcase_add_test(tcase, what_the_old_card_still_computes_is_counted_as_discarded);
    tcase_add_test(tcase, a_card_without_the_vms_keys_refuses_before_the_move);
    tcase_add_test(tcase, hardware_paths_say_why_they_refuse_migration);
    return check_main("cardsession", tcase, NULL);
}
