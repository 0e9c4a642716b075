#include "sim/world/lifecycle.h"

#include "sim/world/domain.h"
#include "sim/world/processors.h"

/* Why not. */
typedef enum {
    REFUSED_NOT_THERE,
    REFUSED_THERE,
    REFUSED_GONE,
    REFUSED_HOST_LOST,
    REFUSED_NO_MEMORY,
    REFUSED_NO_CPU,
    REFUSED_MIGRATING,
    REFUSED_RUNNING,
    REFUSED_STOPPED,
    N_REFUSALS
} Refusal;

static const Outcome refusals[] = {
    [REFUSED_NOT_THERE] = {"not-there", "the domain has not been created"},
    [REFUSED_THERE] = {"there", "the domain has been created already"},
    [REFUSED_GONE] = {"gone", "the domain was lost or destroyed"},
    [REFUSED_HOST_LOST] = {"host-lost", "the host is lost"},
    [REFUSED_NO_MEMORY] = {"no-memory", "the host has too little free memory"},
    [REFUSED_NO_CPU] = {"no-cpu", "the host has too few processors for its virtual ones"},
    [REFUSED_MIGRATING] = {"migrating", "the domain, or one that goes with it, is migrating"},
    [REFUSED_RUNNING] = {"running", "the domain runs already"},
    [REFUSED_STOPPED] = {"stopped", "the domain is stopped already"},
};

struct Lifecycle {
    GString *rows; /* owned; of domain-requests.csv */
    guint64 made, refused;
    guint64 refused_for[N_REFUSALS];
};

/* ---- what is told ---- */

typedef struct {
    guint64 made, refused;
} LifecycleNumbers;

static const RecordField number_fields[] = {
    {"made", RECORD_COUNT(LifecycleNumbers, made), "to create, start, stop or destroy a domain"},
    {"refused", RECORD_COUNT(LifecycleNumbers, refused), "of them; domain-requests.csv says why"},
    {NULL},
};
const Record lifecycle_record = {"domain_requests", number_fields, "requests for domains, when there were any"};

typedef struct {
    double time_s;
    const char *request, *domain, *host, *outcome;
} LifecycleRow;

static const RecordField row_fields[] = {
    {"time_s", RECORD_NUMBER(LifecycleRow, time_s), "when"},
    {"request", RECORD_WORD(LifecycleRow, request), "create, start, stop or destroy"},
    {"domain", RECORD_WORD(LifecycleRow, domain), "which"},
    {"host", RECORD_WORD(LifecycleRow, host), "where it is, or was to be created"},
    {"outcome", RECORD_WORD(LifecycleRow, outcome), "done, or why it was refused"},
    {NULL},
};
const Record lifecycle_row_record = {"domain-requests.csv", row_fields, "what was asked of domains, when anything was"};

static const char *const change_words[] = {
    [DOMAIN_CREATE] = "create", [DOMAIN_START] = "start", [DOMAIN_STOP] = "stop", [DOMAIN_DESTROY] = "destroy"};

static void
note(const DomainRequest *request, const Outcome *refusal)
{
    World *world = request->domain->world;
    const guint host = request->change == DOMAIN_CREATE ? request->host : domain_host(request->domain);
    const LifecycleRow row = {world_now(), change_words[request->change], request->domain->name,
                              world->hosts[host].spec->name, refusal ? refusal->word : "done"};

    if (!world->lifecycle) {
        world->lifecycle = g_new0(struct Lifecycle, 1);
        world->lifecycle->rows = record_table(&lifecycle_row_record);
    }
    world->lifecycle->made++;
    if (refusal) {
        world->lifecycle->refused++;
        world->lifecycle->refused_for[refusal - refusals]++;
    }
    record_append_row(&lifecycle_row_record, &row, world->lifecycle->rows);
}

static void
say(const struct Lifecycle *lifecycle, Result *result)
{
    g_autoptr(GString) why = g_string_new(NULL);

    for (guint i = 0; i < N_REFUSALS; i++)
        if (lifecycle->refused_for[i] > 0)
            g_string_append_printf(why, "%s%s %" G_GUINT64_FORMAT, why->len > 0 ? ", " : ": ", refusals[i].word,
                                   lifecycle->refused_for[i]);
    result_say(result, "domains: %" G_GUINT64_FORMAT " requests, %" G_GUINT64_FORMAT " refused%s", lifecycle->made,
               lifecycle->refused, why->str);
}

