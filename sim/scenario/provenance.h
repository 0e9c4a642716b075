/* What this process is doing, for whoever wants to do it again: its command, and every file that it read for it, by the
 * SHA-256 digest of its bytes.
 *
 * Both are the process's, as its command line is. Nothing is noted before provenance_begin(), so that the children of a
 * sweep, which read the same profiles again for every point, spend no time on digests.
 */
#ifndef TANDEM_SIM_SCENARIO_PROVENANCE_H
#define TANDEM_SIM_SCENARIO_PROVENANCE_H

#include <glib.h>

/* argv begins with the verb and is copied. From now on files are noted. */
void provenance_begin(int argc, char **argv);

/* "tandem run a.json --set /seed=3", quoted as a shell takes it; "tandem" when provenance_begin() was not called.
 * Owned by the process. */
const char *provenance_command(void);

/* Appends a blank and the word, quoted where a shell would take it for something else. */
void provenance_append_word(GString *text, const char *word);

/* Whether the text is a command of tandem in words as provenance_append_word() writes them, which a shell takes for
 * nothing else: what a folder says of itself may come from anybody. */
gboolean provenance_is_command(const char *text);

/* A file was read whole, length bytes at data. One that is read again is noted again only when it changed meanwhile. */
void provenance_note(const char *path, const void *data, gsize length);

/* Appends a line "KEY TEXT" with a newline; control characters of the text are escaped as in C. */
void provenance_append_line(GString *log, const char *key, const char *text);

/* Calls each with every file that was noted, in the order of reading. digest: 64 hexadecimal digits. */
void provenance_foreach_file(void (*each)(const char *path, const char *digest, gpointer data), gpointer data);

#endif
