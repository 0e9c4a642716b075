/* A host's processors, and who runs on them: the one owner of every guest's speed.
 *
 * Where the host's key `processors` is "unlimited", every guest and all work goes on at full speed, whatever else runs
 * there. Where it is "shared", threads share the host's cores: a running guest is as many threads as it has virtual
 * processors, each of which wants cpu_share of a core (less while auto-converge throttles it), and whoever works for
 * the host (a migration's sender, a vTPM that serves) is one thread, or several alike, that want what it says. Each
 * thread gets what it wants, but at most the host's level, the same for all: the largest that does not need more cores
 * than there are (max-min fairness, to which the schedulers of Linux and Xen tend over times that are long against a
 * slice).
 *
 * Hosts may have one machine's cores (the key processors_of): then all that runs on them shares these. The writes of a
 * guest's workload go on at full speed while the guest is given what they need, the key workload_share: a guest that is
 * busy with requests, and given less than it wants, serves them more slowly but wakes up and writes as often as before.
 *
 * How many virtual processors find a place on a host is another matter: its key `vcpus_per_core`, by which a migration
 * reserves them (Qi and Meng, section 1.2, step 1: "memory, CPU") and a domain is created.
 *
 * Scope: no run queues, slices, priorities or weights, no cost of a switch; Domain-0 wants nothing of its own but the
 * work above.
 *
 * What a guest wants may change while it runs (processors_set_demand): traces of demand do that.
 *
 *   here    meaning
 *   cores   C, of the host
 *   wants   w_i, of thread i, in cores, 0 to 1
 *   level   l, the largest with sum_i min(w_i, l) <= C; INFINITY: every thread gets what it wants
 *   speed   min(1, l / w_i)
 */
#ifndef TANDEM_SIM_WORLD_PROCESSORS_H
#define TANDEM_SIM_WORLD_PROCESSORS_H

#include "sim/world/world.h"

/* Somebody who works on a host from time to time. */
typedef struct ProcessorThread ProcessorThread;

void processors_start(World *world);
void processors_end(World *world);
void processors_init(Host *host);
void processors_clear(Host *host);
/* When all hosts are there: which of them have one machine's cores. */
void processors_join(World *world);

/* From now on the domain runs where its home is, or does not. Lets no other actor run: processors_wake follows. */
void processors_set_running(Domain *domain, gboolean runs);
/* From now on it may use this share of its time, 0 < share <= 1. As processors_set_running. */
void processors_set_throttle(Domain *domain, double share);
/* From now on it wants this share of its processors' time, 0 <= share <= 1; for the host, when
 * processors_settle_demands follows, which must be before anybody else runs. */
void processors_set_demand(Domain *domain, double share);
/* Gives all whose demand has changed, and their neighbours, what they get now. Other actors may run. */
void processors_settle_demands(World *world);
/* Wakes the threads whose speed has changed. Other actors may run. */
void processors_wake(World *world);

/* Tells of each change of the domain's speed, from now on: at_s, its date, which need not be the world's now; speed, 0
 * to 1, of the share it is given by its host, a throttle and a stop, and 0 while it waits for a page that post-copy
 * brings. Must wake nobody: changes are many. One listener for each domain. */
void processors_follow(Domain *domain, void (*told)(double at_s, double speed, gpointer data), gpointer data);
/* Its speed now, but for a page that it waits for; 0: it does not run. What it is given of its share: its workload's
 * writes may go on faster (the guest's key workload_share). */
double processors_domain_speed(const Domain *domain);

/* Processor time of all its virtual processors while it ran, until now: what it wanted, and what it was given, which is
 * less where its host was full or auto-converge throttled it. Where it waited for pages counts as given. */
typedef struct {
    double wanted_s, given_s;
    double missed_s; /* what it would have wanted while it did not run, or was not there */
} ProcessorUse;
ProcessorUse processors_use(Domain *domain);

/* A thread that wants 0 <= wants <= 1 cores of the host until processors_leave. Other actors may run. */
ProcessorThread *processors_enter(World *world, guint host, double wants);
/* The same for n >= 1 threads alike, each of which wants so much. */
ProcessorThread *processors_enter_many(World *world, guint host, double wants, guint n);
/* From now on it wants, or each of them, 0 <= wants <= 1. Other actors may run. */
void processors_set_wants(ProcessorThread *thread, double wants);
void processors_leave(ProcessorThread *thread);
/* 0 < speed <= 1 */
double processors_speed(const ProcessorThread *thread);
/* The share of a core that it may have, or each of them: what it is given where that is less than it wants, else 1. */
double processors_given(const ProcessorThread *thread);
/* Cores that all of the threads alike may have together, however many of them run at the moment: what they are given
 * where that is less than they want, else as many as the host has, and no more than there are threads. */
double processors_given_together(const ProcessorThread *thread);
/* Spends so many seconds of a whole core's work; longer while the thread is given less. */
void processors_work(ProcessorThread *thread, double work_s);

/* How many virtual processors more find a place on the host: its key vcpus_per_core times its cores, without those of
 * the domains that have an instance there, running or not, also one that a migration has reserved. INFINITY: it has no
 * such limit. < 0: there are too many. */
double processors_free_vcpus(const World *world, guint host);

/* Whether speeds on the host can change at dates that nobody knows. */
gboolean processors_may_change(const World *world, guint host);

#endif
