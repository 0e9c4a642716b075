#include "sim/claims/vm_vtpm_figures.h"

#include "sim/claims/vm_vtpm_methods.h"
#include "sim/output/csv.h"

static char *
table_4_csv(const VmVtpmRuns *runs)
{
    GString *csv = g_string_new("row,paper_mean_s,paper_min_s,paper_max_s,tandem_mean_s,tandem_min_s,tandem_max_s\n");

    for (guint r = 0; r < N_ROWS; r++) {
        const Spread spread = batch_spread(runs->batch, runs->rows[r], VM_VTPM_SEEDS, VM_VTPM_TOTAL);
        csv_append_text(csv, vm_vtpm_table_4[r].row);
        csv_append_number(csv, vm_vtpm_runs_paper_mean(&vm_vtpm_table_4[r]));
        csv_append_number(csv, vm_vtpm_runs_paper_extreme(&vm_vtpm_table_4[r], -1));
        csv_append_number(csv, vm_vtpm_runs_paper_extreme(&vm_vtpm_table_4[r], 1));
        vm_vtpm_append_spread(csv, &spread);
        g_string_append_c(csv, '\n');
    }
    return g_string_free(csv, FALSE);
}

static void
append_metric(GString *csv, const Batch *batch, guint first, guint n, const char *metric)
{
    const Spread spread = batch_spread(batch, first, n, metric);

    vm_vtpm_append_spread(csv, &spread);
}

static char *
sweep_csv(const VmVtpmRuns *runs, guint a)
{
    GString *csv = g_string_new(vm_vtpm_axes[a].column);
    guint run = runs->sweeps[a];

    g_string_append(csv, ",method,total_mean_s,total_min_s,total_max_s,downtime_mean_s,downtime_min_s,downtime_max_s,"
                         "unavailable_mean_s,unavailable_min_s,unavailable_max_s\n");
    for (guint i = 0; i < vm_vtpm_runs_axis_length(&vm_vtpm_axes[a]); i++)
        for (guint m = 0; m < VM_VTPM_METHODS; m++, run += VM_VTPM_SWEEP_SEEDS) {
            g_string_append_printf(csv, "%g,%s", vm_vtpm_axes[a].values[i], vm_vtpm_methods[m]);
            append_metric(csv, runs->batch, run, VM_VTPM_SWEEP_SEEDS, VM_VTPM_TOTAL);
            append_metric(csv, runs->batch, run, VM_VTPM_SWEEP_SEEDS, VM_VTPM_DOWNTIME);
            append_metric(csv, runs->batch, run, VM_VTPM_SWEEP_SEEDS, VM_VTPM_UNAVAILABLE);
            g_string_append_c(csv, '\n');
        }
    return g_string_free(csv, FALSE);
}

/* The tables of one run, for time lines and rounds. */
static void
take_run_tables(FileSet *files, const char *prefix, const Result *result)
{
    static const char *const names[] = {"rounds.csv", "steps.csv", "commands.csv", "states.csv"};

    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *name = g_strdup_printf("%s-%s", prefix, names[i]);
        files_take(files, name, g_strdup(result_table(result, names[i])));
    }
}

void
vm_vtpm_figures_take(const VmVtpmRuns *runs, FileSet *files)
{
    files_take(files, "table-4.csv", table_4_csv(runs));
    vm_vtpm_methods_take(runs, files);
    for (guint a = 0; a < VM_VTPM_AXES; a++)
        files_take(files, vm_vtpm_axes[a].file, sweep_csv(runs, a));
    take_run_tables(files, "joint", batch_result(runs->batch, runs->rows[ROW_JOINT]));
    take_run_tables(files, "sequential", batch_result(runs->batch, runs->rows[ROW_SEQUENTIAL]));
    take_run_tables(files, "xen-log", batch_result(runs->batch, runs->xen_log));
}
