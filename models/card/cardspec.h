/* A hardware crypto card: what it computes, how long that takes, and its limits.
 *
 * Source: Tang Leshuang et al., "Crypto card virtualization", Computer Systems & Applications 2022, 31(1):286-294 (the
 * "paper" of models/card/): card SJK1828, packets of 0 to 16 KB (section 5), SM1, SM2 and SM4; SR-IOV cards offer 8 to
 * 16 virtual functions (introduction).
 *
 * paper                | here                    | unit | meaning
 * -                    | services[a].fixed_s     | s    | engine time of a request of algorithm a, whatever its size
 * -                    | services[a].per_byte_s  | s/B  | engine time per byte of input
 * 0-16 KB              | packet_bytes_max        | B    | larger packets are rejected
 * 8-16 VF              | virtual_functions_max   | -    | VMs that an SR-IOV path can serve
 * key access (sect. 6) | key_slots               | -    | slots 1 … key_slots have an owner; slot 0 is "no stored key"
 * resources (sect. 3.3)| processors              | -    | of the host, which the software of this card's paths shares
 *
 * Requests pass: submission ring (a slot is held until the result is in host memory) - DMA in - engine of the
 * algorithm's group - DMA out - completion interrupt (coalesced when asked for).
 *
 * Scope: no cryptography is computed; an engine serves one request at a time, first come first served.
 */
#ifndef TANDEM_MODELS_CARD_CARDSPEC_H
#define TANDEM_MODELS_CARD_CARDSPEC_H

#include <glib.h>

typedef enum {
    CARD_SM1,
    CARD_SM2_SIGN,
    CARD_SM2_VERIFY,
    CARD_SM2_ENCRYPT,
    CARD_SM2_DECRYPT,
    CARD_SM3,
    CARD_SM4,
    CARD_DEFLATE, /* compresses, and the next one expands: no SM algorithms, but cards have them */
    CARD_INFLATE,
    CARD_ECHO, /* the paper's Fig. 11: there and back without the card */
    CARD_ALGORITHMS
} CardAlgorithm;

#define CARD_GROUPS_MAX 4u

typedef struct {
    gboolean offered; /* FALSE: the card has not got this algorithm */
    guint group;      /* engine group that computes it */
    double fixed_s;
    double per_byte_s;
    double out_fixed_bytes; /* output = out_fixed_bytes + out_per_byte * input, at least 0 */
    double out_per_byte;
} CardService;

typedef struct {
    const char *name; /* borrowed, like all names below */
    CardService services[CARD_ALGORITHMS];
    guint groups; /* 1 … CARD_GROUPS_MAX */
    guint engines[CARD_GROUPS_MAX];
    guint ring_slots;   /* > 0 */
    guint dma_channels; /* per direction, > 0 */
    double dma_setup_s;
    double dma_per_byte_s;
    double interrupt_s;      /* from completion to the start of its handling */
    guint coalesce_requests; /* 0 or 1: an interrupt per request */
    double coalesce_s;       /* at most this long after the first completion */
    guint32 packet_bytes_max;
    guint virtual_functions_max; /* 0: not an SR-IOV card */
    guint key_slots;
    guint processors;               /* 0: always enough (models/card/cardprocessor.c) */
    gboolean processors_run_guests; /* the guests' virtual processors run on them as well */
    double processor_switch_s;      /* when a processor goes to another thread than it ran last */
    double processor_halts_s;       /* idle for that long, a processor halts; 0: never */
    double halted_notify_s;         /* what a call that wakes a server takes longer when the processor for it halts */
    double halted_wake_s;           /* and how much later the server runs */
} CardSpec;

#define CARDSPEC_PROCESSORS_MAX 4096u

typedef enum {
    CARDSPEC_ERROR_NUMBER, /* negative or not finite time, zero engines, … */
    CARDSPEC_ERROR_NAME
} CardSpecError;

#define CARDSPEC_ERROR (cardspec_error_quark())
GQuark cardspec_error_quark(void);

/* "sm1", "sm2-sign", … by CardAlgorithm, and NULL at the end; the parser answers FALSE to an unknown name and leaves
 * *algorithm alone. */
extern const char *const cardspec_algorithm_words[CARD_ALGORITHMS + 1];
const char *cardspec_algorithm_name(CardAlgorithm algorithm);
gboolean cardspec_algorithm_parse(const char *name, CardAlgorithm *algorithm) G_GNUC_WARN_UNUSED_RESULT;

gboolean cardspec_check(const CardSpec *spec, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Bytes that an input of this size comes back as. */
guint32 cardspec_output_bytes(const CardSpec *spec, CardAlgorithm algorithm, guint32 bytes);

#endif
