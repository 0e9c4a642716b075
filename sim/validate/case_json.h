/* What measured cases of every kind have in common as JSON: a kind, a name, numbers that a table names. */
#ifndef TANDEM_SIM_VALIDATE_CASE_JSON_H
#define TANDEM_SIM_VALIDATE_CASE_JSON_H

#include <cjson/cJSON.h>
#include <glib.h>

#define CASE_FILE_ERROR (case_file_error_quark())
GQuark case_file_error_quark(void);
typedef enum {
    CASE_FILE_ERROR_FOLDER, /* cannot be read, or has no case */
    CASE_FILE_ERROR_INPUT   /* a case lacks an input, or has a wrong one */
} CaseFileError;

/* What is not there or null is NAN, unless it is needed. */
typedef struct {
    const char *part, *key; /* part: "result", "result/latency_us"; NULL: at the top */
    gboolean needed, whole;
    double least, most;
    gsize offset; /* of a double */
} CaseNumber;

/* An error that says "PATH: FAULT", where the fault is "POINTER: what is wrong". (always FALSE) */
gboolean case_wrong(const char *path, const char *fault, GError **error);

/* The value of a key of an object, NULL when either is not there. */
const cJSON *case_child(const cJSON *object, const char *key);
/* The text of a key; NULL: it is not there, or no text. */
const char *case_text(const cJSON *object, const char *key);

/* "/id", which stands in tables and names lines of files: printable text. FALSE: an error names the file. */
gboolean case_id_read(const char *path, const cJSON *root, char **id, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The word that stands at the last key of the pointer in the object, as its place among the words, which NULL ends; -1:
 * an error says what was expected. */
int case_word_read(const char *path, const cJSON *object, const char *pointer, const char *const *words,
                   GError **error);

/* Of a file that measures: its JSON. A pipe that nobody writes to is not waited for. (transfer full) */
cJSON *case_json_load(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* FALSE: *fault (owned) says "POINTER: what is wrong"; */
gboolean case_numbers_read(const CaseNumber *numbers, gsize n, const cJSON *root, gpointer to, char **fault)
    G_GNUC_WARN_UNUSED_RESULT;
/* of a case, the error does. */
gboolean case_numbers_of(const char *path, const CaseNumber *numbers, gsize n, const cJSON *root, gpointer to,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
