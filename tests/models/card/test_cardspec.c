/* Bad input to the card's data: specifications, paths and loads. Each is refused with its message. */
#include "tests/check_main.h"
#include "tests/models/card/card_fixtures.h"

#include <math.h>
#include <string.h>

static void
assert_says(GError *error, const char *words)
{
    ck_assert_ptr_nonnull(error);
    ck_assert_msg(strstr(error->message, words) != NULL, "\"%s\" does not say \"%s\"", error->message, words);
    g_error_free(error);
}

static void
reject_spec(const CardSpec *spec, const char *words)
{
    GError *error = NULL;

    ck_assert(!cardspec_check(spec, &error));
    assert_says(error, words);
}

START_TEST(a_bad_card_is_refused_with_its_reason)
{
    const CardSpec good = fixture_sjk1828();
    CardSpec bad = good;

    ck_assert(cardspec_check(&good, NULL));
    bad.engines[1] = 0, reject_spec(&bad, "engines is 0");
    bad = good, bad.groups = 0, reject_spec(&bad, "engine groups is 0");
    bad = good, bad.groups = 5, reject_spec(&bad, "engine groups is 5");
    bad = good, bad.ring_slots = 0, reject_spec(&bad, "ring slots is 0");
    bad = good, bad.dma_channels = 0, reject_spec(&bad, "DMA channels is 0");
    bad = good, bad.interrupt_s = -1, reject_spec(&bad, "interrupt is -1");
    bad = good, bad.dma_setup_s = NAN, reject_spec(&bad, "DMA set-up is nan");
    bad = good, bad.services[CARD_SM4].fixed_s = -1e-6, reject_spec(&bad, "sm4: fixed time");
    bad = good, bad.services[CARD_SM3].per_byte_s = INFINITY, reject_spec(&bad, "sm3: time per byte is inf");
    bad = good, bad.services[CARD_SM1].group = 3, reject_spec(&bad, "sm1: engine group is 3");
    bad = good, bad.name = "", reject_spec(&bad, "no name");
    bad = good, bad.processors = 4097, reject_spec(&bad, "processors is 4097, expected 0 to 4096");
    bad = good, bad.processors = 1, bad.processor_switch_s = -1, reject_spec(&bad, "switch of a processor is -1");
    bad = good, bad.processor_switch_s = 1e-6, reject_spec(&bad, "processors is 0");
    bad = good, bad.processors_run_guests = TRUE, reject_spec(&bad, "processors is 0");
}
END_TEST

START_TEST(algorithms_are_known_by_name)
{
    CardAlgorithm algorithm;

    for (guint i = 0; i < CARD_ALGORITHMS; i++) {
        ck_assert(cardspec_algorithm_parse(cardspec_algorithm_name((CardAlgorithm)i), &algorithm));
        ck_assert_uint_eq(algorithm, i);
    }
    ck_assert(!cardspec_algorithm_parse("sm5", &algorithm));
    ck_assert(!cardspec_algorithm_parse(NULL, &algorithm));
}
END_TEST

START_TEST(outputs_have_the_sizes_of_their_algorithms)
{
    const CardSpec spec = fixture_sjk1828();

    ck_assert_uint_eq(cardspec_output_bytes(&spec, CARD_SM4, 4096), 4096);
    ck_assert_uint_eq(cardspec_output_bytes(&spec, CARD_SM3, 4096), 32);
    ck_assert_uint_eq(cardspec_output_bytes(&spec, CARD_SM2_SIGN, 32), 64);
    ck_assert_uint_eq(cardspec_output_bytes(&spec, CARD_SM2_ENCRYPT, 100), 196);
    ck_assert_uint_eq(cardspec_output_bytes(&spec, CARD_SM2_DECRYPT, 100), 4);
    ck_assert_uint_eq(cardspec_output_bytes(&spec, CARD_SM2_DECRYPT, 10), 0);
}
END_TEST

static void
reject_path(const CardStation *stations, guint n, const char *words)
{
    const CardPath path = {"p", stations, n};
    GError *error = NULL;

    ck_assert(!cardpath_check(&path, &error));
    assert_says(error, words);
}

