/* Domains: VMs and vTPM instance domains, their instances on hosts, and the invariants that every change must keep.
 *
 * A domain has one instance at home; during a migration it has a second one at the destination. These functions are the
 * only ones that change an instance's state; each checks the invariants and notes the change. None of them lets another
 * actor run, so that changes which belong together (a VM's and its vTPM's) are one to everybody else; domain_wake
 * follows them.
 */
#ifndef TANDEM_SIM_WORLD_DOMAIN_H
#define TANDEM_SIM_WORLD_DOMAIN_H

#include "sim/output/record.h"
#include "sim/world/world.h"

/* A new domain that writes nothing yet; owned by the world. One that goes with another is where that one is; otherwise
 * it is nowhere: domain_place, domain_create. NULL: the process cannot hold it. */
Domain *domain_define(World *world, const DomainConfig *config, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void domain_free(Domain *domain);

Instance *domain_home(Domain *domain);
gboolean domain_is_running(const Domain *domain);
/* Lost or destroyed: it will never run again. */
gboolean domain_is_gone(const Domain *domain);
/* Instances that take memory somewhere, running or not: 1 but during a migration; 0 before it is created and when it is
 * gone. */
guint domain_instances(const Domain *domain);
gboolean domain_instance_is_there(const Instance *instance);
/* The domains with an instance on the host, in the order in which they were defined. (transfer container) */
GPtrArray *domain_residents(const World *world, guint host);
/* The host of the home instance. */
guint domain_host(const Domain *domain);

/* From now on. */
void domain_set_workload(Domain *domain, const Workload *workload);
/* Reads a workload of the scenario: sizes to pages, files to arrays that the domain then owns. */
gboolean domain_resolve_workload(Domain *domain, const WorkloadSpec *spec, Workload *workload, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Both. */
gboolean domain_start_workload(Domain *domain, const WorkloadSpec *spec, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* ---- changes: of one domain's life (lifecycle.h has the rules) ---- */
/* Runs on the host, which has room for it, from now on: as part of the world's beginning, which nobody is told of, */
void domain_place(Domain *domain, guint host);
/* or later. */
void domain_create(Domain *domain, guint host);
/* Gives its memory back, for good. */
void domain_destroy(Domain *domain);

/* ---- changes, in the order of a migration ---- */
/* Takes memory at the host and creates an empty instance there. FALSE: the host has too little. */
gboolean domain_reserve(Domain *domain, guint host) G_GNUC_WARN_UNUSED_RESULT;
void domain_suspend(Domain *domain);
/* The instance at the destination becomes home, suspended still; the old one is kept until domain_activate. */
void domain_commit(Domain *domain);
void domain_resume(Domain *domain);
/* The old instance is destroyed and gives its memory back. */
void domain_activate(Domain *domain);
/* It runs on at this share of full speed: throttled, or waiting for a page. */
void domain_throttle(Domain *domain, double speed);
/* Post-copy failed: the instance at home lacks pages that nobody can send any more. */
void domain_lose(Domain *domain);
/* Undoes a migration that failed: the copy is destroyed; a suspended home instance runs again. When the destination was
 * lost between domain_commit and domain_resume, the old instance is home again. */
void domain_abort(Domain *domain);

/* The running guest is lost, its host is not. */
void domain_crash(Domain *domain);

/* Wakes whoever waits for a change of the domain or of its partner. Other actors may run. */
void domain_wake(Domain *domain);

/* Loses every instance on hosts whose failure date has come. Idempotent. */
void domain_apply_host_failures(World *world);

const char *domain_state_text(const Domain *domain);

#endif
