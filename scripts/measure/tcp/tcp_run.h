/*
 * One repeat of a case, in a process and a network namespace of its own.
 *
 * Client and server are two sockets of one process over the namespace's loopback interface. While nobody is to answer,
 * a filter (SO_ATTACH_FILTER) drops whatever comes to the server's socket before TCP sees it: of a connection, or of
 * the one that listens. So the client's kernel sends again by its timers until the filter is taken away.
 */
#ifndef TCP_RUN_H
#define TCP_RUN_H

#include "tcp_case.h"
#include <stddef.h>

#define WHY_MAX 160

/* False: why not, in `why`. */
bool run_repeat(const Case *what, Result *result, char why[WHY_MAX]);

/* Of the kernel's timers, 1/HZ. */
double run_tick_us(void);

#endif
