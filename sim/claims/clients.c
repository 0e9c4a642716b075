#include "sim/claims/clients.h"

#include "sim/claims/claim_invariants.h"
#include "sim/claims/claim_parameters.h"
#include "sim/claims/clients_ladder.h"
#include "sim/claims/paper_scenario.h"
#include "sim/output/csv.h"

#include <math.h>
#include <string.h>

#define PAPER       "clients"
#define LOSSY_SEEDS 60u /* each of the five dates is the first that is heard in one run of 32, or more */
#define ROUTE_SEEDS 20u
#define SAME        1e-6 /* of a date, less another one of the same run */

/* ---- what is run ---- */

typedef struct {
    Batch *batch;
    ClientsLadder ladder;
    guint announced; /* nothing is lost */
    guint lossy;     /* half of the announcements are: the first of LOSSY_SEEDS */
    guint held;      /* announced so late that clients lose the guest for 7.5 s */
    guint kube_ovn, ovn_kubernetes;
    guint openperouter; /* the first of ROUTE_SEEDS */
} Experiments;

/* setting NULL: the file as it is. */
static gboolean
add(guint *run, const Experiments *experiments, const char *file, guint seeds, const char *setting, GError **error)
{
    g_autofree char *path = paper_scenario(PAPER, file);

    *run = batch_add(experiments->batch, path, seeds, error, setting, NULL);
    return *run != G_MAXUINT;
}

static gboolean
prepare(Experiments *experiments, GError **error)
{
    return add(&experiments->announced, experiments, "announced.json", 1, NULL, error) &&
           add(&experiments->lossy, experiments, "announced.json", LOSSY_SEEDS, "/client_network/announce/loss=0.5",
               error) &&
           add(&experiments->held, experiments, "announced.json", 1, "/client_network/announce/delay=7.3s", error) &&
           add(&experiments->kube_ovn, experiments, "kube-ovn.json", 1, NULL, error) &&
           add(&experiments->ovn_kubernetes, experiments, "ovn-kubernetes.json", 1, NULL, error) &&
           add(&experiments->openperouter, experiments, "openperouter.json", ROUTE_SEEDS, NULL, error) &&
           clients_ladder_prepare(&experiments->ladder, experiments->batch, error);
}

static double
number(const Experiments *experiments, guint run, const char *metric)
{
    return result_number(batch_result(experiments->batch, run), metric);
}

static double
blackout_s(const Experiments *experiments, guint run)
{
    return number(experiments, run, "probe.pings.blackout_s");
}

/* ---- QEMU's announcements ---- */

static const double rounds_s[] = {0, 0.05, 0.2, 0.45, 0.8};
#define ROUNDS G_N_ELEMENTS(rounds_s)

/* How long after it runs clients find the guest, NAN: they do not. */
static double
found_after_s(const Experiments *experiments, guint run)
{
    return number(experiments, run, "client_network.vm.blackout_max_s") -
           number(experiments, run, "client_network.vm.downtime_max_s");
}

/* Which announcement that is; ROUNDS: none of them. */
static guint
round_of(double after_s)
{
    guint k = 0;

    while (k < ROUNDS && !(fabs(after_s - rounds_s[k]) < SAME))
        k++;
    return k;
}

static void
claim_announcements(ClaimSet *claims, const Experiments *experiments)
{
    guint heard[ROUNDS + 1] = {0}, other = 0;
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < LOSSY_SEEDS; i++) {
        const double after_s = found_after_s(experiments, experiments->lossy + i);
        if (isnan(after_s))
            continue; /* all were lost */
        heard[round_of(after_s)]++;
    }
    for (guint k = 0; k < ROUNDS; k++) {
        g_string_append_printf(text, "%s%g", k > 0 ? ", " : "", heard[k] > 0 ? 1000 * rounds_s[k] : NAN);
        other += heard[k] == 0;
    }
    other += heard[ROUNDS];
    g_string_append_printf(text, " ms, %u others", heard[ROUNDS]);
    claims_add_statement(
        claims, "announcements", "QEMU, migration/options.c, net/announce.c", ROLE_EXACT, "0, 50, 200, 450, 800 ms",
        text->str, other == 0,
        "when a guest is found of whose announcements half are lost, over 60 seeds: all dates, no other");
    for (guint k = 0; k < ROUNDS; k++) {
        g_autofree char *name = g_strdup_printf("round-%u", k + 1);
        claims_add_measure(claims, name, "runs", heard[k]);
    }
}

/* ---- published outages ---- */

