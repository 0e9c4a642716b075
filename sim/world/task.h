/* Work that comes and goes in thousands, such as migrations: done by actors that are lent and come back.
 *
 * An actor has a stack of its own. To make one for every migration scatters a hundred thousand stacks over the heap,
 * where what is allocated meanwhile keeps their places from being used again. So an actor that is done waits for the
 * next task; there are as many as were ever at work at a time. The world does not end before its tasks.
 */
#ifndef TANDEM_SIM_WORLD_TASK_H
#define TANDEM_SIM_WORLD_TASK_H

#include "sim/world/world.h"

/* Runs work with data in an actor on that host, from this date on, after what is at work at it now. name is borrowed
 * while it runs. */
void task_start(World *world, const char *name, sg_host_t host, void (*work)(gpointer data), gpointer data);

/* From an actor: returns when no task is left. */
void task_wait_for_all(World *world);

/* Once the run is over. */
void task_forget_all(World *world);

#endif
