#include "sim/validate/guest_case.h"

#include <math.h>

#define MS_MOST   1e9
#define RATE_MOST 1e6

static const CaseNumber tpm_numbers[] = {
    {"called/before", "median_ms", TRUE, FALSE, 1e-3, 1e6, G_STRUCT_OFFSET(GuestCase, tpm.call_ms)},
    {"called", "usual_gap_ms", TRUE, FALSE, 1e-3, MS_MOST, G_STRUCT_OFFSET(GuestCase, tpm.usual_gap_ms)},
    {"vtpm/state", "permanent_bytes", TRUE, TRUE, 0, 1e9, G_STRUCT_OFFSET(GuestCase, tpm.permanent_B)},
    {"vtpm/state", "volatile_bytes", TRUE, TRUE, 0, 1e9, G_STRUCT_OFFSET(GuestCase, tpm.volatile_B)},
    {"vtpm/state", "savestate_bytes", TRUE, TRUE, 0, 1e9, G_STRUCT_OFFSET(GuestCase, tpm.saved_B)},
};

static const CaseNumber client_numbers[] = {
    {"client", "capacity_per_s", TRUE, FALSE, 1e-3, RATE_MOST, G_STRUCT_OFFSET(GuestCase, client.capacity_per_s)},
    {"client", "service_ms", FALSE, FALSE, 1e-3, 1e6, G_STRUCT_OFFSET(GuestCase, client.service_ms)},
    {"client", "service_cv", FALSE, FALSE, 0, 100, G_STRUCT_OFFSET(GuestCase, client.service_cv)},
    {"client", "udp_per_s", TRUE, FALSE, 1e-3, RATE_MOST, G_STRUCT_OFFSET(GuestCase, client.udp_per_s)},
    {"client", "tcp_per_s", TRUE, FALSE, 1e-3, RATE_MOST, G_STRUCT_OFFSET(GuestCase, client.tcp_per_s)},
    {"client", "connect_per_s", TRUE, FALSE, 1e-3, RATE_MOST, G_STRUCT_OFFSET(GuestCase, client.connect_per_s)},
    {"client", "ping_per_s", TRUE, FALSE, 1e-3, 1e4, G_STRUCT_OFFSET(GuestCase, client.ping_per_s)},
    {"felt/tcp_connection/start", "rtt_us", TRUE, FALSE, 0, 1e8, G_STRUCT_OFFSET(GuestCase, client.rtt_us)},
    {"client/settings", "tcp_rto_min_us", TRUE, FALSE, 1000, 1.2e8, G_STRUCT_OFFSET(GuestCase, client.rto_min_us)},
    {"client/settings", "tcp_retries2", TRUE, TRUE, 0, 100, G_STRUCT_OFFSET(GuestCase, client.retries)},
    {"client/settings", "tcp_syn_linear_timeouts", TRUE, TRUE, 0, 100,
     G_STRUCT_OFFSET(GuestCase, client.syn_linear_timeouts)},
    {"client/settings", "tcp_syn_retries", TRUE, TRUE, 0, 100, G_STRUCT_OFFSET(GuestCase, client.syn_retries)},
    {"client/settings", "tcp_early_retrans", TRUE, TRUE, 0, 4, G_STRUCT_OFFSET(GuestCase, client.early_retransmission)},
};

static gboolean
read_client(GuestCase *one, const cJSON *root, GError **error)
{
    static const char *const arrivals[] = {"poisson", "even", NULL};
    const int word = case_word_read(one->path, case_child(root, "client"), "/client/arrivals", arrivals, error);

    one->client.even = word == 1;
    return word >= 0;
}

/* One that was not measured, or in one of the two parts that are compared was not, is NAN. */
static gboolean
read_measure(GuestCase *one, guint i, const cJSON *root, GError **error)
{
    const GuestMeasure *measure = &guest_measures[i];
    const gsize offset = G_STRUCT_OFFSET(GuestCase, measured) + i * sizeof(double);
    const CaseNumber number = {measure->part, measure->key, FALSE, FALSE, 0, MS_MOST, offset};
    const CaseNumber less = {measure->less_part, measure->key, FALSE, FALSE, 0, MS_MOST, offset};

    if (measure->less_part && !case_numbers_of(one->path, &less, 1, root, one, error))
        return FALSE;
    const double taken = measure->less_part ? one->measured[i] : 0;
    if (!case_numbers_of(one->path, &number, 1, root, one, error))
        return FALSE;
    one->measured[i] -= taken;
    return TRUE;
}

static gboolean
read_measures(GuestCase *one, const cJSON *root, GError **error)
{
    for (guint i = 0; i < N_GUEST_MEASURES; i++) {
        one->measured[i] = NAN;
        if (guest_measures[i].key && (guest_measures[i].watches & one->watch) && !read_measure(one, i, root, error))
            return FALSE;
    }
    return TRUE;
}

GuestCase *
guest_case_parse(const char *path, const cJSON *root, GError **error)
{
    g_autoptr(GuestCase) one = g_new0(GuestCase, 1);

    one->migration = case_file_parse(path, root, error);
    if (!one->migration)
        return NULL;
    one->path = one->migration->path;
    one->id = one->migration->id;
    const gboolean of_tpm = g_str_equal(one->migration->base->kind, GUEST_VTPM_KIND);
    one->watch = of_tpm ? GUEST_WATCH_VTPM : GUEST_WATCH_CLIENTS;
    const CaseNumber *inputs = of_tpm ? tpm_numbers : client_numbers;
    const gsize n = of_tpm ? G_N_ELEMENTS(tpm_numbers) : G_N_ELEMENTS(client_numbers);
    const gboolean read =
        case_numbers_of(one->path, inputs, n, root, one, error) && (of_tpm || read_client(one, root, error));
    return read && read_measures(one, root, error) ? g_steal_pointer(&one) : NULL;
}

void
guest_case_free(GuestCase *one)
{
    if (!one)
        return;
    case_file_free(one->migration);
    g_free(one);
}
