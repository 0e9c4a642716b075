#include "bench_costs.h"

#include "common/bench_report.h"
#include <stddef.h>

#define CIPHER_BUDGET_S 0.1
#define BESIDE_BUDGET_S 0.04 /* beside each repeat of a case */
#define WARM_CALLS      20

/* Besides the cases' own sizes: what is fixed and what is per byte shows over these. */
static const int CURVE_BYTES[] = {256, 1024, 4096, 16384};
#define CURVES ((int)(sizeof CURVE_BYTES / sizeof *CURVE_BYTES))

const SizeCosts *
costs_of_size(const Costs *costs, int bytes)
{
    int i = 0;
    while (i < costs->n_sizes - 1 && costs->sizes[i].bytes != bytes)
        i++;
    return &costs->sizes[i];
}

static void
want_size(Costs *costs, int bytes)
{
    for (int i = 0; i < costs->n_sizes; i++)
        if (costs->sizes[i].bytes == bytes)
            return;
    if (costs->n_sizes < SIZES_MAX)
        costs->sizes[costs->n_sizes++].bytes = bytes;
}

static void
want_cipher(Costs *costs, CipherKind kind, int bytes)
{
    CipherCosts *cipher = &costs->ciphers[kind];

    for (int i = 0; i < cipher->n; i++)
        if (cipher->bytes[i] == bytes)
            return;
    if (cipher->n < SIZES_MAX)
        cipher->bytes[cipher->n++] = bytes;
}

/*
 * The call alone, with a request that lies in the cache, as it does after the service has copied it: its mean is the
 * service time of the station, its spread says how constant that is.
 */
static bool
measure_cipher(CipherKind kind, size_t bytes, double budget_s, Spread *times)
{
    static Samples samples;
    static uint8_t request[BYTES_MAX];

    if (!cipher_prepare(kind))
        return false;
    Cipher *cipher = cipher_new(kind);
    cipher_fill(kind, request, bytes);
    for (int i = 0; i < WARM_CALLS; i++)
        cipher_run(cipher, request, bytes);
    samples_start(&samples, budget_s);
    while (samples_more(&samples)) {
        uint64_t start_ns = clock_ns();
        cipher_run(cipher, request, bytes);
        samples_add_ns(&samples, clock_ns() - start_ns);
    }
    cipher_free(cipher);
    *times = samples_spread(&samples);
    return true;
}

bool
costs_measure_cipher(const Case *what, Spread *times)
{
    machine_place(what->place, ROLE_SERVICE);
    bool well = measure_cipher(what->cipher, (size_t)what->bytes, BESIDE_BUDGET_S, times);
    machine_place(PLACE_ALL, ROLE_CLIENT);
    if (!well)
        fprintf(stderr, "measure-card: OpenSSL made no key\n");
    return well;
}

static void
want_all(Costs *costs, const CaseList *cases)
{
    for (int i = 0; i < cases->n; i++) {
        const Case *one = &cases->cases[i];
        want_size(costs, one->bytes);
        want_size(costs, (int)cipher_answer_bytes(one->cipher, (size_t)one->bytes));
        want_cipher(costs, one->cipher, one->bytes);
        for (int j = 0; j < CURVES; j++)
            want_cipher(costs, one->cipher, CURVE_BYTES[j]);
    }
    for (int j = 0; j < CURVES; j++)
        want_size(costs, CURVE_BYTES[j]);
}

static bool
measure_once(void *of, const void *cases)
{
    Costs *costs = of;

    *costs = (Costs){.n_sizes = 0};
    bool well = wakes_measure(&costs->general, &costs->wakes) && threads_measure(&costs->general);
    want_all(costs, cases);
    for (int i = 0; i < costs->n_sizes && well; i++)
        well = sizes_measure(&costs->sizes[i]);
    machine_pin(0);
    for (int kind = 0; kind < CIPHER_KINDS; kind++)
        for (int i = 0; i < costs->ciphers[kind].n && well; i++)
            well = measure_cipher((CipherKind)kind, (size_t)costs->ciphers[kind].bytes[i], CIPHER_BUDGET_S,
                                  &costs->ciphers[kind].times[i]);
    machine_place(PLACE_ALL, ROLE_CLIENT);
    return well;
}

bool
costs_measure(Costs *costs, const CaseList *cases)
{
    static const CostsKind kind = {sizeof(Costs), offsetof(Costs, load), measure_once};
    static Costs attempt;

    return report_measure_costs(&kind, costs, &attempt, cases);
}
