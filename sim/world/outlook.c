#include "sim/world/outlook.h"

#include "sim/world/domain.h"
#include "sim/world/part.h"

#include <math.h>

struct Outlook {
    guint n_cables;
    GArray **dates_s; /* owned, of owned arrays of double, ascending; one for each cable, NULL: nothing is known */
};

/* ---- dates of cables ---- */

void
outlook_add_cable(World *world, guint cable, double at_s)
{
    Outlook *outlook = world->outlook;

    if (!outlook->dates_s[cable])
        outlook->dates_s[cable] = g_array_new(FALSE, FALSE, sizeof(double));
    g_array_append_val(outlook->dates_s[cable], at_s);
}

guint
outlook_cable_dates(const World *world, guint cable)
{
    const GArray *dates_s = world->outlook->dates_s[cable];

    return dates_s ? dates_s->len : 0;
}

void
outlook_add_path(World *world, guint from, guint to, double at_s)
{
    if (from == to)
        return;
    const Path *path = path_between(world, from, to);

    for (guint i = 0; i < path->n_cables; i++)
        outlook_add_cable(world, path->cables[i], at_s);
}

static void
add_host_once(GArray *hosts, guint host)
{
    for (guint i = 0; i < hosts->len; i++)
        if (g_array_index(hosts, guint, i) == host)
            return;
    g_array_append_val(hosts, host);
}

GArray *
outlook_possible_hosts(const Domain *domain)
{
    GArray *hosts = g_array_new(FALSE, FALSE, sizeof(guint));

    add_host_once(hosts, domain_host(domain));
    for (guint i = 0; i < domain->destinations->len; i++)
        add_host_once(hosts, g_array_index(domain->destinations, guint, i));
    return hosts;
}

void
outlook_add_paths(World *world, const GArray *from, const GArray *to, double at_s)
{
    for (guint i = 0; i < from->len; i++)
        for (guint k = 0; k < to->len; k++)
            outlook_add_path(world, g_array_index(from, guint, i), g_array_index(to, guint, k), at_s);
}

static int
compare_dates(gconstpointer a, gconstpointer b)
{
    const double first = *(const double *)a, second = *(const double *)b;

    return (first > second) - (first < second);
}

/* Cuts, repairs and lost hosts change cables at the time line's dates. */
static void
foresee_failure(World *world, const ActionSpec *action)
{
    const GArray *links = world->scenario->links;

    for (guint i = 0; i < links->len; i++) {
        const LinkSpec *link = &g_array_index(links, LinkSpec, i);
        const gboolean concerned = action->kind == ACTION_FAIL_HOST ? link_spec_has_end(link, action->host)
                                                                    : g_str_equal(link->name, action->link);
        for (guint direction = 0; concerned && direction < 2; direction++)
            outlook_add_cable(world, 2 * i + direction, action->at_s);
    }
}

static void
foresee_failures(World *world)
{
    for (guint i = 0; i < world->scenario->timeline->len; i++) {
        const ActionSpec *action = scenario_action(world->scenario, i);
        if (action->kind == ACTION_FAIL_LINK || action->kind == ACTION_RESTORE_LINK || action->kind == ACTION_FAIL_HOST)
            foresee_failure(world, action);
    }
}

/* What a domain sends may begin and end with it. */
static void
foresee_lives(World *world)
{
    for (guint i = 0; i < world->scenario->timeline->len; i++) {
        const ActionSpec *action = scenario_action(world->scenario, i);
        if (action->kind >= ACTION_CREATE_GUEST && action->kind <= ACTION_DESTROY_GUEST)
            part_foresee_change(world_domain(world, action->guest), action->at_s);
    }
}

static void
look(World *world)
{
    Outlook *outlook = world->outlook = g_new0(Outlook, 1);

    outlook->n_cables = 2 * world->scenario->links->len;
    outlook->dates_s = g_new0(GArray *, outlook->n_cables);
    foresee_failures(world);
    foresee_lives(world);
    part_foresee(world);
    for (guint i = 0; i < outlook->n_cables; i++)
        if (outlook->dates_s[i])
            g_array_sort(outlook->dates_s[i], compare_dates);
}

void
outlook_free(Outlook *outlook)
{
    if (!outlook)
        return;
    for (guint i = 0; i < outlook->n_cables; i++)
        g_clear_pointer(&outlook->dates_s[i], g_array_unref);
    g_free(outlook->dates_s);
    g_free(outlook);
}

/* ---- the next one ---- */

static double
first_after(const GArray *dates_s, double now_s)
{
    guint low = 0, high = dates_s ? dates_s->len : 0;

    while (low < high) {
        const guint middle = low + (high - low) / 2;
        if (g_array_index(dates_s, double, middle) > now_s)
            high = middle;
        else
            low = middle + 1;
    }
    return dates_s && low < dates_s->len ? g_array_index(dates_s, double, low) : INFINITY;
}

static double
first_of_domain(const Domain *domain, double now_s)
{
    double first_s = domain->next_phase_s;

    for (guint i = 0; i < domain->changes_s->len; i++) {
        const double at_s = g_array_index(domain->changes_s, double, i);
        if (at_s > now_s)
            first_s = MIN(first_s, at_s);
    }
    return first_s;
}

double
outlook_next_change_s(World *world, const Path *path, Domain *const *domains, guint n_domains)
{
    const double now_s = world_now();
    double next_s = INFINITY;

    if (!world->outlook)
        look(world);
    for (guint i = 0; i < path->n_cables; i++)
        next_s = MIN(next_s, first_after(world->outlook->dates_s[path->cables[i]], now_s));
    for (guint i = 0; i < n_domains; i++)
        next_s = MIN(next_s, first_of_domain(domains[i], now_s));
    return next_s;
}
