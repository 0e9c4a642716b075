/* QEMU's loop while the guest runs at the source: look at what is left, iterate over memory, keep to the bandwidth.
 *
 * Source: QEMU 7.2 migration/migration.c, migration_thread, migration_iteration_run, migration_update_counters,
 * migration_rate_limit; migration/ram.c, ram_save_setup, ram_save_iterate, ram_save_pending.
 *
 * Scope: as of qemu.h. Each function is a phase (qemu_machine.h), and leaves the next one behind.
 */
#ifndef TANDEM_MODELS_MIGRATION_QEMU_LOOP_H
#define TANDEM_MODELS_MIGRATION_QEMU_LOOP_H

#include "models/migration/qemu_machine.h"

/* The first thing: ram_init_all. The log starts empty, every page is to be sent. */
gboolean qemu_loop_set_up(Qemu *qemu, CopyAction *action);
/* ram_save_pending and what migration_iteration_run makes of it: another iteration, a synchronization, the stop. */
gboolean qemu_loop_run(Qemu *qemu, CopyAction *action);
/* The guest was paused by whoever runs the migration, which goes on. */
gboolean qemu_loop_go_on_paused(Qemu *qemu);
/* ram_save_iterate */
gboolean qemu_loop_iterate(Qemu *qemu, CopyAction *action);
/* migration_rate_limit */
gboolean qemu_loop_limit_rate(Qemu *qemu, CopyAction *action);

#endif
