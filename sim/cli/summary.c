#include "sim/cli/summary.h"

#include "sim/cli/verb.h"
#include "sim/output/inert.h"
#include "sim/output/shown.h"

void
summary_print(const Scenario *scenario, const char *const *settings, Result *result)
{
    char end[SHOWN_SIZE];
    /* on one line: a second one could pass for another of the summary's */
    g_autofree char *title = inert_line(scenario->spec.title);
    g_autofree char *violation = result_violation(result);

    verb_say("%s: %s\n", scenario->spec.name, *scenario->spec.title ? title : "(no title)");
    for (; settings && *settings; settings++) {
        g_autofree char *setting = inert_line(*settings);
        verb_say("with %s\n", setting);
    }
    verb_say("%s", result_said(result));
    verb_say("ended at %s s; %s\n", shown_seconds(end, result_number(result, "run.end_s")),
             violation ? violation : "all invariants held");
}
