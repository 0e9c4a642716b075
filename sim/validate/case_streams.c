#include "sim/validate/case_streams.h"

#include "sim/validate/case_runs.h"

#include <math.h>
#include <string.h>

#define PAGE_BYTES    4096.0
#define PAGE_HEADER   8.0 /* multifd.h, MultiFDPacket_t: the offset of each page */
#define CHANNELS_MOST 255
#define LIMIT_MOST_S  1e6     /* chosen: eleven days */
#define LIMIT_LATE_S  0.08    /* measured: the script's command reaches QEMU so long after the second it names */
#define TLS_RECORD    22.0    /* RFC 8446, 5.2: bytes more in each record, … */
#define RECORD_MOST   16384.0 /* … which holds at most so many */
#define NO_TIME_Gbps  1e6     /* chosen: what costs nothing here, because its time stands elsewhere */

static const char *const compression_words[N_CASE_COMPRESSIONS] = {
    [CASE_ZLIB] = "zlib", [CASE_ZSTD] = "zstd", [CASE_XBZRLE] = "xbzrle"};
static const char *const limit_words[N_CASE_LIMITS] = {
    [CASE_GIVE_UP] = "give-up", [CASE_SUSPEND] = "suspend", [CASE_POST_COPY] = "post-copy"};

void
case_streams_clear(CaseStreams *streams)
{
    *streams = (CaseStreams){.limit_s = NAN, .cache_bytes = NAN, .setup_ms = NAN, .machine_us = NAN};
}

/* ---- the method's words ---- */

/* The number that a text begins with, when the rest is as given; NAN otherwise. */
static double
number_before(const char *text, const char *rest)
{
    char *end = NULL;
    const double number = g_ascii_isdigit(*text) ? g_ascii_strtod(text, &end) : NAN;

    return end && g_str_equal(end, rest) ? number : NAN;
}

static gboolean
take_channels(CaseStreams *streams, const char *word)
{
    const double channels = number_before(word, " channels");

    if (!(channels >= 1 && channels <= CHANNELS_MOST && channels == floor(channels)))
        return FALSE;
    streams->channels = (guint)channels;
    return TRUE;
}

static gboolean
take_compression(CaseStreams *streams, const char *word)
{
    for (int i = CASE_ZLIB; i < N_CASE_COMPRESSIONS; i++)
        if (g_str_equal(word, compression_words[i])) {
            streams->compression = (CaseCompression)i;
            return TRUE;
        }
    return FALSE;
}

static gboolean
take_limit(CaseStreams *streams, const char *word)
{
    for (int i = CASE_GIVE_UP; i < N_CASE_LIMITS; i++) {
        g_autofree char *head = g_strconcat(limit_words[i], " after ", NULL);
        const double limit_s = g_str_has_prefix(word, head) ? number_before(word + strlen(head), " s") : NAN;
        if (limit_s <= LIMIT_MOST_S) {
            streams->at_limit = (CaseLimit)i;
            streams->limit_s = limit_s;
            return TRUE;
        }
    }
    return FALSE;
}

gboolean
case_streams_take(CaseStreams *streams, const char *word)
{
    if (g_str_equal(word, "tls")) {
        streams->tls = TRUE;
        return TRUE;
    }
    return take_channels(streams, word) || take_compression(streams, word) || take_limit(streams, word);
}

gboolean
case_streams_capability(const CaseStreams *streams, const char *name)
{
    return (streams->channels > 0 && g_str_equal(name, "multifd")) ||
           (streams->compression == CASE_XBZRLE && g_str_equal(name, "xbzrle")) ||
           (streams->at_limit == CASE_POST_COPY && g_str_equal(name, "postcopy-ram"));
}

/* Levels are in the costs and in the ratio. */
gboolean
case_streams_parameter(const CaseStreams *streams, const char *name)
{
    return (streams->channels > 0 && g_str_equal(name, "multifd-channels")) ||
           (streams->compression == CASE_ZLIB && g_str_equal(name, "multifd-zlib-level")) ||
           (streams->compression == CASE_ZSTD && g_str_equal(name, "multifd-zstd-level")) ||
           (streams->compression != CASE_PLAIN && g_str_equal(name, "multifd-compression")) ||
           (streams->compression == CASE_XBZRLE && g_str_equal(name, "xbzrle-cache-size")) ||
           (streams->tls && g_str_equal(name, "tls-creds"));
}

/* ---- the rest ---- */

#define COST_MOST_US  1e6
#define SETUP_MOST_MS 1e6

