/* vTPMs in the world: instance domains, each bound to one VM, and the scripts that call them. */
#ifndef TANDEM_SIM_PARTS_VTPM_VTPM_PART_H
#define TANDEM_SIM_PARTS_VTPM_VTPM_PART_H

#include "sim/world/part.h"

extern const Part vtpm_part;

/* The VM's vTPM; NULL: it has none. */
Domain *vtpm_part_of(const Domain *vm);
gboolean vtpm_part_is_vtpm(const Domain *domain);
/* Of the vTPM that the VM's configuration names; the VM has a vTPM. */
const char *vtpm_part_bound_uuid(const Domain *vm);
/* Of the vTPM that the host's manager has for the VM: its own one, unless the manager was told otherwise. */
const char *vtpm_part_bound_uuid_on(const Domain *vm, guint host);

/* Whether the vTPM would serve its VM's command now. */
gboolean vtpm_part_serves(const Domain *vtpm);

/* The vTPM's state travels in its pages. A copy of it begins, in which nothing has been received. */
void vtpm_part_depart(const Domain *vtpm);
/* The pages in mask (n_words words, starting at word first_word) have been received, as they are now. vtpm: a Domain.
 */
void vtpm_part_receive(gpointer vtpm, gsize first_word, gsize n_words, const guint64 *mask);
/* The whole state has, in one piece. */
void vtpm_part_receive_all(const Domain *vtpm);
/* The bytes of it that travel with a guest that is shut down; 0: they are on shared storage. */
double vtpm_part_state_bytes(const Domain *vtpm);
/* What its state needs, in seconds: before anything is sent; once its domain has been stopped; before its domain may
 * run at the destination. */
double vtpm_part_expect_s(const Domain *vtpm);
double vtpm_part_lock_s(const Domain *vtpm);
double vtpm_part_take_s(const Domain *vtpm);
/* What was received is the vTPM's state from now on, and the source's is gone. */
void vtpm_part_arrive(const Domain *vtpm);

#endif
