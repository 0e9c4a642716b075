/* XenVMC: what the inventors of CN101859263A measured of their own system, at every size that they published.
 *
 * Source: Ren Yi, Liu Xiaojian and others, CollaborateCom 2012, Fig. 7 and 8, read off (5 % and a few microseconds);
 * i5-750, Xen 3.4.2, netperf 2.4.5. Nothing of it is fitted. Claimed are ratios of XenVMC to the frontend-backend path
 * on the same box, for the profiles stand for another one.
 */
#ifndef TANDEM_SIM_CLAIMS_XENVMC_H
#define TANDEM_SIM_CLAIMS_XENVMC_H

#include "sim/claims/claim.h"
#include "sim/run/batch.h"

enum { XENVMC_NETBACK, XENVMC_INVENTION, XENVMC_SYSTEMS };
enum { XENVMC_SIZES = 9 }; /* 2^6 … 2^14 bytes */

typedef struct {
    guint requests[XENVMC_SYSTEMS][XENVMC_SIZES], streams[XENVMC_SYSTEMS][XENVMC_SIZES];
} XenvmcRuns;

gboolean xenvmc_prepare(XenvmcRuns *runs, Batch *batch, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void xenvmc_claim(const XenvmcRuns *runs, const Batch *batch, ClaimSet *claims);

#endif
