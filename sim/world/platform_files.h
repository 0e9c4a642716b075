/* The files from which SimGrid reads a platform: in memory, so that nothing is left behind by a run that is killed and
 * no disk is waited for; where the system does not show open files as a folder (no /proc, as in a bare chroot), in a
 * temporary folder until they have been read. */
#ifndef TANDEM_SIM_WORLD_PLATFORM_FILES_H
#define TANDEM_SIM_WORLD_PLATFORM_FILES_H

#include <glib.h>

typedef struct PlatformFiles PlatformFiles;

/* open_files: the folder where a process finds its open files by their numbers, "/proc/self/fd". */
PlatformFiles *platform_files_new(const char *open_files);
/* Closes and removes all of them. */
void platform_files_free(PlatformFiles *files);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PlatformFiles, platform_files_free)

/* Writes a file; what: for the error, "link states". Its name, beside that of every other one. (transfer full); NULL
 * with error set: there is no memory or no disk for it. */
char *platform_files_add(PlatformFiles *files, const char *what, const char *text, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* The whole path of a file of that name. (transfer full) */
char *platform_files_path(const PlatformFiles *files, const char *name);

#endif
