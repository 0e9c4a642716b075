/* Requests that others ask through a VM's session, beside those of its own load. */
#include "models/card/cardsession.h"
#include "tests/check_main.h"
#include "tests/models/card/card_fixtures.h"

#define TAGS 64

static const CardMix SIGN = {CARD_SM2_SIGN, 32, 1, 0};
static const CardLoad NOTHING = {.kind = CARD_LOAD_NONE};
static const CardLoad CLOSED = {CARD_LOAD_CLOSED, &SIGN, 1, .outstanding = 3, .think_s = 1e-3};

/* One station, of a fixed time: the latency of a request that meets nobody is a sum of constants. */
static const CardStation PLAIN[] = {{"work", NULL, CARD_GUEST, CARD_FORWARD, 1, 10 * US, 0, CARD_PER_VM}};
static const CardPath PLAIN_PATH = {.name = "plain", .stations = PLAIN, .n_stations = 1};

/* Of the calls by tag; the load's own answers, and a latency of either. */
typedef struct {
    guint answers[TAGS];
    guint own;
    CardStatus status;
    double latency_s;
} Told;

static void
note(const CardAnswer *answer, gpointer data)
{
    Told *told = data;

    if (answer->tag == CARD_OWN)
        told->own++;
    else
        told->answers[answer->tag]++;
    told->status = answer->status;
    told->latency_s = answer->done_s - answer->issued_s;
}

static Card *
card_with(const CardSpec *spec, const CardLoad *load, Told *told, guint *vm)
{
    Card *card = card_new(spec, 1, 0);

    card_on_done(card, note, told);
    ck_assert_int_eq(card_attach(card, card_add_path(card, &PLAIN_PATH), "vm", load, vm), CARD_ATTACHED);
    return card;
}

static void
call(Card *card, guint vm, double at_s, guint32 bytes, guint32 tag)
{
    const CardDemand asked = {at_s, CARD_SM2_SIGN, bytes, 0};

    card_advance(card, at_s);
    card_call(card, vm, &asked, tag);
}

START_TEST(a_call_of_an_idle_card_takes_what_a_synchronous_caller_takes)
{
    const CardSpec spec = fixture_sjk1828();
    const CardLoad synchronous = {CARD_LOAD_CLOSED, &SIGN, 1, .outstanding = 1, .request_limit = 1};
    Told called = {{0}}, asked = {{0}};
    guint vm;
    g_autoptr(Card) own = card_with(&spec, &synchronous, &asked, &vm);
    g_autoptr(Card) card = card_with(&spec, &NOTHING, &called, &vm);

    card_advance(own, 1);
    ck_assert_double_eq(card_next_event_s(card), G_MAXDOUBLE); /* a load of nothing does nothing */
    call(card, vm, 0.5, 32, 7);
    card_advance(card, 1);
    ck_assert_uint_eq(called.answers[7], 1);
    ck_assert_uint_eq(asked.own, 1);
    ck_assert_double_gt(asked.latency_s, spec.services[CARD_SM2_SIGN].fixed_s);
    ck_assert_double_eq_tol(called.latency_s, asked.latency_s, 1e-12);
}
END_TEST

/* A closed loop asks again for its own answers only, and its limit is one of its own requests. */
START_TEST(the_loads_own_requests_are_as_many_as_without_calls)
{
    const CardSpec spec = fixture_sjk1828();
    CardLoad load = CLOSED;
    Told told = {{0}};
    guint vm;

    load.request_limit = 100;
    g_autoptr(Card) card = card_with(&spec, &load, &told, &vm);
    for (guint tag = 0; tag < TAGS; tag++)
        call(card, vm, 1e-4 * (tag + 1), 32, tag);
    card_advance(card, 1);
    ck_assert_uint_eq(told.own, 100);
    for (guint tag = 0; tag < TAGS; tag++)
        ck_assert_uint_eq(told.answers[tag], 1);
    ck_assert_uint_eq(card_issued(card, vm), 100 + TAGS);
    ck_assert_uint_eq(card_calls(card, vm) + card_under_way(card, vm), 0);
}
END_TEST

