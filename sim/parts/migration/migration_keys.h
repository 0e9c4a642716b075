/* What a scenario says about migrations: the time line's words. */
#ifndef TANDEM_SIM_PARTS_MIGRATION_MIGRATION_KEYS_H
#define TANDEM_SIM_PARTS_MIGRATION_MIGRATION_KEYS_H

#include "sim/parts/migration/hypervisor_keys.h"
#include "sim/parts/vtpm/vtpm_keys.h"
#include "sim/specs/scenario_spec.h"
#include "sim/world/request.h"

/* {"do": "migrate"} */
typedef struct {
    char *guest;
    char *host; /* where to */
    char *name; /* in the results; NULL: the guest's */
    MigrationMethod method;
    HypervisorSpec *hypervisor;
    double shutdown_s, boot_s;  /* METHOD_COLD; NAN: the defaults */
    char *through;              /* METHOD_SAVE_RESTORE; NULL: not said */
    double write_Bps, read_Bps; /* NAN: not said */
} MigrateKeys;

/* Of a guest's system that is shut down and booted: chosen, the order of what servers of today take from request to
 * power-off and from power-on to their services. */
#define COLD_SHUTDOWN_S 5.0
#define COLD_BOOT_S     20.0

/* What at_time_limit is changed to. */
typedef enum { TUNE_TIME_UP_NOT, TUNE_TIME_UP_GIVE_UP, TUNE_TIME_UP_SUSPEND, TUNE_TIME_UP_POSTCOPY } TuneTimeUp;

typedef enum { FINISH_BY_SUSPEND, FINISH_BY_POSTCOPY } FinishHow;

/* The words that are said to a migration which runs. */
typedef enum { ORDER_TUNE, ORDER_CANCEL, ORDER_FINISH } OrderKind;

/* {"do": "tune-migration"}, "cancel-migration", "finish-migration" */
typedef struct {
    char *guest;                                              /* whose */
    char *migration;                                          /* NULL: the one that is at work */
    double downtime_limit_s, max_bandwidth_Bps, time_limit_s; /* of tune; NAN: as it is */
    TuneTimeUp at_time_limit;                                 /* of tune */
    FinishHow how;                                            /* of finish */
} OrderKeys;

typedef union {
    MigrateKeys migrate;
    OrderKeys order;
} MigrationActionKeys;

/* With the checks of migration_check.c. */
extern const PartKeys migration_keys;
extern const FieldCase migration_keys_actions[];

/* What a "migrate" of the time line says; NULL when the action is something else. */
const MigrateKeys *migration_keys_of(const ActionSpec *action);
/* What one of the words to a running migration says, and which it is (kind may be NULL); NULL when it is none. */
const OrderKeys *migration_keys_order(const ActionSpec *action, OrderKind *kind);
/* Whether a migration of that guest, or of any (NULL), may be told to let it run at the destination before its pages
 * are there; */
gboolean migration_keys_may_pull(const ScenarioSpec *scenario, const char *guest);
/* whether it may be given a limit of time. */
gboolean migration_keys_may_limit(const ScenarioSpec *scenario, const char *guest);

/* For whoever else asks for migrations by an action of the time line, with keys "method" and "hypervisor": what of a
 * hypervisor contradicts itself or has no effect, and of a migration of one VM cannot be. guest: whose migrations they
 * are; NULL: any one's; vtpm: the VM's; NULL: it has none. */
gboolean migration_keys_check_hypervisor(const ScenarioSpec *scenario, const HypervisorSpec *spec, const char *guest,
                                         guint index, GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean migration_keys_check(const ScenarioSpec *scenario, const MigrateKeys *migrate, const VtpmSpec *vtpm,
                              guint index, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
