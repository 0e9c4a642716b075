/* The runs behind the claims and figures of the VM-vTPM paper. */
#ifndef TANDEM_SIM_CLAIMS_VM_VTPM_RUNS_H
#define TANDEM_SIM_CLAIMS_VM_VTPM_RUNS_H

#include "sim/claims/claim.h"
#include "sim/run/batch.h"

#define VM_VTPM_SEEDS        5u /* the paper's five runs */
#define VM_VTPM_SWEEP_SEEDS  3u /* chosen: the spread between seeds is below 1 % */
#define VM_VTPM_TOTAL        "migration.mig-vm1.total_s"
#define VM_VTPM_DOWNTIME     "migration.mig-vm1.downtime_s"
#define VM_VTPM_UNAVAILABLE  "vtpm.mig-vm1-vtpm.unavailable_s"
#define VM_VTPM_VM_ROUNDS    "migration.mig-vm1.vm.live_rounds"
#define VM_VTPM_JOINT_ROUNDS "migration.mig-vm1.joint.live_rounds"

enum { ROW_VM, ROW_VTPM, ROW_SEQUENTIAL, ROW_JOINT, N_ROWS };

/* A row of table 4, in the paper's order. */
typedef struct {
    const char *id;
    const char *row;
    const char *method;
    double runs_s[VM_VTPM_SEEDS];
    ClaimRole role;
    const char *why;
} TimeRow;

extern const TimeRow vm_vtpm_table_4[N_ROWS];

/* Of the paper's runs. sign: 1 the longest, -1 the shortest. */
double vm_vtpm_runs_paper_mean(const TimeRow *row);
double vm_vtpm_runs_paper_extreme(const TimeRow *row, int sign);

/* A parameter varied around the test bed, for the predictions. */
typedef struct {
    const char *file; /* of its data */
    const char *column;
    const char *pointers[2]; /* set to the value; NULL: only one */
    const char *format;
    double values[8]; /* 0 ends */
} SweepAxis;

#define VM_VTPM_AXES    3u
#define VM_VTPM_METHODS 3u

extern const SweepAxis vm_vtpm_axes[VM_VTPM_AXES];
extern const char *const vm_vtpm_methods[VM_VTPM_METHODS]; /* that the axes' runs compare */

/* How many values the axis has. */
guint vm_vtpm_runs_axis_length(const SweepAxis *axis);

/* Indices in the batch, each of the first of its runs. */
typedef struct {
    Batch *batch;
    guint rows[N_ROWS];
    guint concatenated, vtpm_first, still;
    guint at_push, qemu; /* with figures only */
    guint sweeps[VM_VTPM_AXES];
    guint xen_log, xen_log_end;
    guint tables;              /* joint, both domains writing pages of the same numbers */
    guint mismatch, no_config; /* Algorithms 1 and 2 */
    guint few, rounds, factor; /* Xen's three rules */
    guint calls;               /* joint, the script calling without a pause */
} VmVtpmRuns;

/* figures: also the runs that no claim looks at. */
gboolean vm_vtpm_runs_prepare(VmVtpmRuns *runs, gboolean figures, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
