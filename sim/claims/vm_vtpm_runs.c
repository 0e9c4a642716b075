#include "sim/claims/vm_vtpm_runs.h"

#include "sim/claims/paper_scenario.h"

const TimeRow vm_vtpm_table_4[N_ROWS] = {
    {"vm", "VM", "vm", {58, 62, 60, 62, 59}, ROLE_CALIBRATED, "fits the guest's dirty rate"},
    {"vtpm", "vTPM", "vtpm", {10, 8, 9, 8, 8}, ROLE_CALIBRATED, "fits a domain's fixed costs"},
    {"sequential",
     "total",
     "vm-then-vtpm",
     {68, 70, 69, 70, 67},
     ROLE_DERIVED,
     "the two rows above, one after the other"},
    {"joint", "VM-vTPM", "joint", {75, 72, 76, 73, 70}, ROLE_CALIBRATED, "fits the work per CUMP page"},
};

const char *const vm_vtpm_methods[VM_VTPM_METHODS] = {"vm-then-vtpm", "joint", "concatenated"};

const SweepAxis vm_vtpm_axes[VM_VTPM_AXES] = {
    {"memory.csv", "memory_MiB", {"/guests/0/memory", NULL}, "%gMiB", {256, 512, 1024, 2048, 4096}},
    {"vtpm-size.csv", "vtpm_MiB", {"/vtpms/0/memory", NULL}, "%gMiB", {2, 8, 32, 64, 128}},
    {"dirty-rate.csv",
     "dirty_rate_pages_s",
     {"/guests/0/workload/rate", NULL},
     "%g/s",
     {100, 250, 510, 1000, 1500, 2000, 2500}},
};

double
vm_vtpm_runs_paper_mean(const TimeRow *row)
{
    double sum = 0;

    for (guint i = 0; i < VM_VTPM_SEEDS; i++)
        sum += row->runs_s[i];
    return sum / VM_VTPM_SEEDS;
}

double
vm_vtpm_runs_paper_extreme(const TimeRow *row, int sign)
{
    double extreme = sign * row->runs_s[0];

    for (guint i = 1; i < VM_VTPM_SEEDS; i++)
        extreme = MAX(extreme, sign * row->runs_s[i]);
    return sign * extreme;
}

guint
vm_vtpm_runs_axis_length(const SweepAxis *axis)
{
    guint n = 0;

    while (n < G_N_ELEMENTS(axis->values) && axis->values[n] > 0)
        n++;
    return n;
}

static guint
add_method(const VmVtpmRuns *runs, const char *path, const char *method, guint seeds, GError **error)
{
    g_autofree char *setting = g_strconcat("/timeline/0/method=", method, NULL);

    return batch_add(runs->batch, path, seeds, error, setting, NULL);
}

static gboolean
add_point(const VmVtpmRuns *runs, const char *path, const SweepAxis *axis, double value, const char *method,
          GError **error)
{
    g_autofree char *text = g_strdup_printf(axis->format, value);
    g_autofree char *where = g_strconcat(axis->pointers[0], "=", text, NULL);
    g_autofree char *how = g_strconcat("/timeline/0/method=", method, NULL);

    return batch_add(runs->batch, path, VM_VTPM_SWEEP_SEEDS, error, where, how, NULL) != G_MAXUINT;
}

static gboolean
add_sweep(VmVtpmRuns *runs, const char *path, guint a, GError **error)
{
    runs->sweeps[a] = batch_size(runs->batch);
    for (guint i = 0; i < vm_vtpm_runs_axis_length(&vm_vtpm_axes[a]); i++)
        for (guint m = 0; m < VM_VTPM_METHODS; m++)
            if (!add_point(runs, path, &vm_vtpm_axes[a], vm_vtpm_axes[a].values[i], vm_vtpm_methods[m], error))
                return FALSE;
    return TRUE;
}

static gboolean
add_runs(const VmVtpmRuns *runs, guint *index, guint seeds, GError **error, const char *file, const char *a,
         const char *b, const char *c)
{
    g_autofree char *path = paper_scenario("vm-vtpm", file);

    *index = batch_add(runs->batch, path, seeds, error, a, b, c, NULL);
    return *index != G_MAXUINT;
}

/* Small batches, so that time passes between the clearing of the logs and a page's turn: only then is to_skip ever 1.
 * The VM writes the pages whose numbers the vTPM has too. Chosen: rates at which every row of the tables occurs. */
