/* What becomes of a vTPM's state when its domain goes to another host.
 *
 * Three ways (key `state`): it moves, in the pages of its domain or behind the VM's; the destination makes a new TPM,
 * and what the guest measured and sealed is lost; or it lies on storage that both hosts reach, whose lock the source
 * hands over or does not. With the key `transfer` it is handed over as models/vtpm/vtpm_transfer.h says. Then it
 * arrives (key `arrival`).
 */
#ifndef TANDEM_SIM_PARTS_VTPM_VTPM_MOVE_H
#define TANDEM_SIM_PARTS_VTPM_VTPM_MOVE_H

#include "sim/parts/vtpm/vtpm_service.h"

extern const Invariant invariant_one_live_copy, invariant_deleted_first, invariant_state_arrives;

/* Whether the destination's manager takes it, and whether its lock will be there. FALSE: why not. */
gboolean vtpm_move_is_allowed(const VtpmService *service, guint destination, Outcome *why);

/* A copy of its pages begins, in which nothing has been received. */
void vtpm_move_begin(VtpmService *service);
/* What of its state must travel though nothing of its memory does; 0: that is on shared storage. */
double vtpm_move_permanent_bytes(const VtpmService *service);
/* The destination expects it. In seconds, as the two below. */
double vtpm_move_expect_s(VtpmService *service);
/* Its domain has been stopped: it is locked and exported. */
double vtpm_move_lock_s(VtpmService *service);
/* Everything has been sent: what the destination does before it serves. */
double vtpm_move_take_s(const VtpmService *service);

void vtpm_move_receive(VtpmService *service, gsize first_word, gsize n_words, const guint64 *mask);
void vtpm_move_receive_all(VtpmService *service);
/* Its domain is at home at the destination: what was received is its state from now on. */
void vtpm_move_arrive(VtpmService *service);
/* The migration has ended, and its domain has not gone. */
void vtpm_move_give_up(VtpmService *service);

#endif
