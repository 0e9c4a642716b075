/* JSON Pointer (RFC 6901): get, set, and building pointers for error messages. */
#ifndef TANDEM_SIM_SCENARIO_POINTER_H
#define TANDEM_SIM_SCENARIO_POINTER_H

#include <cjson/cJSON.h>
#include <glib.h>

#define POINTER_ERROR (pointer_error_quark())
GQuark pointer_error_quark(void);

typedef enum {
    POINTER_ERROR_SYNTAX,  /* not a JSON Pointer */
    POINTER_ERROR_NOWHERE, /* leads to nothing that is there */
} PointerError;

/* Where a walk through a tree stands, kept on the stack and made text only when there is an error to report. */
typedef struct PointerStep PointerStep;
struct PointerStep {
    const PointerStep *up; /* NULL: this is the root */
    const char *key;       /* member of an object, or NULL: element of a list */
    guint index;
};

/* "/hosts/0/memory"; "" for the root. (transfer full) */
char *pointer_text(const PointerStep *step);

/* The reference tokens, unescaped, of "/a~1b/0" → {"a/b", "0", NULL}. (transfer full) NULL with error set. */
char **pointer_split(const char *pointer, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The pointer of the first n tokens: the inverse of pointer_split. (transfer full) */
char *pointer_join(char **tokens, guint n);

/* The value at pointer, borrowed from root; NULL with error set, which says how far the pointer led. */
cJSON *pointer_get(cJSON *root, const char *pointer, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The member or element that one token names, borrowed; NULL when there is none. */
cJSON *pointer_child(cJSON *parent, const char *token);

/* Puts value (transfer full, also on failure) at pointer: replaces what is there, or adds a missing member to an
 * object, or appends to a list when the last token is "-". The root itself cannot be set. */
gboolean pointer_set(cJSON *root, const char *pointer, cJSON *value, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
