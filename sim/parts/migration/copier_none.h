/* The copying machine of a cold migration, whatever the hypervisor: it stops the guest, and copies no page. */
#ifndef TANDEM_SIM_PARTS_MIGRATION_COPIER_NONE_H
#define TANDEM_SIM_PARTS_MIGRATION_COPIER_NONE_H

#include "sim/parts/migration/copier_kind.h"

extern const CopierKind copier_none;

#endif
