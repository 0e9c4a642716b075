#include "sim/world/domain.h"

#include "sim/world/guard.h"
#include "sim/world/invariant.h"
#include "sim/world/part.h"
#include "sim/world/platform.h"
#include "sim/world/processors.h"
#include "sim/world/state_log.h"
#include "sim/world/workload_file.h"

#include <math.h>
#include <string.h>

/* ---- creation ---- */

/* A uuid that follows from the name: version 5's form over SHA-1, so that runs agree. (transfer full) */
static char *
uuid_from_name(const char *name)
{
    g_autofree char *text = g_strconcat("tandem domain ", name, NULL);
    g_autofree char *sha1 = g_compute_checksum_for_string(G_CHECKSUM_SHA1, text, -1);

    return g_strdup_printf("%.8s-%.4s-5%.3s-a%.3s-%.12s", sha1, sha1 + 8, sha1 + 13, sha1 + 17, sha1 + 20);
}

static guint64
pages_of(double bytes, double page_bytes)
{
    return (guint64)ceil(bytes / page_bytes);
}

/* A bit for each page that is dirty, and one for each that is not zero; a migration takes some more. */
#define MAP_BITS_PER_PAGE 2

static gboolean
check_room(const char *name, double memory_bytes, double page_bytes, GError **error)
{
    g_autofree char *what = g_strdup_printf("the page maps of %s", name);

    return guard_can_hold(memory_bytes / page_bytes * MAP_BITS_PER_PAGE / 8, what, error);
}

static void
follow(Domain *with, Domain *domain)
{
    if (!with->followers)
        with->followers = g_ptr_array_new();
    g_ptr_array_add(with->followers, domain);
}

Domain *
domain_define(World *world, const DomainConfig *config, GError **error)
{
    if (!check_room(config->name, config->memory_bytes, config->page_bytes, error))
        return NULL;
    Domain *domain = g_new0(Domain, 1);
    RandomStream random;

    random_init(&random, world->seed, "dirty", config->name);
    domain->world = world;
    domain->name = config->name;
    domain->sort = config->sort;
    domain->uuid = config->uuid ? g_strdup(config->uuid) : uuid_from_name(config->name);
    domain->memory_bytes = config->memory_bytes;
    domain->page_bytes = config->page_bytes;
    domain->pages = pages_of(config->memory_bytes, config->page_bytes);
    domain->used_pages = domain->pages;
    domain->host_pages = domain->fault_processors = 1;
    domain->vcpus = config->vcpus;
    domain->cpu_share = config->cpu_share;
    domain->workload_share = NAN;
    domain->live_s = NAN;
    domain->throttle = 1;
    domain->log = dirty_new(domain->pages, &random, world_now());
    dirty_set_speed(domain->log, world_now(), 0);
    domain->changes_s = g_array_new(FALSE, FALSE, sizeof(double));
    domain->next_phase_s = INFINITY;
    domain->destinations = g_array_new(FALSE, FALSE, sizeof(guint));
    domain->workload_files = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    domain->parts = g_new0(gpointer, part_count());
    domain->instances[0] = (Instance){INSTANCE_NONE, config->host, 0, 0};
    domain->number = world->domains->len;
    g_ptr_array_add(world->domains, domain);
    g_hash_table_insert(world->domains_by_name, (gpointer)domain->name, domain);
    if (config->with) {
        follow(config->with, domain);
        if (domain_instances(config->with) > 0)
            domain_place(domain, domain_host(config->with));
    }
    return domain;
}

gboolean
domain_start_workload(Domain *domain, const WorkloadSpec *spec, GError **error)
{
    Workload workload;

    if (!domain_resolve_workload(domain, spec, &workload, error))
        return FALSE;
    domain_set_workload(domain, &workload);
    return TRUE;
}

void
domain_free(Domain *domain)
{
    if (domain->followers)
        g_ptr_array_unref(domain->followers);
    dirty_free(domain->log);
    layout_map_clear(&domain->layout);
    g_ptr_array_unref(domain->workload_files);
    g_array_unref(domain->changes_s);
    g_array_unref(domain->destinations);
    g_free(domain->parts);
    g_free(domain->uuid);
    g_free(domain);
}

/* ---- workloads ---- */

static gboolean
read_workload_file(Domain *domain, const WorkloadSpec *spec, Workload *workload, GError **error)
{
    g_autofree char *path = g_path_is_absolute(spec->file) ? g_strdup(spec->file)
                                                           : g_build_filename(domain->world->folder, spec->file, NULL);
    GArray *rows = spec->kind == WORKLOAD_REPLAY ? workload_file_read_writes(path, domain->pages, error)
                                                 : workload_file_read_intervals(path, workload->pages, error);

    if (!rows)
        return FALSE;
    g_ptr_array_add(domain->workload_files, rows);
    if (spec->kind == WORKLOAD_REPLAY) {
        workload->writes = (const WorkloadWrite *)rows->data;
        workload->n_writes = rows->len;
    } else {
        workload->intervals = (const WorkloadInterval *)rows->data;
        workload->n_intervals = rows->len;
    }
    return TRUE;
}

