#include "sim/parts/migration/compression_keys.h"

#include "sim/parts/migration/stream_card_keys.h"
#include "sim/specs/reject.h"

#include <math.h>

static const char *const place_words[] = {
    [COMPRESSION_IN_CHANNEL] = "channel", [COMPRESSION_IN_TUNNEL] = "tunnel", [COMPRESSION_ON_CARD] = "card", NULL};

static const Field pages_fields[] = {
    {"ratio", FIELD_NUMBER(Compression, ratio), .required = TRUE, .min = "1",
     .help =
         "bytes of a page with content over what they are compressed to; a guest's compression_ratio goes before it"},
    {"place", FIELD_ENUM(Compression, place), .words = place_words, .preset = "channel",
     .help =
         "channel: the threads that send and receive (QEMU's multifd-compression); tunnel: processes of their own at "
         "both ends (ssh -C), of which the hypervisor does not know; card: no processor (QEMU's qatzip, qpl, uadk)"},
    {"card", FIELD_OBJECT(Compression, card), .table = &stream_card_compression_table,
     .help = "of place card: which one, with its queue; absent: a rate"},
    {NULL},
};

static const Field xbzrle_fields[] = {
    {"cache", FIELD_SIZE(Compression, cache_bytes), .preset = "64MiB", .min = "4KiB", .max = "16TiB",
     .help = "of pages as they were sent, a power of two of them (QEMU's xbzrle-cache-size)"},
    {NULL},
};

static const Field compression_fields[] = {
    {"rate", FIELD_DATA_RATE(Compression, rate_Bps), .above = "0bps",
     .help =
         "bytes of pages that a whole core, or the card, compresses; of zlib and zstd required, of xbzrle absent: no time"},
    {"receive_rate", FIELD_DATA_RATE(Compression, receive_rate_Bps), .above = "0bps",
     .help = "the same at the destination, which expands them; of zlib and zstd required, of xbzrle absent: "
             "no time"},
    {NULL},
};

static const FieldCase methods[] = {
    [COMPRESSION_ZLIB] = {"zlib", pages_fields, "each page is compressed by zlib"},
    [COMPRESSION_ZSTD] = {"zstd", pages_fields, "the same by zstd: another ratio, other rates"},
    [COMPRESSION_XBZRLE] = {"xbzrle", xbzrle_fields, "of a page that was sent before, what has changed (QEMU)"},
    {NULL},
};
const FieldTable compression_table = {"compression",
                                      sizeof(Compression),
                                      compression_fields,
                                      .tag = "method",
                                      FIELD_TAG(Compression, method),
                                      .cases = methods,
                                      .help = "of the pages that a migration sends, and whose time it takes"};

#define AT "/timeline/%u/hypervisor/compression/"

/* Nobody can say them once for all: they are a processor's, a level's and a content's. */
static gboolean
check_rates(const Compression *compression, guint index, GError **error)
{
    const char *key = isnan(compression->rate_Bps)           ? "rate"
                      : isnan(compression->receive_rate_Bps) ? "receive_rate"
                                                             : NULL;

    if (key)
        return reject(error, AT "%s: is missing, expected bytes of pages that a core works on in a second", index, key);
    return TRUE;
}

static gboolean
check_place(const StreamRules *rules, guint index, GError **error)
{
    const gboolean in_tunnel = rules->compression->place == COMPRESSION_IN_TUNNEL;

    if (in_tunnel && rules->encryption && rules->encryption->place == ENCRYPTION_IN_CHANNEL)
        return reject(error,
                      AT
                      "place: is \"tunnel\", behind channels that encrypt, where nothing is left to compress, expected "
                      "\"channel\", or encryption of another place",
                      index);
    return TRUE;
}

/* migrate_caps_check, QEMU's migration/options.c since 8.2: "Multifd is not compatible with xbzrle". */
static gboolean
check_xbzrle(const StreamRules *rules, const char *name, gboolean has_xbzrle, guint index, GError **error)
{
    if (!has_xbzrle)
        return reject(error, AT "method: is \"xbzrle\", which %s has not, expected \"zlib\" or \"zstd\"", index, name);
    if (stream_sends_apart(rules))
        return reject(error,
                      AT
                      "method: is \"xbzrle\", which %s refuses with several channels, expected \"zlib\", \"zstd\" or "
                      "one channel",
                      index, name);
    return TRUE;
}

gboolean
compression_keys_check(const StreamRules *rules, const char *name, gboolean has_xbzrle, guint index, GError **error)
{
    if (!rules->compression)
        return TRUE;
    if (rules->compression->method == COMPRESSION_XBZRLE)
        return check_xbzrle(rules, name, has_xbzrle, index, error);
    if (rules->compression->card) /* says its rate itself */
        return TRUE;
    return check_rates(rules->compression, index, error) && check_place(rules, index, error);
}

/* cache_init, QEMU's migration/page_cache.c. */
gboolean
compression_keys_check_pages(const StreamRules *rules, double page_bytes, double write_bytes, guint guest, guint index,
                             GError **error)
{
    if (!stream_encodes_changes(rules))
        return TRUE;
    const double pages = floor(rules->compression->cache_bytes / page_bytes);
    int exponent;

    if (pages < 1)
        return reject(error, AT "cache: is smaller than a page of the guest, expected at least %.0f bytes", index,
                      page_bytes);
    if (!isnan(write_bytes) && write_bytes > page_bytes)
        return reject(error, "/guests/%u/write_bytes: is more than a page, expected at most %.0f bytes", guest,
                      page_bytes);
    if (frexp(pages, &exponent) != 0.5)
        return reject(error, AT "cache: is %.0f pages, expected a power of two of them", index, pages);
    return TRUE;
}
