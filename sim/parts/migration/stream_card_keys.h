/* What a scenario says about the card that compresses or encrypts a migration's stream, packet by packet, beside its
 * guests' requests (sim/parts/card/card_pump.h). */
#ifndef TANDEM_SIM_PARTS_MIGRATION_STREAM_CARD_KEYS_H
#define TANDEM_SIM_PARTS_MIGRATION_STREAM_CARD_KEYS_H

#include "models/card/cardspec.h"
#include "models/migration/stream_limits.h"
#include "sim/scenario/fields.h"

struct StreamCard {
    char *session;         /* on a card of the source */
    char *receive_session; /* on one of the destination; NULL: its processors, at receive_rate */
    CardAlgorithm algorithm, receive_algorithm;
    guint packet_pages;
    guint under_way;
};

extern const FieldTable stream_card_compression_table, stream_card_encryption_table;

/* The card that one of them names; NULL: none does. */
const StreamCard *stream_card_of(const StreamRules *rules);
/* Of one packet of pages with content, what is asked of the card. */
double stream_card_request_bytes(const StreamRules *rules, const StreamPage *page);

/* Keys of compression or encryption, whichever name says, that contradict each other. */
gboolean stream_card_keys_check(const StreamRules *rules, guint index, GError **error) G_GNUC_WARN_UNUSED_RESULT;
#endif
