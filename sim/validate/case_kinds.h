/* The kinds of measured cases that tandem validate predicts: the only list of them. */
#ifndef TANDEM_SIM_VALIDATE_CASE_KINDS_H
#define TANDEM_SIM_VALIDATE_CASE_KINDS_H

#include "sim/output/files.h"

#include <cjson/cJSON.h>

/* How every kind's case begins. */
typedef struct {
    char *path;
    char *id;
} CaseHead;

typedef struct {
    const char *word;  /* a case's /kind */
    const char *file;  /* the table of all its cases, which its figure is drawn from */
    const char *plots; /* the folder of scripts/plots that draws it */
    guint seeds;       /* how often each case is run, unless it is said */
    /* Of the JSON of a file: the case, which begins as CaseHead does; NULL: an error names a key. */
    gpointer (*parse)(const char *path, const cJSON *root, GError **error);
    GDestroyNotify free;
    /* Predictions of cases, which are borrowed; more: "POINTER=VALUE" for every run, or NULL. NULL: one failed. */
    GArray *(*predict)(const GPtrArray *cases, const char *const *more, guint seeds, guint workers, GError **error);
    char *(*table)(const GArray *predictions); /* for a terminal; "" of none */
    void (*take_files)(const GArray *predictions, FileSet *files);
} CaseKind;

enum { CASE_MIGRATIONS, CASE_CARDS, CASE_SOCKETS, CASE_TCP, CASE_VTPMS, CASE_CLIENTS, N_CASE_KINDS };

extern const CaseKind case_kinds[N_CASE_KINDS];

#endif
