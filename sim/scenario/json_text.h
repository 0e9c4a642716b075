/* JSON files into cJSON trees, with the place of every mistake.
 *
 * A scanner holds the text to RFC 8259 before cJSON sees it, because cJSON accepts more (duplicate keys, leading zeros,
 * control characters, text cut at \u0000) and says less (an offset without a reason). Messages are one line:
 * `FILE: line 3, column 7: not JSON, expected ':' after a key`.
 */
#ifndef TANDEM_SIM_SCENARIO_JSON_TEXT_H
#define TANDEM_SIM_SCENARIO_JSON_TEXT_H

#include <cjson/cJSON.h>
#include <glib.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(cJSON, cJSON_Delete)

#define JSON_TEXT_MAX_MIB   64 /* chosen: three times a scenario of 100,000 VMs that all migrate */
#define JSON_TEXT_MAX_DEPTH 64 /* chosen: far above any table, and no recursion here can exhaust a stack */

#define JSON_TEXT_ERROR (json_text_error_quark())
GQuark json_text_error_quark(void);

typedef enum {
    JSON_TEXT_ERROR_FILE,      /* cannot be read, or is too large */
    JSON_TEXT_ERROR_EMPTY,     /* nothing but white space */
    JSON_TEXT_ERROR_ENCODING,  /* not UTF-8 */
    JSON_TEXT_ERROR_SYNTAX,    /* not JSON */
    JSON_TEXT_ERROR_INEXACT,   /* a whole number that would become another one */
    JSON_TEXT_ERROR_DEPTH,     /* nested too deep */
    JSON_TEXT_ERROR_DUPLICATE, /* a key stands twice in one object */
} JsonTextError;

/* file: "-" is standard input. (transfer full); NULL with error set. */
cJSON *json_text_load(const char *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for text in memory, which need not end with NUL; file only names it in errors. */
cJSON *json_text_parse(const char *text, gsize length, const char *file, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What the file's object says about itself under that key, in one line; of a file that cannot be read the reason.
 * (transfer full) */
char *json_text_line(const char *file, const char *key);

#endif
