/* What the world is made of, besides hosts, domains, paths and migrations: each part is a table of functions, and
 * parts.c is the only list of them.
 *
 * A part knows domains and the world; these know parts by this table only. A function that is NULL has nothing to do.
 * Parts are asked in the order of the list.
 */
#ifndef TANDEM_SIM_WORLD_PART_H
#define TANDEM_SIM_WORLD_PART_H

#include "sim/output/result.h"
#include "sim/world/path.h"

typedef struct {
    const char *name;

    /* ---- the beginning of the run, in this order ---- */
    /* Makes what the scenario says of the part. FALSE: a file that it names is wrong, or there is no room for it. */
    gboolean (*create)(World *world, GError **error);
    /* Starts the part's actors. */
    void (*start)(World *world);

    /* ---- while it runs ---- */
    /* An instance of the domain has changed. Must let no other actor run. */
    void (*notice)(Domain *domain);
    /* Afterwards: wakes who waits for such a change. Other actors may run. */
    void (*wake)(Domain *domain);

    /* ---- who plans ahead asks ---- */
    /* Adds to the world's outlook (outlook_add_path, outlook_add_cable) every date that is known beforehand at which
     * the part may begin or cease to send over a path, or changes a cable. Called once, when the first plan is made. */
    void (*foresee)(World *world);
    /* Whether the part sends over one of the path's cables now, or may begin to at a date that nobody knows. */
    gboolean (*may_send)(World *world, const Path *path);
    /* Whether the part writes pages of the domain at dates that nobody knows. */
    gboolean (*writes_pages)(const Domain *domain);

    /* ---- the end ---- */
    /* What can only be judged when all is over. */
    void (*finish)(World *world);
    /* Its numbers and tables. */
    void (*collect)(World *world, Result *result);
    /* Frees what create made; also after a create that failed. */
    void (*forget)(World *world);
} Part;

extern const Part *const parts[]; /* ends with NULL */

gboolean part_create_all(World *world, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void part_start_all(World *world);
void part_notice(Domain *domain);
void part_wake(Domain *domain);
void part_foresee(World *world);
gboolean part_may_send(World *world, const Path *path);
gboolean part_writes_pages(const Domain *domain);
void part_finish_all(World *world);
void part_collect_all(World *world, Result *result);
void part_forget_all(World *world);

#endif
