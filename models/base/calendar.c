#include "models/base/calendar.h"

#include <stdlib.h>

#define CALENDAR_SENTINELS 4u
#define CALENDAR_LINE      64u

void
calendar_init(Calendar *calendar)
{
    *calendar = (Calendar){0};
    calendar_grow(calendar);
}

void
calendar_clear(Calendar *calendar)
{
    g_free(calendar->memory);
    *calendar = (Calendar){0};
}

/* keys[1] must begin a cache line, so keys[0] is the last 16 bytes of the line before. */
void
calendar_grow(Calendar *calendar)
{
    const gsize capacity = calendar->capacity ? 2 * calendar->capacity : 64;
    const gsize total = capacity + CALENDAR_SENTINELS;
    gpointer memory = g_malloc(total * sizeof(CalendarKey) + 2 * CALENDAR_LINE);
    const gsize base = (gsize)memory + CALENDAR_LINE - 1;
    CalendarKey *keys = (CalendarKey *)(base - base % CALENDAR_LINE + CALENDAR_LINE - sizeof(CalendarKey));

    if (calendar->count > 0)
        memcpy(keys, calendar->keys, calendar->count * sizeof *keys);
    memset(keys + calendar->count, 0xff, (total - calendar->count) * sizeof *keys);
    g_free(calendar->memory);
    calendar->memory = memory;
    calendar->keys = keys;
    calendar->capacity = capacity;
}

static int
key_compare(const void *a, const void *b)
{
    const CalendarKey x = *(const CalendarKey *)a, y = *(const CalendarKey *)b;

    return (x > y) - (x < y);
}

/* A sorted array is a heap, so sorting keeps the order and lets the pending events be numbered from 0. */
void
calendar_renumber(Calendar *calendar)
{
    const guint64 payload = (G_GUINT64_CONSTANT(1) << 36) - 1;

    if (calendar->hole)
        calendar_close_hole(calendar);
    qsort(calendar->keys, calendar->count, sizeof *calendar->keys, key_compare);
    for (gsize i = 0; i < calendar->count; i++) {
        const CalendarKey key = calendar->keys[i];
        calendar->keys[i] = (key >> 64 << 64) | ((guint64)i << 36) | ((guint64)key & payload);
    }
    calendar->order = (guint32)calendar->count;
}