/* The same for all workloads of a domain: what is busier than was thought stays so. */
static double
drawn_rate_factor(const Domain *domain, const WorkloadSpec *spec)
{
    RandomStream stream;

    if (!(spec->rate_spread > 0))
        return 1;
    random_init(&stream, domain->world->seed, "rate", domain->name);
    return exp(spec->rate_spread * random_normal(&stream));
}

/* As long as the domain lives; NULL: the workload has none. */
static WorkloadClass *
room_for_classes(Domain *domain, const WorkloadSpec *spec)
{
    if (spec->kind != WORKLOAD_CURVE)
        return NULL;
    GArray *classes = g_array_sized_new(FALSE, TRUE, sizeof(WorkloadClass), WORKLOAD_CLASSES_MOST);
    g_ptr_array_add(domain->workload_files, classes);
    return (WorkloadClass *)(gpointer)classes->data;
}

gboolean
domain_resolve_workload(Domain *domain, const WorkloadSpec *spec, Workload *workload, GError **error)
{
    *workload = guest_spec_workload(spec, domain->page_bytes, room_for_classes(domain, spec));
    workload->first_page += domain->layout.program_first;
    workload->rate_pages_s *= drawn_rate_factor(domain, spec);
    return !spec->file || read_workload_file(domain, spec, workload, error);
}

void
domain_set_workload(Domain *domain, const Workload *workload)
{
    dirty_set_workload(domain->log, world_now(), workload);
}

/* ---- queries ---- */

Instance *
domain_home(Domain *domain)
{
    return &domain->instances[domain->home];
}

static Instance *
copy_of(Domain *domain)
{
    return &domain->instances[1 - domain->home];
}

gboolean
domain_is_running(const Domain *domain)
{
    return domain->instances[domain->home].state == INSTANCE_RUNNING;
}

static gboolean
is_lost(const Domain *domain)
{
    return domain->instances[domain->home].state == INSTANCE_LOST;
}

gboolean
domain_is_gone(const Domain *domain)
{
    return is_lost(domain) || domain->instances[domain->home].state == INSTANCE_DESTROYED;
}

gboolean
domain_instance_is_there(const Instance *instance)
{
    switch (instance->state) {
    case INSTANCE_BUILDING:
    case INSTANCE_RUNNING:
    case INSTANCE_SUSPENDED:
        return TRUE;
    case INSTANCE_NONE:
    case INSTANCE_LOST:
    case INSTANCE_DESTROYED:
        return FALSE;
    }
    g_assert_not_reached();
}

guint
domain_instances(const Domain *domain)
{
    return (guint)domain_instance_is_there(&domain->instances[0]) +
           (guint)domain_instance_is_there(&domain->instances[1]);
}

guint
domain_host(const Domain *domain)
{
    return domain->instances[domain->home].host;
}

const char *
domain_state_text(const Domain *domain)
{
    return state_log_word(domain->instances[domain->home].state);
}

/* ---- changes ---- */

static void
check_invariants(Domain *domain)
{
    World *world = domain->world;
    const gboolean twice =
        domain->instances[0].state == INSTANCE_RUNNING && domain->instances[1].state == INSTANCE_RUNNING;

    invariant_check(world, &invariant_one_instance, !twice, "%s runs twice", domain->name);
    for (guint i = 0; i < 2; i++) {
        const Host *host = &world->hosts[domain->instances[i].host];
        invariant_check(world, &invariant_host_memory,
                        host->free_bytes >= 0 && host->free_bytes <= host->spec->memory_bytes,
                        "host %s has %.0f bytes free", host->spec->name, host->free_bytes);
    }
}

/* After every change: check, note, tell the parts. */
static void
announce(Domain *domain)
{
    check_invariants(domain);
    state_log_note(domain, TRUE);
    part_notice(domain);
}

void
domain_wake(Domain *domain)
{
    processors_wake(domain->world);
    part_wake(domain);
}

static void
take_memory(Domain *domain, guint host)
{
    Host *at = &domain->world->hosts[host];

    at->free_bytes -= domain->memory_bytes;
    g_ptr_array_add(at->residents, domain);
}

static void
give_back(Domain *domain, Instance *instance, InstanceState state)
{
    if (domain_instance_is_there(instance)) {
        Host *host = &domain->world->hosts[instance->host];
        host->free_bytes += domain->memory_bytes;
        g_ptr_array_remove_fast(host->residents, domain);
    }
    instance->state = state;
}

void
domain_place(Domain *domain, guint host)
{
    g_return_if_fail(domain_home(domain)->state == INSTANCE_NONE);

    take_memory(domain, host);
    *domain_home(domain) = (Instance){INSTANCE_RUNNING, host, domain->world->hosts[host].next_domid++, world_now()};
    processors_set_running(domain, TRUE);
    state_log_note(domain, FALSE);
}

