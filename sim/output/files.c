#include "sim/output/files.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct {
    char *name;
    char *text;
} File;

struct FileSet {
    GArray *files; /* of File */
};

static void
clear_file(gpointer data)
{
    File *file = data;

    g_free(file->name);
    g_free(file->text);
}

FileSet *
files_new(void)
{
    FileSet *files = g_new(FileSet, 1);

    files->files = g_array_new(FALSE, FALSE, sizeof(File));
    g_array_set_clear_func(files->files, clear_file);
    return files;
}

void
files_free(FileSet *files)
{
    if (!files)
        return;
    g_array_unref(files->files);
    g_free(files);
}

void
files_take(FileSet *files, const char *name, char *text)
{
    const File file = {g_strdup(name), text};

    g_array_append_val(files->files, file);
}

static gboolean
make_folder(const char *folder, GError **error)
{
    if (g_mkdir_with_parents(folder, 0777) == 0)
        return TRUE;
    g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno), "%s: cannot make the folder: %s", folder,
                g_strerror(errno));
    return FALSE;
}

static char *
temporary_name(const char *folder, const File *file)
{
    g_autofree char *name = g_strdup_printf(".%s.part", file->name);

    return g_build_filename(folder, name, NULL);
}

static void
remove_temporaries(const FileSet *files, const char *folder, guint n)
{
    for (guint i = 0; i < n; i++) {
        g_autofree char *path = temporary_name(folder, &g_array_index(files->files, File, i));
        (void)g_unlink(path);
    }
}

static gboolean
write_temporaries(const FileSet *files, const char *folder, GError **error)
{
    for (guint i = 0; i < files->files->len; i++) {
        const File *file = &g_array_index(files->files, File, i);
        g_autofree char *path = temporary_name(folder, file);
        g_autoptr(GError) reason = NULL;
        if (g_file_set_contents_full(path, file->text, -1, G_FILE_SET_CONTENTS_NONE, 0666, &reason))
            continue;
        g_set_error(error, G_FILE_ERROR, reason->code, "%s/%s: cannot write: %s", folder, file->name, reason->message);
        remove_temporaries(files, folder, i + 1);
        return FALSE;
    }
    return TRUE;
}

static gboolean
rename_temporaries(const FileSet *files, const char *folder, GError **error)
{
    for (guint i = 0; i < files->files->len; i++) {
        const File *file = &g_array_index(files->files, File, i);
        g_autofree char *from = temporary_name(folder, file);
        g_autofree char *to = g_build_filename(folder, file->name, NULL);
        if (g_rename(from, to) == 0)
            continue;
        g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno), "%s: cannot write: %s", to,
                    g_strerror(errno));
        remove_temporaries(files, folder, files->files->len);
        return FALSE;
    }
    return TRUE;
}

gboolean
files_write(const FileSet *files, const char *folder, GError **error)
{
    return make_folder(folder, error) && write_temporaries(files, folder, error) &&
           rename_temporaries(files, folder, error);
}

gboolean
files_check_folder(const char *folder, GError **error)
{
    if (!make_folder(folder, error))
        return FALSE;
    g_autofree char *probe = g_build_filename(folder, ".tandem-probe", NULL);
    g_autoptr(GError) reason = NULL;
    if (!g_file_set_contents(probe, "", 0, &reason)) {
        g_set_error(error, G_FILE_ERROR, reason->code, "%s: the folder is not writable", folder);
        return FALSE;
    }
    (void)g_unlink(probe);
    return TRUE;
}
