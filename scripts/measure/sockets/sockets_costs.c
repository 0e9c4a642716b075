#include "sockets_costs.h"

#include "common/bench_process.h"
#include "common/bench_program.h"
#include "common/bench_report.h"
#include <math.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BESIDE_BUDGET_S 0.01
#define BESIDE_BYTES    16384
#define BESIDE_CALLS    64 /* at a time: one call takes hardly more than a read of the clock */

/* Besides the cases' own sizes: what is fixed and what is per byte shows over these. */
static const int CURVE_BYTES[] = {1, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576};
#define CURVES ((int)(sizeof CURVE_BYTES / sizeof *CURVE_BYTES))

static LinkCosts *
find_link(Costs *costs, const Case *what)
{
    for (int i = 0; i < costs->n_links; i++)
        if (costs->links[i].design == what->design && costs->links[i].buffer_bytes == what->buffer_bytes)
            return &costs->links[i];
    return NULL;
}

const LinkCosts *
costs_of_link(const Costs *costs, const Case *what)
{
    return find_link((Costs *)costs, what);
}

/* What a ring has no room for is moved in pieces, and has no cost of its own. */
static void
want_size(LinkCosts *link, int bytes)
{
    if (link->design == DESIGN_RING && bytes > link->buffer_bytes)
        return;
    int at = 0;
    while (at < link->n && link->sizes[at].bytes < bytes)
        at++;
    if ((at < link->n && link->sizes[at].bytes == bytes) || link->n == SIZES_MAX)
        return;
    memmove(&link->sizes[at + 1], &link->sizes[at], (size_t)(link->n - at) * sizeof *link->sizes);
    link->sizes[at].bytes = bytes;
    link->n++;
}

static void
want_case(Costs *costs, const Case *what)
{
    LinkCosts *link = find_link(costs, what);

    if (!link) {
        link = &costs->links[costs->n_links++];
        link->design = what->design;
        link->buffer_bytes = what->buffer_bytes;
        for (int i = 0; i < CURVES; i++)
            want_size(link, CURVE_BYTES[i]);
        if (what->buffer_bytes > 0 && what->buffer_bytes <= BYTES_MAX)
            want_size(link, what->buffer_bytes);
    }
    want_size(link, what->bytes);
    want_size(link, what->receive_bytes);
}

bool
costs_on_link(const LinkCosts *of, Work work, SizeCosts *size, MeasureSize measure)
{
    const Case what = {.design = of->design, .work = work, .buffer_bytes = of->buffer_bytes};
    Pair *pair = pair_new(0, NULL);
    Link *link = pair ? link_new(&what) : NULL;
    bool well = false;

    if (link) {
        pair->of = link;
        pair->bytes = size->bytes;
        machine_pin(0);
        well = measure(pair, size);
        machine_place(PLACE_ALL, ROLE_CLIENT);
        link_free(link);
    }
    if (pair)
        pair_free(pair);
    return well;
}

static double
measure_calls(void)
{
    static Samples samples;

    samples_start(&samples, BESIDE_BUDGET_S);
    while (samples_more(&samples)) {
        uint64_t start_ns = clock_ns();
        for (int i = 0; i < BESIDE_CALLS; i++)
            syscall(SYS_getppid);
        samples_add_us(&samples, (double)(clock_ns() - start_ns) / 1e3 / BESIDE_CALLS);
    }
    return samples_spread(&samples).median_us;
}

static double
measure_copies(void)
{
    static Samples samples;
    static uint8_t from[BESIDE_BYTES], to[BESIDE_BYTES];

    memset(from, 1, sizeof from);
    samples_start(&samples, BESIDE_BUDGET_S);
    while (samples_more(&samples)) {
        uint64_t start_ns = clock_ns();
        memcpy(to, from, sizeof to);
        __asm__ volatile("" : : "r"(to) : "memory");
        samples_add_ns(&samples, clock_ns() - start_ns);
    }
    return samples_spread(&samples).median_us;
}

Beside
costs_measure_beside(void)
{
    Beside beside;

    for (int rank = 0; rank < BESIDE_PROCESSORS; rank++) {
        machine_pin(rank < machine_processors() ? rank : 0);
        beside.us[BESIDE_COPY][rank] = measure_copies();
        beside.us[BESIDE_CALL][rank] = measure_calls();
    }
    machine_place(PLACE_ALL, ROLE_CLIENT);
    return beside;
}

static bool
measure_once(void *of, const void *wanted)
{
    const CaseList *cases = wanted;
    Costs *costs = of;

    *costs = (Costs){.n_links = 0};
    for (int i = 0; i < cases->n; i++)
        want_case(costs, &cases->cases[i]);
    bool well = wakes_measure(&costs->general, &costs->wakes);
    for (int i = 0; i < costs->n_links; i++)
        for (int j = 0; j < costs->links[i].n && well; j++)
            well = sizes_measure(&costs->links[i], &costs->links[i].sizes[j]);
    return well;
}

bool
costs_measure(Costs *costs, const CaseList *cases)
{
    static const CostsKind kind = {sizeof(Costs), offsetof(Costs, load), measure_once};
    static Costs attempt;

    return report_measure_costs(&kind, costs, &attempt, cases);
}
