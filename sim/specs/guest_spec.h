/* What a scenario says about guests: virtual machines and what they write. */
#ifndef TANDEM_SIM_SPECS_GUEST_SPEC_H
#define TANDEM_SIM_SPECS_GUEST_SPEC_H

#include "models/memory/layout.h"
#include "models/memory/phases.h"
#include "models/memory/unique_curve.h"
#include "models/memory/workload.h"
#include "sim/scenario/fields.h"

/* How much memory a guest writes within an interval. */
typedef struct {
    double interval_s, unique_bytes;
} UniquePointSpec;

/* models/memory/workload.h with sizes in bytes; file names are relative to the scenario's folder. */
typedef struct {
    WorkloadKind kind;
    double first_bytes; /* where the working set begins */
    double working_set_bytes;
    double rate_pages_s;
    double rate_spread; /* of the logarithm of a factor that a run draws for the domain; above 0, or there is none */
    double hot_set_bytes;
    double hot_share;
    double exponent;
    gboolean at_clears;
    double spread_bytes; /* NAN: the working set is one piece */
    char *file;
    GArray *points; /* of UniquePointSpec; of a curve */
    double lasts_s; /* in a list of phases: how long, on average; NAN: to the end */
    PhaseLaw lasts_law;
    double weight; /* of phases that are drawn */
} WorkloadSpec;

typedef enum { GUEST_PV, GUEST_HVM } GuestMode;

/* As named, or as fits what moves the guest (guest_layout.h). */
typedef enum { GUEST_LAYOUT_AUTO, GUEST_LAYOUT_PREFIX, GUEST_LAYOUT_LINUX } GuestLayoutKind;

/* models/memory/layout.h; the used pages are the guest's "used". */
typedef struct {
    GuestLayoutKind kind;
    double program_bytes;
    double firmware_bytes;
    double firmware_used_bytes;
    double kernel_top_bytes;
    double scattered;
} LayoutSpec;

/* What an idle kernel keeps writing. */
typedef struct {
    gint64 pages;
    double interval_s; /* of each page, on average */
} KernelSpec;

/* What stops at a page that is missing under post-copy. */
typedef enum { FAULTS_STOP_PROGRAM, FAULTS_STOP_PROCESSOR } FaultsStop;

typedef struct {
    char *name;
    char *host;
    char *uuid;      /* NULL: derived from the name */
    char *vtpm_uuid; /* of the vTPM it is bound to; NULL: its vTPM's own */
    double memory_bytes;
    double used_bytes;      /* NAN: all of it; the rest was never written */
    double page_bytes;      /* what the dirty log counts */
    double host_page_bytes; /* what backs the memory; NAN: page_bytes */
    gint64 vcpus;
    FaultsStop faults_stop;
    double cpu_share;      /* of its processors' time, for the domain listing */
    double workload_share; /* of cpu_share, for its writes; NAN: all of it */
    GuestMode mode;
    double compression_ratio; /* of its pages with content; NAN: as who compresses them says */
    double write_bytes;       /* of a page, that a write changes; NAN: all */
    LayoutSpec *layout;
    KernelSpec *kernel;      /* NULL: it writes nothing */
    double catches_up_s;     /* the workload makes up for pauses of at most so long and forgets longer ones */
    gint64 group, group_key; /* of VMs that may share memory; group 0: none */
    WorkloadSpec *workload;
    GArray *phases; /* of WorkloadSpec; when not empty it takes workload's place */
    PhaseOrder phases_order;
    gboolean phases_anywhere; /* where in them it is at first is drawn */
} GuestSpec;

/* The workload in pages of that size; without a file's contents. A curve's classes go to classes, which has room for
 * WORKLOAD_CLASSES_MOST and must live as long as the workload; others may have NULL there. */
Workload guest_spec_workload(const WorkloadSpec *spec, double page_bytes, WorkloadClass *classes);
/* Of a curve that is in_pages of that size: by how much of it the worst of its points is missed, and which that is. */
double guest_spec_curve_error(const WorkloadSpec *spec, double page_bytes, const Workload *in_pages, guint *worst);

/* Of its memory, what its workloads may write to. */
double guest_spec_workload_room(const GuestSpec *guest);

extern const FieldTable workload_table;
extern const FieldTable guest_table;

#endif
