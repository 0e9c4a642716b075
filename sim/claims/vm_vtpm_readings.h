/* What the VM-vTPM paper can be read to say, either way (reading.h; docs/models/vtpm.md, "Readings"). */
#ifndef TANDEM_SIM_CLAIMS_VM_VTPM_READINGS_H
#define TANDEM_SIM_CLAIMS_VM_VTPM_READINGS_H

#include "sim/output/files.h"
#include "sim/run/batch.h"

/* The index of the first of the runs, G_MAXUINT with error set. */
guint vm_vtpm_readings_add(Batch *batch, GError **error);
void vm_vtpm_readings_take(const Batch *batch, guint first, FileSet *files);

#endif
