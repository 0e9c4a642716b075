/* QEMU's way of copying (models/migration/qemu.h): one stream, in which the device state follows the pages, and with it
 * that of the vTPM, which is a process (swtpm). */
#ifndef TANDEM_SIM_PARTS_MIGRATION_COPIER_QEMU_H
#define TANDEM_SIM_PARTS_MIGRATION_COPIER_QEMU_H

#include "sim/parts/migration/copier_kind.h"

extern const CopierKind copier_qemu;
extern const Record copier_qemu_record; /* of its collect */

#endif
