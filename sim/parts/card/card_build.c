#include "sim/parts/card/card_build.h"

#include <math.h>

#define KIB 1024.0

static CardService
build_service(const AlgorithmSpec *spec)
{
    const double rate_part_s = isnan(spec->rate_Bps) ? 0 : 1 / spec->rate_Bps;

    return (CardService){
        .offered = TRUE,
        .group = (guint)spec->engine,
        .fixed_s = spec->fixed_s,
        .per_byte_s = spec->per_kib_s / KIB + rate_part_s,
        .out_fixed_bytes = spec->output_bytes,
        .out_per_byte = spec->output_per_byte,
    };
}

static void
build_services(const AlgorithmsSpec *spec, CardService services[CARD_ALGORITHMS])
{
    const AlgorithmSpec *const all[] = {
        [CARD_SM1] = spec->sm1,
        [CARD_SM2_SIGN] = spec->sm2_sign,
        [CARD_SM2_VERIFY] = spec->sm2_verify,
        [CARD_SM2_ENCRYPT] = spec->sm2_encrypt,
        [CARD_SM2_DECRYPT] = spec->sm2_decrypt,
        [CARD_SM3] = spec->sm3,
        [CARD_SM4] = spec->sm4,
        [CARD_DEFLATE] = spec->deflate,
        [CARD_INFLATE] = spec->inflate,
    };

    for (guint a = 0; a < G_N_ELEMENTS(all); a++)
        if (all[a])
            services[a] = build_service(all[a]);
}

CardSpec
card_build_spec(const CryptoCardSpec *spec)
{
    CardSpec card = {
        .name = spec->name,
        .groups = CARD_ENGINE_ANY + 1,
        .engines = {(guint)spec->engines->symmetric, (guint)spec->engines->asymmetric, (guint)spec->engines->hash,
                    (guint)spec->engines->any},
        .ring_slots = (guint)spec->ring_slots,
        .dma_channels = (guint)spec->dma_channels,
        .dma_setup_s = spec->dma_setup_s,
        .dma_per_byte_s = 1 / spec->dma_rate_Bps,
        .interrupt_s = spec->interrupt_s,
        .coalesce_requests = (guint)spec->coalesce_requests,
        .coalesce_s = spec->coalesce_s,
        .packet_bytes_max = (guint32)spec->packet_max_bytes,
        .virtual_functions_max = (guint)spec->virtual_functions,
        .key_slots = (guint)spec->key_slots,
        .processors = (guint)spec->processors,
        .processors_run_guests = spec->processors_run_guests,
        .processor_switch_s = spec->processor_switch_s,
        .processor_halts_s = spec->processor_halts_s,
        .halted_notify_s = spec->halted_notify_s,
        .halted_wake_s = spec->halted_wake_s,
    };

    build_services(spec->algorithms, card.services);
    return card;
}

static CardStation
build_station(const StationSpec *spec)
{
    return (CardStation){
        .name = spec->name,
        .server = spec->server,
        .place = spec->place,
        .direction = spec->direction,
        .servers = (guint)spec->servers,
        .fixed_s = spec->fixed_s,
        .per_byte_s = spec->per_kib_s / KIB,
        .flags = (spec->per_vm ? CARD_PER_VM : 0u) | (spec->card_only ? CARD_CARD_ONLY : 0u) |
                 (spec->token ? CARD_TOKEN : 0u) | (spec->latency ? CARD_LATENCY : 0u),
        .held_until = spec->held_until,
        .spread = spec->spread,
        .spread_share = spec->spread_share,
        .wake_s = spec->wake_s,
        .notify_s = spec->notify_s,
        .notify_queued_s = spec->notify_queued_s,
        .poll_s = spec->poll_s,
        .group_max = (guint)spec->group_max,
        .group_bytes_max = (guint32)spec->group_bytes,
    };
}

CardPath *
card_build_path(const CardPathSpec *spec)
{
    CardStation *stations = g_new0(CardStation, spec->stations->len);
    CardPath *path = g_new0(CardPath, 1);

    for (guint i = 0; i < spec->stations->len; i++)
        stations[i] = build_station(&g_array_index(spec->stations, StationSpec, i));
    *path = (CardPath){
        .name = spec->name,
        .stations = stations,
        .n_stations = spec->stations->len,
        .ring_per_vm = spec->ring_per_vm,
        .needs_virtual_function = spec->needs_virtual_function,
        .vms_max = (guint)spec->vms_max,
        .migration_refusal = spec->migration_refusal,
        .arm_refusal = spec->arm_refusal,
    };
    return path;
}

void
card_build_path_free(CardPath *path)
{
    if (!path)
        return;
    g_free((gpointer)path->stations);
    g_free(path);
}

GArray *
card_build_mix(const CardLoadSpec *spec)
{
    GArray *mix = g_array_new(FALSE, FALSE, sizeof(CardMix));

    for (guint i = 0; spec->mix && i < spec->mix->len; i++) {
        const MixSpec *entry = &g_array_index(spec->mix, MixSpec, i);
        const CardMix kind = {entry->algorithm, (guint32)entry->bytes, entry->weight, (guint)entry->key};
        g_array_append_val(mix, kind);
    }
    return mix;
}

CardLoad
card_build_load(const CardSessionSpec *session, const GArray *mix, const GArray *replay)
{
    const CardLoadSpec *spec = session->workload;

    return (CardLoad){
        .kind = spec->kind,
        .mix = (const CardMix *)(gconstpointer)mix->data,
        .n_mix = mix->len,
        .outstanding = (guint)spec->outstanding,
        .think_s = spec->think_s,
        .think_exponential = spec->think_exponential,
        .rate_per_s = spec->rate_per_s,
        .on_s = spec->on_s,
        .off_s = spec->off_s,
        .replay = replay ? (const CardReplay *)(gconstpointer)replay->data : NULL,
        .n_replay = replay ? replay->len : 0,
        .request_limit = (guint64)spec->requests_max,
        .require_keys = session->require_keys,
        .queue_limit = (guint)spec->queue_limit,
    };
}

char *
card_build_session_name(const CardSessionSpec *session, guint copy)
{
    return session->copies > 1 ? g_strdup_printf("%s-%u", session->name, copy + 1) : g_strdup(session->name);
}
