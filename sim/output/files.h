/* A set of files that is written whole or not at all: each to a temporary name first, then all renamed. */
#ifndef TANDEM_SIM_OUTPUT_FILES_H
#define TANDEM_SIM_OUTPUT_FILES_H

#include <glib.h>

typedef struct FileSet FileSet;

FileSet *files_new(void);
void files_free(FileSet *files);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FileSet, files_free)

/* text is taken. */
void files_take(FileSet *files, const char *name, char *text);
/* Makes the folder if need be. On failure nothing of the set is left in it; the message names the file. */
gboolean files_write(const FileSet *files, const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether files can be made in the folder, which is made if need be: to find out before a long run. */
gboolean files_check_folder(const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
