/* Xen's way of copying (models/migration/precopy.h): rounds of batches, each page mapped, then sent. */
#ifndef TANDEM_SIM_PARTS_MIGRATION_COPIER_XEN_H
#define TANDEM_SIM_PARTS_MIGRATION_COPIER_XEN_H

#include "sim/parts/migration/copier_kind.h"

extern const CopierKind copier_xen;

#endif
