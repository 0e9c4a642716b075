/* Tries every order of steps of one connection (models/socket/conn.h), breadth first.
 *
 * Two applications are scripts of calls; every task step, interrupt, delivery and migration that is possible is tried
 * in every state. States are told apart by a 64-bit fingerprint of their bytes (with five million states the chance
 * that two share one is below 1e-6). Breadth first, so the first schedule found for anything is a shortest one. Checked
 * in every state: no byte lost, repeated or reordered; something can go on unless all is over (no deadlock); when all
 * is over the control blocks, buffers, queues, events and groups are gone and all bytes have arrived. Checked at the
 * end: from every state the end can be reached without a further migration (no livelock).
 */
#ifndef TANDEM_TESTS_SOCKET_EXPLORE_H
#define TANDEM_TESTS_SOCKET_EXPLORE_H

#include "models/socket/conn.h"

#include <string.h>

#define EXPLORE_CALLS 8
#define EXPLORE_HOSTS 3

typedef struct {
    ConnCall call;
    guint64 until;        /* send, receive: up to this stream position */
    gboolean nonblocking; /* once; with retry, again and again until done, as a receive of some is */
    gboolean retry;
} ExploreCall;

typedef struct {
    ConnConfig config;
    ExploreCall script[2][EXPLORE_CALLS]; /* closed by CONN_CALL_NONE */
    guint8 host[2];
    guint8 moves;       /* migrations in all */
    guint8 movers;      /* bit 0: VM A may migrate, bit 1: VM B */
    guint8 hosts;       /* where to */
    guint8 stuck_at[2]; /* ConnPlace: note only those stuck states where the tasks are here; 0: anywhere */
    guint32 max_states;
} Explore;

typedef struct {
    ConnState conn;
    guint8 next[2]; /* the running call of each script, 1 beyond it */
    guint8 moves;
    guint8 unused[5];
} ExploreState;

G_STATIC_ASSERT(sizeof(ExploreState) == sizeof(ConnState) + 8);

typedef enum {
    EXPLORE_LOST,
    EXPLORE_REPEATED,
    EXPLORE_REORDERED,
    EXPLORE_STUCK,     /* no step is possible and it is not over */
    EXPLORE_LEFTOVERS, /* over, but something was not reclaimed */
    EXPLORE_HOPELESS,  /* steps are possible, the end is not: livelock, or stuck sooner or later */
    EXPLORE_LIMIT,     /* the model's run table was too small */
    EXPLORE_FINDINGS
} ExploreFinding;

typedef struct {
    guint32 states, ends;
    guint64 edges;
    guint32 depth; /* of the farthest state */
    gboolean complete;
    guint32 count[EXPLORE_FINDINGS];
    guint32 first[EXPLORE_FINDINGS]; /* state number of the nearest one */
    GArray *parent;                  /* guint32 per state */
    GArray *by;                      /* ConnStep per state */
    GArray *edge;                    /* guint32 pairs from, to; without migrations */
    GArray *is_end;                  /* guint8 per state */
} ExploreResult;

static inline guint64
explore_fingerprint(const ExploreState *state)
{
    guint64 words[sizeof *state / 8];
    guint64 a = 0x9E3779B97F4A7C15u, b = 0xD1B54A32D192ED03u;

    memcpy(words, state, sizeof words);
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        a = (a ^ words[i]) * 0xFF51AFD7ED558CCDu;
        a ^= a >> 32;
        b = (b + words[i]) * 0xC4CEB9FE1A85EC53u;
        b ^= b >> 29;
    }
    a ^= b * 0x9FB21C651E98DF25u;
    a ^= a >> 28;
    return a ? a : 1;
}

/* The call returned with less than it was made for. */
static inline gboolean
explore_wants_more(const ExploreState *state, int side, const ExploreCall *call)
{
    const guint8 result = state->conn.side[side].result;

    return result == CONN_AGAIN || (result == CONN_DONE && call->call == CONN_CALL_RECEIVE_SOME &&
                                    state->conn.flow[!side].received < call->until);
}

