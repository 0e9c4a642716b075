#include "models/placement/load_balance.h"

#include <math.h>

/* The loads as they would be, with their sums, so that a move is judged without going through all hosts. */
typedef struct {
    const BalanceHost *hosts;
    guint n_hosts, n_open;
    double *loads, *free_bytes; /* owned */
    double sum, squares;
} Loads;

static double
deviation_of(guint n, double sum, double squares)
{
    if (!n)
        return 0;
    const double mean = sum / n;

    return sqrt(MAX(squares / n - mean * mean, 0));
}

static Loads
loads_of(const BalanceHost *hosts, guint n_hosts, const BalanceVm *vms, guint n_vms)
{
    Loads loads = {.hosts = hosts,
                   .n_hosts = n_hosts,
                   .loads = g_new0(double, n_hosts + 1u),
                   .free_bytes = g_new0(double, n_hosts + 1u)};

    for (guint i = 0; i < n_vms; i++)
        loads.loads[vms[i].host] += vms[i].load / hosts[vms[i].host].capacity;
    for (guint i = 0; i < n_hosts; i++) {
        loads.free_bytes[i] = hosts[i].free_memory_bytes;
        if (hosts[i].closed)
            continue;
        loads.n_open++;
        loads.sum += loads.loads[i];
        loads.squares += loads.loads[i] * loads.loads[i];
    }
    return loads;
}

static void
clear_loads(Loads *loads)
{
    g_free(loads->loads);
    g_free(loads->free_bytes);
}

double
balance_deviation(const BalanceHost *hosts, guint n_hosts, const BalanceVm *vms, guint n_vms)
{
    Loads loads = loads_of(hosts, n_hosts, vms, n_vms);
    const double deviation = deviation_of(loads.n_open, loads.sum, loads.squares);

    clear_loads(&loads);
    return deviation;
}

static double
deviation_after(const Loads *loads, const BalanceVm *vm, guint from, guint to)
{
    const double less = vm->load / loads->hosts[from].capacity, more = vm->load / loads->hosts[to].capacity;
    const double a = loads->loads[from], b = loads->loads[to];

    return deviation_of(loads->n_open, loads->sum - less + more,
                        loads->squares - a * a - b * b + (a - less) * (a - less) + (b + more) * (b + more));
}

static gboolean
find_move(const Loads *loads, const BalanceVm *vms, guint n_vms, const guint *where, BalanceMove *best)
{
    best->deviation = INFINITY;
    for (guint i = 0; i < n_vms; i++) {
        if (vms[i].fixed || loads->hosts[where[i]].closed)
            continue;
        for (guint to = 0; to < loads->n_hosts; to++) {
            if (to == where[i] || loads->hosts[to].closed || loads->free_bytes[to] < vms[i].memory_bytes)
                continue;
            const double deviation = deviation_after(loads, &vms[i], where[i], to);

            if (deviation < best->deviation)
                *best = (BalanceMove){i, where[i], to, deviation};
        }
    }
    return isfinite(best->deviation);
}

static void
make_move(Loads *loads, const BalanceVm *vm, const BalanceMove *move)
{
    const double less = vm->load / loads->hosts[move->from].capacity, more = vm->load / loads->hosts[move->to].capacity;
    double *a = &loads->loads[move->from], *b = &loads->loads[move->to];

    loads->sum += more - less;
    loads->squares += (*a - less) * (*a - less) - *a * *a + (*b + more) * (*b + more) - *b * *b;
    *a -= less;
    *b += more;
    loads->free_bytes[move->from] += vm->memory_bytes;
    loads->free_bytes[move->to] -= vm->memory_bytes;
}

guint
balance_plan(const BalanceRules *rules, const BalanceHost *hosts, guint n_hosts, const BalanceVm *vms, guint n_vms,
             BalanceMove *moves)
{
    Loads loads = loads_of(hosts, n_hosts, vms, n_vms);
    g_autofree guint *where = g_new(guint, n_vms + 1u);
    double deviation = deviation_of(loads.n_open, loads.sum, loads.squares);
    guint n = 0;

    for (guint i = 0; i < n_vms; i++)
        where[i] = vms[i].host;
    while (n < rules->moves && deviation > rules->target) {
        BalanceMove *move = &moves[n];

        /* a gain of 0 still asks for less: the same deviation again and again would be a dance */
        if (!find_move(&loads, vms, n_vms, where, move) || deviation - move->deviation < rules->gain ||
            move->deviation >= deviation)
            break;
        make_move(&loads, &vms[move->vm], move);
        where[move->vm] = move->to;
        deviation = move->deviation;
        n++;
    }
    clear_loads(&loads);
    return n;
}
