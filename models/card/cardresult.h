/* What a card did since its statistics began: rates, latencies, queues, the bottleneck, fairness, and the checks.
 *
 * Source: Little's law (J. D. C. Little, Operations Research 9(3), 1961) as an exact identity of every run: the
 * integral of the number at a station equals the sum of the times that requests spent there (those still there up to
 * now). Fairness: R. Jain, D. Chiu, W. Hawe, DEC-TR-301, 1984: (sum x)^2 / (n sum x^2) over the VMs' rates.
 *
 * Utilization is busy servers over servers, in time; a server that is held counts as busy, one that waits for a
 * processor of the host, or wakes, too. The bottleneck is the station with the highest utilization without that
 * waiting, tokens and unlimited stations apart. A per-VM station is one line: the mean over VMs and the busiest.
 * Offered utilization is what open loads ask of a station with nobody waiting: at 1 or more no steady state exists and
 * the run is called unstable.
 *
 * Scope: a grouped packet counts as one visit after it has formed.
 */
#ifndef TANDEM_MODELS_CARD_CARDRESULT_H
#define TANDEM_MODELS_CARD_CARDRESULT_H

#include "models/card/card.h"

typedef struct {
    double mean_s, p50_s, p90_s, p99_s, p999_s, max_s;
} CardLatency;

typedef struct {
    char *name; /* owned */
    gboolean attached;
    double seconds; /* observed */
    guint64 done, rejected, refused, dropped, discarded;
    guint outstanding;
    double requests_per_s, bytes_per_s;
    CardLatency latency;
} CardVmResult;

typedef struct {
    const char *name; /* of its server; borrowed */
    const char *path; /* NULL: the card's own */
    CardPlace place;
    guint servers; /* per instance; 0: unlimited */
    guint instances;
    gboolean token;
    double utilization, utilization_max; /* 0 when unlimited */
    double working_max;                  /* utilization_max without waking and the waiting for a processor */
    double busy_mean;                    /* mean number in service, all instances */
    double queue_mean;                   /* mean number waiting, all instances */
    guint queue_max;
    guint64 visits;        /* departures */
    guint64 wakes;         /* requests that found a server asleep */
    double sojourn_mean_s; /* waiting and service */
    double offered;        /* utilization that open loads ask for */
    double little_error;   /* |N T - sum of sojourns| relative to the larger */
} CardStationResult;

typedef struct {
    double start_s, seconds;
    GArray *vms;      /* owned, of CardVmResult */
    GArray *stations; /* owned, of CardStationResult */
    guint64 done, rejected, refused, dropped, discarded;
    double requests_per_s, bytes_per_s;
    CardLatency latency; /* over all VMs */
    gint bottleneck;     /* index in stations, -1 when nothing was busy */
    double jain;         /* 1: all attached VMs at one rate; 1/n: one has all */
    double offered;      /* the highest of the stations */
    gint offered_station;
    gboolean unstable;
    double little_error; /* the largest of the stations */
} CardResult;

CardResult *cardresult_new(const Card *card);
void cardresult_free(CardResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CardResult, cardresult_free)

const CardVmResult *cardresult_vm(const CardResult *result, guint index);
const CardStationResult *cardresult_station(const CardResult *result, guint index);
/* The line of this name (path NULL: the card's own), NULL when there is none. */
const CardStationResult *cardresult_find(const CardResult *result, const char *path, const char *name);

#endif
