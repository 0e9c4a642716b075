/* What a part of the world adds to a scenario: keys, words of the time line, domains, and checks across keys.
 *
 * A scenario's table is put together from the core's fields and those of every part (scenario_spec.h). A part's keys
 * are read into a struct of the part's own, which scenario_keys() gives, and the keys of its actions into another one,
 * which action_keys() gives; the offsets in its fields are offsets in these structs.
 */
#ifndef TANDEM_SIM_SPECS_PART_KEYS_H
#define TANDEM_SIM_SPECS_PART_KEYS_H

#include "sim/scenario/fields.h"
#include "sim/specs/guest_spec.h"

typedef struct ScenarioSpec ScenarioSpec;
typedef struct ActionSpec ActionSpec;
typedef struct Network Network; /* network.h */

/* A domain of the scenario, whoever creates it. All texts are borrowed. */
typedef struct {
    const char *list; /* where it stands: "guests", … */
    guint index;      /* in that list */
    const char *name;
    const char *uuid; /* NULL: derived from the name */
    const char *host;
    const char *guest; /* the guest that it is, or with which it comes and goes */
    double memory_bytes;
    double page_bytes;
    double room_bytes; /* of its memory, what its workloads may write to */
    guint vcpus;
} DomainSpec;

typedef struct {
    const char *name;         /* of the part */
    const Field *fields;      /* keys of the scenario; NULL: none */
    gsize size;               /* of the struct that they are read into */
    const FieldCase *actions; /* words of the time line with their keys; NULL: none */
    gsize action_size;        /* of the struct that those keys are read into */
    gboolean migrates;        /* one of the words may begin migrations of guests that it does not name */
    const char *domain_lists; /* pointers of the lists whose elements are domains of the part, "/vtpms"; NULL: none */
    /* Appends a DomainSpec for each domain that the part creates. */
    void (*list_domains)(const ScenarioSpec *scenario, GArray *domains);
    /* Rules that no single key can carry. The error's message begins with a JSON Pointer (reject.h). */
    gboolean (*check)(const ScenarioSpec *scenario, const Network *network, GError **error);
    /* Appends a text of the part's, beginning with a JSON Pointer, for whatever cannot come to anything in a run; that
     * is no error, as a scenario may be about it. NULL: nothing. */
    void (*warn)(const ScenarioSpec *scenario, GPtrArray *warnings);
    /* Whether the part may migrate any guest to any host, at dates that nobody knows. NULL: it does not. */
    gboolean (*moves_guests)(const ScenarioSpec *scenario);
    /* Adds the names of all guests of which the part looks at what their pages hold, so that it matters where their
     * used memory lies. */
    void (*note_content_readers)(const ScenarioSpec *scenario, GHashTable *guests);
} PartKeys;

/* Those of all parts, in the order of the list of parts; ends with NULL. */
const PartKeys *const *part_keys_all(void);

#endif
