#define _GNU_SOURCE /* memfd_create */
#include "sim/world/platform_files.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct PlatformFiles {
    char *folder;       /* owned; in which they are found by their names */
    gboolean temporary; /* the folder is of this run, and goes with it */
    GArray *fds;        /* of int */
    GPtrArray *names;   /* owned texts */
};

PlatformFiles *
platform_files_new(const char *open_files)
{
    PlatformFiles *files = g_new0(PlatformFiles, 1);

    files->fds = g_array_new(FALSE, FALSE, sizeof(int));
    files->names = g_ptr_array_new_with_free_func(g_free);
    if (g_file_test(open_files, G_FILE_TEST_IS_DIR))
        files->folder = g_strdup(open_files);
    files->temporary = !files->folder;
    return files;
}

void
platform_files_free(PlatformFiles *files)
{
    for (guint i = 0; i < files->fds->len; i++)
        close(g_array_index(files->fds, int, i));
    for (guint i = 0; files->temporary && i < files->names->len; i++) {
        g_autofree char *path = platform_files_path(files, g_ptr_array_index(files->names, i));
        g_unlink(path);
    }
    if (files->temporary && files->folder)
        g_rmdir(files->folder);
    g_array_unref(files->fds);
    g_ptr_array_unref(files->names);
    g_free(files->folder);
    g_free(files);
}

static int
open_temporary(PlatformFiles *files)
{
    if (!files->folder)
        files->folder = g_dir_make_tmp("tandem-platform-XXXXXX", NULL);
    if (!files->folder)
        return -1;
    char *name = g_strdup_printf("%u", files->names->len);
    g_ptr_array_add(files->names, name);
    g_autofree char *path = platform_files_path(files, name);
    return open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
}

static int
open_in_memory(PlatformFiles *files, const char *what)
{
    const int fd = memfd_create(what, MFD_CLOEXEC);

    if (fd >= 0)
        g_ptr_array_add(files->names, g_strdup_printf("%d", fd));
    return fd;
}

char *
platform_files_add(PlatformFiles *files, const char *what, const char *text, GError **error)
{
    const gssize length = (gssize)strlen(text);
    const int fd = files->temporary ? open_temporary(files) : open_in_memory(files, what);

    if (fd >= 0)
        g_array_append_val(files->fds, fd);
    if (fd >= 0 && write(fd, text, (gsize)length) == length)
        return g_strdup(g_ptr_array_index(files->names, files->names->len - 1));
    g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno), "no %s for the platform's %s: %s",
                files->temporary ? "temporary file" : "memory", what, g_strerror(errno));
    return NULL;
}

char *
platform_files_path(const PlatformFiles *files, const char *name)
{
    return g_build_filename(files->folder, name, NULL);
}
