#include "sim/world/processors.h"

#include "sim/world/engine.h"
#include "sim/world/guard.h"
#include "sim/world/host_load.h"

#include <math.h>
#include <simgrid/actor.h>
#include <simgrid/semaphore.h>

struct ProcessorThread {
    World *world;
    guint host;
    guint n; /* alike */
    double wants;
    double speed;
    gboolean limited; /* by the host's cores; otherwise nothing ever changes */
    sg_sem_t changed; /* owned; NULL: never limited yet */
    gboolean waiting, stale;
};

typedef struct {
    double wants; /* of each */
    guint n;
} Demand;

void
processors_init(Host *host)
{
    host->level = INFINITY;
    host->machine = g_array_new(FALSE, FALSE, sizeof(guint));
    host->threads = g_ptr_array_new();
}

void
processors_clear(Host *host)
{
    g_array_unref(host->machine);
    g_ptr_array_unref(host->threads);
}

void
processors_join(World *world)
{
    for (guint i = 0; i < world->n_hosts; i++) {
        const char *owner = world->hosts[i].spec->processors_of;
        world->hosts[i].cores_at = owner ? world_host(world, owner) : i;
        g_array_append_val(world->hosts[world->hosts[i].cores_at].machine, i);
    }
}

static Host *
cores_of(const World *world, guint host)
{
    return &world->hosts[world->hosts[host].cores_at];
}

static void
free_thread(gpointer data)
{
    ProcessorThread *thread = data;

    if (thread->changed)
        sg_sem_destroy(thread->changed);
    g_free(thread);
}

void
processors_start(World *world)
{
    world->threads = g_ptr_array_new_with_free_func(free_thread);
    world->spare_threads = g_ptr_array_new();
    world->stale_threads = g_ptr_array_new();
    world->new_demands = g_ptr_array_new();
}

void
processors_end(World *world)
{
    g_ptr_array_unref(world->new_demands);
    g_ptr_array_unref(world->stale_threads);
    g_ptr_array_unref(world->spare_threads);
    g_ptr_array_unref(world->threads);
}

gboolean
processors_may_change(const World *world, guint host)
{
    return cores_of(world, host)->spec->processors == PROCESSORS_SHARED;
}

/* ---- who wants how much ---- */

static guint
host_of(const Domain *domain)
{
    return domain->instances[domain->home].host;
}

static gboolean
runs_on(const Domain *domain, guint host)
{
    return domain->runs && host_of(domain) == host;
}

static void
add_demand(GArray *demands, double wants, guint n)
{
    const Demand demand = {wants, n};

    if (wants > 0)
        g_array_append_val(demands, demand);
}

static int
compare_demands(gconstpointer a, gconstpointer b)
{
    const double first = ((const Demand *)a)->wants, second = ((const Demand *)b)->wants;

    return (first > second) - (first < second);
}

static void
add_domains(GArray *demands, const World *world, guint host)
{
    const GPtrArray *residents = world->hosts[host].residents;

    for (guint i = 0; i < residents->len; i++) {
        const Domain *domain = g_ptr_array_index(residents, i);
        if (runs_on(domain, host))
            add_demand(demands, domain->cpu_share * domain->throttle, domain->vcpus);
    }
}

/* (transfer full) of all who have the host's cores, the smallest first, so that the level does not hang on the order of
 * the residents */
static GArray *
demands_on(const World *world, const Host *at)
{
    GArray *demands = g_array_new(FALSE, FALSE, sizeof(Demand));

    for (guint i = 0; i < at->machine->len; i++)
        add_domains(demands, world, g_array_index(at->machine, guint, i));
    for (guint i = 0; i < at->threads->len; i++)
        add_demand(demands, ((const ProcessorThread *)g_ptr_array_index(at->threads, i))->wants,
                   ((const ProcessorThread *)g_ptr_array_index(at->threads, i))->n);
    g_array_sort(demands, compare_demands);
    return demands;
}

/* Whoever wants less than an equal part of what is left gets it; the rest is parted among the others. */
static double
level_of(const GArray *demands, double cores)
{
    guint threads = 0;

    for (guint i = 0; i < demands->len; i++)
        threads += g_array_index(demands, Demand, i).n;
    for (guint i = 0; i < demands->len; i++) {
        const Demand *demand = &g_array_index(demands, Demand, i);
        if (demand->wants * threads > cores)
            return MAX(cores, 0) / threads;
        cores -= demand->wants * demand->n;
        threads -= demand->n;
    }
    return INFINITY;
}

/* ---- what they get ---- */

