/*
 * The machine: its name and its processors, who runs on which of them, and how busy they are with others.
 */
#ifndef BENCH_MACHINE_H
#define BENCH_MACHINE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

typedef enum { PLACE_ALL, PLACE_ONE, PLACE_PINNED, PLACES } Place;
typedef enum { ROLE_SERVICE, ROLE_CLIENT } Role;

const char *place_name(Place place); /* as in --processors and in a case */

/* Reads which processors this process may use; before anything else here. */
void machine_start(void);
int machine_processors(void);

/* The calling process and its later threads and children run as PLACE wants it for the ROLE. */
void machine_place(Place place, Role role);

/* The calling process runs on the processor of that rank (0: the first) only. */
void machine_pin(int rank);

/* What a case says of the machine; text of static storage. */
const char *machine_model(void);
const char *machine_kernel(void);
bool machine_is_virtual(void);

/* What the usable processors did since they started: not idle, and stolen by the hypervisor. */
typedef struct {
    double busy_s;
    double steal_s;
} Load;

Load machine_load(void);

/* Of the usable processors' time between two loads, `elapsed_s` apart, in which the program itself used `own_s`. */
typedef struct {
    double others; /* neither idle nor our own */
    double steal;  /* taken by the hypervisor */
} Shares;

Shares machine_shares(const Load *start, const Load *end, double own_s, double elapsed_s);

/* The processor time that another process has used; 0 when there is none. */
double machine_used_s(pid_t process);

/* How often the first thread of a process left its processor: to sleep, of its own accord, or for somebody else. */
typedef struct {
    uint64_t voluntary, involuntary;
} Switches;

Switches machine_switches(pid_t process);

/* Whether the first thread of a process sleeps, and nobody has woken it. */
bool machine_is_asleep(pid_t process);

#endif
