/* One measured migration of a guest that somebody watched: programs in it that call its vTPM, or clients outside. From
 * the JSON that scripts/measure-qemu.sh --vtpm and --client write: the migration as of any case (case_file.h), how its
 * watchers asked, and what they felt (guest_measures.h).
 */
#ifndef TANDEM_SIM_VALIDATE_GUEST_CASE_H
#define TANDEM_SIM_VALIDATE_GUEST_CASE_H

#include "sim/validate/case_file.h"
#include "sim/validate/guest_measures.h"

/* Of a vTPM: times in ms, sizes in bytes. */
typedef struct {
    const char *command;                     /* "extend" or "quote" */
    double call_ms, usual_gap_ms;            /* medians before the migration: of a call, and between two answers */
    double permanent_B, volatile_B, saved_B; /* the state that QEMU hands over */
} GuestTpmInputs;

/* Of clients: rates a second. */
typedef struct {
    double capacity_per_s;         /* what the guest serves while it does not move */
    double service_ms, service_cv; /* of a request among others before it moved, and its coefficient of variation; NAN:
                                      not known */
    double udp_per_s, tcp_per_s, connect_per_s, ping_per_s;
    gboolean even; /* datagrams are evenly spaced, not Poisson */
    double rtt_us; /* of the one connection, by the client's kernel when the migration began */
    double rto_min_us, retries, syn_linear_timeouts, syn_retries, early_retransmission;
} GuestClientInputs;

typedef struct {
    char *path, *id;     /* borrowed of the migration; as CaseHead */
    CaseFile *migration; /* owned */
    GuestWatch watch;
    GuestTpmInputs tpm;
    GuestClientInputs client;
    double measured[N_GUEST_MEASURES]; /* NAN: was not */
} GuestCase;

/* NULL: an error names the key. (transfer full) */
GuestCase *guest_case_parse(const char *path, const cJSON *root, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void guest_case_free(GuestCase *one);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GuestCase, guest_case_free)

#endif