static gboolean
add_tables(VmVtpmRuns *runs, GError **error)
{
    return add_runs(runs, &runs->tables, VM_VTPM_SEEDS, error, "testbed.json",
                    "/timeline/0/hypervisor={\"profile\":\"xen-4.5\",\"batch_pages\":32}",
                    "/guests/0/workload/working_set=2MiB",
                    "/vtpms/0/workload={\"kind\":\"uniform\",\"working_set\":\"1MiB\",\"rate\":\"500/s\"}");
}

static gboolean
add_algorithms(VmVtpmRuns *runs, GError **error)
{
    return add_runs(runs, &runs->mismatch, 1, error, "testbed.json",
                    "/guests/0/vtpm_uuid=00000000-0000-4000-8000-000000000001", NULL, NULL) &&
           add_runs(runs, &runs->no_config, 1, error, "testbed.json", "/hosts/1/lacks_configs=[\"mig-vm1-vtpm\"]", NULL,
                    NULL);
}

/* A guest that never has few pages, once with so few to send that only the rounds end it, once with so many that the
 * limit of pages does. */
static gboolean
add_rules(VmVtpmRuns *runs, GError **error)
{
    return add_runs(runs, &runs->few, 1, error, "xen-few-pages.json", NULL, NULL, NULL) &&
           add_runs(runs, &runs->rounds, 1, error, "testbed.json", "/guests/0/workload/working_set=4MiB",
                    "/guests/0/workload/rate=5000/s", "/run_until=400s") &&
           add_runs(runs, &runs->factor, 1, error, "testbed.json", "/guests/0/workload/working_set=512MiB",
                    "/guests/0/workload/rate=5000/s", "/run_until=400s");
}

/* Ways that no claim looks at, at the same prices. */
static gboolean
add_other_ways(VmVtpmRuns *runs, GError **error)
{
    return add_runs(runs, &runs->at_push, VM_VTPM_SEEDS, error, "testbed.json", "/timeline/0/method=vtpm-at-push", NULL,
                    NULL) &&
           add_runs(runs, &runs->qemu, VM_VTPM_SEEDS, error, "testbed.json", "/timeline/0/hypervisor=qemu-testbed",
                    NULL, NULL);
}

gboolean
vm_vtpm_runs_prepare(VmVtpmRuns *runs, gboolean figures, GError **error)
{
    g_autofree char *path = paper_scenario("vm-vtpm", "testbed.json");
    g_autofree char *log_path = paper_scenario("vm-vtpm", "xen-log.json");
    g_autofree char *end_path = paper_scenario("vm-vtpm", "xen-log-end.json");

    for (guint row = 0; row < N_ROWS; row++) {
        runs->rows[row] = add_method(runs, path, vm_vtpm_table_4[row].method, VM_VTPM_SEEDS, error);
        if (runs->rows[row] == G_MAXUINT)
            return FALSE;
    }
    runs->concatenated = add_method(runs, path, "concatenated", VM_VTPM_SEEDS, error);
    runs->vtpm_first = add_method(runs, path, "vtpm-then-vm", VM_VTPM_SEEDS, error);
    if (runs->concatenated == G_MAXUINT || runs->vtpm_first == G_MAXUINT)
        return FALSE;
    runs->still = batch_add(runs->batch, path, 1, error, "/timeline=[]", NULL);
    if (runs->still == G_MAXUINT)
        return FALSE;
    runs->xen_log = batch_add(runs->batch, log_path, VM_VTPM_SEEDS, error, NULL);
    if (runs->xen_log == G_MAXUINT)
        return FALSE;
    runs->xen_log_end = batch_add(runs->batch, end_path, VM_VTPM_SEEDS, error, NULL);
    if (runs->xen_log_end == G_MAXUINT)
        return FALSE;
    if (!add_tables(runs, error) || !add_algorithms(runs, error) || !add_rules(runs, error) ||
        !add_runs(runs, &runs->calls, 1, error, "testbed.json", "/vtpms/0/script/interval=10ms", NULL, NULL))
        return FALSE;
    if (figures && !add_other_ways(runs, error))
        return FALSE;
    for (guint a = 0; figures && a < VM_VTPM_AXES; a++)
        if (!add_sweep(runs, path, a, error))
            return FALSE;
    return TRUE;
}
