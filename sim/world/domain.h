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

/* Rows of domains.csv, world->listings, and of states.csv, world->states. */
extern const Record domain_listing_record, domain_state_record;

/* A new domain, running, that writes nothing yet; owned by the world. NULL: the process cannot hold it. */
Domain *domain_create(World *world, const DomainRequest *request, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Creates every guest of the scenario on its first host, running. FALSE: a workload's file is wrong. */
gboolean domain_create_guests(World *world, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void domain_free(Domain *domain);

Instance *domain_home(Domain *domain);
gboolean domain_is_running(const Domain *domain);
gboolean domain_is_lost(const Domain *domain);
/* Instances that take memory somewhere, running or not: 1 but during a migration, 0 when lost. */
guint domain_instances(const Domain *domain);
/* The host of the home instance. */
guint domain_host(const Domain *domain);

/* From now on. */
void domain_set_workload(Domain *domain, const Workload *workload);
/* Reads a workload of the scenario: sizes to pages, files to arrays that the domain then owns. */
gboolean domain_resolve_workload(Domain *domain, const WorkloadSpec *spec, Workload *workload, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* Both. */
gboolean domain_start_workload(Domain *domain, const WorkloadSpec *spec, GError **error) G_GNUC_WARN_UNUSED_RESULT;

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

/* Appends a listing of a host's domains, `xl list`'s columns, to world->listings. when: "before mig-vm1", … */
void domain_list_host(World *world, const char *when, guint host);

const char *domain_state_text(const Domain *domain);

#endif
