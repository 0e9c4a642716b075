/* vTPMs in the world: instance domains, each bound to one VM, and the scripts that call them. */
#ifndef TANDEM_SIM_PARTS_VTPM_VTPM_PART_H
#define TANDEM_SIM_PARTS_VTPM_VTPM_PART_H

#include "sim/world/part.h"

extern const Part vtpm_part;

/* The VM's vTPM; NULL: it has none. */
Domain *vtpm_part_of(const Domain *vm);
gboolean vtpm_part_is_vtpm(const Domain *domain);
/* Of the vTPM that the VM's configuration names; the VM has a vTPM. */
const char *vtpm_part_bound_uuid(const Domain *vm);

/* Whether the vTPM would serve its VM's command now. */
gboolean vtpm_part_serves(const Domain *vtpm);

/* The vTPM's state travels in its pages: what arrives is the present state if all pages arrived as they are. */
void vtpm_part_depart(const Domain *vtpm);
void vtpm_part_arrive(const Domain *vtpm, gboolean pages_equal);

#endif