static void
claim_announced(ClaimSet *claims, const Experiments *experiments)
{
    const double least_s = blackout_s(experiments, experiments->announced);
    double most_s = least_s;

    claims_add_range(claims, "kube-ovn-second", "kube-ovn #5343: the second migration", ROLE_PREDICTED, "s", 0, 1,
                     least_s, least_s, "below 1 s; a guest that is announced and heard");
    for (guint i = 0; i < LOSSY_SEEDS; i++)
        if (!isnan(found_after_s(experiments, experiments->lossy + i)))
            most_s = fmax(most_s, blackout_s(experiments, experiments->lossy + i));
    g_autofree char *text = g_strdup_printf("%.2f to %.2f s", least_s, most_s);
    claims_add_statement(claims, "gap-short", "openshift-virtualization-tests PR 4238: the shorter gap", ROLE_PREDICTED,
                         "0.94 s", text, least_s <= 0.94 && 0.94 <= most_s,
                         "from a guest whose first announcement is heard to one of which only the last is");
    claims_add_measure(claims, "least", "s", least_s);
    claims_add_measure(claims, "most", "s", most_s);
    claims_add_skipped(claims, "gap-long", "openshift-virtualization-tests PR 4238: the longer gap", "10.2 s",
                       "nothing is said of what the network waited for: any controller's time would fit");
}

static void
claim_controllers(ClaimSet *claims, const Experiments *experiments)
{
    double least_s = INFINITY, most_s = 0;

    claims_add_value(claims, "kube-ovn-first", "kube-ovn #5343: the first migration", ROLE_CALIBRATED, "s", 18,
                     blackout_s(experiments, experiments->kube_ovn), 0.05,
                     "the controller's time is an input; the guest's stop comes on top");
    for (guint i = 0; i < ROUTE_SEEDS; i++) {
        least_s = fmin(least_s, blackout_s(experiments, experiments->openperouter + i));
        most_s = fmax(most_s, blackout_s(experiments, experiments->openperouter + i));
    }
    claims_add_range(claims, "openperouter", "openperouter #203: until the EVPN route is there", ROLE_CALIBRATED, "s",
                     21, 29, least_s, most_s, "both ends of the controller's time are inputs");
    claims_add_skipped(
        claims, "openperouter-pings", "openperouter #203: pings lost", "207 … 210",
        "the interval is not said: at ten a second they are 20.7 to 21 s, the lower end of the range only");
    claims_add_value(claims, "ovn-kubernetes", "ovn-kubernetes PR 6947: a stale entry, about a minute", ROLE_CALIBRATED,
                     "s", 60, blackout_s(experiments, experiments->ovn_kubernetes), 0.05,
                     "the age at which entries go is an input; it counts from the last answer");
}

/* 7.5 s is the longest that they report. */
static void
claim_streams(ClaimSet *claims, const Experiments *experiments)
{
    const double lost_for_s = blackout_s(experiments, experiments->held);
    const double given_up = number(experiments, experiments->held, "probe.stream.gave_up");
    const double longest_s = number(experiments, experiments->held, "probe.stream.longest_s");
    g_autofree char *text =
        g_strdup_printf("%.0f lost in %.1f s, the longest request took %.1f s", given_up, lost_for_s, longest_s);

    claims_add_statement(claims, "streams-live", "osic, live migration tests: 240 of 240 with up to 7.5 s",
                         ROLE_PREDICTED, "no TCP stream is lost", text,
                         lost_for_s >= 7.5 && !(given_up > 0) && longest_s >= 7.5,
                         "a request over an open connection during a blackout of 7.5 s is answered in the end");
    claims_add_measure(claims, "longest", "s", longest_s);
}

/* ---- figure ---- */

static char *
outages_csv(const Experiments *experiments)
{
    const struct {
        const char *id;
        guint run;
        double low_s, high_s;
    } rows[] = {{"kube-ovn-first", experiments->kube_ovn, 18, 18},
                {"kube-ovn-second", experiments->announced, 0, 1},
                {"openperouter", experiments->openperouter, 21, 29},
                {"ovn-kubernetes", experiments->ovn_kubernetes, 60, 60}};
    GString *csv = g_string_new("outage,published_low_s,published_high_s,tandem_s,downtime_s\n");

    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        csv_append_text(csv, rows[i].id);
        csv_append_number(csv, rows[i].low_s);
        csv_append_number(csv, rows[i].high_s);
        csv_append_number(csv, blackout_s(experiments, rows[i].run));
        csv_append_number(csv, number(experiments, rows[i].run, "client_network.vm.downtime_max_s"));
        g_string_append_c(csv, '\n');
    }
    return g_string_free(csv, FALSE);
}

gboolean
clients_reproduce(ClaimSet *claims, FileSet *files, guint workers, GError **error)
{
    g_autoptr(Batch) batch = batch_new();
    Experiments experiments = {.batch = batch};

    claims_set_paper(claims, PAPER);
    if (!prepare(&experiments, error) || !batch_run(batch, workers, error))
        return FALSE;
    clients_ladder_claim(&experiments.ladder, batch, claims);
    claim_announcements(claims, &experiments);
    claim_announced(claims, &experiments);
    claim_controllers(claims, &experiments);
    claim_streams(claims, &experiments);
    claim_invariants_add(claims, batch);
    if (files) {
        files_take(files, "ladder.csv", clients_ladder_csv(&experiments.ladder, batch));
        files_take(files, "outages.csv", outages_csv(&experiments));
    }
    return claim_parameters_add(claims, PAPER, error);
}
