/* Whether a domain can run a workload: sizes are held to each other as they were written, then all to the model's own
 * rules, in pages. */
#ifndef TANDEM_SIM_SPECS_WORKLOAD_CHECK_H
#define TANDEM_SIM_SPECS_WORKLOAD_CHECK_H

#include "sim/specs/scenario_spec.h"

/* Of a domain with so much memory for programs, the workload that stands at pointer, with which the error's message
 * begins. */
gboolean workload_check(const WorkloadSpec *workload, double memory_bytes, double page_bytes, const char *pointer,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
