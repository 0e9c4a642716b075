/*
 * A case: how many clients ask how of what service; and what is to be measured: a list of cases.
 */
#ifndef BENCH_CASE_H
#define BENCH_CASE_H

#include "bench_cipher.h"
#include "common/bench_command.h"
#include "common/bench_machine.h"
#include <stdbool.h>

#define BYTES_MIN       64
#define BYTES_MAX       16384
#define CLIENTS_MAX     64
#define OUTSTANDING_MAX 64
#define CASES_MAX       4096

typedef enum { DESIGN_SLOTS, DESIGN_THREADS, DESIGN_STREAM, DESIGN_HOST, DESIGNS } Design;

typedef struct {
    Design design;
    CipherKind cipher;
    int bytes; /* of a request */
    int clients;
    int outstanding; /* requests that a client has under way */
    int slots;       /* of a client, in shared memory */
    int poll_us;     /* how long a service thread looks before it sleeps */
    Place place;
    char id[96];
} Case;

typedef struct {
    Case cases[CASES_MAX];
    int n;
} CaseList;

/* What --design … --processors say: every combination of them is a case. */
typedef struct {
    Choice designs, ciphers, bytes, clients, outstanding, places;
    int slots; /* 0: as many as are outstanding */
    int poll_us;
} Choices;

const char *design_name(Design design);

/* Whether clients and service meet in slots of shared memory. */
bool design_has_slots(Design design);

/* Adds every combination; what a design does not know (the host's clients, a stream's slots) does not multiply it. */
void cases_combine(CaseList *list, const Choices *choices);

/* About sixty cases, as docs/measuring-card.md lists them; those of pinned processors only where there are two. */
void cases_default(CaseList *list);

#endif
