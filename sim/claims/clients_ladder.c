#include "sim/claims/clients_ladder.h"

#include "sim/claims/paper_scenario.h"
#include "sim/output/csv.h"

#include <math.h>

#define ASKED_S  1.0 /* scenarios/papers/clients/ladder.json */
#define KIND     "/client_network/probes/0/kind="
#define TCP      "/client_network/probes/0/tcp"
#define EXACT    TCP "/tick=0s"
#define NO_RTT   "/client_network/probes/0/rtt=0s"
#define SAME     1e-9 /* of seconds that are sums of other doubles */
#define MEASURED "measured on Linux 6.18, HZ=250, over loopback"
#define BAR      0.05
#define BAR_WHY  "chosen: a timer ends anywhere in its granule"

/* ---- what is run ---- */

/* A blackout that ends half-way between two steps is felt to the second one. */
typedef struct {
    const char *id, *source, *kind, *setting;
    gboolean exact; /* the manual's whole seconds: timers that are not late, and no round trip */
    guint n;
    double steps_s[CLIENTS_STEPS];
} Ladder;

static const Ladder ladders[CLIENTS_LADDERS] = {
    {"ladder-probe",
     MEASURED ", tail-loss probe",
     "tcp",
     TCP "/tail_loss_probe=true",
     FALSE,
     6,
     {0.207, 0.415, 0.843, 1.675, 3.339, 6.635}},
    {"ladder-no-probe",
     MEASURED ", tcp_early_retrans 0",
     "tcp",
     TCP "/tail_loss_probe=false",
     FALSE,
     5,
     {0.206, 0.62, 1.45, 3.12, 6.57}},
    {"ladder-syn",
     "ip-sysctl.rst: tcp_syn_linear_timeouts 4",
     "connect",
     TCP "=linux-6.5",
     TRUE,
     7,
     {1, 2, 3, 4, 5, 7, 11}},
    {"ladder-syn-before", "RFC 6298, kernels before 6.5", "connect", TCP "=linux-6.4", TRUE, 4, {1, 3, 7, 15}},
};

static const struct {
    const char *id, *kind;
    double blackout_s, felt_s;
} felt[CLIENTS_FELT] = {
    {"felt-segment-0.5", "tcp", 0.5, 0.84}, {"felt-segment-1", "tcp", 1, 1.68},    {"felt-segment-2", "tcp", 2, 3.34},
    {"felt-segment-3.5", "tcp", 3.5, 6.64}, {"felt-syn-3.5", "connect", 3.5, 4.1},
};

/* Until the kernel gives up, when nobody ever answers. */
static const struct {
    const char *id, *source, *kind, *setting;
    double after_s;
} ends[CLIENTS_ENDS] = {
    {"end-segment", "ip-sysctl.rst: tcp_retries2 15", "tcp", TCP "/tail_loss_probe=false", 924.6},
    {"end-syn", "ip-sysctl.rst: tcp_syn_retries 6", "connect", TCP "=linux-6.5", 131},
    {"end-syn-before", "ip-sysctl.rst before 6.5: tcp_syn_retries 6", "connect", TCP "=linux-6.4", 127},
};

/* The run's index, or G_MAXUINT with error set. setting comes first: it may name a profile. */
static guint
add_run(Batch *batch, const char *kind, const char *setting, gboolean exact, double blackout_s, GError **error)
{
    g_autofree char *path = paper_scenario("clients", "ladder.json");
    g_autofree char *kind_is = g_strconcat(KIND, kind, NULL);
    g_autofree char *until = g_strdup_printf("/timeline/1/at=%.9fs", ASKED_S + blackout_s);

    if (exact)
        return batch_add(batch, path, 1, error, kind_is, until, setting, EXACT, NO_RTT, NULL);
    return batch_add(batch, path, 1, error, kind_is, until, setting, NULL);
}

static gboolean
prepare_steps(ClientsLadder *runs, Batch *batch, guint l, GError **error)
{
    const Ladder *ladder = &ladders[l];

    for (guint k = 0; k < ladder->n; k++) {
        const double before_s = k > 0 ? ladder->steps_s[k - 1] : 0;
        runs->steps[l][k] =
            add_run(batch, ladder->kind, ladder->setting, ladder->exact, (before_s + ladder->steps_s[k]) / 2, error);
        if (runs->steps[l][k] == G_MAXUINT)
            return FALSE;
    }
    return TRUE;
}

gboolean
clients_ladder_prepare(ClientsLadder *runs, Batch *batch, GError **error)
{
    for (guint l = 0; l < CLIENTS_LADDERS; l++)
        if (!prepare_steps(runs, batch, l, error))
            return FALSE;
    for (guint i = 0; i < CLIENTS_FELT; i++) {
        runs->felt[i] = add_run(batch, felt[i].kind, TCP "=linux-6.5", FALSE, felt[i].blackout_s, error);
        if (runs->felt[i] == G_MAXUINT)
            return FALSE;
    }
    for (guint i = 0; i < CLIENTS_ENDS; i++) {
        runs->ends[i] = add_run(batch, ends[i].kind, ends[i].setting, TRUE, 1100, error);
        if (runs->ends[i] == G_MAXUINT)
            return FALSE;
    }
    return TRUE;
}

/* ---- claims ---- */

static double
longest_s(const Batch *batch, guint run)
{
    return result_number(batch_result(batch, run), "probe.client.longest_s");
}

static void
claim_steps(const ClientsLadder *runs, const Batch *batch, ClaimSet *claims, guint l)
{
    const Ladder *ladder = &ladders[l];

    for (guint k = 0; k < ladder->n; k++) {
        g_autofree char *id = g_strdup_printf("%s-%u", ladder->id, k + 1);
        claims_add_value(claims, id, ladder->source, ladder->exact ? ROLE_EXACT : ROLE_PREDICTED, "s",
                         ladder->steps_s[k], longest_s(batch, runs->steps[l][k]), ladder->exact ? SAME : BAR,
                         ladder->exact ? "the rules' own seconds, by timers that are not late" : BAR_WHY);
    }
}

void
clients_ladder_claim(const ClientsLadder *runs, const Batch *batch, ClaimSet *claims)
{
    for (guint l = 0; l < CLIENTS_LADDERS; l++)
        claim_steps(runs, batch, claims, l);
    for (guint i = 0; i < CLIENTS_FELT; i++)
        claims_add_value(claims, felt[i].id, MEASURED, ROLE_PREDICTED, "s", felt[i].felt_s,
                         longest_s(batch, runs->felt[i]), BAR, BAR_WHY);
    for (guint i = 0; i < CLIENTS_ENDS; i++)
        claims_add_value(claims, ends[i].id, ends[i].source, ROLE_EXACT, "s", ends[i].after_s,
                         result_number(batch_result(batch, runs->ends[i]), "probe.client.blackout_s"), SAME,
                         "the manual's own seconds, by timers that are not late");
}

/* ---- figure ---- */

char *
clients_ladder_csv(const ClientsLadder *runs, const Batch *batch)
{
    GString *csv = g_string_new("ladder,step,published_s,tandem_s\n");

    for (guint l = 0; l < CLIENTS_LADDERS; l++)
        for (guint k = 0; k < ladders[l].n; k++) {
            csv_append_text(csv, ladders[l].id);
            csv_append_number(csv, k + 1);
            csv_append_number(csv, ladders[l].steps_s[k]);
            csv_append_number(csv, longest_s(batch, runs->steps[l][k]));
            g_string_append_c(csv, '\n');
        }
    return g_string_free(csv, FALSE);
}