/* Begins what the scripts call next, as soon as a task is idle. */
static inline void
explore_begin_calls(const Explore *x, ExploreState *state)
{
    for (int i = 0; i < 2; i++) {
        while (conn_idle(&state->conn, i)) {
            const ExploreCall *done = state->next[i] > 0 ? &x->script[i][state->next[i] - 1] : NULL;
            if (!done || !done->retry || !explore_wants_more(state, i, done))
                state->next[i]++;
            const ExploreCall *call = &x->script[i][state->next[i] - 1];
            if (call->call == CONN_CALL_NONE) {
                state->next[i]--;
                break;
            }
            const guint64 now = call->call == CONN_CALL_SEND ? state->conn.flow[i].sent : state->conn.flow[!i].received;
            conn_begin(&x->config, &state->conn, i, call->call, call->until > now ? call->until - now : 0,
                       call->nonblocking);
        }
    }
}

static inline void
explore_start(const Explore *x, ExploreState *state)
{
    memset(state, 0, sizeof *state);
    conn_init(&x->config, &state->conn, x->host[0], x->host[1]);
    explore_begin_calls(x, state);
}

/* What the VMM does and no guest: no end may need it. */
static inline gboolean
explore_migrates(ConnStep step)
{
    return step.kind == CONN_STEP_MOVE || step.kind == CONN_STEP_ANNOUNCE;
}

static inline void
explore_take(const Explore *x, ExploreState *state, ConnStep step, ConnEffect *effect)
{
    conn_step(&x->config, &state->conn, step, effect);
    state->moves += step.kind == CONN_STEP_MOVE;
    explore_begin_calls(x, state);
}

/* All steps possible now; returns how many. */
static inline int
explore_steps(const Explore *x, const ExploreState *state, ConnStep *steps)
{
    int n = 0;

    for (guint8 kind = CONN_STEP_TASK; kind <= CONN_STEP_TELL; kind++)
        for (guint8 side = 0; side < 2; side++) {
            const ConnStep step = {kind, side, 0};
            if (conn_enabled(&x->config, &state->conn, step))
                steps[n++] = step;
        }
    for (guint8 side = 0; state->moves < x->moves && side < 2; side++) {
        const ConnStep announce = {CONN_STEP_ANNOUNCE, side, 0};
        if ((x->movers >> side & 1) && conn_enabled(&x->config, &state->conn, announce))
            steps[n++] = announce;
        for (guint8 host = 0; (x->movers >> side & 1) && host < x->hosts; host++) {
            const ConnStep step = {CONN_STEP_MOVE, side, host};
            if (conn_enabled(&x->config, &state->conn, step))
                steps[n++] = step;
        }
    }
    return n;
}

static inline gboolean
explore_over(const ExploreState *state)
{
    return state->conn.side[0].at == CONN_AT_STOPPED && state->conn.side[1].at == CONN_AT_STOPPED;
}

/* Nothing is left: blocks, buffers, queues, events, groups. */
static inline gboolean
explore_clean(const ExploreState *state)
{
    return conn_reclaimed(&state->conn) && state->conn.group[0].members == 0 && state->conn.group[1].members == 0;
}

/* Each application got all that it wanted of what was sent to it. */
static inline gboolean
explore_all_arrived(const Explore *x, const ExploreState *state)
{
    for (int i = 0; i < 2; i++) {
        guint64 wanted = 0;
        for (int k = 0; x->script[i][k].call != CONN_CALL_NONE; k++)
            if (x->script[i][k].call == CONN_CALL_RECEIVE || x->script[i][k].call == CONN_CALL_RECEIVE_SOME)
                wanted = MAX(wanted, x->script[i][k].until);
        if (state->conn.flow[!i].received < MIN(wanted, state->conn.flow[!i].sent))
            return FALSE;
    }
    return TRUE;
}

static inline gboolean
explore_stuck_there(const Explore *x, const ExploreState *state)
{
    for (int i = 0; i < 2; i++)
        if (x->stuck_at[i] != 0 && x->stuck_at[i] != state->conn.side[i].at)
            return FALSE;
    return TRUE;
}

/* What is wrong with a state; protocol_steps: how many steps but migrations are possible. -1: nothing. */
static inline int
explore_judge(const Explore *x, const ExploreState *state, int protocol_steps)
{
    const guint8 faults = state->conn.faults;

    if (faults & CONN_FAULT_RUNS)
        return EXPLORE_LIMIT;
    if (faults & CONN_FAULT_REORDERED)
        return EXPLORE_REORDERED;
    if (faults & CONN_FAULT_REPEATED)
        return EXPLORE_REPEATED;
    if (faults & CONN_FAULT_LOST)
        return EXPLORE_LOST;
    if (protocol_steps > 0)
        return -1;
    if (!explore_over(state))
        return EXPLORE_STUCK;
    if (!explore_all_arrived(x, state))
        return EXPLORE_LOST;
    return explore_clean(state) ? -1 : EXPLORE_LEFTOVERS;
}

