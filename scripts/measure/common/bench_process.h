/*
 * Child processes: made so that they end with their parent, waited for until a deadline, killed.
 */
#ifndef BENCH_PROCESS_H
#define BENCH_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Forks a process that ends when this one does; as fork(), and flushes nothing twice. */
pid_t process_fork(void);

/* Waits for a process until the deadline, and sets it to 0 when it has ended; true when it ended with status 0 or there
 * was none. */
bool process_ended_well(pid_t *process, uint64_t deadline_ns);

/* Whether a child has ended that nobody has waited for. */
bool process_somebody_ended(void);

/* Kills a process, if there is one, and waits for its end. */
void process_kill(pid_t *process);

void process_sleep_until(uint64_t ns);

/* By this process, and by its children that have ended. */
double process_used_s(void);

#endif
