#include "sim/claims/vm_vtpm_methods.h"

#include "sim/output/csv.h"

#include <math.h>
#include <string.h>

typedef enum { TOTAL, DOWNTIME, UNAVAILABLE, SENT, N_MEASURES } Measure;

static const struct {
    const char *column, *unit; /* "total", "s": total_mean_s and total_over_s */
    const char *word;          /* of a price */
    const char *metric;        /* NULL: sent bytes are summed up */
} measures[] = {
    [TOTAL] = {"total", "s", "total time", VM_VTPM_TOTAL},
    [DOWNTIME] = {"downtime", "s", "downtime", VM_VTPM_DOWNTIME},
    [UNAVAILABLE] = {"unavailable", "s", "time without vTPM", VM_VTPM_UNAVAILABLE},
    [SENT] = {"sent", "bytes", "bytes sent", NULL},
};

/* A mean that is no more than this over the cheapest one costs nothing: chosen, the spread of five seeds. */
#define PRICE_SHARE 0.01

/* xen-4.5's device_state, of each of the two domains: sent beside the pages. QEMU's stream has all in it. */
#define XEN_STATE_BYTES (2 * 65536.0)

typedef struct {
    const char *name;
    guint first;                /* of its runs */
    const char *rounds;         /* of the leg that moves the VM */
    const char *sent_by_leg[2]; /* NULL: only one leg */
    double state_bytes;         /* sent beside what the legs count */
} Method;

#define LEG_BYTES(leg) "migration.mig-vm1." leg ".page_bytes"
#define N_METHODS      6u

static void
list_methods(const VmVtpmRuns *runs, Method methods[N_METHODS])
{
    const Method all[N_METHODS] = {
        {"VM then vTPM",
         runs->rows[ROW_SEQUENTIAL],
         VM_VTPM_VM_ROUNDS,
         {LEG_BYTES("vm"), LEG_BYTES("vtpm")},
         XEN_STATE_BYTES},
        {"vTPM then VM", runs->vtpm_first, VM_VTPM_VM_ROUNDS, {LEG_BYTES("vm"), LEG_BYTES("vtpm")}, XEN_STATE_BYTES},
        {"vTPM at push", runs->at_push, VM_VTPM_VM_ROUNDS, {LEG_BYTES("vm"), LEG_BYTES("vtpm")}, XEN_STATE_BYTES},
        {"joint (CUMP)", runs->rows[ROW_JOINT], VM_VTPM_JOINT_ROUNDS, {LEG_BYTES("joint"), NULL}, XEN_STATE_BYTES},
        {"concatenated", runs->concatenated, VM_VTPM_JOINT_ROUNDS, {LEG_BYTES("joint"), NULL}, XEN_STATE_BYTES},
        {"QEMU", runs->qemu, VM_VTPM_JOINT_ROUNDS, {LEG_BYTES("joint"), NULL}, 0},
    };

    memcpy(methods, all, sizeof all);
}

static double
sent_bytes(const Result *run, const Method *method)
{
    double bytes = method->state_bytes;

    for (guint i = 0; i < G_N_ELEMENTS(method->sent_by_leg); i++)
        if (method->sent_by_leg[i])
            bytes += result_number(run, method->sent_by_leg[i]);
    return bytes;
}

static Spread
sent_spread(const Batch *batch, const Method *method)
{
    Spread spread = {0, INFINITY, 0};

    for (guint i = 0; i < VM_VTPM_SEEDS; i++) {
        const double bytes = sent_bytes(batch_result(batch, method->first + i), method);
        spread.mean += bytes / VM_VTPM_SEEDS;
        spread.min = MIN(spread.min, bytes);
        spread.max = MAX(spread.max, bytes);
    }
    return spread;
}

static Spread
measure(const Batch *batch, const Method *method, Measure m)
{
    return measures[m].metric ? batch_spread(batch, method->first, VM_VTPM_SEEDS, measures[m].metric)
                              : sent_spread(batch, method);
}

void
vm_vtpm_append_spread(GString *csv, const Spread *spread)
{
    csv_append_known(csv, spread->mean);
    csv_append_known(csv, spread->min);
    csv_append_known(csv, spread->max);
}

static char *
methods_csv(const Batch *batch, const Method methods[N_METHODS])
{
    GString *csv = g_string_new("method");

    for (Measure m = 0; m < N_MEASURES; m++)
        g_string_append_printf(csv, ",%s_mean_%s,%s_min_%s,%s_max_%s", measures[m].column, measures[m].unit,
                               measures[m].column, measures[m].unit, measures[m].column, measures[m].unit);
    g_string_append(csv, ",rounds_mean,rounds_min,rounds_max\n");
    for (guint i = 0; i < N_METHODS; i++) {
        g_string_append(csv, methods[i].name);
        for (Measure m = 0; m < N_MEASURES; m++) {
            const Spread spread = measure(batch, &methods[i], m);
            vm_vtpm_append_spread(csv, &spread);
        }
        const Spread rounds = batch_spread(batch, methods[i].first, VM_VTPM_SEEDS, methods[i].rounds);
        vm_vtpm_append_spread(csv, &rounds);
        g_string_append_c(csv, '\n');
    }
    return g_string_free(csv, FALSE);
}

/* ---- prices ---- */

/* Of the means; NAN when no method has one. */
static double
cheapest(const Batch *batch, const Method methods[N_METHODS], Measure m)
{
    double least = NAN;

    for (guint i = 0; i < N_METHODS; i++)
        least = fmin(least, measure(batch, &methods[i], m).mean);
    return least;
}

static void
append_price(GString *csv, const Batch *batch, const Method *method, const double least[N_MEASURES])
{
    g_autoptr(GString) price = g_string_new(NULL);

    g_string_append(csv, method->name);
    for (Measure m = 0; m < N_MEASURES; m++) {
        const double over = measure(batch, method, m).mean - least[m];
        csv_append_known(csv, over);
        if (over > PRICE_SHARE * least[m])
            g_string_append_printf(price, "%s%s", price->len > 0 ? "; " : "", measures[m].word);
    }
    csv_append_text(csv, price->len > 0 ? price->str : "none");
    g_string_append_c(csv, '\n');
}

static char *
prices_csv(const Batch *batch, const Method methods[N_METHODS])
{
    GString *csv = g_string_new("method");
    double least[N_MEASURES];

    for (Measure m = 0; m < N_MEASURES; m++) {
        least[m] = cheapest(batch, methods, m);
        g_string_append_printf(csv, ",%s_over_%s", measures[m].column, measures[m].unit);
    }
    g_string_append(csv, ",price\n");
    for (guint i = 0; i < N_METHODS; i++)
        append_price(csv, batch, &methods[i], least);
    return g_string_free(csv, FALSE);
}

void
vm_vtpm_methods_take(const VmVtpmRuns *runs, FileSet *files)
{
    Method methods[N_METHODS];

    list_methods(runs, methods);
    files_take(files, "methods.csv", methods_csv(runs->batch, methods));
    files_take(files, "methods-prices.csv", prices_csv(runs->batch, methods));
}
