/* One scenario tried: checked and run in a child of its own, with every invariant on.
 *
 * The child ends by itself: it counts how often it asks the engine for something, and gives up when the clock does not
 * get on meanwhile. A limit of processor time (not of the wall clock) is left for what asks nothing of the engine.
 */
#ifndef TANDEM_TESTS_FUZZ_TRIAL_H
#define TANDEM_TESTS_FUZZ_TRIAL_H

#include <cjson/cJSON.h>
#include <glib.h>

typedef enum {
    TRIAL_HELD,
    TRIAL_REFUSED, /* by `check`, in one line */
    TRIAL_LONG,    /* stopped after many steps, while its clock got on: says nothing */
    TRIAL_FAILED   /* a finding */
} TrialOutcome;

typedef struct {
    TrialOutcome outcome;
    char *what; /* owned: what was said, or NULL */
    char *kind; /* owned: the same without numbers, alike for the same fault; or NULL */
} Trial;

/* In a child of this process. */
Trial trial_run(const cJSON *scenario);
/* By a program, as a user would: `PROGRAM run FILE`. settings: further arguments, or NULL. json: what it printed, owned
 * by the caller; or NULL. */
Trial trial_run_program(const cJSON *scenario, const char *program, const char *setting, char **json);
void trial_clear(Trial *trial);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Trial, trial_clear)

#endif
