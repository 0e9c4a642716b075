#include "sim/claims/xenvmc.h"

#include "sim/claims/socket_runs.h"
#include "sim/output/csv.h"

#include <math.h>

#define NETPERF_RECEIVE "85KiB" /* what a receive of netperf's TCP_STREAM asks for: Linux's default, 87380 bytes */

/* ---- ratios of 2012 ---- */

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

/* ---- curves of one machine ---- */

typedef enum { ROUND_TRIP_US, ROUND_TRIPS_PER_S, STREAM_MBPS, N_QUANTITIES } Quantity;

static const struct {
    const char *text, *unit, *application, *metric;
} quantities[N_QUANTITIES] = {
    [ROUND_TRIP_US] = {"round trip", "us", "request-response", "socket.s.before.messages_per_s"},
    [ROUND_TRIPS_PER_S] = {"round trips", "1/s", "request-response", "socket.s.before.messages_per_s"},
    [STREAM_MBPS] = {"stream", "Mb/s", "bulk", "socket.s.before.throughput_Bps"},
};

enum { FIRST_2012 = 64, FIRST_2016 = 256 };

typedef struct {
    const char *id, *source, *profile;
    const char *network; /* NULL: as ever */
    Quantity quantity;
    gboolean udp;         /* without TCP's work and acknowledgments */
    guint first_bytes;    /* the others are twice the one before */
    guint sizes;          /* how many there are */
    const double *values; /* published; NULL: not known, predicted only */
    guint fitted;         /* bits of the sizes that its profile was fitted to */
    double tolerance;
} Series;

enum { ALL = ~0u, EVERY_SECOND = 0x155u, NONE = 0 };

static const double netback_2016_rr[] = {4900}, xenloop_2016_rr[] = {30000};
/* Mb/s at 2^8 … 2^15 bytes */
static const double netback_2016_stream[] = {1050, 1870, 5030, 6320, 6550, 5850, 5030, 4910};
static const double xenloop_2016_stream[] = {1900, 2200, 2300, 2200, 3700, 9800, 15000, 13200};

static const Series series[XENVMC_SERIES] = {
    {"xenvmc-2012-own-latency", "XenVMC 2012, Fig. 8: XenVMC's round trip", "invention-2012", NULL, ROUND_TRIP_US,
     FALSE, FIRST_2012, XENVMC_SIZES, latency_us[XENVMC_INVENTION], ALL, 0.15},
    {"xenvmc-2012-own-stream", "XenVMC 2012, Fig. 7: XenVMC's stream", "invention-2012", NULL, STREAM_MBPS, FALSE,
     FIRST_2012, XENVMC_SIZES, stream_Mbps[XENVMC_INVENTION], EVERY_SECOND, 0.25},
    {"liu-2016-netback-requests", "Liu 2016: TCP_RR over netfront", "netback-2016", "netback-2016", ROUND_TRIPS_PER_S,
     FALSE, 1, 1, netback_2016_rr, ALL, 0.05},
    {"liu-2016-xenloop-requests", "Liu 2016: TCP_RR over XenLoop", "xenloop-2016", NULL, ROUND_TRIPS_PER_S, FALSE, 1, 1,
     xenloop_2016_rr, ALL, 0.05},
    {"liu-2016-netback-stream", "Liu 2016: TCP_STREAM over netfront", "netback-2016", "netback-2016", STREAM_MBPS,
     FALSE, FIRST_2016, 8, netback_2016_stream, 1u << 0 | 1u << 4, 0.25},
    {"liu-2016-xenloop-stream", "Liu 2016: TCP_STREAM over XenLoop", "xenloop-2016", NULL, STREAM_MBPS, FALSE,
     FIRST_2016, 8, xenloop_2016_stream, 1u << 2, 0.25},
    {"liu-2016-invention-requests", "Liu 2016: TCP_RR over XenVMC", "invention-2016", NULL, ROUND_TRIPS_PER_S, FALSE, 1,
     1, NULL, NONE, NAN},
    {"liu-2016-invention-stream", "Liu 2016: TCP_STREAM over XenVMC", "invention-2016", NULL, STREAM_MBPS, FALSE,
     FIRST_2016, 8, NULL, NONE, NAN},
    {"liu-2016-netback-udp", "Liu 2016: UDP_RR over netfront", "netback-2016", "netback-2016", ROUND_TRIPS_PER_S, TRUE,
     1, 1, NULL, NONE, NAN},
    {"liu-2016-xenloop-udp", "Liu 2016: UDP_RR over XenLoop", "xenloop-2016", NULL, ROUND_TRIPS_PER_S, TRUE, 1, 1, NULL,
     NONE, NAN},
};

