/* What a run gives: metrics, invariants, claims and tables; result.json and the CSV files beside it.
 *
 * Metrics are flat names that end in their unit ("migration.mig-vm1.total_s"), in the order in which they were added;
 * a few are words ("….outcome"). Numbers are printed as csv_number does, the same on every machine.
 * Nothing here may change from run to run of the same scenario and seed.
 */
#ifndef TANDEM_SIM_OUTPUT_RESULT_H
#define TANDEM_SIM_OUTPUT_RESULT_H

#include "sim/output/files.h"

#include <cjson/cJSON.h>
#include <glib.h>

typedef struct Result Result;

enum { RESULT_SAID_MAX = 20 }; /* chosen: things of a kind that a reader of the summary looks through */

/* scenario: as resolved; borrowed as long as the result lives. */
Result *result_new(const cJSON *scenario, guint64 seed);
void result_free(Result *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Result, result_free)

void result_add_number(Result *result, double value, const char *name_format, ...) G_GNUC_PRINTF(3, 4);
/* Whether something holds: true or false in result.json, and 1 or 0 as a number. */
void result_add_flag(Result *result, gboolean value, const char *name_format, ...) G_GNUC_PRINTF(3, 4);
/* word: NULL is null. */
void result_add_word(Result *result, const char *word, const char *name_format, ...) G_GNUC_PRINTF(3, 4);
/* first: what was found first, NULL when it held. */
void result_add_invariant(Result *result, const char *name, const char *meaning, guint64 checks, guint64 violations,
                          const char *first);
/* A CSV file beside result.json; text is taken. */
void result_take_table(Result *result, const char *file_name, char *text);
/* Adds a line to what `tandem run` prints of the result for people; whoever adds metrics says in it what matters of
 * them. It has no place in result.json and does not travel with result_pack. */
void result_say(Result *result, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The same of one of many things of a kind ("sockets"), one after another: of more than RESULT_SAID_MAX the first ones
 * are said, and behind them how many more there are. kind: lives as long as the program. */
void result_say_one(Result *result, const char *kind, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* A further line about the thing that was said last, left out together with it. */
void result_say_also(Result *result, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* NAN when there is no such number; NULL when there is no such word. */
double result_number(const Result *result, const char *name);
const char *result_word(const Result *result, const char *name);
/* What a thing's flag "completed" denies, as text: "1 of 3 did not complete: migration.web (gave-up)", or NULL.
 * (transfer full) */
char *result_incomplete(const Result *result);
/* All metrics, an object; owned by the result. */
const cJSON *result_metrics(const Result *result);
/* The first invariant that did not hold, as text, or NULL. (transfer full) */
char *result_violation(const Result *result);
/* The text of a table, or NULL; owned by the result. */
const char *result_table(const Result *result, const char *file_name);

/* The lines of result_say, each with a newline; owned by the result. */
const char *result_said(Result *result);

/* The content of result.json, with a newline at its end. (transfer full) */
char *result_to_json(const Result *result);
/* Adds result.json and every table to the files of a folder. */
void result_take_files(const Result *result, FileSet *files);

/* One text for a result with its tables, to hand it from process to process, (transfer full) */
char *result_pack(const Result *result);
/* and back, with the scenario, which it is not handed on with and which is copied. NULL: that is no such text.
 * (transfer full) */
Result *result_unpack(const char *packed, const cJSON *scenario);

#endif
