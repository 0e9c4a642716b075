#include "sim/world/listing.h"

#include "sim/output/csv.h"
#include "sim/world/domain.h"

#include <math.h>

typedef struct {
    const char *when, *host, *name;
    guint64 id;
    double mem_MiB;
    guint64 vcpus;
    const char *state;
    const char *time_s; /* NULL: Domain-0's is not known */
} ListingRow;

static const RecordField listing_fields[] = {
    {"when", RECORD_WORD(ListingRow, when), "before or after which migration"},
    {"host", RECORD_WORD(ListingRow, host), "of the listing"},
    {"name", RECORD_WORD(ListingRow, name), "of the domain; Domain-0 is the host's own"},
    {"id", RECORD_COUNT(ListingRow, id), "Xen's number of it there"},
    {"mem_MiB", RECORD_NUMBER(ListingRow, mem_MiB), "its memory"},
    {"vcpus", RECORD_COUNT(ListingRow, vcpus), "its virtual processors"},
    {"state", RECORD_WORD(ListingRow, state), "Xen's letters: r running, p paused"},
    {"time_s", RECORD_WORD(ListingRow, time_s), "processor time used since it was created there"},
    {NULL},
};
const Record listing_record = {"domains.csv", listing_fields,
                               "the columns of xl list for both hosts, before and after each migration"};

#define MIB (1024.0 * 1024.0)

/* Xen's letters: r running, b blocked, p paused, s shut down, c crashed, d dying. */
static void
list_domain(GString *out, const char *when, const char *host, const Domain *domain, const Instance *instance)
{
    const double lived_s = world_now() - instance->created_s;
    g_autofree char *seconds = csv_number(lived_s * domain->cpu_share * domain->vcpus);
    const ListingRow row = {when,
                            host,
                            domain->name,
                            instance->domid,
                            rint(domain->memory_bytes / MIB),
                            domain->vcpus,
                            instance->state == INSTANCE_RUNNING ? "r-----" : "--p---",
                            seconds};
    record_append_row(&listing_record, &row, out);
}

void
listing_append_host(World *world, const char *when, guint host)
{
    const HostSpec *spec = world->hosts[host].spec;

    if (world->hosts[host].is_lost)
        return;
    const ListingRow own = {
        when, spec->name, "Domain-0", 0, rint(spec->dom0_memory_bytes / MIB), (guint64)spec->cores, "r-----", NULL};
    g_autoptr(GPtrArray) residents = domain_residents(world, host);
    record_append_row(&listing_record, &own, world->listings);
    for (guint i = 0; i < residents->len; i++) {
        const Domain *domain = g_ptr_array_index(residents, i);
        for (guint k = 0; k < 2; k++) {
            const Instance *instance = &domain->instances[k];
            if (instance->host == host && domain_instance_is_there(instance))
                list_domain(world->listings, when, spec->name, domain, instance);
        }
    }
}
