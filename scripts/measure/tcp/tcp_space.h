/*
 * A network namespace of the process's own: its loopback interface, its settings of TCP, and who looks at its frames.
 */
#ifndef TCP_SPACE_H
#define TCP_SPACE_H

#include "tcp_case.h"
#include <stdint.h>

/* The calling process gets one, with a loopback interface that is up. False: why not, in *why. */
bool space_enter(const char **why);

/* -1: the kernel has no such setting. */
long space_setting(Setting setting);
bool space_set(Setting setting, long value);

/* A socket that sees every frame on the loopback interface; -1: why not, in *why. */
int space_watch(const char **why);

/* Seconds from the first transmission from that port that counts (a SYN; data) to each further one; gives how many. */
int space_transmissions(int watch, uint16_t from_port, Sent sent, double *again_s, int most);

#endif
