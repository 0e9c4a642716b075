#include "bench_case.h"

#include <stdio.h>
#include <string.h>

const char *
design_name(Design design)
{
    static const char *const NAMES[DESIGNS] = {
        [DESIGN_SLOTS] = "slots", [DESIGN_THREADS] = "threads", [DESIGN_STREAM] = "stream", [DESIGN_HOST] = "host"};
    return NAMES[design];
}

bool
design_has_slots(Design design)
{
    return design == DESIGN_SLOTS || design == DESIGN_THREADS;
}

/* The words that tell it from the others of its folder: what is as usual is not said. */
static void
name_case(Case *one)
{
    int n =
        snprintf(one->id, sizeof one->id, "%s-%s-%d", design_name(one->design), cipher_name(one->cipher), one->bytes);
    size_t room = sizeof one->id;

    if (one->design != DESIGN_HOST)
        n += snprintf(one->id + n, room - (size_t)n, "-n%d-w%d", one->clients, one->outstanding);
    if (design_has_slots(one->design) && one->slots != one->outstanding)
        n += snprintf(one->id + n, room - (size_t)n, "-s%d", one->slots);
    if (design_has_slots(one->design) && one->poll_us)
        n += snprintf(one->id + n, room - (size_t)n, "-poll%d", one->poll_us);
    if (one->place != PLACE_ALL)
        snprintf(one->id + n, room - (size_t)n, "-%s", one->place == PLACE_ONE ? "one" : place_name(one->place));
}

static void
add_case(CaseList *list, Case one)
{
    if (one.design == DESIGN_HOST)
        one.clients = one.outstanding = 1;
    if (!design_has_slots(one.design))
        one.slots = one.poll_us = 0;
    else if (one.slots == 0)
        one.slots = one.outstanding;
    name_case(&one);
    for (int i = 0; i < list->n; i++)
        if (strcmp(list->cases[i].id, one.id) == 0)
            return;
    if (list->n < CASES_MAX)
        list->cases[list->n++] = one;
}

/* The service's clients vary fastest, so that what a figure shows beside each other is measured near in time. */
static void
add_series(CaseList *list, Case one, const Choices *choices)
{
    for (int w = 0; w < choices->outstanding.n; w++)
        for (int n = 0; n < choices->clients.n; n++) {
            one.outstanding = choices->outstanding.values[w];
            one.clients = choices->clients.values[n];
            add_case(list, one);
        }
}

void
cases_combine(CaseList *list, const Choices *choices)
{
    for (int c = 0; c < choices->ciphers.n; c++)
        for (int b = 0; b < choices->bytes.n; b++)
            for (int p = 0; p < choices->places.n; p++)
                for (int d = 0; d < choices->designs.n; d++)
                    add_series(list,
                               (Case){.design = (Design)choices->designs.values[d],
                                      .cipher = (CipherKind)choices->ciphers.values[c],
                                      .bytes = choices->bytes.values[b],
                                      .slots = choices->slots,
                                      .poll_us = choices->poll_us,
                                      .place = (Place)choices->places.values[p]},
                               choices);
}

/*
 * Chosen: the three designs over the number of clients with one and two requests under way, at a packet of the paper's
 * size (first, and whole); then beside it what changes one thing each: more under way, no cipher (only the exchange is
 * left), large packets, a cipher that makes the exchange small, one that makes it nearly all, fewer processors,
 * polling.
 */
static const Choices DEFAULTS[] = {
    {.designs = LIST(DESIGN_SLOTS, DESIGN_THREADS, DESIGN_STREAM, DESIGN_HOST),
     .ciphers = LIST(CIPHER_SM4),
     .bytes = LIST(4096),
     .clients = LIST(1, 2, 4, 8, 16),
     .outstanding = LIST(1, 2),
     .places = LIST(PLACE_ALL)},
    {.designs = LIST(DESIGN_SLOTS),
     .ciphers = LIST(CIPHER_SM4),
     .bytes = LIST(4096),
     .clients = LIST(1, 2, 8),
     .outstanding = LIST(4),
     .places = LIST(PLACE_ALL)},
    {.designs = LIST(DESIGN_SLOTS, DESIGN_THREADS, DESIGN_STREAM),
     .ciphers = LIST(CIPHER_NONE),
     .bytes = LIST(4096),
     .clients = LIST(1, 4, 16),
     .outstanding = LIST(1),
     .places = LIST(PLACE_ALL)},
    {.designs = LIST(DESIGN_SLOTS, DESIGN_STREAM, DESIGN_HOST),
     .ciphers = LIST(CIPHER_SM4),
     .bytes = LIST(16384),
     .clients = LIST(1, 4),
     .outstanding = LIST(1),
     .places = LIST(PLACE_ALL)},
    {.designs = LIST(DESIGN_SLOTS, DESIGN_STREAM, DESIGN_HOST),
     .ciphers = LIST(CIPHER_SM2_VERIFY),
     .bytes = LIST(256),
     .clients = LIST(1, 4),
     .outstanding = LIST(1),
     .places = LIST(PLACE_ALL)},
    {.designs = LIST(DESIGN_SLOTS, DESIGN_STREAM, DESIGN_HOST),
     .ciphers = LIST(CIPHER_AES),
     .bytes = LIST(4096),
     .clients = LIST(1, 4),
     .outstanding = LIST(1),
     .places = LIST(PLACE_ALL)},
    {.designs = LIST(DESIGN_SLOTS, DESIGN_THREADS, DESIGN_STREAM),
     .ciphers = LIST(CIPHER_SM4),
     .bytes = LIST(4096),
     .clients = LIST(1, 4),
     .outstanding = LIST(1),
     .places = LIST(PLACE_ONE, PLACE_PINNED)},
    {.designs = LIST(DESIGN_SLOTS),
     .ciphers = LIST(CIPHER_SM4),
     .bytes = LIST(4096),
     .clients = LIST(1, 4),
     .outstanding = LIST(1),
     .places = LIST(PLACE_ALL),
     .poll_us = 50},
};

void
cases_default(CaseList *list)
{
    CaseList all = {0};

    for (size_t i = 0; i < sizeof DEFAULTS / sizeof *DEFAULTS; i++)
        cases_combine(&all, &DEFAULTS[i]);
    for (int i = 0; i < all.n; i++)
        if (all.cases[i].place != PLACE_PINNED || machine_processors() > 1)
            add_case(list, all.cases[i]);
}
