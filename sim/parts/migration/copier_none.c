#include "sim/parts/migration/copier_none.h"

/* It has one thing to ask for. */
typedef struct {
    gboolean stopped;
    GArray *rounds; /* owned; of CopyRound: none */
} NoCopier;

static gpointer
new_none(const HypervisorSpec *spec G_GNUC_UNUSED, const CopierGuest *guest G_GNUC_UNUSED,
         const PageSet *pages G_GNUC_UNUSED)
{
    NoCopier *none = g_new0(NoCopier, 1);

    none->rounds = g_array_new(FALSE, FALSE, sizeof(CopyRound));
    return none;
}

static void
free_none(gpointer machine)
{
    NoCopier *none = machine;

    g_array_unref(none->rounds);
    g_free(none);
}

static void
release_none(gpointer machine G_GNUC_UNUSED)
{
}

static CopyAction
next_none(gpointer machine, double now_s G_GNUC_UNUSED, const CopyReach *reach G_GNUC_UNUSED)
{
    NoCopier *none = machine;
    const CopyAction action = {.kind = none->stopped ? COPY_FINISHED : COPY_SUSPEND};

    none->stopped = TRUE;
    return action;
}

static gboolean
command_none(gpointer machine G_GNUC_UNUSED, double now_s G_GNUC_UNUSED, const CopyCommand *command G_GNUC_UNUSED)
{
    return FALSE;
}

static CopyTotals
totals_none(gconstpointer machine)
{
    const NoCopier *none = machine;

    return (CopyTotals){.stop = none->stopped ? STOP_NOT_LIVE : STOP_NOT_YET, .rounds = none->rounds};
}

static gboolean
vtpm_goes_along(gconstpointer machine G_GNUC_UNUSED, const HypervisorSpec *spec G_GNUC_UNUSED)
{
    return TRUE;
}

const CopierKind copier_none = {.name = "a cold migration",
                                .vtpm_is_state = TRUE,
                                .new = new_none,
                                .free = free_none,
                                .release_pages = release_none,
                                .next = next_none,
                                .command = command_none,
                                .totals = totals_none,
                                .vtpm_has_gone = vtpm_goes_along};
