/* What a leg copies, and whether it arrived: the pages of its domains, and their images at the destination. */
#ifndef TANDEM_SIM_PARTS_MIGRATION_LEG_IMAGES_H
#define TANDEM_SIM_PARTS_MIGRATION_LEG_IMAGES_H

#include "sim/parts/migration/migration.h"
#include "sim/world/invariant.h"

extern const Invariant invariant_images_equal;

/* Whether the leg's vTPM goes with the device state of its VM, and not as pages of its own. */
gboolean leg_images_carry_vtpm_as_state(const Leg *leg);
/* Whether the leg's domain of that index travels as pages. */
gboolean leg_images_include(const Leg *leg, guint domain);
/* Decides whether how many pages are dirty is drawn, or which; the first of these. */
void leg_images_count_pages(Leg *leg);
/* Makes an image of each domain that has to arrive, where the scenario verifies memory. */
void leg_images_expect(Leg *leg);
/* Puts together the pages that the leg copies. */
void leg_images_gather_pages(Leg *leg);
/* Checks that all that was to be copied has arrived, as it is now. */
void leg_images_verify(Leg *leg);
/* Checks that after post-copy's pull nothing is left behind. */
void leg_images_verify_pull(const Leg *leg);

#endif
