#include "sim/parts/migration/leg_images.h"

#include "models/vtpm/cump.h"
#include "sim/parts/migration/pages_check.h"
#include "sim/parts/vtpm/vtpm_part.h"

const Invariant invariant_images_equal = {"images_equal",
                                          "the destination's memory equals the source's: no page is out of date there"};

gboolean
leg_images_carry_vtpm_as_state(const Leg *leg)
{
    return leg->n_domains == 2 &&
           (leg->migration->method == METHOD_COLD || copier_kind(leg->migration->hypervisor)->vtpm_is_state);
}

gboolean
leg_images_include(const Leg *leg, guint i)
{
    return !(leg_images_carry_vtpm_as_state(leg) && vtpm_part_is_vtpm(leg->domains[i]));
}

/* A domain that the method moves and that no leg of the migration has; NULL: there is none. */
static const Domain *
forgotten_domain(const Migration *migration)
{
    const Domain *wanted[] = {migration->vm, vtpm_part_of(migration->vm)};

    for (guint i = 0; i < G_N_ELEMENTS(wanted); i++) {
        gboolean has = !wanted[i] || !migration_method_moves(migration->method, i == 1);
        for (guint k = 0; k < migration->legs->len; k++) {
            const Leg *leg = g_ptr_array_index(migration->legs, k);
            has |= leg->domains[0] == wanted[i] || leg->domains[1] == wanted[i];
        }
        if (!has)
            return wanted[i];
    }
    return NULL;
}

/* As many pages as the destination lacks of what is at the source now. */
static guint64
differing_pages(const Leg *leg, guint i)
{
    if (leg->tally && i == 0)
        return tally_stale(leg->tally, dirty_guest_s(leg->domains[i]->log, world_now()));
    return leg->images[i] ? image_differing_pages(leg->images[i], world_now()) : 0;
}

/* Every domain that was to be copied, whether or not the page set knows of it. */
void
leg_images_verify(Leg *leg)
{
    const Domain *forgotten = forgotten_domain(leg->migration);
    guint64 differing = 0;

    if (!leg->migration->world->scenario->engine->verify_memory)
        return;
    for (guint i = 0; i < leg->n_domains; i++) {
        leg->differing_pages[i] = differing_pages(leg, i);
        differing += leg->differing_pages[i];
    }
    /* what the dirty log did not see is lost by the hypervisor, not by this simulator: counted, not complained about */
    if (copier_unlogged_entries(leg->migration->hypervisor) > 0)
        differing = 0;
    invariant_check(leg->migration->world, &invariant_images_equal, differing == 0 && !forgotten,
                    "migration %s, %s: %" G_GUINT64_FORMAT " pages %s%s%s", leg->migration->name, leg->label, differing,
                    leg->counted ? "are out of date at the destination, 0 expected" : "differ",
                    forgotten ? ", nobody copied " : "", forgotten ? forgotten->name : "");
}

/* After post-copy's pull nothing may be left behind. */
void
leg_images_verify_pull(const Leg *leg)
{
    const guint64 left = copier_pages_left(&leg->copier);

    if (leg->images[0])
        invariant_check(leg->migration->world, &invariant_images_equal, left == 0,
                        "migration %s, %s: %" G_GUINT64_FORMAT " pages stayed at the source", leg->migration->name,
                        leg->label, left);
}

static PageSetMember
member_of(const Leg *leg, guint i)
{
    const Domain *domain = leg->domains[i];

    return (PageSetMember){domain->log, leg->images[i], 0, domain->used_pages, domain->layout.content};
}

static gboolean
may_be_pulled(const Leg *leg)
{
    return leg->migration->orders && migration_keys_may_pull(leg->migration->world->scenario, leg->migration->vm->name);
}

/* Nothing asks which page it is (pages_check.h). A vTPM's commands, and parts, write pages of their own choice, and a
 * new workload begins on the pages as they are. */
