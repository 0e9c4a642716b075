#include "models/placement/bin_packing.h"

#include <math.h>

/* A host while VMs are laid on it. */
typedef struct {
    double free_cpu, free_memory;
    double used_cpu;
    gboolean awake;
} Bin;

typedef struct {
    const PackingRules *rules;
    const PackingHost *hosts;
    const PackingVm *vms;
    guint n_hosts;
    gboolean (*refuses)(gpointer data, guint vm, guint host);
    gpointer data;
    Bin *bins;    /* owned, one for each host */
    guint *order; /* owned, hosts in the order in which they are asked */
    guint n_order;
} Packing;

static void
fill_bin(const PackingRules *rules, const PackingHost *host, Bin *bin)
{
    /* bin_packing.py get_available_resources for active hosts; the whole of one that is woken */
    bin->free_cpu = (host->asleep ? 1 : rules->cpu_share) * host->cpu - host->cpu_used;
    bin->free_memory = (host->asleep ? 1 : rules->memory_share) * host->memory_bytes - host->memory_used_bytes;
    bin->used_cpu = host->cpu_used;
    bin->awake = !host->asleep;
}

static int
compare_rising(double a, double b)
{
    return (a > b) - (a < b);
}

static int
compare_numbers(guint a, guint b)
{
    return (a > b) - (a < b);
}

/* By what is free at the begin: the order does not follow what is laid on the hosts meanwhile. */
static int
compare_hosts(gconstpointer a, gconstpointer b, gpointer data)
{
    const Packing *packing = data;
    const guint i = *(const guint *)a, j = *(const guint *)b;
    Bin x, y;

    fill_bin(packing->rules, &packing->hosts[i], &x);
    fill_bin(packing->rules, &packing->hosts[j], &y);
    const int by_cpu = compare_rising(x.free_cpu, y.free_cpu);
    const int by_memory = compare_rising(x.free_memory, y.free_memory);

    return by_cpu ? by_cpu : by_memory ? by_memory : compare_numbers(i, j);
}

static int
compare_vms(gconstpointer a, gconstpointer b, gpointer data)
{
    const Packing *packing = data;
    const guint i = *(const guint *)a, j = *(const guint *)b;
    const int by_cpu = compare_rising(packing->vms[j].cpu, packing->vms[i].cpu);

    if (by_cpu)
        return by_cpu;
    if (packing->rules->rule != PACKING_BEST_FIT)
        return compare_numbers(i, j);
    const int by_memory = compare_rising(packing->vms[j].memory_bytes, packing->vms[i].memory_bytes);

    return by_memory ? by_memory : compare_numbers(j, i);
}

static gboolean
may_take(const Packing *packing, guint host, guint vm)
{
    return !packing->hosts[host].closed && !(packing->refuses && packing->refuses(packing->data, vm, host));
}

static gboolean
fits(const Packing *packing, guint host, guint vm)
{
    const Bin *bin = &packing->bins[host];

    return bin->free_cpu >= packing->vms[vm].cpu && bin->free_memory >= packing->vms[vm].memory_bytes &&
           may_take(packing, host, vm);
}

static gint
first_of_order(const Packing *packing, guint vm)
{
    for (guint i = 0; i < packing->n_order; i++)
        if (fits(packing, packing->order[i], vm))
            return (gint)packing->order[i];
    return -1;
}

static gint
emptiest(const Packing *packing, guint vm)
{
    gint found = -1;

    for (guint i = 0; i < packing->n_order; i++) {
        const guint host = packing->order[i];

        if (fits(packing, host, vm) && (found < 0 || packing->bins[host].free_cpu > packing->bins[found].free_cpu))
            found = (gint)host;
    }
    return found;
}

/* findHostForVm: whether it would be overloaded is asked only of a host that has load. */
static gboolean
fits_by_power(const Packing *packing, guint host, guint vm)
{
    const Bin *bin = &packing->bins[host];
    const double after = bin->used_cpu + packing->vms[vm].cpu;
    const double share = bin->used_cpu > 0 ? packing->rules->cpu_share : 1;

    return after <= share * packing->hosts[host].cpu && bin->free_memory >= packing->vms[vm].memory_bytes &&
           may_take(packing, host, vm);
}

