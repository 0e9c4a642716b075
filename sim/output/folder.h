/* The folder that a command's results go to: one command's at a time, and of one command only.
 *
 * It is locked while a command is at work for it, so that two at once do not mix. What an earlier command left in it is
 * known by that command's run.log and goes when the new results come: its tables, the figures drawn from them
 * (figures.json) and its report. Other files, which somebody put there, stay; where one has the name of a file to be
 * written, nothing is written. A folder that was made for results which did not come goes again. A folder that is a
 * mount, a working directory or a link stays what it is, which is why files are put into it rather than a fresh one in
 * its place: they are written under other names and renamed at the end, run.log last, with the digest of every file.
 * Whoever reads a folder whose writer was killed amidst the renaming finds by it which files do not belong together.
 */
#ifndef TANDEM_SIM_OUTPUT_FOLDER_H
#define TANDEM_SIM_OUTPUT_FOLDER_H

#include "sim/output/files.h"

#define FOLDER_ERROR (folder_error_quark())
GQuark folder_error_quark(void);

typedef enum {
    FOLDER_ERROR_BUSY,   /* another command is at work for it */
    FOLDER_ERROR_OTHER,  /* it holds a sweep, which has its own way to go on */
    FOLDER_ERROR_FOREIGN /* a file that somebody else put there has the name of one to be written */
} FolderError;

typedef struct OutputFolder OutputFolder;

/* Makes it if need be, and locks it until it is freed. NULL with error set: it cannot be written, or FOLDER_ERROR.
 * always: the name of a file that is written whatever comes, so that a foreign one is found before a long run; NULL:
 * none. */
OutputFolder *output_folder_open(const char *path, const char *always, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Folders that it made go, when nothing was written into them. */
void output_folder_free(OutputFolder *folder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OutputFolder, output_folder_free)

/* Writes the files and run.log: the command, what it read, about (more lines, or NULL), and what it wrote. The files of
 * an earlier command go. On failure everything is as it was; FOLDER_ERROR_FOREIGN is one. */
gboolean output_folder_write(OutputFolder *folder, FileSet *files, const char *about, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
