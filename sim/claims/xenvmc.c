#include "sim/claims/xenvmc.h"

#include "sim/claims/socket_runs.h"

static const char *const profiles[XENVMC_SYSTEMS] = {[XENVMC_NETBACK] = "netback", [XENVMC_INVENTION] = "invention"};

/* Fig. 8, microseconds of a round trip, and Fig. 7, Mb/s. */
static const double latency_us[XENVMC_SYSTEMS][XENVMC_SIZES] = {
    [XENVMC_NETBACK] = {76, 77, 79, 93, 106, 181, 218, 243, 278},
    [XENVMC_INVENTION] = {30, 30, 31, 30, 33, 31, 36, 60, 90},
};
static const double stream_Mbps[XENVMC_SYSTEMS][XENVMC_SIZES] = {
    [XENVMC_NETBACK] = {100, 150, 250, 350, 480, 600, 620, 560, 800},
    [XENVMC_INVENTION] = {150, 200, 400, 550, 1700, 4200, 5000, 7050, 6950},
};

static guint
size_bytes(guint size)
{
    return 64u << size;
}

gboolean
xenvmc_prepare(XenvmcRuns *runs, Batch *batch, GError **error)
{
    for (guint system = 0; system < XENVMC_SYSTEMS; system++)
        for (guint size = 0; size < XENVMC_SIZES; size++) {
            guint *requests = &runs->requests[system][size], *streams = &runs->streams[system][size];
            *requests =
                socket_runs_add_pair(batch, profiles[system], "request-response", "64KiB", size_bytes(size), error);
            if (*requests == G_MAXUINT)
                return FALSE;
            *streams = socket_runs_add_pair(batch, profiles[system], "bulk", "64KiB", size_bytes(size), error);
            if (*streams == G_MAXUINT)
                return FALSE;
        }
    return TRUE;
}

static double
ratio(const guint runs[XENVMC_SYSTEMS][XENVMC_SIZES], const Batch *batch, guint size, const char *metric)
{
    return result_number(batch_result(batch, runs[XENVMC_INVENTION][size]), metric) /
           result_number(batch_result(batch, runs[XENVMC_NETBACK][size]), metric);
}

static void
claim_size(const XenvmcRuns *runs, const Batch *batch, ClaimSet *claims, guint size)
{
    g_autofree char *latency = g_strdup_printf("xenvmc-2012-latency-%u", size_bytes(size));
    g_autofree char *stream = g_strdup_printf("xenvmc-2012-stream-%u", size_bytes(size));

    claims_add_value(claims, latency, "XenVMC 2012, Fig. 8: round trips per frontend-backend's", ROLE_PREDICTED,
                     "times", latency_us[XENVMC_NETBACK][size] / latency_us[XENVMC_INVENTION][size],
                     ratio(runs->requests, batch, size, "socket.s.before.messages_per_s"), 0.15,
                     "two values read off a figure, on another machine");
    claims_add_value(claims, stream, "XenVMC 2012, Fig. 7: stream per frontend-backend's", ROLE_PREDICTED, "times",
                     stream_Mbps[XENVMC_INVENTION][size] / stream_Mbps[XENVMC_NETBACK][size],
                     ratio(runs->streams, batch, size, "socket.s.before.throughput_Bps"), 0.25,
                     "two values read off a figure, on another machine");
}

/* 64 to 512 bytes. */
static void
claim_small_streams(const XenvmcRuns *runs, const Batch *batch, ClaimSet *claims)
{
    guint better = 0;

    for (guint size = 0; size_bytes(size) <= 512; size++)
        better += ratio(runs->streams, batch, size, "socket.s.before.throughput_Bps") > 1;
    g_autofree char *text = g_strdup_printf("better at %u of 4 sizes", better);
    claims_add_statement(claims, "xenvmc-2012-small-streams", "XenVMC 2012, text: streams up to 512 bytes",
                         ROLE_PREDICTED, "better only above", text, better == 0, "64, 128, 256 and 512 bytes");
}

void
xenvmc_claim(const XenvmcRuns *runs, const Batch *batch, ClaimSet *claims)
{
    for (guint size = 0; size < XENVMC_SIZES; size++)
        claim_size(runs, batch, claims, size);
    claim_small_streams(runs, batch, claims);
}
