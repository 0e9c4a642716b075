#include "sim/claims/crypto_card_figures.h"

#include "sim/claims/crypto_card_hosted.h"
#include "sim/output/csv.h"
#include "sim/output/result.h"

#include <math.h>

/* ---- the paper's figures ---- */

static void
take_exchanges(const CryptoCardRuns *runs, FileSet *files)
{
    GString *csv = g_string_new("size_KiB,ivshmem_bps,vsock_bps,ivshmem_exchange_s,vsock_exchange_s\n");

    for (guint kib = 1; kib <= SIZES; kib++) {
        g_string_append_printf(csv, "%u", kib);
        for (guint way = 0; way < 2; way++)
            csv_append_number(csv, crypto_card_runs_number(runs, runs->exchange[way][kib], "card.card.throughput_bps"));
        for (guint way = 0; way < 2; way++)
            csv_append_number(csv, crypto_card_runs_number(runs, runs->exchange[way][kib], "card.card.latency_mean_s"));
        g_string_append_c(csv, '\n');
    }
    files_take(files, "fig-11.csv", g_string_free(csv, FALSE));
}

/* One file per way: a row for each number of VMs, for each algorithm the sum's share of the host's rate. */
static void
take_sharing(const CryptoCardRuns *runs, guint way, const char *file, FileSet *files)
{
    GString *csv = g_string_new("vms,sm1_share,sm4_share,sm2_verify_share,sm1_per_s,sm4_per_s,sm2_verify_per_s\n");

    for (guint vms = 1; vms <= VMS_MAX; vms++) {
        if (runs->sharing[way][0][vms] == G_MAXUINT)
            continue;
        g_string_append_printf(csv, "%u", vms);
        for (guint a = 0; a < N_SHARED_ALGORITHMS; a++)
            csv_append_number(csv, crypto_card_runs_share(runs, way, a, vms));
        for (guint a = 0; a < N_SHARED_ALGORITHMS; a++)
            csv_append_number(csv, crypto_card_runs_rate(runs, runs->sharing[way][a][vms]));
        g_string_append_c(csv, '\n');
    }
    files_take(files, file, g_string_free(csv, FALSE));
}

/* ---- beyond the paper ---- */

static gboolean
is_stable(const CryptoCardRuns *runs, guint index)
{
    return g_str_equal(result_word(batch_result(runs->batch, index), "card.card.stable"), "yes");
}

static void
append_percentiles(const CryptoCardRuns *runs, guint index, GString *csv)
{
    static const char *const metrics[] = {"card.card.latency_p50_s",  "card.card.latency_p90_s",
                                          "card.card.latency_p99_s",  "card.card.latency_p999_s",
                                          "card.card.latency_mean_s", "card.card.offered_utilization"};

    for (guint i = 0; i < G_N_ELEMENTS(metrics); i++)
        csv_append_number(csv, crypto_card_runs_number(runs, index, metrics[i]));
}

static void
take_loads(const CryptoCardRuns *runs, FileSet *files)
{
    GString *csv = g_string_new("path,vms,offered_per_s,latency_p50_s,latency_p90_s,latency_p99_s,latency_p999_s,"
                                "latency_mean_s,offered_utilization\n");

    for (guint p = 0; p < N_PATHS; p++)
        for (guint i = 0; i < LOADS_MAX; i++) {
            if (!is_stable(runs, runs->load[p][i]))
                continue;
            g_string_append_printf(csv, "%s,%u", load_paths[p].path, load_paths[p].vms);
            csv_append_number(csv, offered_loads_per_s[i]);
            append_percentiles(runs, runs->load[p][i], csv);
            g_string_append_c(csv, '\n');
        }
    files_take(files, "load.csv", g_string_free(csv, FALSE));
}

/* The load at which the 99th percentile is twice that of the lightest load: between two points, on a straight line. */
static double
knee_per_s(const CryptoCardRuns *runs, guint p)
{
    const double light_s = crypto_card_runs_number(runs, runs->load[p][0], "card.card.latency_p99_s");
    double before_s = light_s;

    for (guint i = 1; i < LOADS_MAX && is_stable(runs, runs->load[p][i]); i++) {
        const double here_s = crypto_card_runs_number(runs, runs->load[p][i], "card.card.latency_p99_s");
        if (here_s >= 2 * light_s)
            return offered_loads_per_s[i - 1] + (offered_loads_per_s[i] - offered_loads_per_s[i - 1]) *
                                                    (2 * light_s - before_s) / (here_s - before_s);
        before_s = here_s;
    }
    return NAN;
}

