/* What the compression of a leg's pages came to. */
#ifndef TANDEM_SIM_PARTS_MIGRATION_LEG_COMPRESSION_H
#define TANDEM_SIM_PARTS_MIGRATION_LEG_COMPRESSION_H

#include "sim/output/record.h"
#include "sim/parts/migration/migration.h"

extern const Record leg_compression_record, leg_xbzrle_record;

/* What the leg's pages with content take of its stream, without headers: whole, or as they were compressed there. */
double leg_compression_stream_bytes(const Leg *leg, const CopyTotals *totals);

/* Processor time of encoding changed pages at the source (sender), or of decoding them; 0 of other methods. */
double leg_compression_encode_s(const Leg *leg, gboolean sender, const CopyTotals *totals);

/* Nothing of a leg whose profile compresses nothing. said: in the summary as well. */
void leg_compression_collect(const Leg *leg, gboolean said, const char *prefix, Result *result);

#endif
