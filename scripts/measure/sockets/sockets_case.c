#include "sockets_case.h"

#include <stdio.h>
#include <string.h>

const char *
design_name(Design design)
{
    static const char *const NAMES[DESIGNS] = {[DESIGN_RING] = "ring", [DESIGN_TCP] = "tcp", [DESIGN_UNIX] = "unix"};
    return NAMES[design];
}

const char *
work_name(Work work)
{
    static const char *const NAMES[WORKS] = {[WORK_ROUND_TRIP] = "round-trip", [WORK_STREAM] = "stream"};
    return NAMES[work];
}

/* The words that tell it from the others of its folder: what is as usual is not said. */
static void
name_case(Case *one)
{
    int n = snprintf(one->id, sizeof one->id, "%s-%s-%d", design_name(one->design), work_name(one->work), one->bytes);
    size_t room = sizeof one->id;

    if (one->work == WORK_STREAM && one->receive_bytes != RECEIVE_DEFAULT)
        n += snprintf(one->id + n, room - (size_t)n, "-r%d", one->receive_bytes);
    if (one->design == DESIGN_RING && one->buffer_bytes != BUFFER_DEFAULT)
        n += snprintf(one->id + n, room - (size_t)n, "-b%d", one->buffer_bytes);
    if (one->poll_us)
        n += snprintf(one->id + n, room - (size_t)n, "-poll%d", one->poll_us);
    if (one->place != PLACE_PINNED)
        snprintf(one->id + n, room - (size_t)n, "-%s", one->place == PLACE_ONE ? "one" : place_name(one->place));
}

static void
add_case(CaseList *list, Case one)
{
    if (one.design != DESIGN_RING)
        one.buffer_bytes = one.poll_us = 0;
    if (one.work == WORK_ROUND_TRIP)
        one.receive_bytes = one.bytes;
    name_case(&one);
    for (int i = 0; i < list->n; i++)
        if (strcmp(list->cases[i].id, one.id) == 0)
            return;
    if (list->n < CASES_MAX)
        list->cases[list->n++] = one;
}

/* The designs vary fastest, so that what a figure shows beside each other is measured near in time. */
static void
add_designs(CaseList *list, Case one, const Choices *choices)
{
    for (int d = 0; d < choices->designs.n; d++)
        for (int b = 0; b < choices->buffers.n; b++) {
            one.design = (Design)choices->designs.values[d];
            one.buffer_bytes = choices->buffers.values[b];
            add_case(list, one);
        }
}

void
cases_combine(CaseList *list, const Choices *choices)
{
    for (int p = 0; p < choices->places.n; p++)
        for (int w = 0; w < choices->works.n; w++)
            for (int b = 0; b < choices->bytes.n; b++)
                for (int r = 0; r < choices->receives.n; r++)
                    add_designs(list,
                                (Case){.work = (Work)choices->works.values[w],
                                       .bytes = choices->bytes.values[b],
                                       .receive_bytes = choices->receives.values[r],
                                       .poll_us = choices->poll_us,
                                       .place = (Place)choices->places.values[p]},
                                choices);
}

/*
 * Chosen: the three designs over the sizes, both ways of talking; then beside it what changes one thing each: both
 * sides on one processor, sides that run anywhere, rings that are smaller and larger, sides that look before they
 * sleep.
 */
static const Choices DEFAULTS[] = {
    {.designs = LIST(DESIGN_RING, DESIGN_TCP, DESIGN_UNIX),
     .works = LIST(WORK_ROUND_TRIP, WORK_STREAM),
     .bytes = LIST(64, 256, 1024, 4096, 16384, 65536),
     .receives = LIST(RECEIVE_DEFAULT),
     .buffers = LIST(BUFFER_DEFAULT),
     .places = LIST(PLACE_PINNED)},
    {.designs = LIST(DESIGN_RING, DESIGN_TCP, DESIGN_UNIX),
     .works = LIST(WORK_ROUND_TRIP, WORK_STREAM),
     .bytes = LIST(256, 16384),
     .receives = LIST(RECEIVE_DEFAULT),
     .buffers = LIST(BUFFER_DEFAULT),
     .places = LIST(PLACE_ONE)},
    {.designs = LIST(DESIGN_RING, DESIGN_TCP, DESIGN_UNIX),
     .works = LIST(WORK_ROUND_TRIP, WORK_STREAM),
     .bytes = LIST(4096),
     .receives = LIST(RECEIVE_DEFAULT),
     .buffers = LIST(BUFFER_DEFAULT),
     .places = LIST(PLACE_ALL)},
    {.designs = LIST(DESIGN_RING),
     .works = LIST(WORK_STREAM),
     .bytes = LIST(1024, 16384, 65536),
     .receives = LIST(RECEIVE_DEFAULT),
     .buffers = LIST(16384, 1048576),
     .places = LIST(PLACE_PINNED)},
    {.designs = LIST(DESIGN_RING),
     .works = LIST(WORK_ROUND_TRIP),
     .bytes = LIST(64, 4096),
     .receives = LIST(RECEIVE_DEFAULT),
     .buffers = LIST(BUFFER_DEFAULT),
     .places = LIST(PLACE_PINNED),
     .poll_us = 50},
};

void
cases_default(CaseList *list)
{
    CaseList all = {0};

    for (size_t i = 0; i < sizeof DEFAULTS / sizeof *DEFAULTS; i++)
        cases_combine(&all, &DEFAULTS[i]);
    for (int i = 0; i < all.n; i++) {
        if (all.cases[i].place == PLACE_PINNED && machine_processors() < 2)
            all.cases[i].place = PLACE_ALL;
        add_case(list, all.cases[i]);
    }
}