/* Until now, before something changes. */
static void
count_use(Domain *domain)
{
    const double lasted_s = world_now() - domain->counted_s;
    const double level = cores_of(domain->world, host_of(domain))->level;
    const double wanted_s = lasted_s * domain->cpu_share * domain->vcpus;

    domain->counted_s = world_now();
    if (!domain->runs) {
        domain->missed_s += wanted_s;
        return;
    }
    domain->wanted_s += wanted_s;
    domain->given_s += lasted_s * MIN(domain->cpu_share * domain->throttle, level) * domain->vcpus;
}

ProcessorUse
processors_use(Domain *domain)
{
    count_use(domain);
    return (ProcessorUse){domain->wanted_s, domain->given_s, domain->missed_s};
}

static double
speed_at(double level, double wants)
{
    return wants > level ? level / wants : 1;
}

/* Its workload, whose writes need a part of the share, is held back where the guest is given less than that. */
static double
workload_speed(const Domain *domain, double level)
{
    const double wants = domain->cpu_share * domain->throttle;
    const double needs = isnan(domain->workload_share) ? wants : domain->workload_share * domain->throttle;

    return speed_at(level, MIN(needs, wants));
}

static void
give_domain(const Domain *domain)
{
    const double level = cores_of(domain->world, host_of(domain))->level;
    const double speed = domain->throttle * speed_at(level, domain->cpu_share * domain->throttle);
    const double writes = domain->throttle * workload_speed(domain, level);

    dirty_set_speeds(domain->log, world_now(), domain->runs ? speed : 0, domain->runs ? writes : 0);
}

static void
give_thread(ProcessorThread *thread, double level)
{
    const double speed = speed_at(level, thread->wants);

    if (speed == thread->speed)
        return;
    thread->speed = speed;
    if (!thread->stale)
        g_ptr_array_add(thread->world->stale_threads, thread);
    thread->stale = TRUE;
}

/* What those who run there get, by the level that the machine has now. */
static void
give_domains(const World *world, guint host)
{
    const GPtrArray *residents = world->hosts[host].residents;

    for (guint i = 0; i < residents->len; i++) {
        const Domain *domain = g_ptr_array_index(residents, i);
        if (runs_on(domain, host))
            give_domain(domain);
    }
}

/* What they had until now, by the level that it had. */
static void
count_uses(const World *world, guint host)
{
    const GPtrArray *residents = world->hosts[host].residents;

    for (guint i = 0; i < residents->len; i++) {
        Domain *domain = g_ptr_array_index(residents, i);
        if (runs_on(domain, host))
            count_use(domain);
    }
}

static void
share_out(World *world, guint host)
{
    Host *at = cores_of(world, host);

    if (!processors_may_change(world, host))
        return;
    g_autoptr(GArray) demands = demands_on(world, at);
    const double level = level_of(demands, (double)at->spec->cores);
    if (level == at->level)
        return;
    for (guint i = 0; i < at->machine->len; i++)
        count_uses(world, g_array_index(at->machine, guint, i));
    at->level = level;
    for (guint i = 0; i < at->machine->len; i++)
        give_domains(world, g_array_index(at->machine, guint, i));
    for (guint i = 0; i < at->threads->len; i++)
        give_thread(g_ptr_array_index(at->threads, i), level);
}

/* Who wants something there has changed. */
static void
settle(World *world, guint host)
{
    const GArray *machine = cores_of(world, host)->machine;

    share_out(world, host);
    for (guint i = 0; i < machine->len; i++)
        host_load_note(world, g_array_index(machine, guint, i));
}

void
processors_set_running(Domain *domain, gboolean runs)
{
    count_use(domain);
    domain->runs = runs;
    domain->throttle = 1;
    settle(domain->world, host_of(domain));
    give_domain(domain);
}

void
processors_set_throttle(Domain *domain, double share)
{
    count_use(domain);
    domain->throttle = share;
    settle(domain->world, host_of(domain));
    give_domain(domain);
}

void
processors_set_demand(Domain *domain, double share)
{
    count_use(domain);
    domain->cpu_share = share;
    g_ptr_array_add(domain->world->new_demands, domain);
}

/* Each host once, however many of its guests have changed. */
void
processors_settle_demands(World *world)
{
    const GPtrArray *changed = world->new_demands;

    for (guint i = 0; i < changed->len; i++)
        world->hosts[host_of(g_ptr_array_index(changed, i))].demand_changed = TRUE;
    for (guint i = 0; i < changed->len; i++) {
        Host *at = &world->hosts[host_of(g_ptr_array_index(changed, i))];
        if (at->demand_changed)
            settle(world, host_of(g_ptr_array_index(changed, i)));
        at->demand_changed = FALSE;
    }
    for (guint i = 0; i < changed->len; i++) { /* the level may be what it was, and their shares of it not */
        const Domain *domain = g_ptr_array_index(changed, i);
        if (domain->runs && isfinite(cores_of(world, host_of(domain))->level))
            give_domain(domain);
    }
    g_ptr_array_set_size(world->new_demands, 0);
    processors_wake(world);
}

