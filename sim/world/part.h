/* What the world is made of, besides hosts, domains and paths: each part is a table of functions, and
 * sim/parts/parts.c is the only list of them.
 *
 * A part knows the core, and the core knows parts by this table only. A function that is NULL has nothing to do. Parts
 * are asked in the order of the list. What a part keeps for the world and for each domain hangs on these
 * (part_of_world, part_of_domain).
 */
#ifndef TANDEM_SIM_WORLD_PART_H
#define TANDEM_SIM_WORLD_PART_H

#include "sim/output/trace.h"
#include "sim/world/world.h"

/* What a domain needs while it stands still, besides what its hypervisor says. */
typedef struct {
    double state_bytes; /* to be sent */
    double save_s;      /* after its last page */
    double load_s;      /* before it runs again */
} StopNeeds;

typedef struct {
    const char *name;
    const PartKeys *keys; /* what it adds to scenarios; NULL: nothing */

    /* ---- the beginning of the run, in this order ---- */
    /* Adds to the platform (platform_add_source) before it is made. */
    void (*plug)(World *world);
    /* Makes what the scenario says of the part. FALSE: a file that it names is wrong, or there is no room for it. */
    gboolean (*create)(World *world, GError **error);
    /* Starts the part's actors. */
    void (*start)(World *world);

    /* ---- while it runs ---- */
    /* The date of one of the part's actions of the time line has come. Must not wait. */
    void (*act)(World *world, const ActionSpec *action);
    /* An instance of the domain has changed. Must let no other actor run. */
    void (*notice)(Domain *domain);
    /* Afterwards: wakes who waits for such a change. Other actors may run. */
    void (*wake)(Domain *domain);

    /* ---- migrations ---- */
    /* Begins one; of the one part that can. */
    void (*migrate)(World *world, const MigrationRequest *request);
    /* Whether what the part keeps for the domain can be at the destination. FALSE: why not. */
    gboolean (*may_move)(const Domain *domain, guint destination, Outcome *why);
    /* The same, and keeps a place for it there until release. */
    gboolean (*reserve)(Domain *domain, guint destination, Outcome *why);
    /* The migration has ended, whatever its outcome: a place that was not used is given back. */
    void (*release)(Domain *domain);
    /* Does what must be done before the domain's first page is sent, while it runs: the date at which to call again;
     * NAN: nothing is left. Release follows, whatever becomes of the migration. */
    double (*prepare)(Domain *domain);
    /* Adds what the domain, which is about to move, needs for its stop. */
    void (*stop_needs)(const Domain *domain, StopNeeds *needs);
    /* Finishes, while the domain still runs, what must not wait until it runs again. The date at which to call again;
     * NAN: nothing is left. */
    double (*drain)(Domain *domain);
    /* A migration of the domain, of that name, has begun or ended. */
    void (*migration_began)(Domain *domain, const char *name);
    void (*migration_ended)(Domain *domain, const char *name);

    /* ---- who plans ahead asks ---- */
    /* Adds to the world's outlook (outlook_add_path, outlook_add_cable) every date that is known beforehand at which
     * the part may begin or cease to send over a path, or changes a cable. Called once, when the first plan is made. */
    void (*foresee)(World *world);
    /* The same of a date at which the domain is known to begin to move, to run or to stop. */
    void (*foresee_change)(Domain *domain, double at_s);
    /* Whether the part sends over one of the path's cables now, or may begin to at a date that nobody knows. */
    gboolean (*may_send)(World *world, const Path *path);
    /* Whether the part writes pages of the domain at dates that nobody knows. */
    gboolean (*writes_pages)(const Domain *domain);

    /* ---- the end ---- */
    /* What can only be judged when all is over. */
    void (*finish)(World *world);
    /* Whether its tables agree with each other and with its numbers (table_check.h). */
    void (*check_tables)(World *world);
    /* Its numbers and tables, and what they are: records, ended by NULL. */
    void (*collect)(World *world, Result *result);
    const Record *const *records;
    /* Shows the part on a time line: tracks of its own, counters. */
    void (*trace)(World *world, Trace *trace);
    /* Frees what the part has made; also after a create that failed. */
    void (*forget)(World *world);
} Part;

extern const Part *const parts[]; /* ends with NULL */

/* What the part keeps for the world or for the domain; NULL: nothing yet. The part owns it. */
gpointer part_of_world(const World *world, const Part *part);
void part_set_world(World *world, const Part *part, gpointer data);
gpointer part_of_domain(const Domain *domain, const Part *part);
void part_set_domain(Domain *domain, const Part *part, gpointer data);
guint part_count(void);

void part_plug_all(World *world);
gboolean part_create_all(World *world, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void part_start_all(World *world);
void part_act(World *world, const ActionSpec *action);
void part_notice(Domain *domain);
void part_wake(Domain *domain);
/* FALSE: why is that of the first part that refuses. */
gboolean part_may_move(const Domain *domain, guint destination, Outcome *why);
gboolean part_reserve(Domain *domain, guint destination, Outcome *why);
void part_release(Domain *domain);
/* The first date at which a part wants to be called again; NAN: all are done. */
double part_prepare(Domain *domain);
double part_drain(Domain *domain);
StopNeeds part_stop_needs(const Domain *domain);
void part_migration_began(Domain *domain, const char *name);
void part_migration_ended(Domain *domain, const char *name);
void part_foresee(World *world);
void part_foresee_change(Domain *domain, double at_s);
gboolean part_may_send(World *world, const Path *path);
gboolean part_writes_pages(const Domain *domain);
void part_finish_all(World *world);
void part_check_tables(World *world);
void part_collect_all(World *world, Result *result);
void part_trace_all(World *world, Trace *trace);
void part_forget_all(World *world);

#endif