/* ---- running ---- */

static guint
size_bytes(guint size)
{
    return (guint)FIRST_2012 << size;
}

static gboolean
add_pair(guint *run, Batch *batch, const SocketPair *pair, GError **error)
{
    *run = socket_runs_add_pair(batch, pair, error);
    return *run != G_MAXUINT;
}

static gboolean
prepare_ratios(XenvmcRuns *runs, Batch *batch, GError **error)
{
    for (guint system = 0; system < XENVMC_SYSTEMS; system++)
        for (guint size = 0; size < XENVMC_SIZES; size++) {
            SocketPair pair = {.profile = profiles[system], .buffer = "64KiB", .bytes = size_bytes(size)};
            pair.application = "request-response";
            if (!add_pair(&runs->requests[system][size], batch, &pair, error))
                return FALSE;
            pair.application = "bulk";
            if (!add_pair(&runs->streams[system][size], batch, &pair, error))
                return FALSE;
        }
    return TRUE;
}

gboolean
xenvmc_prepare(XenvmcRuns *runs, Batch *batch, GError **error)
{
    for (guint s = 0; s < XENVMC_SERIES; s++)
        for (guint i = 0; i < series[s].sizes; i++) {
            const Quantity quantity = series[s].quantity;
            const SocketPair pair = {.profile = series[s].profile,
                                     .network = series[s].network,
                                     .udp = series[s].udp,
                                     .application = quantities[quantity].application,
                                     .buffer = "64KiB",
                                     .bytes = series[s].first_bytes << i,
                                     .receive = quantity == STREAM_MBPS ? NETPERF_RECEIVE : NULL};
            if (!add_pair(&runs->series[s][i], batch, &pair, error))
                return FALSE;
        }
    return prepare_ratios(runs, batch, error);
}

/* ---- claims ---- */

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

/* In the series' unit. */
static double
series_value(const XenvmcRuns *runs, const Batch *batch, guint s, guint i)
{
    const Quantity quantity = series[s].quantity;
    const double value = result_number(batch_result(batch, runs->series[s][i]), quantities[quantity].metric);

    if (quantity == STREAM_MBPS)
        return value * 8e-6;
    return quantity == ROUND_TRIP_US ? 1e6 / value : value;
}

static ClaimRole
series_role(guint s, guint i)
{
    return series[s].fitted >> i & 1 ? ROLE_CALIBRATED : ROLE_PREDICTED;
}

static void
claim_series(const XenvmcRuns *runs, const Batch *batch, ClaimSet *claims, guint s)
{
    const Series *curve = &series[s];
    const char *unit = quantities[curve->quantity].unit;

    for (guint i = 0; i < curve->sizes; i++) {
        g_autofree char *id = g_strdup_printf("%s-%u", curve->id, curve->first_bytes << i);
        const double value = series_value(runs, batch, s, i);
        if (!curve->values)
            claims_add_prediction(claims, id, unit, value);
        else
            claims_add_value(claims, id, curve->source, series_role(s, i), unit, curve->values[i], value,
                             curve->tolerance, "read off a figure, on that machine's own profile");
    }
}

void
xenvmc_claim(const XenvmcRuns *runs, const Batch *batch, ClaimSet *claims)
{
    for (guint size = 0; size < XENVMC_SIZES; size++)
        claim_size(runs, batch, claims, size);
    claim_small_streams(runs, batch, claims);
    for (guint s = 0; s < XENVMC_SERIES; s++)
        claim_series(runs, batch, claims, s);
}

/* ---- figure ---- */

char *
xenvmc_csv(const XenvmcRuns *runs, const Batch *batch)
{
    GString *csv = g_string_new("series,profile,quantity,unit,bytes,published,tandem,role\n");

    for (guint s = 0; s < XENVMC_SERIES; s++)
        for (guint i = 0; i < series[s].sizes; i++) {
            const Quantity quantity = series[s].quantity;
            g_string_append_printf(csv, "%s,%s,%s,%s,%u", series[s].id, series[s].profile, quantities[quantity].text,
                                   quantities[quantity].unit, series[s].first_bytes << i);
            csv_append_number(csv, series[s].values ? series[s].values[i] : NAN);
            csv_append_number(csv, series_value(runs, batch, s, i));
            g_string_append_printf(csv, ",%s\n", claim_role_text(series_role(s, i)));
        }
    return g_string_free(csv, FALSE);
}
