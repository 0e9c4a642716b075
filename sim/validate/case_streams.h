/* How a measured migration was sent: over how many connections, compressed, encrypted, what was done when its time was
 * up; and what the work of its threads costs, measured alone (scripts/measure/qemu/costs.py).
 *
 * The words of a case's method say it. Costs are of whole threads: what a page costs the thread that finds it, those
 * that send it and those that receive it, whatever they did with it; so one number goes to the key that the method
 * makes the main one, and the others take no time. */
#ifndef TANDEM_SIM_VALIDATE_CASE_STREAMS_H
#define TANDEM_SIM_VALIDATE_CASE_STREAMS_H

#include "sim/validate/case_json.h"

typedef enum { CASE_PLAIN, CASE_ZLIB, CASE_ZSTD, CASE_XBZRLE, N_CASE_COMPRESSIONS } CaseCompression;
typedef enum { CASE_NO_LIMIT, CASE_GIVE_UP, CASE_SUSPEND, CASE_POST_COPY, N_CASE_LIMITS } CaseLimit;

typedef struct {
    guint channels; /* of multifd; 0: it is off */
    CaseCompression compression;
    gboolean tls;
    CaseLimit at_limit;
    double limit_s;     /* as the tool was told; NAN: none */
    double cache_bytes; /* of xbzrle; NAN: as QEMU has it */

    gboolean has_costs;
    double main_us, send_us, receive_us; /* of each page with content; NAN without costs, as those below */
    double source_us, destination_us;    /* all that a side's own processors did for it; NAN: not known */
    double machine_us;                   /* all that those did that both sides have; NAN: not known */
    double setup_ms;    /* before the first page; in QEMU's total, not in a prediction's; NAN: not known */
    double ratio;       /* of the bytes of such pages to those on the wire */
    double guest_share; /* of its processor that the guest took before */
    guint source_cores, destination_cores; /* of QEMU at either side, its own; 0: they were not set apart */
    guint shared_cores;                    /* of both together; 0: they were not the same */
} CaseStreams;

/* Nothing is said of the streams. */
void case_streams_clear(CaseStreams *streams);
/* A word of the method, as "4 channels", "zstd", "tls", "suspend after 20 s". FALSE: it is none of these. */
gboolean case_streams_take(CaseStreams *streams, const char *word) G_GNUC_WARN_UNUSED_RESULT;
/* The rest, when all words are taken. */
gboolean case_streams_read(CaseStreams *streams, const char *path, const cJSON *root, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Whether what was taken accounts for a capability, or a parameter, that QEMU was told. */
gboolean case_streams_capability(const CaseStreams *streams, const char *name);
gboolean case_streams_parameter(const CaseStreams *streams, const char *name);

/* What of its way is most of a migration's work: "xbzrle", "zstd", "zlib", "tls", "channels", "one connection". */
#define CASE_WAYS 6
extern const char *const case_way_words[CASE_WAYS];
guint case_streams_way(const CaseStreams *streams);

/* Adds "POINTER=VALUE" to the settings of the scenario. */
void case_streams_add(const CaseStreams *streams, GPtrArray *settings);

#endif
