#include "sim/parts/migration/stream_card_keys.h"

#include "sim/parts/card/card_keys.h"
#include "sim/specs/reject.h"

#include <math.h>

/* multifd of QEMU sends MULTIFD_PACKET_SIZE, 512 KiB, in a packet: migration/multifd.h. */
#define CARD_FIELDS(sent, received)                                                                                    \
    {"session", FIELD_REFERENCE(StreamCard, session), .refers = "/card_sessions", .required = TRUE,                    \
     .help = "without a guest, of a workload of kind none, on a card of the source"},                                  \
        {"receive_session", FIELD_REFERENCE(StreamCard, receive_session), .refers = "/card_sessions",                  \
         .help = "the same on a card of the destination; absent: its processors do it, at receive_rate"},              \
        {"algorithm", FIELD_ENUM(StreamCard, algorithm), .words = cardspec_algorithm_words, .preset = sent,            \
         .help = "that the source's card is asked for"},                                                               \
        {"receive_algorithm", FIELD_ENUM(StreamCard, receive_algorithm), .words = cardspec_algorithm_words,            \
         .preset = received, .help = "that the destination's is"},                                                     \
        {"packet",        FIELD_COUNT(StreamCard, packet_pages),                                                       \
         .preset = "128", .min = "1",                                                                                  \
         .max = "65536",  .help = "pages that are one request (512 KiB, as QEMU's multifd)"},                          \
    {                                                                                                                  \
        "under_way", FIELD_COUNT(StreamCard, under_way), .preset = "2", .min = "1", .max = "65536",                    \
                                                         .help = "packets that were asked and have not been sent, at " \
                                                                 "most"                                                \
    }

static const Field compression_fields[] = {CARD_FIELDS("deflate", "inflate"), {NULL}};
const FieldTable stream_card_compression_table = {
    "compression-card", sizeof(StreamCard), compression_fields,
    .help = "the card of the scenario that compresses: each packet is a request, beside those of guests"};

static const Field encryption_fields[] = {CARD_FIELDS("sm4", "sm4"), {NULL}};
const FieldTable stream_card_encryption_table = {
    "encryption-card", sizeof(StreamCard), encryption_fields,
    .help = "the card of the scenario that encrypts: each packet is a request, beside those of guests"};

const StreamCard *
stream_card_of(const StreamRules *rules)
{
    if (rules->compression && rules->compression->card)
        return rules->compression->card;
    return rules->encryption ? rules->encryption->card : NULL;
}

/* Whoever compresses is given pages, and whoever encrypts what the stream has of them. */
double
stream_card_request_bytes(const StreamRules *rules, const StreamPage *page)
{
    const gboolean compresses = rules->compression && rules->compression->card;

    return stream_card_of(rules)->packet_pages * (compresses ? page->bytes : stream_page_bytes(rules, page));
}

/* ---- keys that contradict each other ---- */

#define AT "/timeline/%u/hypervisor/%s/"

/* NULL: what is said of the stream by that name goes together. */
static const char *
stray_key(const StreamCard *card, double rate_Bps, double receive_rate_Bps)
{
    if (!isnan(rate_Bps))
        return "rate";
    return card->receive_session && !isnan(receive_rate_Bps) ? "receive_rate" : NULL;
}

static gboolean
check_card(const StreamCard *card, gboolean on_card, double rate_Bps, double receive_rate_Bps, const char *name,
           guint index, GError **error)
{
    const char *stray = stray_key(card, rate_Bps, receive_rate_Bps);

    if (!on_card)
        return reject(error, AT "card: the place is not \"card\", expected that place or no such key", index, name);
    if (stray)
        return reject(error, AT "%s: is given beside a card that has its own, expected no such key", index, name,
                      stray);
    return card->receive_session || !isnan(receive_rate_Bps) ||
           reject(error,
                  AT "receive_rate: is missing, expected what a core of the destination works on in a second, or "
                     "receive_session of the card",
                  index, name);
}

gboolean
stream_card_keys_check(const StreamRules *rules, guint index, GError **error)
{
    const Compression *compression = rules->compression;
    const Encryption *encryption = rules->encryption;
    const gboolean compresses = compression && compression->card, encrypts = encryption && encryption->card;

    if (compresses && encrypts)
        return reject(error, AT "card: is there beside that of compression, expected one of them", index, "encryption");
    if (encryption && !encrypts && isnan(encryption->rate_Bps))
        return reject(error, AT "rate: is missing, expected what a core, or the card, encrypts in a second", index,
                      "encryption");
    if (compresses)
        return check_card(compression->card, compression->place == COMPRESSION_ON_CARD, compression->rate_Bps,
                          compression->receive_rate_Bps, "compression", index, error);
    return !encrypts || check_card(encryption->card, encryption->place == ENCRYPTION_ON_CARD, encryption->rate_Bps,
                                   encryption->receive_rate_Bps, "encryption", index, error);
}
