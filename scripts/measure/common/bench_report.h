/*
 * What cases of all kinds have in common: the machine, how others disturbed, and how a file becomes one whole.
 */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include "common/bench_json.h"
#include "common/bench_machine.h"

#define DISTURBED_OVER 0.05 /* of the processors' time: what is measured beside more of others says little */
#define DRIFT_OVER     0.1  /* of what is measured beside a case: a machine that changed its speed had no one speed */

/* The member `machine`; `openssl` is the library's version, or NULL where none is used. */
void report_machine(Json *json, const char *openssl);

/* The key of a result's number; those that follow each other with `latency` stand in an object `latency_us`. */
typedef struct {
    const char *name;
    bool latency;
} ResultName;

/* Each number as a member of the object that is open. */
void report_values(Json *json, const ResultName *names, const double *values, int n);

/* The member `load`: of the case, of the costs, and how far what was measured beside the case drifted. */
void report_load(Json *json, const Shares *of_case, const Shares *of_costs, const char *drift_key, double drift);

/* How a program's costs are measured, and where in them (an offset) the machine's load during that is. */
typedef struct {
    size_t bytes, load_at;
    bool (*measure)(void *costs, const void *cases);
} CostsKind;

/* All cases of a session hang on the costs, so that it pays to try again when others were about: the quietest attempt
 * counts. attempt: as large as the costs. False, with a line on stderr, when they cannot be measured. */
bool report_measure_costs(const CostsKind *kind, void *costs, void *attempt, const void *cases);

/* What others used of the processors, and the hypervisor took. */
double report_disturbance(const Shares *load);

/* FOLDER/ID.json as `write` writes it, whole or not at all. False, with a line on stderr, when it cannot be written. */
bool report_save(const char *folder, const char *id, void (*write)(Json *, const void *), const void *of);

/* One line on stderr about a case; gives false. */
bool report_complain(const char *id, const char *why);

/* How far the most of these values is above the least, as a share; 0 when the least is. */
double report_drift(const double *values, int n);

#endif
