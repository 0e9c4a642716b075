#include "sim/claims/datacentre.h"

#include "sim/claims/claim_invariants.h"
#include "sim/claims/claim_parameters.h"
#include "sim/claims/datacentre_chapter.h"

static const DatacentreChapter *const chapters[] = {
    &datacentre_neat,
    &datacentre_rules,
};

static gboolean
prepare(Batch *batch, gpointer *prepared, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(chapters); i++)
        if (chapters[i]->prepare && !chapters[i]->prepare(batch, &prepared[i], error))
            return FALSE;
    return TRUE;
}

static gboolean
claim(ClaimSet *claims, FileSet *files, const Batch *batch, gpointer *prepared, GError **error)
{
    for (guint i = 0; i < G_N_ELEMENTS(chapters); i++)
        if (!chapters[i]->claim(claims, files, batch, prepared[i], error))
            return FALSE;
    return TRUE;
}

gboolean
datacentre_reproduce(ClaimSet *claims, FileSet *files, guint workers, GError **error)
{
    g_autoptr(Batch) batch = batch_new();
    gpointer prepared[G_N_ELEMENTS(chapters)] = {NULL};

    claims_set_paper(claims, DATACENTRE_PAPER);
    const gboolean done = prepare(batch, prepared, error) && batch_run(batch, workers, error) &&
                          claim(claims, files, batch, prepared, error);

    for (guint i = 0; i < G_N_ELEMENTS(chapters); i++)
        g_free(prepared[i]);
    if (!done)
        return FALSE;
    claim_invariants_add(claims, batch);
    return claim_parameters_add(claims, DATACENTRE_PAPER, error);
}
