#include "models/card/cardspec.h"

#include <math.h>

const char *const cardspec_algorithm_words[CARD_ALGORITHMS + 1] = {
    [CARD_SM1] = "sm1",
    [CARD_SM2_SIGN] = "sm2-sign",
    [CARD_SM2_VERIFY] = "sm2-verify",
    [CARD_SM2_ENCRYPT] = "sm2-encrypt",
    [CARD_SM2_DECRYPT] = "sm2-decrypt",
    [CARD_SM3] = "sm3",
    [CARD_SM4] = "sm4",
    [CARD_DEFLATE] = "deflate",
    [CARD_INFLATE] = "inflate",
    [CARD_ECHO] = "echo",
};

GQuark
cardspec_error_quark(void)
{
    return g_quark_from_static_string("tandem-cardspec-error");
}

const char *
cardspec_algorithm_name(CardAlgorithm algorithm)
{
    g_return_val_if_fail((guint)algorithm < CARD_ALGORITHMS, NULL);

    return cardspec_algorithm_words[algorithm];
}

gboolean
cardspec_algorithm_parse(const char *name, CardAlgorithm *algorithm)
{
    for (guint i = 0; i < CARD_ALGORITHMS; i++)
        if (g_strcmp0(name, cardspec_algorithm_words[i]) == 0) {
            *algorithm = (CardAlgorithm)i;
            return TRUE;
        }
    return FALSE;
}

static gboolean
check_time(const char *what, double value, GError **error)
{
    if (value >= 0 && isfinite(value))
        return TRUE;
    g_set_error(error, CARDSPEC_ERROR, CARDSPEC_ERROR_NUMBER, "%s is %g, expected a finite time >= 0", what, value);
    return FALSE;
}

static gboolean
check_count(const char *what, guint value, guint least, guint greatest, GError **error)
{
    if (value >= least && value <= greatest)
        return TRUE;
    g_set_error(error, CARDSPEC_ERROR, CARDSPEC_ERROR_NUMBER, "%s is %u, expected %u to %u", what, value, least,
                greatest);
    return FALSE;
}

static gboolean
check_service(const CardSpec *spec, CardAlgorithm algorithm, GError **error)
{
    const CardService *service = &spec->services[algorithm];

    if (!service->offered)
        return TRUE;
    if (!check_time("fixed time", service->fixed_s, error) ||
        !check_time("time per byte", service->per_byte_s, error) ||
        !check_count("engine group", service->group, 0, spec->groups - 1, error) ||
        !check_time("output per byte", service->out_per_byte, error)) {
        g_prefix_error(error, "%s: ", cardspec_algorithm_words[algorithm]);
        return FALSE;
    }
    return TRUE;
}

static gboolean
check_processors(const CardSpec *spec, GError **error)
{
    if (!check_count("processors", spec->processors, 0, CARDSPEC_PROCESSORS_MAX, error) ||
        !check_time("switch of a processor", spec->processor_switch_s, error) ||
        !check_time("time until a processor halts", spec->processor_halts_s, error) ||
        !check_time("call to a halted processor", spec->halted_notify_s, error) ||
        !check_time("wake of a halted processor", spec->halted_wake_s, error))
        return FALSE;
    if (spec->processors > 0 ||
        (!spec->processors_run_guests && spec->processor_switch_s <= 0 && spec->processor_halts_s <= 0))
        return TRUE;
    g_set_error(
        error, CARDSPEC_ERROR, CARDSPEC_ERROR_NUMBER,
        "processors is 0 (always enough), expected 1 or more where they run guests, halt, or switches cost time");
    return FALSE;
}

gboolean
cardspec_check(const CardSpec *spec, GError **error)
{
    if (!spec->name || !*spec->name) {
        g_set_error(error, CARDSPEC_ERROR, CARDSPEC_ERROR_NAME, "the card has no name");
        return FALSE;
    }
    if (!check_count("engine groups", spec->groups, 1, CARD_GROUPS_MAX, error) ||
        !check_count("ring slots", spec->ring_slots, 1, 1u << 20, error) ||
        !check_count("DMA channels", spec->dma_channels, 1, 1024, error) ||
        !check_count("coalesced requests", spec->coalesce_requests, 0, 1u << 20, error) ||
        !check_time("DMA set-up", spec->dma_setup_s, error) ||
        !check_time("DMA time per byte", spec->dma_per_byte_s, error) ||
        !check_time("interrupt", spec->interrupt_s, error) || !check_time("coalescing", spec->coalesce_s, error) ||
        !check_processors(spec, error))
        return FALSE;
    for (guint group = 0; group < spec->groups; group++)
        if (!check_count("engines", spec->engines[group], 1, 4096, error))
            return FALSE;
    for (guint algorithm = 0; algorithm < CARD_ALGORITHMS; algorithm++)
        if (!check_service(spec, (CardAlgorithm)algorithm, error))
            return FALSE;
    return TRUE;
}

guint32
cardspec_output_bytes(const CardSpec *spec, CardAlgorithm algorithm, guint32 bytes)
{
    const CardService *service = &spec->services[algorithm];

    if (algorithm == CARD_ECHO)
        return bytes;
    return (guint32)MAX(0.0, service->out_fixed_bytes + service->out_per_byte * bytes);
}
