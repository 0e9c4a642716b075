/* Of a card that works on a migration's stream, what no key alone can tell: whose session it is, where its card is. */
#ifndef TANDEM_SIM_PARTS_MIGRATION_STREAM_CARD_CHECK_H
#define TANDEM_SIM_PARTS_MIGRATION_STREAM_CARD_CHECK_H

#include "sim/parts/migration/migration_keys.h"

/* What hangs on the scenario: a migration of the guest, or (NULL) of all that are on the source; destination NULL: to
 * any host. */
gboolean stream_card_check(const ScenarioSpec *scenario, const HypervisorSpec *hypervisor, const GuestSpec *guest,
                           const char *source, const char *destination, guint index, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
