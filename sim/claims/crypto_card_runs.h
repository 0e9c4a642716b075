/* The runs behind the claims and figures of the crypto-card paper. */
#ifndef TANDEM_SIM_CLAIMS_CRYPTO_CARD_RUNS_H
#define TANDEM_SIM_CLAIMS_CRYPTO_CARD_RUNS_H

#include "sim/run/batch.h"

#define SIZES   16u /* KB, figure 11 */
#define VMS_MAX 16u /* figures 12 and 13 */

enum { ALGORITHM_SM1, ALGORITHM_SM4, ALGORITHM_SM2_VERIFY, N_SHARED_ALGORITHMS };

typedef struct {
    const char *name; /* in ids */
    const char *text; /* for people */
} SharedAlgorithm;

extern const SharedAlgorithm shared_algorithms[N_SHARED_ALGORITHMS];

/* A way to the card as figures 12 and 13 use it. */
enum { WAY_IVSHMEM, WAY_VSOCK, WAY_VSOCK_ARM, WAY_SERIAL, WAY_PER_VM, WAY_RIVAL_IVSHMEM, WAY_RIVAL_VSOCK, N_WAYS };
enum { REFERENCE_X86, REFERENCE_ARM, REFERENCE_RIVAL, N_REFERENCES };

/* Latency against load. */
#define LOADS_MAX 16u
#define N_PATHS   7u

typedef struct {
    const char *path;
    guint vms;
} LoadPath;

extern const LoadPath load_paths[N_PATHS];
extern const double offered_loads_per_s[LOADS_MAX]; /* in sum; 0 ends */

/* How many VMs, each with 2,000 requests per second. */
#define CROWD_RATE_PER_S 2000.0
#define CROWDS           15u
#define CROWD_STEP       4u

#define GROUPED_SIZES 9u /* 64 B … 16 KB, powers of two */

typedef struct {
    Batch *batch;
    guint exchange[2][SIZES + 1];
    guint host[N_REFERENCES][N_SHARED_ALGORITHMS];
    guint sharing[N_WAYS][N_SHARED_ALGORITHMS][VMS_MAX + 1]; /* G_MAXUINT: not run */
    guint load[N_PATHS][LOADS_MAX];
    guint crowd[N_PATHS][CROWDS];    /* G_MAXUINT: more than the path serves */
    guint grouped[2][GROUPED_SIZES]; /* without and with */
    guint moves[2];                  /* a session that is drained, and one that asks again, beside a joint migration */
    guint arm_refused, arm_crashed, arm_vsock, limit, functions;
    char *functions_complaint; /* what a VM too many is told */
} CryptoCardRuns;

/* figures: also the runs that no claim looks at. */
gboolean crypto_card_runs_prepare(CryptoCardRuns *runs, gboolean figures, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void crypto_card_runs_clear(CryptoCardRuns *runs);

/* Answered requests per second of the card in a run. */
double crypto_card_runs_rate(const CryptoCardRuns *runs, guint index);
double crypto_card_runs_number(const CryptoCardRuns *runs, guint index, const char *metric);
/* Sum over n VMs on a way, as a share of its reference's rate. */
double crypto_card_runs_share(const CryptoCardRuns *runs, guint way, guint algorithm, guint vms);

#endif
