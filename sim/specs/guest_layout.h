/* Where a guest's used memory lies (models/memory/layout.h): as its "layout" says, or else as fits what moves it.
 *
 * QEMU looks at each page's content, so that for its migrations it matters what lies last: with all zero pages at the
 * end nothing is left to send when the guest stops, which no real guest does (docs/models/qemu.md, "Where non-zero
 * pages are"). A workload lies where the layout puts it from the beginning on, so this is decided once for a guest and
 * not for each migration: one of QEMU's mechanism in the time line is enough, and Xen's rounds hang on no order.
 */
#ifndef TANDEM_SIM_SPECS_GUEST_LAYOUT_H
#define TANDEM_SIM_SPECS_GUEST_LAYOUT_H

#include "sim/specs/scenario_spec.h"

/* As the guest says, in its pages; AUTO is read as PREFIX. */
Layout guest_layout_named(const GuestSpec *guest);
/* As it is taken, in its pages; sound when the named one is. */
Layout guest_layout_taken(const ScenarioSpec *scenario, const GuestSpec *guest);
/* Whether it makes a difference: some of its memory holds nothing. */
gboolean guest_layout_matters(const GuestSpec *guest);

#endif