void
lifecycle_collect(const World *world, Result *result)
{
    const struct Lifecycle *lifecycle = world->lifecycle;

    if (!lifecycle)
        return;
    const LifecycleNumbers numbers = {lifecycle->made, lifecycle->refused};
    record_add(&lifecycle_record, &numbers, result, NULL);
    result_take_table(result, lifecycle_row_record.name, g_strdup(lifecycle->rows->str));
    say(lifecycle, result);
}

void
lifecycle_free(World *world)
{
    if (world->lifecycle)
        g_string_free(world->lifecycle->rows, TRUE);
    g_clear_pointer(&world->lifecycle, g_free);
}

/* ---- why not ---- */

typedef gboolean (*DomainTest)(const Domain *domain);

static gboolean
is_migrating(const Domain *domain)
{
    return domain->migrating;
}

static gboolean
is_there(const Domain *domain)
{
    return domain_instances(domain) > 0;
}

/* Of it or of one that goes with it. */
static gboolean
any_of(const Domain *domain, DomainTest test)
{
    if (test(domain))
        return TRUE;
    for (guint i = 0; domain->followers && i < domain->followers->len; i++)
        if (test(g_ptr_array_index(domain->followers, i)))
            return TRUE;
    return FALSE;
}

static double
memory_of_all(const Domain *domain)
{
    double bytes = domain->memory_bytes;

    for (guint i = 0; domain->followers && i < domain->followers->len; i++)
        bytes += ((const Domain *)g_ptr_array_index(domain->followers, i))->memory_bytes;
    return bytes;
}

static guint
vcpus_of_all(const Domain *domain)
{
    guint vcpus = domain->vcpus;

    for (guint i = 0; domain->followers && i < domain->followers->len; i++)
        vcpus += ((const Domain *)g_ptr_array_index(domain->followers, i))->vcpus;
    return vcpus;
}

static const Outcome *
refuse_create(const Domain *domain, guint host)
{
    const Host *at = &domain->world->hosts[host];

    if (domain_instances(domain) > 0)
        return &refusals[REFUSED_THERE];
    if (at->is_lost)
        return &refusals[REFUSED_HOST_LOST];
    if (at->free_bytes < memory_of_all(domain))
        return &refusals[REFUSED_NO_MEMORY];
    return processors_free_vcpus(domain->world, host) < vcpus_of_all(domain) ? &refusals[REFUSED_NO_CPU] : NULL;
}

static const Outcome *
refuse(const DomainRequest *request)
{
    const Domain *domain = request->domain;

    if (domain_is_gone(domain) && !(request->change == DOMAIN_DESTROY && any_of(domain, is_there)))
        return &refusals[REFUSED_GONE];
    if (request->change == DOMAIN_CREATE)
        return refuse_create(domain, request->host);
    if (!any_of(domain, is_there))
        return &refusals[REFUSED_NOT_THERE];
    if (any_of(domain, is_migrating))
        return &refusals[REFUSED_MIGRATING];
    if (request->change == DOMAIN_START && domain_is_running(domain))
        return &refusals[REFUSED_RUNNING];
    return request->change == DOMAIN_STOP && !domain_is_running(domain) ? &refusals[REFUSED_STOPPED] : NULL;
}

/* ---- carried out ---- */

/* Those that go with it first: whoever is told of the domain finds them there. */
static void
create(Domain *domain, guint host)
{
    for (guint i = 0; domain->followers && i < domain->followers->len; i++)
        domain_create(g_ptr_array_index(domain->followers, i), host);
    domain_create(domain, host);
}

static void
destroy(Domain *domain)
{
    if (!domain_is_gone(domain)) /* a vTPM may outlive its VM */
        domain_destroy(domain);
    for (guint i = 0; domain->followers && i < domain->followers->len; i++)
        if (!domain_is_gone(g_ptr_array_index(domain->followers, i)))
            domain_destroy(g_ptr_array_index(domain->followers, i));
}

static void
carry_out(const DomainRequest *request)
{
    switch (request->change) {
    case DOMAIN_CREATE:
        create(request->domain, request->host);
        break;
    case DOMAIN_START:
        domain_resume(request->domain);
        break;
    case DOMAIN_STOP:
        domain_suspend(request->domain);
        break;
    case DOMAIN_DESTROY:
        destroy(request->domain);
        break;
    }
}

const Outcome *
request_domain(World *world, const DomainRequest *request)
{
    domain_apply_host_failures(world);
    const Outcome *refusal = refuse(request);

    note(request, refusal);
    if (refusal)
        return refusal;
    carry_out(request);
    domain_wake(request->domain);
    for (guint i = 0; request->domain->followers && i < request->domain->followers->len; i++)
        domain_wake(g_ptr_array_index(request->domain->followers, i));
    return NULL;
}
