/* Lines of `tandem list`: a name and what is said of it, in columns. */
#ifndef TANDEM_SIM_CLI_ENTRIES_H
#define TANDEM_SIM_CLI_ENTRIES_H

#include <glib.h>

typedef struct {
    char *name, *text; /* owned */
} Entry;

/* Array of Entry. (transfer full) */
GArray *entries_new(void);
/* name and text are taken. */
void entries_take(GArray *entries, char *name, char *text);
/* Sorts by name, as bytes; lines of one name keep their order. */
void entries_sort(GArray *entries);
void entries_print(const GArray *entries);

#endif