static gboolean
may_count_pages(const Leg *leg)
{
    const Domain *domain = leg->domains[0];

    return leg->migration->world->scenario->engine->pages != PAGES_EACH &&
           leg->migration->world->scenario->engine->page_tiles == 0 && leg->n_copied == 1 &&
           !vtpm_part_is_vtpm(domain) && !part_writes_pages(domain) && domain->changes_s->len == 0 &&
           isinf(domain->next_phase_s) && !domain->layout.content && pages_check_alike(leg->migration->hypervisor) &&
           !may_be_pulled(leg) && leg->migration->method != METHOD_COLD;
}

void
leg_images_count_pages(Leg *leg)
{
    leg->n_copied = leg_images_carry_vtpm_as_state(leg) ? 1 : leg->n_domains;
    if (may_count_pages(leg))
        leg->tally = dirty_tally(leg->domains[0]->log, leg->domains[0]->used_pages);
    leg->counted = leg->tally != NULL;
}

/* Of what has to arrive, which is not asked of the page set: a domain that is missing there keeps an empty image. A
 * vTPM's has its state in it. */
void
leg_images_expect(Leg *leg)
{
    const gboolean verifies = leg->migration->world->scenario->engine->verify_memory && !leg->tally;

    for (guint i = 0; i < leg->n_domains; i++) {
        Domain *domain = leg->domains[i];
        const gboolean is_vtpm = vtpm_part_is_vtpm(domain);
        if ((verifies || is_vtpm) && leg_images_include(leg, i) && leg->migration->method != METHOD_COLD)
            leg->images[i] = image_new(domain->log);
        if (!is_vtpm)
            continue;
        vtpm_part_depart(domain);
        if (leg->images[i])
            image_carry(leg->images[i], vtpm_part_receive, domain);
    }
}

static void
track_due(Leg *leg)
{
    for (guint i = 0; i < leg->n_domains; i++) {
        leg->due[i] = g_new0(guint64, dirty_words(leg->domains[i]->log));
        page_set_track_due(&leg->pages, i, leg->due[i]);
    }
}

static void
gather_members(Leg *leg)
{
    page_set_init(&leg->pages, leg->domains[0]->page_bytes);
    leg->pages.tally = leg->tally;
    const PageSetMember first = member_of(leg, 0);
    if (leg->n_copied == 1) {
        page_set_add(&leg->pages, first.log, first.image, 0, first.used_pages);
        page_set_track_content(&leg->pages, 0, first.content);
        return;
    }
    const PageSetMember second = member_of(leg, 1);
    if (leg->migration->method != METHOD_JOINT) {
        cump_create_concatenated(&leg->pages, &first, &second);
        return;
    }
    leg->witness = page_witness_new(MIN(dirty_pages(first.log), dirty_pages(second.log)));
    leg->pages.witness = leg->witness;
    cump_create(&leg->pages, &first, &second);
    if (copier_unite(leg->migration->hypervisor).only_dirty)
        track_due(leg);
}

/* Where the scenario asks for pictures of the rounds. A joint migration's have one of the CUMP too. */
static void
watch_tiles(Leg *leg)
{
    const guint wanted = leg->migration->world->scenario->engine->page_tiles;
    const PageSet *set = &leg->pages;
    guint64 pages[PAGE_TILES_LAYERS_MAX];

    if (wanted == 0 || leg->counted)
        return;
    for (guint i = 0; i < set->n_members; i++)
        pages[i] = dirty_pages(set->members[i].log);
    pages[set->n_members] = set->pages;
    const gboolean is_union = set->n_members > 1 && leg->migration->method == METHOD_JOINT;
    leg->tiles = page_tiles_new(pages, set->n_members + (is_union ? 1 : 0), wanted);
    leg->pages.tiles = leg->tiles;
}

void
leg_images_gather_pages(Leg *leg)
{
    gather_members(leg);
    watch_tiles(leg);
}
