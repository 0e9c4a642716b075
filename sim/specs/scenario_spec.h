/* The whole scenario: the root table, the time line, and what the parts of the world add to both.
 *
 * The core's keys are members of ScenarioSpec and ActionSpec. Each part's keys (part_keys.h) lie behind them, in a
 * struct of the part's own; so does what its words of the time line say.
 */
#ifndef TANDEM_SIM_SPECS_SCENARIO_SPEC_H
#define TANDEM_SIM_SPECS_SCENARIO_SPEC_H

#include "sim/specs/fabric_spec.h"
#include "sim/specs/part_keys.h"
#include "sim/specs/platform_spec.h"
#include "sim/specs/sweep_spec.h"

/* The core's words of the time line; those of parts count on from ACTION_OF_PART. */
typedef enum {
    ACTION_SET_WORKLOAD,
    ACTION_FAIL_LINK,
    ACTION_RESTORE_LINK,
    ACTION_FAIL_HOST,
    ACTION_CREATE_GUEST,
    ACTION_START_GUEST,
    ACTION_STOP_GUEST,
    ACTION_DESTROY_GUEST,
    ACTION_OF_PART
} ActionKind;

struct ActionSpec {
    int kind; /* an ActionKind or, of a part, more */
    double at_s;
    char *guest; /* SET_WORKLOAD, …_GUEST */
    char *host;  /* FAIL_HOST; CREATE_GUEST, NULL: the guest's own */
    char *link;  /* FAIL_LINK, RESTORE_LINK */
    WorkloadSpec *workload;
};

struct ScenarioSpec {
    char *extends; /* NULL: who read it has taken it out, with all that it led to */
    char *name;
    char *title;
    char *description;
    gint64 seed;
    double run_until_s; /* the run lasts at least so long; it ends after the last action and migration */
    EngineSpec *engine;
    FabricSpec *fabric;          /* NULL: none; what it is made of stands at the ends of the next three */
    GArray *hosts;               /* of HostSpec */
    GArray *switches;            /* of SwitchSpec */
    GArray *links;               /* of LinkSpec */
    GArray *guests;              /* of GuestSpec */
    GArray *timeline;            /* by date after scenario_load; scenario_action() gives an element */
    SweepSpec *sweep;            /* NULL: none; `tandem run` does not look at it */
    struct ScenarioIndex *index; /* owned; what is asked of long lists again and again; NULL: nothing yet */
};

/* The table of scenarios. What is read with it takes table->size bytes, which are more than a ScenarioSpec has. */
const FieldTable *scenario_table(void);

/* Frees what the table's fields hold, and what was found out about them; the struct itself is the caller's. */
void scenario_clear(ScenarioSpec *scenario);

/* What the scenario says by the part's keys: its struct, borrowed. */
gconstpointer scenario_keys(const ScenarioSpec *scenario, const PartKeys *part);

/* The time line's action of that index. */
const ActionSpec *scenario_action(const ScenarioSpec *scenario, guint index);
/* Sorts the time line by date; actions of one date stay in their order. */
void scenario_sort_actions(ScenarioSpec *scenario);
/* The part whose word the action is, and the word's index among its actions (word may be NULL); NULL: the core's. */
const PartKeys *action_part(const ActionSpec *action, guint *word);
/* What the action says by its part's keys, borrowed; NULL when it is not one of the part's. */
gconstpointer action_keys(const ActionSpec *action, const PartKeys *part);

/* The guest of that name, or NULL. */
const GuestSpec *scenario_guest(const ScenarioSpec *scenario, const char *name);
/* The first action that is to create the guest of that name, or NULL: it is there from the beginning. */
const ActionSpec *scenario_creation(const ScenarioSpec *scenario, const char *guest);
/* Whether a part looks at what the pages of the guest of that name hold. */
gboolean scenario_content_is_read(const ScenarioSpec *scenario, const char *guest);
/* The workloads that the time line sets for the domain of that name: of const WorkloadSpec; NULL: none. Borrowed. */
const GPtrArray *scenario_later_workloads(const ScenarioSpec *scenario, const char *domain);
/* Every domain, guests first, then those of parts. An array of DomainSpec. (transfer full) */
GArray *scenario_domains(const ScenarioSpec *scenario);

#endif