typedef struct {
    guint64 *key;
    guint32 *value;
    guint32 mask, used;
} ExploreTable;

static inline void
explore_table_init(ExploreTable *table, guint32 size)
{
    table->key = g_new0(guint64, size);
    table->value = g_new0(guint32, size);
    table->mask = size - 1;
    table->used = 0;
}

static inline void
explore_table_clear(ExploreTable *table)
{
    g_free(table->key);
    g_free(table->value);
}

/* The state's number; *is_new tells whether it is one that was not there, and then its number is `number`. */
static inline guint32
explore_table_put(ExploreTable *table, guint64 key, guint32 number, gboolean *is_new)
{
    if (table->used * 2 > table->mask) {
        ExploreTable bigger;
        gboolean ignored;
        explore_table_init(&bigger, 2 * (table->mask + 1));
        for (guint32 i = 0; i <= table->mask; i++)
            if (table->key[i])
                explore_table_put(&bigger, table->key[i], table->value[i], &ignored);
        explore_table_clear(table);
        *table = bigger;
    }
    guint32 slot = (guint32)key & table->mask;
    while (table->key[slot] && table->key[slot] != key)
        slot = (slot + 1) & table->mask;
    *is_new = table->key[slot] == 0;
    if (!*is_new)
        return table->value[slot];
    table->key[slot] = key;
    table->value[slot] = number;
    table->used++;
    return number;
}

static inline void
explore_note(ExploreResult *result, int finding, guint32 number)
{
    if (result->count[finding]++ == 0)
        result->first[finding] = number;
}

static inline void
explore_result_clear(ExploreResult *result)
{
    g_array_unref(result->parent);
    g_array_unref(result->by);
    g_array_unref(result->edge);
    g_array_unref(result->is_end);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ExploreResult, explore_result_clear)

static inline guint32
explore_add(ExploreResult *result, guint32 parent, ConnStep by)
{
    const guint8 no = 0;

    g_array_append_val(result->parent, parent);
    g_array_append_val(result->by, by);
    g_array_append_val(result->is_end, no);
    return result->states++;
}

typedef struct {
    ExploreState state;
    guint32 number;
    guint32 unused;
} ExploreItem;

/* Judges one state and, unless it is bad, adds its successors to next. */
static inline void
explore_expand(const Explore *x, ExploreResult *result, ExploreTable *seen, const ExploreItem *item, GArray *next)
{
    ConnStep steps[32];
    const int n = explore_steps(x, &item->state, steps);
    int protocol_steps = 0;

    for (int i = 0; i < n; i++)
        protocol_steps += !explore_migrates(steps[i]);
    const int finding = explore_judge(x, &item->state, protocol_steps);
    if (finding >= 0) {
        if (finding != EXPLORE_STUCK || explore_stuck_there(x, &item->state))
            explore_note(result, finding, item->number);
        return;
    }
    if (protocol_steps == 0) {
        g_array_index(result->is_end, guint8, item->number) = 1;
        result->ends++;
    }
    for (int i = 0; i < n; i++) {
        ExploreItem child = {item->state, 0, 0};
        gboolean is_new;
        explore_take(x, &child.state, steps[i], NULL);
        child.number = explore_table_put(seen, explore_fingerprint(&child.state), result->states, &is_new);
        if (is_new) {
            explore_add(result, item->number, steps[i]);
            g_array_append_val(next, child);
        }
        if (!explore_migrates(steps[i])) {
            const guint32 pair[2] = {item->number, child.number};
            g_array_append_vals(result->edge, pair, 2);
        }
        result->edges++;
    }
}