static double
power_rise(const Packing *packing, guint host, guint vm)
{
    const PackingHost *h = &packing->hosts[host];
    const Bin *bin = &packing->bins[host];
    const double now_W =
        !bin->awake && packing->rules->waking_counts ? h->asleep_W : power_curve_W(h->curve, bin->used_cpu / h->cpu);

    return power_curve_W(h->curve, (bin->used_cpu + packing->vms[vm].cpu) / h->cpu) - now_W;
}

static gint
cheapest(const Packing *packing, guint vm)
{
    double least = INFINITY;
    gint found = -1;

    for (guint host = 0; host < packing->n_hosts; host++) {
        if (!(packing->bins[host].awake || packing->rules->wakes) || !fits_by_power(packing, host, vm))
            continue;
        const double rise = power_rise(packing, host, vm);

        if (rise < least) {
            least = rise;
            found = (gint)host;
        }
    }
    return found;
}

static gint
choose(const Packing *packing, guint vm)
{
    switch (packing->rules->rule) {
    case PACKING_BEST_FIT:
    case PACKING_FIRST_FIT:
        return first_of_order(packing, vm);
    case PACKING_WORST_FIT:
        return emptiest(packing, vm);
    case PACKING_POWER_AWARE:
        return cheapest(packing, vm);
    }
    return -1;
}

static void
sort_order(Packing *packing)
{
    if (packing->rules->rule == PACKING_BEST_FIT)
        g_qsort_with_data(packing->order, (gint)packing->n_order, sizeof *packing->order, compare_hosts, packing);
}

/* The sleeping host with least CPU, of equal ones with least memory, of these the first; FALSE: none sleeps any more.
 */
static gboolean
wake_one(Packing *packing)
{
    gint found = -1;

    for (guint i = 0; i < packing->n_hosts; i++) {
        if (packing->bins[i].awake || packing->hosts[i].closed)
            continue;
        if (found < 0 || packing->hosts[i].cpu < packing->hosts[found].cpu ||
            (packing->hosts[i].cpu == packing->hosts[found].cpu &&
             packing->hosts[i].memory_bytes < packing->hosts[found].memory_bytes))
            found = (gint)i;
    }
    if (found < 0)
        return FALSE;
    packing->bins[found].awake = TRUE;
    packing->order[packing->n_order++] = (guint)found;
    sort_order(packing);
    return TRUE;
}

static void
start(Packing *packing)
{
    packing->bins = g_new(Bin, packing->n_hosts + 1u);
    packing->order = g_new(guint, packing->n_hosts + 1u);
    for (guint i = 0; i < packing->n_hosts; i++) {
        fill_bin(packing->rules, &packing->hosts[i], &packing->bins[i]);
        if (packing->bins[i].awake)
            packing->order[packing->n_order++] = i;
    }
    sort_order(packing);
}

static gint
place(Packing *packing, guint vm)
{
    gint host = choose(packing, vm);

    while (host < 0 && packing->rules->wakes && packing->rules->rule != PACKING_POWER_AWARE && wake_one(packing))
        host = choose(packing, vm);
    if (host >= 0) {
        Bin *bin = &packing->bins[host];

        bin->free_cpu -= packing->vms[vm].cpu;
        bin->free_memory -= packing->vms[vm].memory_bytes;
        bin->used_cpu += packing->vms[vm].cpu;
        bin->awake = TRUE;
    }
    return host;
}

guint
packing_solve(const PackingRules *rules, const PackingHost *hosts, guint n_hosts, const PackingVm *vms, guint n_vms,
              gboolean (*refuses)(gpointer data, guint vm, guint host), gpointer data, gint *where)
{
    Packing packing = {
        .rules = rules, .hosts = hosts, .vms = vms, .n_hosts = n_hosts, .refuses = refuses, .data = data};
    g_autofree guint *asked = g_new(guint, n_vms + 1u);
    guint placed = 0;

    start(&packing);
    for (guint i = 0; i < n_vms; i++)
        asked[i] = i;
    if (rules->rule != PACKING_FIRST_FIT)
        g_qsort_with_data(asked, (gint)n_vms, sizeof *asked, compare_vms, &packing);
    for (guint i = 0; i < n_vms; i++) {
        where[asked[i]] = place(&packing, asked[i]);
        placed += where[asked[i]] >= 0;
    }
    if (rules->all_or_nothing && placed < n_vms) {
        for (guint i = 0; i < n_vms; i++)
            where[i] = -1;
        placed = 0;
    }
    g_free(packing.bins);
    g_free(packing.order);
    return placed;
}
