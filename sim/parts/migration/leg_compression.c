#include "sim/parts/migration/leg_compression.h"

#include <math.h>

typedef struct {
    double bytes, ratio; /* NAN: no page was compressed */
} CompressionNumbers;

static const RecordField compression_fields[] = {
    {"compressed_bytes", RECORD_NUMBER(CompressionNumbers, bytes),
     "what its pages with content were compressed to, without headers"},
    {"compression_ratio", RECORD_NUMBER(CompressionNumbers, ratio),
     "bytes of these pages over that; under xbzrle of all pages with content, those that went whole too; null when "
     "there was none, or nothing of them"},
    {NULL},
};
const Record leg_compression_record = {"migration.NAME.LEG", compression_fields,
                                       "a leg whose hypervisor compresses pages"};

static const RecordField xbzrle_fields[] = {
    {"xbzrle_pages", RECORD_COUNT(XbzrleCounts, pages), "QEMU: pages that were in the cache, xbzrle-cache.pages"},
    {"xbzrle_bytes", RECORD_NUMBER(XbzrleCounts, bytes), "QEMU: what of these was sent, xbzrle-cache.bytes"},
    {"xbzrle_cache_misses", RECORD_COUNT(XbzrleCounts, cache_misses),
     "QEMU: pages that were not, after the first round"},
    {"xbzrle_overflows", RECORD_COUNT(XbzrleCounts, overflows),
     "QEMU: encodings longer than their page, which went whole"},
    {"xbzrle_identical", RECORD_COUNT(XbzrleCounts, identical),
     "pages in the cache that had not changed: nothing went"},
    {NULL},
};
const Record leg_xbzrle_record = {"migration.NAME.LEG", xbzrle_fields, "a leg under xbzrle"};

double
leg_compression_stream_bytes(const Leg *leg, const CopyTotals *totals)
{
    const StreamRules *rules = &leg->migration->hypervisor->stream;
    const double page_bytes = leg->pages.page_bytes, pages = (double)totals->data_pages;

    if (stream_encodes_changes(rules)) /* pages that were not in the cache are whole ones */
        return (pages - (double)totals->xbzrle.pages) * page_bytes + totals->xbzrle.bytes;
    return stream_compresses_pages(rules) ? pages * page_bytes / leg->stream.ratio : pages * page_bytes;
}

/* By whoever it is: a tunnel compresses what the stream has whole. */
static double
sent_bytes(const Leg *leg, const CopyTotals *totals)
{
    const double bytes = leg_compression_stream_bytes(leg, totals);

    return leg->migration->hypervisor->stream.compression->place == COMPRESSION_IN_TUNNEL ? bytes / leg->stream.ratio
                                                                                          : bytes;
}

/* The destination has nothing to do with those that came whole or not at all. */
double
leg_compression_encode_s(const Leg *leg, gboolean sender, const CopyTotals *totals)
{
    const StreamRules *rules = &leg->migration->hypervisor->stream;
    const XbzrleCounts *counts = &totals->xbzrle;

    if (!stream_encodes_changes(rules))
        return 0;
    const double rate_Bps = sender ? rules->compression->rate_Bps : rules->compression->receive_rate_Bps;
    const guint64 pages = sender ? counts->pages : counts->pages - counts->overflows - counts->identical;
    return isnan(rate_Bps) ? 0 : (double)pages * leg->pages.page_bytes / rate_Bps;
}

void
leg_compression_collect(const Leg *leg, gboolean said, const char *prefix, Result *result)
{
    const Compression *compression = leg->migration->hypervisor->stream.compression;

    if (!compression)
        return;
    const CopyTotals totals = copier_totals(&leg->copier);
    const double bytes = sent_bytes(leg, &totals);
    const double all_bytes = (double)totals.data_pages * leg->pages.page_bytes;
    const CompressionNumbers numbers = {bytes, bytes > 0 ? all_bytes / bytes : NAN};

    record_add(&leg_compression_record, &numbers, result, "%s", prefix);
    if (compression->method == COMPRESSION_XBZRLE)
        record_add(&leg_xbzrle_record, &totals.xbzrle, result, "%s", prefix);
    if (said && bytes > 0)
        result_say(result, "  %-6s pages compressed %.2f times, to %.1f MB", leg->label, numbers.ratio, bytes / 1e6);
}
