/* Whoever calls a vTPM: the paper's script, other programs of the guest, those that ask for quotes from afar.
 *
 * A call waits while its vTPM is on another host, stopped or locked, and fails when it has waited longer than its
 * patience of the running VM's time; while the VM is stopped, so are its programs and their time-outs. A TPM carries
 * out one command at a time: callers wait for each other in the order in which they came.
 */
#ifndef TANDEM_SIM_PARTS_VTPM_VTPM_CALLER_H
#define TANDEM_SIM_PARTS_VTPM_VTPM_CALLER_H

#include "sim/parts/vtpm/vtpm_service.h"

/* From an actor: until the VM runs; FALSE: it never will again. */
gboolean vtpm_caller_wait_for_vm(VtpmCaller *caller);
/* From an actor: has the vTPM work for service_s and carries the command out when it answers. FALSE: it was not
 * answered within patience_s. */
gboolean vtpm_caller_call(VtpmCaller *caller, double service_s, double patience_s, void (*carry_out)(gpointer data),
                          gpointer data);

#endif
