/* QEMU's post-copy from the source's side: the package with which the guest may run at the destination, and behind it
 * the pages that are still missing there, those first that the guest asks for.
 *
 * Source: QEMU 7.2 migration/migration.c, postcopy_start, migration_rate_limit; migration/ram.c, get_queued_page,
 * ram_save_host_page; of 8.0 ram_save_host_page_urgent, pss_overlap (post-copy preemption).
 * When the guest needs a page, and how long it waits: pulled_guest.h, faults.h.
 *
 * Scope: as of qemu.h. Begin and pull are phases (qemu_machine.h).
 */
#ifndef TANDEM_MODELS_MIGRATION_QEMU_POSTCOPY_H
#define TANDEM_MODELS_MIGRATION_QEMU_POSTCOPY_H

#include "models/migration/qemu_machine.h"

/* The guest stands still, and its package goes into the stream. */
gboolean qemu_postcopy_begin(Qemu *qemu);
gboolean qemu_postcopy_pull(Qemu *qemu, CopyAction *action);

/* POSTCOPY_PAUSED: the connection is lost, or still is. Returns when the guest has to be looked at again. */
double qemu_postcopy_pause(Qemu *qemu, double now_s);
/* The connection is there again, if it was lost: POSTCOPY_RECOVER. */
void qemu_postcopy_recover(Qemu *qemu);

/* Lets happen what is due at the guest, if it is under post-copy. TRUE: the owner has to know. */
gboolean qemu_postcopy_look_at_guest(Qemu *qemu, CopyAction *action);
/* Bytes of the wire until something happens there. */
double qemu_postcopy_bytes_to_event(Qemu *qemu);

#endif
