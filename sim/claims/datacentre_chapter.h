/* A chapter of the claims about data centres: its runs join the one batch of all chapters, its claims follow. */
#ifndef TANDEM_SIM_CLAIMS_DATACENTRE_CHAPTER_H
#define TANDEM_SIM_CLAIMS_DATACENTRE_CHAPTER_H

#include "sim/claims/claim.h"
#include "sim/output/files.h"
#include "sim/run/batch.h"

typedef struct {
    /* Adds its runs; what claim() needs to find them again goes to *prepared, which is freed with g_free(). NULL: the
     * chapter runs nothing. */
    gboolean (*prepare)(Batch *batch, gpointer *prepared, GError **error);
    /* Adds its claims, and to files (NULL: not wanted) the data of its figures. */
    gboolean (*claim)(ClaimSet *claims, FileSet *files, const Batch *batch, gconstpointer prepared, GError **error);
} DatacentreChapter;

/* Rules that their documents state: energy of machines that never sleep. */
extern const DatacentreChapter datacentre_rules;
/* OpenStack Neat's test bed. */
extern const DatacentreChapter datacentre_neat;

#endif
