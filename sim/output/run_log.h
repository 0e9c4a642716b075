/* What a folder's run.log says: lines of a word and a text. "command", "folder" (where it was given), "read DIGEST
 * PATH" and "wrote DIGEST NAME" for every file, and what a command adds. It is written by folder.h.
 */
#ifndef TANDEM_SIM_OUTPUT_RUN_LOG_H
#define TANDEM_SIM_OUTPUT_RUN_LOG_H

#include <glib.h>

#define RUN_LOG "run.log"

/* What a folder's run.log says behind the key ("command"), the first line of that key. NULL: nothing.
 * (transfer full) */
char *run_log_said(const char *path, const char *key);
/* All lines of that key, of char *; none where there is no log. (transfer full) */
GPtrArray *run_log_lines(const char *path, const char *key);
/* Of all files that the earlier command wrote, as its run.log says, and of run.log itself; none where there is no log,
 * or one that tandem did not write. To read it is no part of what a command reads. Set of char *. (transfer full) */
GHashTable *run_log_names(const char *path);
/* Whether the file stands there as the folder's run.log says it was written. */
gboolean run_log_has(const char *path, const char *name);

#endif