START_TEST(a_call_is_rejected_or_waits_at_the_gate_as_other_requests_do)
{
    const CardSpec spec = fixture_sjk1828();
    Told told = {{0}};
    guint vm;
    g_autoptr(Card) card = card_with(&spec, &NOTHING, &told, &vm);

    call(card, vm, 0.1, 16385, 1);
    card_advance(card, 0.2);
    ck_assert_uint_eq(told.answers[1], 1);
    ck_assert_int_eq(told.status, CARD_REJECTED);
    card_pause(card, vm);
    call(card, vm, 0.3, 32, 2);
    card_advance(card, 0.4);
    ck_assert_uint_eq(told.answers[2], 0);
    ck_assert_uint_eq(card_outstanding(card, vm), 0);
    card_resume(card, vm);
    card_advance(card, 0.5);
    ck_assert_uint_eq(told.answers[2], 1);
    ck_assert_double_gt(told.latency_s, 0.1);
}
END_TEST

/* Calls and a closed load's requests are under way, or at the gate, as the VM leaves: each is answered once, there, and
 * the load goes on with as many as it had. */
START_TEST(calls_travel_with_the_session_under_their_tags)
{
    const CardSpec spec = fixture_sjk1828();
    Told told = {{0}}, alone = {{0}};
    guint vm, there;
    g_autoptr(Card) from = card_with(&spec, &CLOSED, &told, &vm);
    g_autoptr(Card) to = card_with(&spec, &NOTHING, &told, &there);

    for (guint tag = 0; tag < 10; tag++)
        call(from, vm, 0.01, 32, tag);
    card_pause(from, vm);
    for (guint tag = 10; tag < 20; tag++)
        call(from, vm, 0.01, 32, tag);
    CardSession *session = cardsession_detach(from, vm);
    ck_assert_uint_ge(session->pending->len, 20);
    card_advance(from, 1);
    const guint own = told.own;
    card_advance(to, 1);
    ck_assert_int_eq(cardsession_attach(to, 0, session, &there), CARD_ATTACHED);
    ck_assert_uint_eq(card_calls(to, there), 20);
    card_advance(to, 2);
    for (guint tag = 0; tag < 20; tag++)
        ck_assert_uint_eq(told.answers[tag], 1);
    ck_assert_uint_eq(card_calls(to, there), 0);
    g_autoptr(Card) plain = card_with(&spec, &CLOSED, &alone, &vm);
    card_advance(plain, 1);
    /* 3 callers that think for a millisecond: 20 calls before them cost one round of each */
    ck_assert_double_eq_tol(told.own - own, alone.own, 6);
}
END_TEST

START_TEST(a_card_without_what_calls_ask_does_not_take_the_session)
{
    const CardSpec spec = fixture_sjk1828();
    CardSpec poor = fixture_sjk1828();
    Told told = {{0}};
    guint vm, unused;

    poor.services[CARD_SM2_SIGN].offered = FALSE;
    g_autoptr(Card) from = card_with(&spec, &NOTHING, &told, &vm);
    g_autoptr(Card) to = card_with(&poor, &NOTHING, &told, &unused);
    ck_assert_int_eq(cardsession_may_move(from, vm, to, 0), CARD_ATTACHED);
    card_expect_calls(from, vm, &SIGN, 1);
    ck_assert_int_eq(cardsession_may_move(from, vm, to, 0), CARD_REFUSES_ALGORITHM);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("cardcall");

    tcase_add_test(tcase, a_call_of_an_idle_card_takes_what_a_synchronous_caller_takes);
    tcase_add_test(tcase, the_loads_own_requests_are_as_many_as_without_calls);
    tcase_add_test(tcase, a_call_is_rejected_or_waits_at_the_gate_as_other_requests_do);
    tcase_add_test(tcase, calls_travel_with_the_session_under_their_tags);
    tcase_add_test(tcase, a_card_without_what_calls_ask_does_not_take_the_session);
    return check_main("cardcall", tcase, NULL);
}
