/* Where it matters which pages a guest has written, so that it is not enough to draw how many (models/memory/tally.h):
 *
 *   a vTPM that is copied   its commands write pages of their own choice; a joint method's pages are pairs
 *   the workload            Zipf's law gives each page a rate of its own; a sweep and a list say which page
 *   a change of workload    begins on the pages as they are
 *   "kernel", "linux"       some pages are the kernel's, or hold something, and others are not
 *   translation_entries     what TCG's dirty log misses hangs on the order of writes
 *   post-copy               the guest asks for pages
 *
 * Everywhere else "engine.pages": "auto" counts.
 */
#ifndef TANDEM_SIM_PARTS_MIGRATION_PAGES_CHECK_H
#define TANDEM_SIM_PARTS_MIGRATION_PAGES_CHECK_H

#include "sim/parts/migration/migration_keys.h"

/* Whether its mechanism treats all pages alike that hold something, and all that do not. */
gboolean pages_check_alike(const HypervisorSpec *hypervisor);

/* Whether the pages of the time line's migration of that index can be counted, where the scenario asks for it.
 * has_vtpm: its VM has one. */
gboolean pages_check(const ScenarioSpec *scenario, const MigrateKeys *migrate, gboolean has_vtpm, guint index,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
