/* XenVMC: what the inventors of CN101859263A measured of their own system, at every size that they published.
 *
 * Sources: Ren Yi, Liu Xiaojian and others, CollaborateCom 2012, Fig. 7 and 8 (i5-750, Xen 3.4.2, netperf 2.4.5), and
 * Liu's thesis of 2016 (i3-4130, Xen 4.5, netperf 2.6), all read off figures, 5 % and a few microseconds.
 * Claimed of 2012 are, with nothing fitted, ratios of XenVMC to the frontend-backend path for the profiles of another
 * machine; and XenVMC's own values for the profile invention-2012, of which four are fitted: two to the round trips,
 * two to every second stream. Of 2016 netfront and XenLoop are claimed; XenVMC there is predicted from them.
 */
#ifndef TANDEM_SIM_CLAIMS_XENVMC_H
#define TANDEM_SIM_CLAIMS_XENVMC_H

#include "sim/claims/claim.h"
#include "sim/run/batch.h"

enum { XENVMC_NETBACK, XENVMC_INVENTION, XENVMC_SYSTEMS };
enum { XENVMC_SIZES = 9 };   /* of 2012: 2^6 … 2^14 bytes */
enum { XENVMC_SERIES = 10 }; /* curves and points of one machine's own profiles */

typedef struct {
    guint requests[XENVMC_SYSTEMS][XENVMC_SIZES], streams[XENVMC_SYSTEMS][XENVMC_SIZES];
    guint series[XENVMC_SERIES][XENVMC_SIZES];
} XenvmcRuns;

gboolean xenvmc_prepare(XenvmcRuns *runs, Batch *batch, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void xenvmc_claim(const XenvmcRuns *runs, const Batch *batch, ClaimSet *claims);

/* "machine,system,quantity,bytes,published,tandem,role": every value of the series; published is empty where it is
 * predicted and not known. */
char *xenvmc_csv(const XenvmcRuns *runs, const Batch *batch);

#endif
