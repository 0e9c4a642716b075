#include "sim/cli/summary.h"

#include <stdio.h>

void
summary_print(const Scenario *scenario, const char *const *settings, Result *result)
{
    g_autofree char *violation = result_violation(result);

    printf("%s: %s\n", scenario->spec.name, *scenario->spec.title ? scenario->spec.title : "(no title)");
    for (; settings && *settings; settings++)
        printf("with %s\n", *settings);
    fputs(result_said(result), stdout);
    printf("ended at %.3f s; %s\n", result_number(result, "run.end_s"), violation ? violation : "all invariants held");
}