void
processors_follow(Domain *domain, void (*told)(double at_s, double speed, gpointer data), gpointer data)
{
    dirty_follow_speed(domain->log, told, data);
}

double
processors_domain_speed(const Domain *domain)
{
    return domain->runs ? dirty_told_speed(domain->log) : 0;
}

/* One after the other from the world's list: whoever is woken may leave, and takes itself off the list. */
void
processors_wake(World *world)
{
    while (world->stale_threads->len > 0) {
        ProcessorThread *thread = g_ptr_array_steal_index(world->stale_threads, 0);
        thread->stale = FALSE;
        if (!thread->waiting)
            continue;
        thread->waiting = FALSE;
        sg_sem_release(thread->changed);
    }
}

/* ---- work ---- */

/* SimGrid carries out the release of a semaphore after the actors of that date have run, so that one of them may have
 * left by then: semaphores are not freed before the end but used again. What comes too late wakes the next user once,
 * who finds its work not done and goes on waiting. */
static ProcessorThread *
new_thread(World *world)
{
    if (world->spare_threads->len > 0)
        return g_ptr_array_steal_index_fast(world->spare_threads, world->spare_threads->len - 1);
    ProcessorThread *thread = g_new0(ProcessorThread, 1);

    thread->world = world;
    g_ptr_array_add(world->threads, thread);
    return thread;
}

ProcessorThread *
processors_enter(World *world, guint host, double wants)
{
    return processors_enter_many(world, host, wants, 1);
}

ProcessorThread *
processors_enter_many(World *world, guint host, double wants, guint n)
{
    ProcessorThread *thread = new_thread(world);

    thread->host = host;
    thread->n = n;
    thread->wants = wants;
    thread->limited = processors_may_change(world, host);
    thread->speed = speed_at(cores_of(world, host)->level, wants);
    if (!thread->limited) /* and nobody looks who works there */
        return thread;
    if (!thread->changed)
        thread->changed = sg_sem_init(0);
    g_ptr_array_add(cores_of(world, host)->threads, thread);
    settle(world, host);
    processors_wake(world);
    return thread;
}

void
processors_leave(ProcessorThread *thread)
{
    World *world = thread->world;

    g_ptr_array_add(world->spare_threads, thread);
    if (!thread->limited)
        return;
    g_ptr_array_remove_fast(cores_of(world, thread->host)->threads, thread);
    if (thread->stale)
        g_ptr_array_remove(world->stale_threads, thread);
    thread->stale = FALSE;
    settle(world, thread->host);
    processors_wake(world);
}

void
processors_set_wants(ProcessorThread *thread, double wants)
{
    thread->wants = wants;
    if (!thread->limited)
        return;
    settle(thread->world, thread->host);
    give_thread(thread, cores_of(thread->world, thread->host)->level);
    processors_wake(thread->world);
}

double
processors_given(const ProcessorThread *thread)
{
    return thread->speed < 1 ? thread->speed * thread->wants : 1;
}

double
processors_given_together(const ProcessorThread *thread)
{
    const double all = thread->n * processors_given(thread);

    return thread->limited ? MIN(all, (double)thread->world->hosts[thread->host].spec->cores) : all;
}

double
processors_speed(const ProcessorThread *thread)
{
    return thread->speed;
}

void
processors_work(ProcessorThread *thread, double work_s)
{
    if (!thread->limited) {
        sg_actor_sleep_for(work_s);
        return;
    }
    while (work_s > ENGINE_PRECISION_S) {
        const double since_s = world_now(), speed = thread->speed;
        guard_pass();
        thread->waiting = TRUE;
        (void)sg_sem_acquire_timeout(thread->changed, work_s / speed);
        thread->waiting = FALSE;
        work_s -= (world_now() - since_s) * speed;
    }
}

double
processors_free_vcpus(const World *world, guint host)
{
    const Host *at = &world->hosts[host];
    double vcpus = host_spec_vcpus(at->spec);

    for (guint i = 0; isfinite(vcpus) && i < at->residents->len; i++)
        vcpus -= ((const Domain *)g_ptr_array_index(at->residents, i))->vcpus;
    return vcpus;
}
