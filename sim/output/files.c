#include "sim/output/files.h"

#include "sim/scenario/provenance.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

void
files_take_all(FileSet *files, const char *folder, FileSet *other)
{
    for (guint i = 0; i < other->files->len; i++) {
        File *file = &g_array_index(other->files, File, i);
        g_autofree char *name = g_build_filename(folder, file->name, NULL);
        files_take(files, name, g_steal_pointer(&file->text));
    }
    g_array_set_size(other->files, 0);
}

void
files_foreach(const FileSet *files, void (*each)(const char *name, const char *text, gpointer data), gpointer data)
{
    for (guint i = 0; i < files->files->len; i++) {
        const File *file = &g_array_index(files->files, File, i);
        each(file->name, file->text, data);
    }
}

GQuark
files_error_quark(void)
{
    return g_quark_from_static_string("tandem-files-error");
}

static const char *
kind_text(mode_t mode)
{
    return S_ISDIR(mode)    ? "a folder"
           : S_ISLNK(mode)  ? "a symbolic link"
           : S_ISFIFO(mode) ? "a pipe"
           : S_ISSOCK(mode) ? "a socket"
                            : "a device";
}

static gboolean
fail(const char *path, FilesError code, GError **error, const char *what, const char *reason)
{
    g_autofree char *shown = g_filename_display_name(path);

    g_set_error(error, FILES_ERROR, code, "%s: %s%s", shown, what, reason);
    return FALSE;
}

/* ---- reading ---- */

static gboolean
fail_kind(const char *path, mode_t mode, GError **error)
{
    g_autofree char *what = g_strdup_printf("is %s, expected a regular file", kind_text(mode));

    return fail(path, FILES_ERROR_KIND, error, what, "");
}

static gboolean
read_whole(int fd, const char *path, GByteArray *bytes, GError **error)
{
    guint8 buffer[64 * 1024];
    ssize_t n;

    while ((n = read(fd, buffer, sizeof buffer)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 || bytes->len > G_MAXUINT - sizeof buffer - 1)
            return fail(path, FILES_ERROR_ACCESS, error, "cannot be read: ", n < 0 ? g_strerror(errno) : "too large");
        g_byte_array_append(bytes, buffer, (guint)n);
    }
    g_byte_array_append(bytes, (const guint8 *)"", 1);
    return TRUE;
}

/* Spreadsheets begin a CSV file with a byte order mark, which belongs to no header. */
static void
drop_mark(GByteArray *bytes)
{
    static const guint8 mark[] = {0xef, 0xbb, 0xbf};

    if (bytes->len > sizeof mark && memcmp(bytes->data, mark, sizeof mark) == 0)
        g_byte_array_remove_range(bytes, 0, sizeof mark);
}

/* With a NUL behind it. Not blocking: to open a pipe that nobody writes to would be to wait for ever. */
static GByteArray *
read_regular(const char *path, gboolean noted, GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    struct stat info = {0};
    const int fd = g_open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);

    if (fd < 0) {
        fail(path, FILES_ERROR_ACCESS, error, "cannot be opened: ", g_strerror(errno));
        return NULL;
    }
    const gboolean regular = fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
    const gboolean well = regular ? read_whole(fd, path, bytes, error) : fail_kind(path, info.st_mode, error);
    close(fd);
    if (!well)
        return NULL;
    if (noted)
        provenance_note(path, bytes->data, bytes->len - 1);
    return g_steal_pointer(&bytes);
}

gboolean
files_read(const char *path, char **text, gsize *length, GError **error)
{
    g_autoptr(GByteArray) bytes = read_regular(path, TRUE, error);

    if (!bytes)
        return FALSE;
    drop_mark(bytes);
    if (length)
        *length = bytes->len - 1;
    *text = (char *)g_byte_array_free(g_steal_pointer(&bytes), FALSE);
    return TRUE;
}

char *
files_peek(const char *path)
{
    g_autoptr(GByteArray) bytes = read_regular(path, FALSE, NULL);

    return bytes ? (char *)g_byte_array_free(g_steal_pointer(&bytes), FALSE) : NULL;
}

char *
files_digest(const char *path)
{
    g_autoptr(GByteArray) bytes = read_regular(path, TRUE, NULL);

    return bytes ? g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes->data, bytes->len - 1) : NULL;
}

/* ---- writing ---- */

gboolean
files_check_target(const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    struct stat info;

    if (g_str_equal(path, "-"))
        return fail(path, FILES_ERROR_KIND, error, "stands for a stream, expected the name of a file", "");
    if (lstat(path, &info) == 0) {
        if (S_ISREG(info.st_mode))
            return TRUE;
        return fail(path, FILES_ERROR_KIND, error, kind_text(info.st_mode),
                    " is there, expected a regular file or none");
    }
    if (errno != ENOENT)
        return fail(path, FILES_ERROR_ACCESS, error, "cannot be written: ", g_strerror(errno));
    if (stat(folder, &info) != 0 || !S_ISDIR(info.st_mode))
        return fail(path, FILES_ERROR_ACCESS, error, "cannot be written: ", "its folder is not there");
    if (access(folder, W_OK) != 0)
        return fail(path, FILES_ERROR_ACCESS, error, "cannot be written: ", g_strerror(errno));
    return TRUE;
}

gboolean
files_write_text(const char *path, const char *text, GError **error)
{
    g_autoptr(GError) reason = NULL;

    if (!files_check_target(path, error))
        return FALSE;
    if (g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0666, &reason))
        return TRUE;
    return fail(path, FILES_ERROR_ACCESS, error, "cannot be written: ", reason->message);
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
    g_autofree char *path = g_build_filename(folder, file->name, NULL);
    g_autofree char *own = g_path_get_dirname(path), *base = g_path_get_basename(path);
    g_autofree char *name = g_strdup_printf(".%s.part", base);

    return g_build_filename(own, name, NULL);
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

/* Folders inside of the folder, for files whose names say so. */
static gboolean
make_folders(const FileSet *files, const char *folder, GError **error)
{
    if (!make_folder(folder, error))
        return FALSE;
    for (guint i = 0; i < files->files->len; i++) {
        g_autofree char *path = g_build_filename(folder, g_array_index(files->files, File, i).name, NULL);
        g_autofree char *own = g_path_get_dirname(path);
        if (!make_folder(own, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
check_targets(const FileSet *files, const char *folder, GError **error)
{
    for (guint i = 0; i < files->files->len; i++) {
        const File *file = &g_array_index(files->files, File, i);
        g_autofree char *path = g_build_filename(folder, file->name, NULL);
        g_autofree char *temporary = temporary_name(folder, file);
        if (!files_check_target(path, error) || !files_check_target(temporary, error))
            return FALSE;
    }
    return TRUE;
}

gboolean
files_write(const FileSet *files, const char *folder, GError **error)
{
    return make_folders(files, folder, error) && check_targets(files, folder, error) &&
           write_temporaries(files, folder, error) && rename_temporaries(files, folder, error);
}

gboolean
files_check_folder(const char *folder, GError **error)
{
    if (g_str_equal(folder, "-"))
        return fail(folder, FILES_ERROR_KIND, error, "stands for a stream, expected the name of a folder", "");
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
