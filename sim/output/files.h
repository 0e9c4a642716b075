/* A set of files that is written whole or not at all: each to a temporary name first, then all renamed. */
#ifndef TANDEM_SIM_OUTPUT_FILES_H
#define TANDEM_SIM_OUTPUT_FILES_H

#include <glib.h>

#define FILES_ERROR (files_error_quark())
GQuark files_error_quark(void);

typedef enum {
    FILES_ERROR_KIND,  /* a device, a pipe, a link or a folder where a regular file is due */
    FILES_ERROR_ACCESS /* it cannot be read or written */
} FilesError;

typedef struct FileSet FileSet;

FileSet *files_new(void);
void files_free(FileSet *files);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FileSet, files_free)

/* name: of a file, or of one in a folder of the set's folder ("figures/total.svg"). text is taken. */
void files_take(FileSet *files, const char *name, char *text);
/* Moves all files of the other set into this one, into a folder of that name; the other one is empty then. */
void files_take_all(FileSet *files, const char *folder, FileSet *other);
/* Calls each with every file, in the order in which they were taken. */
void files_foreach(const FileSet *files, void (*each)(const char *name, const char *text, gpointer data),
                   gpointer data);
/* Makes the folder if need be. What stands there under one of the names and is no regular file stays. On failure
 * nothing of the set is left in it; the message names the file. */
gboolean files_write(const FileSet *files, const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The whole of a regular file, without a byte order mark. A pipe, a device or a folder is refused before it is waited
 * for. (out, transfer full) */
gboolean files_read(const char *path, char **text, gsize *length, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The whole of a regular file that is none of what the command reads for its results: provenance does not note it.
 * NULL: it cannot be read. (transfer full) */
char *files_peek(const char *path);

/* The SHA-256 digest of a regular file's bytes, 64 hexadecimal digits; NULL: it cannot be read. (transfer full) */
char *files_digest(const char *path);

/* Whether a file can be written to path: nothing is there, or a regular file, in a folder that is. What is replaced is
 * never a device, a pipe or a link. */
gboolean files_check_target(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Writes one file whole or not at all, where files_check_target() lets it. */
gboolean files_write_text(const char *path, const char *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether files can be made in the folder, which is made if need be: to find out before a long run. */
gboolean files_check_folder(const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