void
domain_create(Domain *domain, guint host)
{
    domain_place(domain, host);
    announce(domain);
}

void
domain_destroy(Domain *domain)
{
    give_back(domain, domain_home(domain), INSTANCE_DESTROYED);
    processors_set_running(domain, FALSE);
    announce(domain);
}

gboolean
domain_reserve(Domain *domain, guint host)
{
    Host *at = &domain->world->hosts[host];

    g_return_val_if_fail(copy_of(domain)->state == INSTANCE_NONE, FALSE);
    if (at->free_bytes < domain->memory_bytes)
        return FALSE;
    take_memory(domain, host);
    *copy_of(domain) = (Instance){INSTANCE_BUILDING, host, at->next_domid++, world_now()};
    announce(domain);
    return TRUE;
}

void
domain_suspend(Domain *domain)
{
    if (domain_home(domain)->state != INSTANCE_RUNNING)
        return;
    domain_home(domain)->state = INSTANCE_SUSPENDED;
    domain->live_s = NAN;
    processors_set_running(domain, FALSE);
    announce(domain);
}

void
domain_commit(Domain *domain)
{
    g_return_if_fail(copy_of(domain)->state == INSTANCE_BUILDING);

    domain->home = 1 - domain->home;
    domain_home(domain)->state = INSTANCE_SUSPENDED;
    announce(domain);
}

void
domain_resume(Domain *domain)
{
    if (domain_home(domain)->state != INSTANCE_SUSPENDED)
        return;
    domain_home(domain)->state = INSTANCE_RUNNING;
    processors_set_running(domain, TRUE);
    announce(domain);
}

void
domain_activate(Domain *domain)
{
    give_back(domain, copy_of(domain), INSTANCE_NONE);
    announce(domain);
}

void
domain_throttle(Domain *domain, double speed)
{
    if (domain_is_running(domain))
        processors_set_throttle(domain, speed);
}

void
domain_lose(Domain *domain)
{
    give_back(domain, copy_of(domain), INSTANCE_NONE);
    give_back(domain, domain_home(domain), INSTANCE_LOST);
    processors_set_running(domain, FALSE);
    announce(domain);
}

void
domain_abort(Domain *domain)
{
    domain_throttle(domain, 1);
    give_back(domain, copy_of(domain), INSTANCE_NONE);
    if (domain_home(domain)->state == INSTANCE_SUSPENDED)
        domain_resume(domain);
    else
        announce(domain);
}

void
domain_crash(Domain *domain)
{
    give_back(domain, domain_home(domain), INSTANCE_LOST);
    processors_set_running(domain, FALSE);
    announce(domain);
}

/* ---- lost hosts ---- */

/* A destination that dies when the guest is committed to it, and has not run there, leaves the source's stopped
 * instance whole: that is the guest again, for whoever looks, though it may take a while until it runs. */
static void
lose_instances(Domain *domain, guint host)
{
    const gboolean is_handed_over =
        domain_home(domain)->state == INSTANCE_SUSPENDED && copy_of(domain)->state == INSTANCE_SUSPENDED;

    for (guint k = 0; k < 2; k++) {
        Instance *instance = &domain->instances[k];
        if (instance->host != host || !domain_instance_is_there(instance))
            continue;
        give_back(domain, instance, INSTANCE_LOST);
    }
    if (is_handed_over && is_lost(domain))
        domain->home = 1 - domain->home;
    if (is_lost(domain))
        processors_set_running(domain, FALSE);
}

static int
compare_domains(gconstpointer a, gconstpointer b)
{
    const guint first = (*(const Domain *const *)a)->number, second = (*(const Domain *const *)b)->number;

    return (first > second) - (first < second);
}

GPtrArray *
domain_residents(const World *world, guint host)
{
    GPtrArray *residents = g_ptr_array_copy(world->hosts[host].residents, NULL, NULL);

    g_ptr_array_sort(residents, compare_domains);
    return residents;
}

/* All of them at once; only then may anybody look. */
static void
lose_instances_on(World *world, guint host)
{
    g_autoptr(GPtrArray) hit = domain_residents(world, host);

    for (guint i = 0; i < hit->len; i++)
        lose_instances(g_ptr_array_index(hit, i), host);
    for (guint i = 0; i < hit->len; i++)
        announce(g_ptr_array_index(hit, i));
    for (guint i = 0; i < hit->len; i++)
        domain_wake(g_ptr_array_index(hit, i));
}

void
domain_apply_host_failures(World *world)
{
    if (world_now() < world->host_fails_at_s)
        return;
    world->host_fails_at_s = INFINITY;
    for (guint i = 0; i < world->n_hosts; i++) {
        Host *host = &world->hosts[i];
        if (host->is_lost)
            continue;
        if (platform_host_is_up(world, i)) {
            world->host_fails_at_s = MIN(world->host_fails_at_s, host->fails_at_s);
            continue;
        }
        host->is_lost = TRUE;
        lose_instances_on(world, i);
    }
}