START_TEST(a_bad_path_is_refused_with_its_reason)
{
    const CardStation a = {"a", NULL, CARD_GUEST, CARD_FORWARD, 1, 1e-6};
    const CardStation z = {"z", NULL, CARD_GUEST, CARD_RETURN, 1, 1e-6};
    CardStation path[3] = {a, z, z};

    path[2].name = "y";
    ck_assert(cardpath_check(&(CardPath){"p", path, 3}, NULL));
    path[0].fixed_s = -1, reject_path(path, 3, "a: fixed time");
    path[0] = a, path[0].per_byte_s = NAN, reject_path(path, 3, "a: time per byte");
    path[0] = a, path[0].spread_share = 1.5, reject_path(path, 3, "spread");
    path[0] = a, path[0].name = "z", reject_path(path, 3, "there twice");
    path[0] = a, path[0].name = "engine", reject_path(path, 3, "card's own");
    path[0] = a, path[0].server = "processors", reject_path(path, 3, "card's own");
    path[0] = a, path[0].name = NULL, reject_path(path, 3, "needs a name");
    path[0] = a, path[0].held_until = "nowhere", reject_path(path, 3, "not on the path");
    path[0] = a, path[1].held_until = "a", reject_path(path, 3, "lies before");
    path[1] = z, path[1].held_until = "engine", reject_path(path, 3, "lies before");
    path[1] = z, path[1].group_max = 4, reject_path(path, 3, "only a forward station");
    {
        CardStation groups[] = {a, a};
        groups[1].name = "again";
        groups[0].group_max = groups[1].group_max = 4;
        reject_path(groups, 2, "only one station of a path can group");
    }
    path[1] = z, path[2].direction = CARD_FORWARD, reject_path(path, 3, "forward station stands after");
    path[2] = z, path[2].name = "y", path[0].server = path[2].server = "s", path[2].servers = 2;
    reject_path(path, 3, "disagrees");
    CardStation many[CARDPATH_STATIONS_MAX + 1] = {a};
    reject_path(many, G_N_ELEMENTS(many), "at most");
    GError *error = NULL;
    ck_assert(!cardpath_check(&(CardPath){NULL, path, 0}, &error));
    assert_says(error, "no name");
}
END_TEST

START_TEST(too_many_held_stations_are_refused)
{
    static const char *const NAMES[] = {"a", "b", "c", "d", "e", "f"};
    CardStation path[6];

    for (guint i = 0; i < 6; i++)
        path[i] = (CardStation){NAMES[i], NULL, CARD_GUEST, CARD_FORWARD, 1, 1e-6, .held_until = "interrupt"};
    ck_assert(cardpath_check(&(CardPath){"p", path, 4}, NULL));
    reject_path(path, 6, "can be held");
}
END_TEST

static void
reject_load(const CardLoad *load, const char *words)
{
    GError *error = NULL;

    ck_assert(!cardload_check(load, &error));
    assert_says(error, words);
}

START_TEST(a_bad_load_is_refused_with_its_reason)
{
    const CardMix mix = {CARD_SM4, 4096, 1, 0}, weightless = {CARD_SM4, 4096, 0, 0},
                  unknown = {CARD_ALGORITHMS, 1, 1, 0};
    const CardReplay back[] = {{1, CARD_SM4, 1}, {0.5, CARD_SM4, 1}}, negative[] = {{-1, CARD_SM4, 1}};

    reject_load(&(CardLoad){CARD_LOAD_CLOSED, &mix, 1}, "at least one outstanding");
    reject_load(&(CardLoad){CARD_LOAD_CLOSED, &mix, 1, .outstanding = 1, .think_s = -1}, "think time");
    reject_load(&(CardLoad){CARD_LOAD_CLOSED, NULL, 0, .outstanding = 1}, "at least one algorithm");
    reject_load(&(CardLoad){CARD_LOAD_CLOSED, &weightless, 1, .outstanding = 1}, "weight");
    reject_load(&(CardLoad){CARD_LOAD_CLOSED, &unknown, 1, .outstanding = 1}, "unknown algorithm");
    reject_load(&(CardLoad){CARD_LOAD_POISSON, &mix, 1, .rate_per_s = 0}, "rate > 0");
    reject_load(&(CardLoad){CARD_LOAD_PERIODIC, &mix, 1, .rate_per_s = INFINITY}, "rate > 0");
    reject_load(&(CardLoad){CARD_LOAD_BURSTS, &mix, 1, .rate_per_s = 1, .on_s = 1}, "on and off");
    reject_load(&(CardLoad){CARD_LOAD_REPLAY, .replay = back, .n_replay = 2}, "row 2: time 0.5 goes back");
    reject_load(&(CardLoad){CARD_LOAD_REPLAY, .replay = negative, .n_replay = 1}, "row 1");
    reject_load(&(CardLoad){CARD_LOAD_REPLAY}, "needs rows");
}
END_TEST

START_TEST(an_exchange_without_the_card_is_the_sum_of_its_stations)
{
    ck_assert_double_eq_tol(cardpath_echo_s(&FIXTURE_PATH_IVSHMEM, 4096), 16.44e-6, 1e-12);
    ck_assert_double_eq_tol(cardpath_echo_s(&FIXTURE_PATH_VSOCK, 4096), 20.46e-6, 1e-12);
    ck_assert_double_eq_tol(cardpath_echo_s(&FIXTURE_PATH_VSOCK, 8192), 21.82e-6, 1e-12);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("cardspec");

    tcase_add_test(tcase, a_bad_card_is_refused_with_its_reason);
    tcase_add_test(tcase, algorithms_are_known_by_name);
    tcase_add_test(tcase, outputs_have_the_sizes_of_their_algorithms);
    tcase_add_test(tcase, a_bad_path_is_refused_with_its_reason);
    tcase_add_test(tcase, too_many_held_stations_are_refused);
    tcase_add_test(tcase, a_bad_load_is_refused_with_its_reason);
    tcase_add_test(tcase, an_exchange_without_the_card_is_the_sum_of_its_stations);
    return check_main("cardspec", tcase, NULL);
}
