#include "sim/claims/crypto_card_runs.h"

#include "sim/claims/crypto_card_hosted.h"
#include "sim/claims/paper_scenario.h"

const SharedAlgorithm shared_algorithms[N_SHARED_ALGORITHMS] = {
    {"sm1", "SM1"}, {"sm4", "SM4"}, {"sm2-verify", "SM2 verify"}};

typedef struct {
    const char *path, *card;
    const char *file; /* whose load it is: callers that wait, or that fill their slots */
    guint reference;
    gboolean every; /* 1 … VMS_MAX, else powers of two */
} Way;

#define WAITS "sharing.json"         /* a caller has one request under way and waits for its answer */
#define FILLS "sharing-ivshmem.json" /* has more than its path's slots, so that the slots limit it */

static const Way ways[N_WAYS] = {
    [WAY_IVSHMEM] = {"ivshmem", "sjk1828", FILLS, REFERENCE_X86, TRUE},
    [WAY_VSOCK] = {"vsock", "sjk1828", WAITS, REFERENCE_X86, TRUE},
    [WAY_VSOCK_ARM] = {"vsock-arm", "sjk1828", WAITS, REFERENCE_ARM, TRUE},
    [WAY_SERIAL] = {"ivshmem-serial", "sjk1828", WAITS, REFERENCE_X86, FALSE},
    [WAY_PER_VM] = {"ivshmem-per-vm", "sjk1828", WAITS, REFERENCE_X86, FALSE},
    [WAY_RIVAL_IVSHMEM] = {"ivshmem-serial", "sjk1828-rival", WAITS, REFERENCE_RIVAL, FALSE},
    [WAY_RIVAL_VSOCK] = {"vsock-rival", "sjk1828-rival", WAITS, REFERENCE_RIVAL, FALSE},
};
static const Way references[N_REFERENCES] = {
    [REFERENCE_X86] = {"host", "sjk1828", WAITS, REFERENCE_X86, FALSE},
    [REFERENCE_ARM] = {"host-arm", "sjk1828", WAITS, REFERENCE_ARM, FALSE},
    [REFERENCE_RIVAL] = {"host", "sjk1828-rival", WAITS, REFERENCE_RIVAL, FALSE},
};

const LoadPath load_paths[N_PATHS] = {{"host", 1},        {"ivshmem", 8},  {"vsock", 8},     {"sriov", 8},
                                      {"passthrough", 1}, {"emulated", 8}, {"virtio-net", 8}};
const double offered_loads_per_s[LOADS_MAX] = {5e3,  10e3, 20e3, 30e3, 35e3, 40e3,  44e3,  50e3,
                                               60e3, 70e3, 80e3, 90e3, 95e3, 100e3, 110e3, 118e3};

/* ---- preparing ---- */

static gboolean
add(CryptoCardRuns *runs, guint *index, GError **error, const char *file, const char *a, const char *b, const char *c,
    const char *d, const char *e)
{
    g_autofree char *path = paper_scenario("crypto-card", file);

    *index = batch_add(runs->batch, path, 1, error, a, b, c, d, e, NULL);
    return *index != G_MAXUINT;
}

static gboolean
add_exchanges(CryptoCardRuns *runs, GError **error)
{
    for (guint way = 0; way < 2; way++)
        for (guint kib = 1; kib <= SIZES; kib++) {
            g_autofree char *path = g_strconcat("/card_paths/0/profile=", ways[way].path, NULL);
            g_autofree char *bytes = g_strdup_printf("/card_sessions/0/workload/mix/0/bytes=%uKiB", kib);
            if (!add(runs, &runs->exchange[way][kib], error, "exchange.json", path, bytes, NULL, NULL, NULL))
                return FALSE;
        }
    return TRUE;
}

static gboolean
add_sharing(CryptoCardRuns *runs, const Way *way, guint algorithm, guint vms, guint *index, GError **error)
{
    g_autofree char *path = g_strconcat("/card_paths/0/profile=", way->path, NULL);
    g_autofree char *card = g_strconcat("/cards/0/profile=", way->card, NULL);
    g_autofree char *kind =
        g_strconcat("/card_sessions/0/workload/mix/0/algorithm=", shared_algorithms[algorithm].name, NULL);
    g_autofree char *copies = g_strdup_printf("/card_sessions/0/copies=%u", vms);

    return add(runs, index, error, way->file, path, card, kind, copies, NULL);
}

