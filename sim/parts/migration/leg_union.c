#include "sim/parts/migration/leg_union.h"

#include "models/memory/bitmap.h"
#include "models/vtpm/cump.h"
#include "sim/parts/migration/leg_stream.h"
#include "sim/parts/vtpm/vtpm_part.h"
#include "sim/world/domain.h"

static CumpPair
pair_of(const Leg *leg)
{
    Domain *vm = leg->domains[0], *vtpm = leg->domains[1];

    return (CumpPair){vm->uuid, vtpm->uuid, domain_home(vm)->domid, domain_home(vtpm)->domid};
}

/* Spends what a part of making the CUMP costs, and notes it where it is to be told. */
static gboolean
spend_on_union(Leg *leg, const char *word, double work_s, gboolean told)
{
    LegUnion *uniting = &leg->uniting;
    UnionStep *step = &uniting->steps[uniting->n_steps];

    *step = (UnionStep){word, world_now(), 0};
    uniting->n_steps += told;
    const gboolean goes_on = leg_spend(leg, work_s);
    step->duration_s = world_now() - step->start_s;
    return goes_on;
}

/* Pages of the union that its logs have caught since they were last read. */
static guint64
written_pages(const Leg *leg)
{
    guint64 region[DIRTY_REGION_WORDS], pages = 0;

    for (gsize word = 0; word < leg->pages.words; word += DIRTY_REGION_WORDS) {
        const gsize words = MIN(leg->pages.words - word, DIRTY_REGION_WORDS);
        page_set_peek(&leg->pages, world_now(), word, words, region);
        pages += bitmap_count(region, words);
    }
    return pages;
}

/* Definition 2. Where no CUMP costs anything and none is found, there is nothing to tell. */
static gboolean
make_or_update(Leg *leg)
{
    const CopierUnion costs = copier_unite(leg->migration->hypervisor);
    const CumpPair pair = pair_of(leg);
    const CumpPresence presence = cump_directory_look_up(leg->migration->cumps, &pair);
    const gboolean found = presence != CUMP_ABSENT, told = costs.told || found;
    double work_s = costs.work_s; /* Algorithm 1, step 4: what the CUMP costs whatever its size */

    if (!spend_on_union(leg, found ? "cump_found" : "cump_not_found", costs.look_up_s, told))
        return FALSE;
    leg->uniting.found = found;
    if (found) {
        leg->uniting.outdated_pages = cump_pages_to_update(presence, leg->pages.pages, written_pages(leg));
        work_s = costs.update_s + (double)leg->uniting.outdated_pages * costs.update_page_s;
    }
    if (!spend_on_union(leg, found ? "cump_updated" : "cump_made", work_s, told))
        return FALSE;
    cump_directory_keep(leg->migration->cumps, &pair);
    return TRUE;
}

gboolean
leg_union_prepare(Leg *leg)
{
    const Migration *migration = leg->migration;

    if (leg->n_domains < 2)
        return TRUE;
    /* Algorithm 1, steps 1 to 3, for whoever migrates both as one */
    const CumpBinding binding = {leg->domains[0]->uuid, vtpm_part_bound_uuid(leg->domains[0]), leg->domains[1]->uuid};
    if (cump_check_union(&binding) == CUMP_MISMATCH)
        return leg_fails(leg, &outcome_binding_mismatch);
    return migration->method != METHOD_JOINT || !copier_kind(migration->hypervisor)->unite || make_or_update(leg);
}

/* ---- at the destination ---- */

/* When the leg has ended. */
static gboolean
will_be_there(const Leg *leg, const Domain *domain)
{
    return leg->domains[0] == domain || leg->domains[1] == domain || domain_host(domain) == leg->migration->destination;
}

gboolean
leg_union_arrives(Leg *leg)
{
    const Domain *vm = leg->migration->vm, *vtpm = vtpm_part_of(vm);

    if (!vtpm || !will_be_there(leg, vm) || !will_be_there(leg, vtpm))
        return TRUE;
    const CumpBinding source = {vm->uuid, vtpm_part_bound_uuid(vm), vtpm->uuid};
    const CumpBinding there = {vm->uuid, vtpm_part_bound_uuid_on(vm, leg->migration->destination), vtpm->uuid};
    return cump_check_association(&source, &there) == CUMP_OK || leg_fails(leg, &outcome_other_pair);
}