static const CaseNumber costs[] = {
    {"costs", "main_us", TRUE, FALSE, 0, COST_MOST_US, G_STRUCT_OFFSET(CaseStreams, main_us)},
    {"costs", "send_us", TRUE, FALSE, 0, COST_MOST_US, G_STRUCT_OFFSET(CaseStreams, send_us)},
    {"costs", "receive_us", TRUE, FALSE, 0, COST_MOST_US, G_STRUCT_OFFSET(CaseStreams, receive_us)},
    {"costs", "source_us", FALSE, FALSE, 0, COST_MOST_US, G_STRUCT_OFFSET(CaseStreams, source_us)},
    {"costs", "destination_us", FALSE, FALSE, 0, COST_MOST_US, G_STRUCT_OFFSET(CaseStreams, destination_us)},
    {"costs", "machine_us", FALSE, FALSE, 0, COST_MOST_US, G_STRUCT_OFFSET(CaseStreams, machine_us)},
    {"costs", "setup_ms", FALSE, FALSE, 0, SETUP_MOST_MS, G_STRUCT_OFFSET(CaseStreams, setup_ms)},
    {"costs", "ratio", TRUE, FALSE, 0.1, 1e4, G_STRUCT_OFFSET(CaseStreams, ratio)},
    {NULL, "guest_share", FALSE, FALSE, 0, 1, G_STRUCT_OFFSET(CaseStreams, guest_share)},
};
static const CaseNumber cache = {"migration/parameters",
                                 "xbzrle-cache-size",
                                 FALSE,
                                 TRUE,
                                 PAGE_BYTES,
                                 1e15,
                                 G_STRUCT_OFFSET(CaseStreams, cache_bytes)};

/* As "0" or "0,1"; 0: it is not said. */
static guint
cores(const cJSON *root, const char *side)
{
    const char *list = case_text(case_child(root, "processors"), side);
    g_auto(GStrv) each = list ? g_strsplit(list, ",", -1) : NULL;

    return each ? g_strv_length(each) : 0;
}

/* Two sides on the same processors are two hosts of one machine, where it is known what these did for the migration. */
static void
read_cores(CaseStreams *streams, const cJSON *root)
{
    const cJSON *processors = case_child(root, "processors");

    if (g_strcmp0(case_text(processors, "source"), case_text(processors, "destination")) == 0) {
        streams->shared_cores = isnan(streams->machine_us) ? 0 : cores(root, "source");
        return;
    }
    streams->source_cores = cores(root, "source");
    streams->destination_cores = cores(root, "destination");
}

gboolean
case_streams_read(CaseStreams *streams, const char *path, const cJSON *root, GError **error)
{
    const gboolean compresses = streams->compression == CASE_ZLIB || streams->compression == CASE_ZSTD;

    streams->has_costs = cJSON_IsObject(case_child(root, "costs"));
    if (!streams->has_costs && (compresses || streams->tls))
        return case_wrong(path, "/costs: is missing, expected what threads that compress or encrypt cost", error);
    if (!case_numbers_of(path, &cache, 1, root, streams, error))
        return FALSE;
    if (!streams->has_costs)
        return TRUE;
    if (!case_numbers_of(path, costs, G_N_ELEMENTS(costs), root, streams, error))
        return FALSE;
    read_cores(streams, root);
    return TRUE;
}

enum { WAY_PLAIN, WAY_CHANNELS, WAY_TLS, WAY_ZLIB, WAY_ZSTD, WAY_XBZRLE };

const char *const case_way_words[CASE_WAYS] = {[WAY_PLAIN] = "one connection",
                                               [WAY_CHANNELS] = "channels",
                                               [WAY_TLS] = "tls",
                                               [WAY_ZLIB] = "zlib",
                                               [WAY_ZSTD] = "zstd",
                                               [WAY_XBZRLE] = "xbzrle"};

guint
case_streams_way(const CaseStreams *streams)
{
    static const guint of[N_CASE_COMPRESSIONS] = {
        [CASE_ZLIB] = WAY_ZLIB, [CASE_ZSTD] = WAY_ZSTD, [CASE_XBZRLE] = WAY_XBZRLE};

    if (streams->compression != CASE_PLAIN)
        return of[streams->compression];
    if (streams->tls)
        return WAY_TLS;
    return streams->channels > 0 ? WAY_CHANNELS : WAY_PLAIN;
}

/* ---- as a scenario ---- */

#define HYPERVISOR "/timeline/0/hypervisor/"

/* Of a core, for the bytes of pages; Gb/s. */
static double
rate_Gbps(double us)
{
    return us > 0 ? PAGE_BYTES * 8 / (us * 1e3) : NO_TIME_Gbps;
}

/* With one connection and without multifd the main thread sends. */
static double
sending_us(const CaseStreams *streams)
{
    const double besides_us =
        fmax(streams->source_us - streams->main_us - streams->send_us, 0); /* 0 where one is NAN */

    return (streams->channels > 0 ? streams->send_us : streams->main_us) + besides_us;
}

/* What both sides' processors did and the source's threads did not is counted where pages are received: the kernel's
 * network stack, in interrupts, and the receiving QEMU. On one machine it does not matter where. */
static double
receiving_us(const CaseStreams *streams)
{
    const double shared_us = streams->machine_us - streams->main_us - streams->send_us;

    return fmax(fmax(streams->destination_us, streams->receive_us), shared_us); /* without those that are NAN */
}