/* Marks, from the ends backwards, who can reach one; counts who cannot. Bad states themselves are not counted again. */
static inline void
explore_find_hopeless(ExploreResult *result)
{
    const guint32 *edge = (const guint32 *)(gpointer)result->edge->data;
    const gsize n_edges = result->edge->len / 2;
    g_autofree guint32 *start = g_new0(guint32, result->states + 2);
    g_autofree guint32 *from = g_new(guint32, n_edges + 1);
    g_autofree guint32 *stack = g_new(guint32, result->states + 1);
    g_autofree guint8 *good = g_new0(guint8, result->states + 1);
    guint32 top = 0;

    for (gsize i = 0; i < n_edges; i++)
        start[edge[2 * i + 1] + 2]++;
    for (guint32 i = 2; i < result->states + 2; i++)
        start[i] += start[i - 1];
    for (gsize i = 0; i < n_edges; i++)
        from[start[edge[2 * i + 1] + 1]++] = edge[2 * i];
    for (guint32 i = 0; i < result->states; i++)
        if (g_array_index(result->is_end, guint8, i)) {
            good[i] = 1;
            stack[top++] = i;
        }
    while (top > 0) {
        const guint32 at = stack[--top];
        for (guint32 i = start[at]; i < start[at + 1]; i++)
            if (!good[from[i]]) {
                good[from[i]] = 1;
                stack[top++] = from[i];
            }
    }
    for (guint32 i = 0; i < result->states; i++)
        if (!good[i])
            explore_note(result, EXPLORE_HOPELESS, i);
}

/* result: clear with explore_result_clear. */
static inline void
explore_run(const Explore *x, ExploreResult *result)
{
    ExploreItem first = {.number = 0};
    ExploreTable seen;
    gboolean is_new;
    /* Two that take turns: anew for each level, a sanitizer maps and clears hundreds of megabytes over and over. */
    g_autoptr(GArray) level = g_array_new(FALSE, FALSE, sizeof(ExploreItem));
    g_autoptr(GArray) next = g_array_new(FALSE, FALSE, sizeof(ExploreItem));

    memset(result, 0, sizeof *result);
    result->parent = g_array_new(FALSE, FALSE, sizeof(guint32));
    result->by = g_array_new(FALSE, FALSE, sizeof(ConnStep));
    result->edge = g_array_new(FALSE, FALSE, sizeof(guint32));
    result->is_end = g_array_new(FALSE, FALSE, sizeof(guint8));
    explore_table_init(&seen, 1 << 12);
    explore_start(x, &first.state);
    explore_table_put(&seen, explore_fingerprint(&first.state), 0, &is_new);
    explore_add(result, 0, (ConnStep){0, 0, 0});
    g_array_append_val(level, first);
    while (level->len > 0 && result->states < x->max_states) {
        for (guint i = 0; i < level->len; i++)
            explore_expand(x, result, &seen, &g_array_index(level, ExploreItem, i), next);
        GArray *done = g_steal_pointer(&level);
        level = g_steal_pointer(&next);
        next = g_array_set_size(done, 0);
        result->depth++;
    }
    result->complete = level->len == 0;
    explore_table_clear(&seen);
    if (result->complete)
        explore_find_hopeless(result);
}

/* One step as text, before it is taken: "A2.3.2.1", "B!" (interrupt), "AB~" (TCP delivers), "B<" (its machine hears
 * where A is), "B?" (will migrate), "B>1" (migrates). */
static inline void
explore_describe(const ExploreState *state, ConnStep step, GString *text)
{
    const char name = (char)('A' + step.side);
    const char *place = conn_place_text(state->conn.side[step.side].at);

    if (text->len > 0)
        g_string_append_c(text, ' ');
    switch (step.kind) {
    case CONN_STEP_TASK:
        g_string_append_c(text, name);
        g_string_append_len(text, place, (gssize)strcspn(place, " :"));
        break;
    case CONN_STEP_EVENT:
        g_string_append_printf(text, "%c!", name);
        break;
    case CONN_STEP_NETWORK:
        g_string_append_printf(text, "%c%c~", name, name == 'A' ? 'B' : 'A');
        break;
    case CONN_STEP_TELL:
        g_string_append_printf(text, "%c<", name);
        break;
    case CONN_STEP_ANNOUNCE:
        g_string_append_printf(text, "%c?", name);
        break;
    default:
        g_string_append_printf(text, "%c>%d", name, step.host);
    }
}

/* The schedule to state `number`; its state to *state. */
static inline char *
explore_schedule(const Explore *x, const ExploreResult *result, guint32 number, ExploreState *state)
{
    g_autoptr(GArray) path = g_array_new(FALSE, FALSE, sizeof(ConnStep));
    GString *text = g_string_new(NULL);

    for (guint32 at = number; at != 0; at = g_array_index(result->parent, guint32, at))
        g_array_append_val(path, g_array_index(result->by, ConnStep, at));
    explore_start(x, state);
    for (guint i = path->len; i-- > 0;) {
        const ConnStep step = g_array_index(path, ConnStep, i);
        explore_describe(state, step, text);
        explore_take(x, state, step, NULL);
    }
    return g_string_free(text, FALSE);
}

#endif
