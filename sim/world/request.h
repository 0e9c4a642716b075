/* What anybody may ask of the world: the time line, a part, a test. */
#ifndef TANDEM_SIM_WORLD_REQUEST_H
#define TANDEM_SIM_WORLD_REQUEST_H

#include <glib.h>

typedef struct World World;
typedef struct Domain Domain;
typedef struct HypervisorSpec HypervisorSpec;

/* How something ended, or why it is refused: one word for tables, one sentence for readers. Whoever ends it has words
 * of its own. */
typedef struct {
    const char *word;
    const char *text;
} Outcome;

/* ---- domains ---- */

/* What a domain is. Its random streams hang on its name. */
typedef struct {
    const char *name; /* unique; borrowed as long as the world lives */
    const char *sort; /* what domains like it are called together, for whoever looks at a time line: "VMs"; borrowed */
    const char *uuid; /* NULL: derived from the name */
    guint host;       /* where it is, or is to be */
    double memory_bytes;
    double page_bytes;
    guint vcpus;      /* >= 1 */
    double cpu_share; /* of their time that it wants, 0 to 1 */
    Domain *with;     /* it is created where that one is and when that one is, and destroyed with it; NULL: by itself */
} DomainConfig;

typedef enum {
    DOMAIN_CREATE,  /* memory is taken at the host, and the domain runs; once in its life */
    DOMAIN_START,   /* a stopped domain runs on */
    DOMAIN_STOP,    /* it does not run, and keeps its memory */
    DOMAIN_DESTROY, /* it gives its memory back, for good */
} DomainChange;

typedef struct {
    DomainChange change;
    Domain *domain;
    guint host; /* DOMAIN_CREATE */
} DomainRequest;

/* Carries it out now, for the domain and for what goes with it, or refuses all of it: why not; NULL: it is done. Notes
 * either. Other actors may run. */
const Outcome *request_domain(World *world, const DomainRequest *request);

/* ---- migrations ---- */

typedef enum {
    METHOD_VM,           /* the VM alone */
    METHOD_VTPM,         /* its vTPM alone */
    METHOD_VM_THEN_VTPM, /* one after the other */
    METHOD_VTPM_THEN_VM,
    METHOD_VTPM_AT_PUSH, /* the vTPM, stopped, when the VM's push phase begins */
    METHOD_JOINT,        /* CUMP: page n stands for page n of both */
    METHOD_CONCATENATED, /* the vTPM's pages after the VM's */
    METHOD_COLD,         /* the VM is shut down here and booted there, with its vTPM if it has one */
    METHOD_SAVE_RESTORE  /* the stopped VM goes into a file on shared storage and from there, with its vTPM as well */
} MigrationMethod;

/* What the methods ask that stop the guest for all of their time. */
typedef struct {
    double shutdown_s, boot_s;  /* METHOD_COLD: of the guest's system */
    guint through;              /* METHOD_SAVE_RESTORE: the host whose storage the file is on, */
    double write_Bps, read_Bps; /* and how fast that writes and reads; 0 or NAN: as fast as the wire brings it */
} MigrationStops;

typedef struct {
    const char *name; /* as in the results */
    gboolean completed;
    const Outcome *outcome;
    double start_s, end_s;
    double stopped_s;  /* how long the VM ran nowhere, however it ended */
    double sent_bytes; /* on the wire for pages, with headers */
} MigrationEnd;

typedef struct {
    Domain *guest; /* the VM, also where its vTPM is to move */
    guint destination;
    MigrationMethod method;
    const HypervisorSpec *hypervisor; /* borrowed as long as the world lives */
    MigrationStops stops;             /* of METHOD_COLD and METHOD_SAVE_RESTORE */
    const char *name;                 /* in the results; NULL: the guest's; a number is added to one that is taken */
    /* Told once how it ended, in the actor of the migration, or before request_migration returns when it cannot begin.
     * NULL: nobody asks. */
    void (*ended)(const MigrationEnd *end, gpointer data);
    gpointer data;
} MigrationRequest;

/* Begins the migration now; it goes on beside whoever asked. */
void request_migration(World *world, const MigrationRequest *request);

#endif