static double
finding_us(const CaseStreams *streams)
{
    return streams->channels > 0 ? streams->main_us : sending_us(streams);
}

static void
add_compression(const CaseStreams *streams, GPtrArray *settings)
{
    const double left_bytes = PAGE_BYTES / streams->ratio - PAGE_HEADER;

    if (streams->compression == CASE_XBZRLE) {
        case_settings_add(settings, HYPERVISOR "compression={\"method\":\"xbzrle\"}");
        case_settings_add(settings, "/guests/0/write_bytes=1B"); /* guest.c */
        if (!isnan(streams->cache_bytes))
            case_settings_add(settings, HYPERVISOR "compression/cache=%.0fB", streams->cache_bytes);
        return;
    }
    case_settings_add(settings,
                      HYPERVISOR "compression={\"method\":\"%s\",\"ratio\":%.6f,\"rate\":\"%.6fGbps\","
                                 "\"receive_rate\":\"%.6fGbps\"}",
                      compression_words[streams->compression], MAX(PAGE_BYTES / left_bytes, 1),
                      rate_Gbps(sending_us(streams)), rate_Gbps(receiving_us(streams)));
}

/* QEMU writes each piece of memory by itself, as a record or several (qio_channel_tls_writev): a page, and without
 * multifd its header before it; of a channel that compresses its whole packet. */
static double
tls_overhead(const CaseStreams *streams, gboolean compresses)
{
    if (compresses)
        return TLS_RECORD / RECORD_MOST;
    return streams->channels > 0 ? TLS_RECORD / PAGE_BYTES : 2 * TLS_RECORD / (PAGE_BYTES + PAGE_HEADER);
}

/* Threads that compress as well have all their time there. */
static void
add_encryption(const CaseStreams *streams, gboolean compresses, GPtrArray *settings)
{
    const double send_us = compresses ? 0 : sending_us(streams), receive_us = compresses ? 0 : receiving_us(streams);

    case_settings_add(settings,
                      HYPERVISOR
                      "encryption={\"place\":\"channel\",\"rate\":\"%.6fGbps\",\"receive_rate\":\"%.6fGbps\","
                      "\"overhead\":%.6f}",
                      rate_Gbps(send_us), rate_Gbps(receive_us), tls_overhead(streams, compresses));
}

/* Of threads that neither compress nor encrypt. */
static void
add_rates(const CaseStreams *streams, GPtrArray *settings)
{
    if (streams->channels > 0)
        case_settings_add(settings, HYPERVISOR "channel_rate=%.6fGbps", rate_Gbps(sending_us(streams)));
    case_settings_add(settings, HYPERVISOR "receive_rate=%.6fGbps", rate_Gbps(receiving_us(streams)));
}

static void
add_threads(const CaseStreams *streams, GPtrArray *settings)
{
    const gboolean compresses = streams->compression == CASE_ZLIB || streams->compression == CASE_ZSTD;
    const gboolean in_encryption = streams->tls && streams->channels == 0;

    case_settings_add(settings, HYPERVISOR "page_work=%.6fus", in_encryption ? 0 : finding_us(streams));
    if (compresses)
        add_compression(streams, settings);
    if (streams->tls)
        add_encryption(streams, compresses, settings);
    if (!compresses && !streams->tls)
        add_rates(streams, settings);
}

static void
add_hosts(const CaseStreams *streams, GPtrArray *settings)
{
    const guint of[] = {streams->source_cores, streams->destination_cores};

    for (guint i = 0; i < G_N_ELEMENTS(of); i++)
        if (of[i] > 0) {
            case_settings_add(settings, "/hosts/%u/processors=shared", i);
            case_settings_add(settings, "/hosts/%u/cores=%u", i, of[i]);
        }
    if (streams->shared_cores > 0) {
        case_settings_add(settings, "/hosts/0/processors=shared");
        case_settings_add(settings, "/hosts/0/cores=%u", streams->shared_cores);
        case_settings_add(settings, "/hosts/1/processors_of=source");
    }
    if (!isnan(streams->guest_share))
        case_settings_add(settings, "/guests/0/cpu_share=%.6f", streams->guest_share);
}

void
case_streams_add(const CaseStreams *streams, GPtrArray *settings)
{
    if (streams->channels > 0) { /* with QEMU 10.0's defaults */
        case_settings_add(settings, HYPERVISOR "channels=%u", streams->channels);
        case_settings_add(settings, HYPERVISOR "packet_pages=128");
        case_settings_add(settings, HYPERVISOR "zero_pages=channels");
    }
    if (streams->compression == CASE_XBZRLE)
        add_compression(streams, settings);
    if (streams->has_costs) {
        add_threads(streams, settings);
        add_hosts(streams, settings);
    }
    if (streams->at_limit == CASE_NO_LIMIT)
        return;
    case_settings_add(settings, HYPERVISOR "at_time_limit=%s", limit_words[streams->at_limit]);
    case_settings_add(settings, HYPERVISOR "time_limit=%.6fs", streams->limit_s + LIMIT_LATE_S);
}