static void
take_knees(const CryptoCardRuns *runs, FileSet *files)
{
    GString *csv = g_string_new("path,vms,latency_p50_light_s,latency_p99_light_s,knee_per_s,capacity_per_s,"
                                "bottleneck\n");

    for (guint p = 0; p < N_PATHS; p++) {
        const guint light = runs->load[p][0];
        g_string_append_printf(csv, "%s,%u", load_paths[p].path, load_paths[p].vms);
        csv_append_number(csv, crypto_card_runs_number(runs, light, "card.card.latency_p50_s"));
        csv_append_number(csv, crypto_card_runs_number(runs, light, "card.card.latency_p99_s"));
        csv_append_number(csv, knee_per_s(runs, p));
        csv_append_number(csv, offered_loads_per_s[0] /
                                   crypto_card_runs_number(runs, light, "card.card.offered_utilization"));
        g_string_append_printf(csv, ",%s\n",
                               result_word(batch_result(runs->batch, light), "card.card.offered_station"));
    }
    files_take(files, "knees.csv", g_string_free(csv, FALSE));
}

static void
take_crowds(const CryptoCardRuns *runs, FileSet *files)
{
    GString *csv = g_string_new("path,vms,latency_p50_s,latency_p90_s,latency_p99_s,latency_p999_s,latency_mean_s,"
                                "offered_utilization\n");

    for (guint p = 0; p < N_PATHS; p++)
        for (guint i = 0; i < CROWDS; i++) {
            if (runs->crowd[p][i] == G_MAXUINT || !is_stable(runs, runs->crowd[p][i]))
                continue;
            g_string_append_printf(csv, "%s,%u", load_paths[p].path, (i + 1) * CROWD_STEP);
            append_percentiles(runs, runs->crowd[p][i], csv);
            g_string_append_c(csv, '\n');
        }
    files_take(files, "crowd.csv", g_string_free(csv, FALSE));
}

static void
take_grouping(const CryptoCardRuns *runs, FileSet *files)
{
    GString *csv = g_string_new("size_B,plain_per_s,grouped_per_s,plain_p99_s,grouped_p99_s\n");

    for (guint i = 0; i < GROUPED_SIZES; i++) {
        g_string_append_printf(csv, "%u", 64u << i);
        for (guint p = 0; p < 2; p++)
            csv_append_number(csv, crypto_card_runs_rate(runs, runs->grouped[p][i]));
        for (guint p = 0; p < 2; p++)
            csv_append_number(csv, crypto_card_runs_number(runs, runs->grouped[p][i], "card.card.latency_p99_s"));
        g_string_append_c(csv, '\n');
    }
    files_take(files, "grouping.csv", g_string_free(csv, FALSE));
}

static void
take_moves(const CryptoCardRuns *runs, FileSet *files)
{
    static const char *const names[2] = {"drain", "resubmit"};

    for (guint i = 0; i < 2; i++) {
        const Result *result = batch_result(runs->batch, runs->moves[i]);
        g_autofree char *series = g_strdup_printf("%s-card-series.csv", names[i]);
        g_autofree char *steps = g_strdup_printf("%s-steps.csv", names[i]);
        files_take(files, series, g_strdup(result_table(result, "card-series.csv")));
        files_take(files, steps, g_strdup(result_table(result, "steps.csv")));
    }
}

void
crypto_card_figures_take(const CryptoCardRuns *runs, FileSet *files)
{
    take_exchanges(runs, files);
    take_sharing(runs, WAY_IVSHMEM, "fig-12-ivshmem.csv", files);
    take_sharing(runs, WAY_VSOCK, "fig-12-vsock.csv", files);
    take_sharing(runs, WAY_VSOCK_ARM, "fig-13.csv", files);
    take_sharing(runs, WAY_SERIAL, "serial.csv", files);
    take_sharing(runs, WAY_PER_VM, "per-vm.csv", files);
    take_sharing(runs, WAY_RIVAL_IVSHMEM, "rival-ivshmem.csv", files);
    take_sharing(runs, WAY_RIVAL_VSOCK, "rival-vsock.csv", files);
    take_loads(runs, files);
    take_knees(runs, files);
    take_crowds(runs, files);
    take_grouping(runs, files);
    take_moves(runs, files);
    crypto_card_hosted_take(runs->hosted, runs->batch, files);
}
