#include "tcp_case.h"

#include <stdio.h>

const char *
sent_name(Sent sent)
{
    static const char *const names[] = {[SENT_SEGMENT] = "segment", [SENT_SYN] = "syn"};
    return names[sent];
}

void
case_name(Case *one)
{
    char setting[24], rto[24] = "";

    if (one->sent == SENT_SEGMENT)
        snprintf(setting, sizeof setting, "%s", one->probe ? "probe" : "no-probe");
    else
        snprintf(setting, sizeof setting, "linear%d", one->linear);
    if (one->rto_min_ms > 0)
        snprintf(rto, sizeof rto, "-rto%d", one->rto_min_ms);
    snprintf(one->id, sizeof one->id, "%s-%s%s-%d", sent_name(one->sent), setting, rto, one->blackout_ms);
}
