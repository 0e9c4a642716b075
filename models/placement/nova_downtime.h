/* How Nova runs a live migration: a downtime limit that rises in steps, an end when it takes too long, one at a time.
 *
 * Source: openstack/nova, nova/virt/libvirt/migration.py downtime_steps, update_downtime,
 * should_trigger_timeout_action; nova/conf/libvirt.py and nova/conf/compute.py for the defaults.
 *
 *   there                                | here                 | default | unit  | meaning
 *   live_migration_downtime              | downtime_ms          | 500     | ms    | the last step's; >= 100
 *   live_migration_downtime_steps        | steps                | 10      |       | >= 3; there is one more
 *   live_migration_downtime_delay        | delay_s_per_GiB      | 75      | s/GiB | between two steps; >= 3
 *   live_migration_completion_timeout    | completion_s_per_GiB | 800     | s/GiB | 0: none
 *   live_migration_timeout_action        | action               | abort   |       |
 *   live_migration_permit_post_copy      | permit_post_copy     | false   |       |
 *   max_concurrent_live_migrations       | concurrent           | 1       |       | out of one host; 0: no limit
 *
 * A GiB is one of memory and disk that is sent, and there are at least 2. Step i, counted from 0, begins i whole delays
 * after the migration and sets base + i (downtime - base) / steps, base = downtime / steps, cut to whole ms.
 */
#ifndef TANDEM_MODELS_PLACEMENT_NOVA_DOWNTIME_H
#define TANDEM_MODELS_PLACEMENT_NOVA_DOWNTIME_H

#include <glib.h>

typedef enum { NOVA_ABORT, NOVA_FORCE_COMPLETE } NovaTimeoutAction;
/* What is done to a migration that has taken too long. */
typedef enum { NOVA_GOES_ON, NOVA_IS_ABORTED, NOVA_IS_PAUSED, NOVA_TURNS_POST_COPY } NovaTimeout;

typedef struct {
    double downtime_ms;
    guint steps;
    double delay_s_per_GiB;
    double completion_s_per_GiB;
    NovaTimeoutAction action;
    gboolean permit_post_copy;
    guint concurrent;
} NovaMigrationRules;

#define NOVA_MIGRATION_RULES_DEFAULT                                                                                   \
    ((NovaMigrationRules){.downtime_ms = 500,                                                                          \
                          .steps = 10,                                                                                 \
                          .delay_s_per_GiB = 75,                                                                       \
                          .completion_s_per_GiB = 800,                                                                 \
                          .action = NOVA_ABORT,                                                                        \
                          .concurrent = 1})

/* What the rules count for a VM that sends so many bytes: at least 2. */
double nova_data_GiB(double bytes);

/* Step i, 0 to rules->steps: when it begins, in s after the migration, and the limit that it sets. */
void nova_downtime_step(const NovaMigrationRules *rules, double data_GiB, guint i, double *after_s, double *limit_ms);
/* The limit after elapsed_s, which is above a step's begin when the step counts; NAN before the first one counts. */
double nova_downtime_ms(const NovaMigrationRules *rules, double data_GiB, double elapsed_s);
NovaTimeout nova_timeout(const NovaMigrationRules *rules, double data_GiB, double elapsed_s);
/* Whether one more may leave a host that `under_way` are leaving. */
gboolean nova_may_start(const NovaMigrationRules *rules, guint under_way);

#endif
