#include "sim/specs/pages_check.h"

#include "models/memory/tally.h"
#include "sim/specs/guest_layout.h"

#include <math.h>

#define EXPECTED "expected \"auto\" or \"each\""

static gboolean
switches_to_postcopy(const HypervisorSpec *hypervisor)
{
    return hypervisor->mechanism == MECHANISM_QEMU &&
           (!isnan(hypervisor->postcopy_after_s) || hypervisor->postcopy_rounds > 0);
}

static gboolean
misses_writes(const HypervisorSpec *hypervisor)
{
    return hypervisor->mechanism == MECHANISM_QEMU && hypervisor->translation_entries > 0;
}

gboolean
pages_are_alike_to(const HypervisorSpec *hypervisor)
{
    return !switches_to_postcopy(hypervisor) && !misses_writes(hypervisor);
}

static gboolean
copies_vtpm(const ActionSpec *action)
{
    return action->method != METHOD_VM &&
           !(action->method == METHOD_JOINT && action->hypervisor->mechanism == MECHANISM_QEMU);
}

static char *
action_misfit(const ActionSpec *action, guint index)
{
    if (copies_vtpm(action))
        return g_strdup_printf("/engine/pages: is \"counted\", but /timeline/%u/method copies a vTPM, whose commands "
                               "write pages of their own choice, " EXPECTED,
                               index);
    if (misses_writes(action->hypervisor))
        return g_strdup_printf(
            "/engine/pages: is \"counted\", but what is missed for "
            "/timeline/%u/hypervisor/translation_entries hangs on which pages are written, " EXPECTED,
            index);
    if (switches_to_postcopy(action->hypervisor))
        return g_strdup_printf("/engine/pages: is \"counted\", but under post-copy (/timeline/%u/hypervisor) the guest "
                               "asks for pages, " EXPECTED,
                               index);
    return NULL;
}

static char *
workload_misfit(const WorkloadSpec *workload, const char *pointer)
{
    const Workload bare = {.kind = workload->kind};

    if (tally_can_count(&bare))
        return NULL;
    return g_strdup_printf(
        "/engine/pages: is \"counted\", but the pages of %s are not alike, which only those of idle, "
        "uniform and hot-cold workloads are, " EXPECTED,
        pointer);
}

static gboolean
changes_workload(const ScenarioSpec *scenario, const GuestSpec *guest, guint *index)
{
    for (guint i = 0; i < scenario->timeline->len; i++) {
        const ActionSpec *action = &g_array_index(scenario->timeline, ActionSpec, i);
        *index = i;
        if (action->kind == ACTION_SET_WORKLOAD && g_str_equal(action->guest, guest->name))
            return TRUE;
    }
    return FALSE;
}

static char *
guest_misfit(const ScenarioSpec *scenario, const GuestSpec *guest, guint index)
{
    guint change;

    if (guest->phases->len > 0)
        return g_strdup_printf("/engine/pages: is \"counted\", but with /guests/%u/phases a workload begins on the "
                               "pages as they are, " EXPECTED,
                               index);
    if (changes_workload(scenario, guest, &change))
        return g_strdup_printf("/engine/pages: is \"counted\", but with /timeline/%u/workload one begins on the pages "
                               "as they are, " EXPECTED,
                               change);
    if (guest->kernel)
        return g_strdup_printf(
            "/engine/pages: is \"counted\", but /guests/%u/kernel writes pages of its own, " EXPECTED, index);
    if (guest_layout_taken(scenario, guest).kind == LAYOUT_LINUX)
        return g_strdup_printf(
            "/engine/pages: is \"counted\", but /guests/%u/layout is \"linux\", where zero pages lie "
            "between others, " EXPECTED,
            index);
    g_autofree char *pointer = g_strdup_printf("/guests/%u/workload", index);
    return workload_misfit(guest->workload, pointer);
}

/* Of a guest that nobody moves no page is ever asked for. */
static char *
migration_misfit(const ScenarioSpec *scenario, guint index)
{
    const ActionSpec *action = &g_array_index(scenario->timeline, ActionSpec, index);

    if (action->kind != ACTION_MIGRATE)
        return NULL;
    char *what = action_misfit(action, index);
    for (guint i = 0; !what && i < scenario->guests->len; i++) {
        const GuestSpec *guest = &g_array_index(scenario->guests, GuestSpec, i);
        if (g_str_equal(guest->name, action->guest))
            what = guest_misfit(scenario, guest, i);
    }
    return what;
}

char *
pages_check_misfit(const ScenarioSpec *scenario)
{
    if (scenario->engine->pages != PAGES_COUNTED)
        return NULL;
    for (guint i = 0; i < scenario->timeline->len; i++) {
        char *what = migration_misfit(scenario, i);
        if (what)
            return what;
    }
    return NULL;
}
