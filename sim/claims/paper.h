/* The papers that `tandem reproduce` knows. */
#ifndef TANDEM_SIM_CLAIMS_PAPER_H
#define TANDEM_SIM_CLAIMS_PAPER_H

#include "sim/claims/claim.h"
#include "sim/output/files.h"

typedef struct {
    const char *name; /* as on the command line, and the folder in scenarios/papers and in the results */
    const char *title;
    /* Runs the paper's experiments, adds its claims, and the data of its figures to files; NULL: claims only, which
     * leaves out what only figures need. */
    gboolean (*reproduce)(ClaimSet *claims, FileSet *files, guint workers, GError **error);
} Paper;

extern const Paper papers[]; /* ends with a NULL name */

/* NULL when there is none of that name. */
const Paper *paper_find(const char *name);
#endif
