/* The event calendar of the microsecond world: what happens next, in the order of time, ties in the order of insertion.
 *
 * A 4-ary heap (D. B. Johnson, "Priority queues with update and finding minimum spanning trees", IPL 4(3), 1975) of
 * 16-byte keys, so that the four children of a node fill one cache line. A key is one 128-bit integer: the bits of the
 * time (which order as integers, since times are not negative), then the insertion number, then kind and id; so one
 * integer comparison is the whole order, and equal times leave in the order in which they came (determinism).
 * Taking the next event leaves a hole at the top that the next event added falls into: the usual "handle an event,
 * schedule its successor" costs one sift instead of two.
 *
 * No allocation per event: the array doubles when it is full. 28 bits of insertion number are enough because pending
 * events are numbered anew when they run out (every 2^28 insertions).
 *
 * Scope: times >= 0 in seconds, 16 kinds, 32-bit ids; an event cannot be taken back (its handler must see that it is
 * stale).
 */
#ifndef TANDEM_MODELS_BASE_CALENDAR_H
#define TANDEM_MODELS_BASE_CALENDAR_H

#include <glib.h>
#include <string.h>

#define CALENDAR_KINDS      16u
#define CALENDAR_ORDER_BITS 28u

typedef unsigned __int128 CalendarKey;

typedef struct {
    CalendarKey *keys; /* owned through `memory`; keys[1] begins a cache line */
    gsize count;       /* keys in use, the hole included */
    gsize capacity;    /* keys allocated, without the four sentinels behind them */
    guint32 order;     /* next insertion number */
    gboolean hole;     /* keys[0] has been taken */
    gpointer memory;   /* owned */
} Calendar;

typedef struct {
    double time_s;
    guint32 kind; /* < CALENDAR_KINDS */
    guint32 id;
} CalendarEvent;

void calendar_init(Calendar *calendar);
void calendar_clear(Calendar *calendar);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Calendar, calendar_clear)

/* Internal, for the inline functions below: room for one more key; new insertion numbers for all. */
void calendar_grow(Calendar *calendar);
void calendar_renumber(Calendar *calendar);

static inline gsize
calendar_pending(const Calendar *calendar)
{
    return calendar->count - (calendar->hole ? 1 : 0);
}

/* Puts key into the free node i, moving smaller children up. Behind the last key stand sentinels, so no bounds. */
static inline void
calendar_sift_down(Calendar *calendar, gsize i, CalendarKey key)
{
    CalendarKey *keys = calendar->keys;
    const gsize count = calendar->count;

    for (gsize child = 4 * i + 1; child < count; child = 4 * i + 1) {
        const gsize a = child + (keys[child + 1] < keys[child]);
        const gsize b = child + 2 + (keys[child + 3] < keys[child + 2]);
        const gsize least = keys[b] < keys[a] ? b : a;
        if (key <= keys[least])
            break;
        keys[i] = keys[least];
        i = least;
    }
    keys[i] = key;
}

static inline void
calendar_sift_up(Calendar *calendar, gsize i, CalendarKey key)
{
    CalendarKey *keys = calendar->keys;

    while (i > 0 && key < keys[(i - 1) / 4]) {
        keys[i] = keys[(i - 1) / 4];
        i = (i - 1) / 4;
    }
    keys[i] = key;
}

/* The last key closes the hole that calendar_take left. */
static inline void
calendar_close_hole(Calendar *calendar)
{
    const CalendarKey last = calendar->keys[calendar->count - 1];

    calendar->hole = FALSE;
    calendar->keys[--calendar->count] = ~(CalendarKey)0;
    if (calendar->count > 0)
        calendar_sift_down(calendar, 0, last);
}

/* time_s >= 0, kind < CALENDAR_KINDS. */
static inline void
calendar_add(Calendar *calendar, double time_s, guint32 kind, guint32 id)
{
    guint64 bits;
    const double time = time_s + 0.0; /* -0.0 becomes 0.0 */

    g_return_if_fail(time >= 0 && kind < CALENDAR_KINDS);
    if (G_UNLIKELY(calendar->order >> CALENDAR_ORDER_BITS))
        calendar_renumber(calendar);
    memcpy(&bits, &time, sizeof bits);
    const guint64 low = ((guint64)calendar->order++ << 36) | ((guint64)kind << 32) | id;
    const CalendarKey key = ((CalendarKey)bits << 64) | low;

    if (calendar->hole) {
        calendar->hole = FALSE;
        calendar_sift_down(calendar, 0, key);
        return;
    }
    if (G_UNLIKELY(calendar->count == calendar->capacity))
        calendar_grow(calendar);
    calendar_sift_up(calendar, calendar->count++, key);
}

/* Time of the next event, G_MAXDOUBLE when there is none. */
static inline double
calendar_next_time(Calendar *calendar)
{
    double time;

    if (calendar->hole)
        calendar_close_hole(calendar);
    if (calendar->count == 0)
        return G_MAXDOUBLE;
    const guint64 bits = (guint64)(calendar->keys[0] >> 64);
    memcpy(&time, &bits, sizeof time);
    return time;
}

/* Takes the next event; FALSE when there is none. */
static inline gboolean
calendar_take(Calendar *calendar, CalendarEvent *event)
{
    if (calendar->hole)
        calendar_close_hole(calendar);
    if (calendar->count == 0)
        return FALSE;
    const CalendarKey key = calendar->keys[0];
    const guint64 bits = (guint64)(key >> 64);

    memcpy(&event->time_s, &bits, sizeof event->time_s);
    event->kind = (guint32)((guint64)key >> 32) & (CALENDAR_KINDS - 1);
    event->id = (guint32)key;
    calendar->hole = TRUE;
    return TRUE;
}

#endif
