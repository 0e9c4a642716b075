#include "models/network/probe.h"

#include <math.h>

static double
usual_gap_s(const ProbeConfig *config)
{
    return config->kind == PROBE_TCP ? config->interval_s + config->rtt_s : config->interval_s;
}

void
probe_init(ProbeSeen *seen, const ProbeConfig *config)
{
    *seen = (ProbeSeen){.waits = g_array_new(FALSE, FALSE, sizeof(ProbeWait)),
                        .last_s = config->start_s + config->rtt_s - usual_gap_s(config)};
}

void
probe_clear(ProbeSeen *seen)
{
    g_clear_pointer(&seen->waits, g_array_unref);
}

#define SAME_DATE_S 1e-9 /* dates that are sums of other doubles differ by so much when they are one */

static void
note_gap(ProbeSeen *seen, const ProbeConfig *config, double at_s)
{
    const double beyond_s = at_s - seen->last_s - usual_gap_s(config);

    if (beyond_s > SAME_DATE_S)
        seen->blackout_s = MAX(seen->blackout_s, beyond_s);
    seen->last_s = at_s;
}

/* ---- datagrams ---- */

void
probe_datagram(ProbeSeen *seen, const ProbeConfig *config, double sent_s, double back_s)
{
    seen->sent++;
    if (isnan(back_s)) {
        seen->lost++;
        if (seen->open.lost++ == 0)
            seen->open.from_s = sent_s;
        return;
    }
    seen->answered++;
    note_gap(seen, config, back_s);
    if (seen->open.lost > 0) {
        seen->open.to_s = back_s;
        g_array_append_val(seen->waits, seen->open);
        seen->open = (ProbeWait){0};
    }
}

/* ---- requests over TCP ---- */

ProbeRequest
probe_request(ProbeSeen *seen, const ProbeConfig *config, double at_s, gboolean reconnects)
{
    seen->sent++;
    return (ProbeRequest){.asked_s = at_s, .sent_s = at_s, .opening = reconnects || config->kind == PROBE_CONNECT};
}

static void
append_wait(ProbeSeen *seen, const ProbeRequest *request, double to_s, ProbeEnd end)
{
    const ProbeWait wait = {request->asked_s, to_s, request->lost, end == PROBE_ANSWERED ? request->k : 0, end};

    g_array_append_val(seen->waits, wait);
}

gboolean
probe_answer(ProbeSeen *seen, const ProbeConfig *config, ProbeRequest *request, double at_s)
{
    if (request->opening && config->kind == PROBE_TCP) {
        request->opening = FALSE;
        request->sent_s = at_s;
        request->k = 0;
        return FALSE;
    }
    seen->answered++;
    if (at_s - request->asked_s > seen->longest_s) {
        seen->longest_s = at_s - request->asked_s;
        seen->longest_step = request->k;
    }
    note_gap(seen, config, at_s);
    if (request->lost > 0)
        append_wait(seen, request, at_s, PROBE_ANSWERED);
    return TRUE;
}

double
probe_again_s(ProbeSeen *seen, const ProbeConfig *config, ProbeRequest *request, double *gives_up_s)
{
    const TcpTimerKind kind = request->opening ? TCP_TIMER_SYN : TCP_TIMER_SEGMENT;
    const double kernel_s = request->sent_s + tcp_timer_gives_up_s(&config->timer, kind);

    seen->lost++;
    request->lost++;
    *gives_up_s = MIN(kernel_s, request->asked_s + config->timeout_s);
    const double again_s = request->sent_s + tcp_timer_again_s(&config->timer, kind, ++request->k);
    return again_s < *gives_up_s ? again_s : NAN;
}

void
probe_give_up(ProbeSeen *seen, const ProbeRequest *request, double at_s)
{
    seen->gave_up++;
    append_wait(seen, request, at_s, PROBE_GAVE_UP);
}

/* ---- the end ---- */

void
probe_close_request(ProbeSeen *seen, const ProbeRequest *request, double end_s)
{
    if (request->lost > 0)
        append_wait(seen, request, end_s, PROBE_OPEN);
}

void
probe_finish(ProbeSeen *seen, const ProbeConfig *config, double end_s)
{
    if (seen->open.lost > 0) {
        seen->open.to_s = MIN(end_s, config->end_s);
        seen->open.end = PROBE_OPEN;
        g_array_append_val(seen->waits, seen->open);
        seen->open = (ProbeWait){0};
    }
    if (seen->waits->len == 0)
        return;
    const ProbeWait *last = &g_array_index(seen->waits, ProbeWait, seen->waits->len - 1);
    if (last->end != PROBE_ANSWERED && last->to_s > seen->last_s)
        note_gap(seen, config, last->to_s);
}