static gboolean
add_way(CryptoCardRuns *runs, guint w, guint algorithm, GError **error)
{
    for (guint vms = 1; vms <= VMS_MAX; vms++) {
        guint *index = &runs->sharing[w][algorithm][vms];
        *index = G_MAXUINT;
        if ((ways[w].every || (vms & (vms - 1)) == 0) && !add_sharing(runs, &ways[w], algorithm, vms, index, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
add_all_sharing(CryptoCardRuns *runs, GError **error)
{
    for (guint algorithm = 0; algorithm < N_SHARED_ALGORITHMS; algorithm++) {
        for (guint r = 0; r < N_REFERENCES; r++)
            if (!add_sharing(runs, &references[r], algorithm, 1, &runs->host[r][algorithm], error))
                return FALSE;
        for (guint w = 0; w < N_WAYS; w++)
            if (!add_way(runs, w, algorithm, error))
                return FALSE;
    }
    return TRUE;
}

static gboolean
add_open(CryptoCardRuns *runs, const char *path_name, guint vms, double rate_per_s, guint *index, GError **error)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    g_autofree char *path = g_strconcat("/card_paths/0/profile=", path_name, NULL);
    g_autofree char *copies = g_strdup_printf("/card_sessions/0/copies=%u", vms);
    g_autofree char *rate = g_strdup_printf("/card_sessions/0/workload/rate=%s/s",
                                            g_ascii_formatd(digits, sizeof digits, "%g", rate_per_s));

    return add(runs, index, error, "load.json", path, copies, rate, NULL, NULL);
}

static gboolean
add_loads(CryptoCardRuns *runs, guint p, GError **error)
{
    const LoadPath *path = &load_paths[p];

    for (guint i = 0; i < LOADS_MAX; i++)
        if (!add_open(runs, path->path, path->vms, offered_loads_per_s[i] / path->vms, &runs->load[p][i], error))
            return FALSE;
    for (guint i = 0; i < CROWDS; i++) {
        const guint vms = (i + 1) * CROWD_STEP;
        const gboolean one = path->vms == 1, too_many = g_str_equal(path->path, "sriov") && vms > 16;
        runs->crowd[p][i] = G_MAXUINT;
        if (!one && !too_many && !add_open(runs, path->path, vms, CROWD_RATE_PER_S, &runs->crowd[p][i], error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
add_grouped(CryptoCardRuns *runs, GError **error)
{
    static const char *const paths[2] = {"ivshmem", "ivshmem-grouping"};

    for (guint p = 0; p < 2; p++)
        for (guint i = 0; i < GROUPED_SIZES; i++) {
            g_autofree char *path = g_strconcat("/card_paths/0/profile=", paths[p], NULL);
            g_autofree char *bytes = g_strdup_printf("/card_sessions/0/workload/mix/0/bytes=%uB", 64u << i);
            if (!add(runs, &runs->grouped[p][i], error, "sharing.json", path, bytes,
                     "/card_sessions/0/workload/mix/0/algorithm=sm4", "/card_sessions/0/workload/outstanding=2",
                     "/card_sessions/0/copies=16"))
                return FALSE;
        }
    return TRUE;
}

static gboolean
add_moves(CryptoCardRuns *runs, GError **error)
{
    static const char *const how[2] = {"/card_sessions/0/on_migration=drain", "/card_sessions/0/on_migration=resubmit"};

    for (guint i = 0; i < 2; i++)
        if (!add(runs, &runs->moves[i], error, "migration.json", how[i],
                 "/card_sessions/0/workload={\"kind\": \"closed\", \"outstanding\": 8, "
                 "\"mix\": [{\"algorithm\": \"sm2-verify\", \"bytes\": \"32B\"}]}",
                 "/card_measurement/batch=20ms", "/guests/0/memory=64MiB", "/guests/0/workload/working_set=32MiB"))
            return FALSE;
    return TRUE;
}

/* 16 VMs fit, one more is refused by the reader. */
static gboolean
add_functions(CryptoCardRuns *runs, GError **error)
{
    const char *const sriov = "/card_paths/0/profile=sriov";
    g_autoptr(GError) complaint = NULL;
    guint unused;

    if (!add(runs, &runs->functions, error, "sharing.json", sriov, "/card_sessions/0/copies=16", NULL, NULL, NULL))
        return FALSE;
    if (!add(runs, &unused, &complaint, "sharing.json", sriov, "/card_sessions/0/copies=17", NULL, NULL, NULL))
        runs->functions_complaint = g_strdup(complaint->message);
    return TRUE;
}

static gboolean
add_rules(CryptoCardRuns *runs, GError **error)
{
    return add(runs, &runs->arm_refused, error, "arm.json", NULL, NULL, NULL, NULL, NULL) &&
           add(runs, &runs->arm_crashed, error, "arm.json", "/card_sessions/0/on_arm=crash", NULL, NULL, NULL, NULL) &&
           add(runs, &runs->arm_vsock, error, "arm.json", "/card_paths/0/profile=vsock-arm", NULL, NULL, NULL, NULL) &&
           add(runs, &runs->limit, error, "limit.json", NULL, NULL, NULL, NULL, NULL) && add_functions(runs, error);
}

gboolean
crypto_card_runs_prepare(CryptoCardRuns *runs, gboolean figures, GError **error)
{
    *runs = (CryptoCardRuns){.batch = batch_new()};
    if (!add_exchanges(runs, error) || !add_all_sharing(runs, error) || !add_rules(runs, error))
        return FALSE;
    if (!figures)
        return TRUE;
    if (!add_grouped(runs, error) || !add_moves(runs, error))
        return FALSE;
    for (guint p = 0; p < N_PATHS; p++)
        if (!add_loads(runs, p, error))
            return FALSE;
    runs->hosted = crypto_card_hosted_add(runs->batch, error);
    return runs->hosted != NULL;
}

void
crypto_card_runs_clear(CryptoCardRuns *runs)
{
    g_clear_pointer(&runs->batch, batch_free);
    g_clear_pointer(&runs->functions_complaint, g_free);
    g_clear_pointer(&runs->hosted, g_array_unref);
}

/* ---- looking ---- */

double
crypto_card_runs_number(const CryptoCardRuns *runs, guint index, const char *metric)
{
    return result_number(batch_result(runs->batch, index), metric);
}

double
crypto_card_runs_rate(const CryptoCardRuns *runs, guint index)
{
    return crypto_card_runs_number(runs, index, "card.card.requests_per_s");
}

double
crypto_card_runs_share(const CryptoCardRuns *runs, guint way, guint algorithm, guint vms)
{
    return crypto_card_runs_rate(runs, runs->sharing[way][algorithm][vms]) /
           crypto_card_runs_rate(runs, runs->host[ways[way].reference][algorithm]);
}
