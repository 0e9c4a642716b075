#include "models/socket/socketcost.h"

#include "models/socket/conn.h"

guint64
socketcost_copy_bytes(const ConnConfig *config, const ConnState *state, int side, ConnWork *work)
{
    const ConnSide *me = &state->side[side];
    const guint64 buffered = bytestream_run_bytes(&state->flow[side].tx);
    const guint64 in_tcp = bytestream_tcp_bytes(&state->flow[side].tcp);
    const ByteRun head = bytestream_tcp_head(&state->flow[!side].tcp);

    switch (me->at) {
    case CONN_AT_SEND_COPY:
        *work = CONN_WORK_COPY_IN;
        return MIN(me->left, config->buffer_bytes - MIN(buffered, config->buffer_bytes));
    case CONN_AT_SEND_TCP:
        *work = CONN_WORK_TCP_IN;
        return MIN(me->left, config->tcp_bytes - MIN(in_tcp, config->tcp_bytes));
    case CONN_AT_RECEIVE_COPY:
        *work = head.from < head.to ? CONN_WORK_TCP_OUT : CONN_WORK_COPY_OUT;
        return MIN(me->left,
                   head.from < head.to ? bytestream_run_bytes(&head) : bytestream_run_bytes(&state->flow[!side].rx));
    case CONN_AT_RECEIVE_TCP:
        *work = CONN_WORK_TCP_OUT;
        return MIN(me->left, bytestream_run_bytes(&head));
    default:
        return 0;
    }
}

double
socketcost_work_s(const ConnCosts *costs, ConnWork work, guint64 bytes)
{
    return costs->fixed_s[work] + costs->per_byte_s[work] * (double)bytes;
}

gboolean
socketcost_copies(ConnWork work)
{
    static const guint8 copies[CONN_WORKS] = {
        [CONN_WORK_COPY_IN] = 1, [CONN_WORK_COPY_OUT] = 1,   [CONN_WORK_TCP_IN] = 1,
        [CONN_WORK_TCP_OUT] = 1, [CONN_WORK_TCP_FLIGHT] = 1, [CONN_WORK_RESEND] = 1,
    };

    return copies[work];
}

/* A look that moves nothing is free. */
double
socketcost_rest_s(const ConnCosts *costs, const ConnEffect *effect, guint64 paid_bytes)
{
    const double switches_s = costs->switch_s * effect->switches;

    if (!socketcost_copies(effect->work))
        return conn_cost_s(costs, effect);
    if (effect->bytes == 0)
        return switches_s;
    if (paid_bytes == 0)
        return conn_cost_s(costs, effect);
    const guint64 more = effect->bytes - MIN(paid_bytes, effect->bytes);
    return switches_s + costs->per_byte_s[effect->work] * (double)more;
}
