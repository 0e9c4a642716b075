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
#ifndef TANDEM_SIM_SPECS_PAGES_CHECK_H
#define TANDEM_SIM_SPECS_PAGES_CHECK_H

#include "sim/specs/scenario_spec.h"

/* Whether its mechanism treats all pages alike that hold something, and all that do not. */
gboolean pages_are_alike_to(const HypervisorSpec *hypervisor);

/* Why the scenario's pages cannot be counted as it asks, beginning with a JSON Pointer, or NULL. (transfer full) */
char *pages_check_misfit(const ScenarioSpec *scenario);

#endif
