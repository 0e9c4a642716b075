/* The profiles of configs/cards and configs/paths are the parameter sets that tests/models/card holds to the paper. */
#include "sim/parts/card/card_build.h"

#include "tests/models/card/card_fixtures.h"
#include "tests/sim/world/worlds.h"

/* Times are written per KiB, or as a rate, in a profile: equal to rounding. */
#define ROUNDING 1e-12

static Scenario *
load(const char *card, const char *path)
{
    g_autofree char *text = g_strdup_printf(
        "{'name': 'x', 'hosts': [{'name': 'a'}], 'cards': [{'name': 'c', 'host': 'a', 'profile': '%s'}],"
        " 'card_paths': [{'name': 'p', 'profile': '%s'}]}",
        card, path);

    return worlds_load(text, NULL, NULL);
}

static void
expect_equal(double got, double expected)
{
    ck_assert_double_le(fabs(got - expected), ROUNDING * fabs(expected));
}

static void
expect_card(const char *profile, const CardSpec *expected)
{
    g_autoptr(Scenario) scenario = load(profile, "host");
    const CardSpec got = card_build_spec(&g_array_index(card_keys_of(&scenario->spec)->cards, CryptoCardSpec, 0));

    for (guint a = 0; a < CARD_ECHO; a++) {
        ck_assert_int_eq(got.services[a].offered, expected->services[a].offered);
        ck_assert_uint_eq(got.services[a].group, expected->services[a].group);
        expect_equal(got.services[a].fixed_s, expected->services[a].fixed_s);
        expect_equal(got.services[a].per_byte_s, expected->services[a].per_byte_s);
        expect_equal(got.services[a].out_fixed_bytes, expected->services[a].out_fixed_bytes);
        expect_equal(got.services[a].out_per_byte, expected->services[a].out_per_byte);
    }
    for (guint g = 0; g < expected->groups; g++)
        ck_assert_uint_eq(got.engines[g], expected->engines[g]);
    ck_assert_uint_eq(got.ring_slots, expected->ring_slots);
    ck_assert_uint_eq(got.dma_channels, expected->dma_channels);
    expect_equal(got.dma_setup_s, expected->dma_setup_s);
    expect_equal(got.dma_per_byte_s, expected->dma_per_byte_s);
    expect_equal(got.interrupt_s, expected->interrupt_s);
    ck_assert_uint_eq(got.packet_bytes_max, expected->packet_bytes_max);
    ck_assert_uint_eq(got.virtual_functions_max, expected->virtual_functions_max);
    ck_assert_uint_eq(got.key_slots, expected->key_slots);
}

START_TEST(cards_are_the_fitted_ones)
{
    const CardSpec fitted = fixture_sjk1828(), rival = fixture_sjk1828_rival();

    expect_card("sjk1828", &fitted);
    expect_card("sjk1828-rival", &rival);
}
END_TEST

typedef struct {
    const char *profile;
    const CardPath *path;
} KnownPath;

static const KnownPath known_paths[] = {
    {"host", &FIXTURE_PATH_HOST},
    {"host-arm", &FIXTURE_PATH_HOST_ARM},
    {"ivshmem", &FIXTURE_PATH_IVSHMEM},
    {"ivshmem-serial", &FIXTURE_PATH_IVSHMEM_SERIAL},
    {"ivshmem-per-vm", &FIXTURE_PATH_IVSHMEM_OLD},
    {"vsock", &FIXTURE_PATH_VSOCK},
    {"vsock-arm", &FIXTURE_PATH_VSOCK_ARM},
    {"vsock-rival", &FIXTURE_PATH_VSOCK_RIVAL},
    {"sriov", &FIXTURE_PATH_SRIOV},
    {"passthrough", &FIXTURE_PATH_PASSTHROUGH},
    {"emulated", &FIXTURE_PATH_EMULATED},
    {"virtio-net", &FIXTURE_PATH_VIRTIO_NET},
};

static void
expect_station(const CardStation *got, const CardStation *expected)
{
    ck_assert_str_eq(got->name, expected->name);
    ck_assert_pstr_eq(got->server, expected->server);
    ck_assert_pstr_eq(got->held_until, expected->held_until);
    ck_assert_int_eq(got->place, expected->place);
    ck_assert_int_eq(got->direction, expected->direction);
    ck_assert_uint_eq(got->servers, expected->servers);
    ck_assert_uint_eq(got->flags, expected->flags);
    ck_assert_int_eq(got->spread, expected->spread);
    expect_equal(got->spread_share, expected->spread_share);
    expect_equal(got->fixed_s, expected->fixed_s);
    expect_equal(got->per_byte_s, expected->per_byte_s);
}

START_TEST(a_path_is_the_fitted_one)
{
    const CardPath *expected = known_paths[_i].path;
    g_autoptr(Scenario) scenario = load("sjk1828", known_paths[_i].profile);
    g_autoptr(CardPath) got = card_build_path(&g_array_index(card_keys_of(&scenario->spec)->paths, CardPathSpec, 0));

    ck_assert_uint_eq(got->n_stations, expected->n_stations);
    for (guint i = 0; i < got->n_stations; i++)
        expect_station(&got->stations[i], &expected->stations[i]);
    ck_assert_int_eq(got->ring_per_vm, expected->ring_per_vm);
    ck_assert_int_eq(got->needs_virtual_function, expected->needs_virtual_function);
    ck_assert_uint_eq(got->vms_max, expected->vms_max);
    ck_assert_pstr_eq(got->migration_refusal, expected->migration_refusal);
    ck_assert_pstr_eq(got->arm_refusal, expected->arm_refusal);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("card_build");

    g_setenv("TANDEM_DATA", TANDEM_SOURCE_DIR, TRUE);
    tcase_add_test(tcase, cards_are_the_fitted_ones);
    tcase_add_loop_test(tcase, a_path_is_the_fitted_one, 0, G_N_ELEMENTS(known_paths));
    return check_main("card_build", tcase, NULL);
}
