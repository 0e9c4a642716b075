#include "sim/parts/migration/pages_check.h"

#include "models/memory/tally.h"
#include "sim/parts/migration/copier.h"
#include "sim/specs/guest_layout.h"
#include "sim/specs/reject.h"

#define COUNTED_BUT "/engine/pages: is \"counted\", but "
#define EXPECTED    "expected \"auto\" or \"each\""

gboolean
pages_check_alike(const HypervisorSpec *hypervisor)
{
    return !copier_pulls(hypervisor) && copier_unlogged_entries(hypervisor) == 0 &&
           !stream_encodes_changes(&hypervisor->stream);
}

static gboolean
copies_vtpm(const MigrateKeys *migrate, gboolean has_vtpm)
{
    const gboolean as_one = migrate->method == METHOD_JOINT || migrate->method == METHOD_SAVE_RESTORE;

    if (migrate->method == METHOD_SAVE_RESTORE && !has_vtpm)
        return FALSE;
    return migrate->method != METHOD_VM && !(as_one && copier_kind(migrate->hypervisor)->vtpm_is_state);
}

static gboolean
check_mechanism(const MigrateKeys *migrate, gboolean has_vtpm, guint index, GError **error)
{
    if (copies_vtpm(migrate, has_vtpm))
        return reject(error,
                      COUNTED_BUT
                      "/timeline/%u/method copies a vTPM, whose commands write pages of their own choice, " EXPECTED,
                      index);
    if (copier_unlogged_entries(migrate->hypervisor) > 0)
        return reject(error,
                      COUNTED_BUT "what is missed for /timeline/%u/hypervisor/translation_entries hangs on which pages "
                                  "are written, " EXPECTED,
                      index);
    if (stream_encodes_changes(&migrate->hypervisor->stream))
        return reject(
            error,
            COUNTED_BUT
            "/timeline/%u/hypervisor/compression is xbzrle, which keeps what it has sent of each page, " EXPECTED,
            index);
    if (copier_pulls(migrate->hypervisor))
        return reject(
            error, COUNTED_BUT "under post-copy (/timeline/%u/hypervisor) the guest asks for pages, " EXPECTED, index);
    return TRUE;
}

/* Nor may it be told to. */
static gboolean
check_orders(const ScenarioSpec *scenario, const MigrateKeys *migrate, GError **error)
{
    return !migration_keys_may_pull(scenario, migrate->guest) ||
           reject(error, COUNTED_BUT "a migration of \"%s\" may be told to go on by post-copy, " EXPECTED,
                  migrate->guest);
}

/* Of the time line: the first action that sets the domain's workload. */
static guint
first_change(const ScenarioSpec *scenario, const char *domain)
{
    guint i = 0;

    while (scenario_action(scenario, i)->kind != ACTION_SET_WORKLOAD ||
           !g_str_equal(scenario_action(scenario, i)->guest, domain))
        i++;
    return i;
}

static gboolean
check_guest(const ScenarioSpec *scenario, const GuestSpec *guest, GError **error)
{
    const guint index = (guint)(guest - (const GuestSpec *)(gpointer)scenario->guests->data);
    const Workload bare = {.kind = guest->workload->kind};

    if (guest->phases->len > 0)
        return reject(error, COUNTED_BUT "with /guests/%u/phases a workload begins on the pages as they are, " EXPECTED,
                      index);
    if (scenario_later_workloads(scenario, guest->name))
        return reject(error, COUNTED_BUT "with /timeline/%u/workload one begins on the pages as they are, " EXPECTED,
                      first_change(scenario, guest->name));
    if (guest->kernel)
        return reject(error, COUNTED_BUT "/guests/%u/kernel writes pages of its own, " EXPECTED, index);
    if (guest_layout_taken(scenario, guest).kind == LAYOUT_LINUX)
        return reject(
            error, COUNTED_BUT "/guests/%u/layout is \"linux\", where zero pages lie between others, " EXPECTED, index);
    return tally_can_count(&bare) ||
           reject(error,
                  COUNTED_BUT "the pages of /guests/%u/workload are not alike, which only those of idle, uniform and "
                              "hot-cold workloads are, " EXPECTED,
                  index);
}

/* Of a guest that nobody moves no page is ever asked for. */
gboolean
pages_check(const ScenarioSpec *scenario, const MigrateKeys *migrate, gboolean has_vtpm, guint index, GError **error)
{
    return scenario->engine->pages != PAGES_COUNTED || migrate->method == METHOD_COLD ||
           (check_mechanism(migrate, has_vtpm, index, error) && check_orders(scenario, migrate, error) &&
            check_guest(scenario, scenario_guest(scenario, migrate->guest), error));
}
