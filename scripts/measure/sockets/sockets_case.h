/*
 * A case: over what two processes talk, and how; and what is to be measured: a list of cases.
 */
#ifndef SOCKETS_CASE_H
#define SOCKETS_CASE_H

#include "common/bench_command.h"
#include "common/bench_machine.h"
#include <stdbool.h>

#define BYTES_MIN       1
#define BYTES_MAX       1048576
#define BUFFER_MIN      64
#define BUFFER_MAX      16777216
#define BUFFER_DEFAULT  65536
#define RECEIVE_DEFAULT 65536
#define CASES_MAX       4096

typedef enum { DESIGN_RING, DESIGN_TCP, DESIGN_UNIX, DESIGNS } Design;
typedef enum { WORK_ROUND_TRIP, WORK_STREAM, WORKS } Work;

/* The sender is who sends first: all messages of a stream, the requests of round trips. */
typedef enum { SIDE_SENDER, SIDE_RECEIVER, SIDES } Side;

typedef struct {
    Design design;
    Work work;
    int bytes;         /* of a message; of a round trip's request, and of its answer */
    int receive_bytes; /* that a call to receive asks for; a round trip's asks for what is missing */
    int buffer_bytes;  /* of a ring, per direction; 0 with sockets, whose buffers are the kernel's */
    int poll_us;       /* how long a side looks before it sleeps; rings only */
    Place place;
    char id[96];
} Case;

typedef struct {
    Case cases[CASES_MAX];
    int n;
} CaseList;

/* What the options say: every combination of them is a case. */
typedef struct {
    Choice designs, works, bytes, receives, buffers, places;
    int poll_us;
} Choices;

const char *design_name(Design design);
const char *work_name(Work work);

/* Adds every combination; what a design or a workload does not know (a socket's ring, a round trip's receive size) does
 * not multiply it. */
void cases_combine(CaseList *list, const Choices *choices);

/* About sixty cases, as docs/measuring-sockets.md lists them. Where there is one processor, pinned sides run anywhere.
 */
void cases_default(CaseList *list);

#endif
