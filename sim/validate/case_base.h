/* What measured cases are predicted with: the base scenario of a case's kind, and the profile of the QEMU that it ran
 * under. One table says it; a further kind of measurement or version of QEMU is a line in it.
 */
#ifndef TANDEM_SIM_VALIDATE_CASE_BASE_H
#define TANDEM_SIM_VALIDATE_CASE_BASE_H

#include <glib.h>

typedef struct {
    const char *kind;     /* what was measured; "plain": a migration, by QEMU's own counters. NULL ends the table */
    const char *series;   /* of QEMU's version the first two numbers: "7.2" */
    const char *accel;    /* what ran the guest's processor: "tcg", "kvm" */
    const char *scenario; /* a file of scenarios/validation */
    const char *profile;  /* a name of configs/hypervisors */
    const char *leg;      /* of its migration, whose metrics are compared: "vm", "joint" */
} CaseBase;

extern const CaseBase case_bases[];

/* Migrations that were watched: by programs that call the guest's vTPM, by clients outside (guest_case.h). */
#define GUEST_VTPM_KIND   "vtpm"
#define GUEST_CLIENT_KIND "client"

/* Cases that were written before they named these were all of this kind and under this QEMU. */
#define CASE_BASE_KIND    "plain"
#define CASE_BASE_VERSION "7.2.22"
#define CASE_BASE_ACCEL   "tcg"

/* The base of a case, by its kind, QEMU's version ("7.2.22" is of the series "7.2") and the accelerator. NULL: none;
 * then *fault (owned) says in which key of the case that is and what was expected there, as "POINTER: what is wrong".
 */
const CaseBase *case_base_find(const char *kind, const char *version, const char *accel, char **fault)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
