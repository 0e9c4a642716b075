#include "sim/output/folder.h"

#include "sim/output/drawn.h"
#include "sim/output/run_log.h"
#include "sim/output/signals.h"
#include "sim/scenario/provenance.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

struct OutputFolder {
    char *path;
    GPtrArray *made; /* of char *: the folder and those around it that were not there, the innermost first */
    int fd;          /* the folder itself, which the lock is on: no file of it is left behind */
};

GQuark
folder_error_quark(void)
{
    return g_quark_from_static_string("tandem-folder-error");
}

/* ---- one at a time ---- */

static gboolean
is_of_a_sweep(const char *path)
{
    g_autofree char *manifest = g_build_filename(path, "manifest.json", NULL);

    return g_file_test(manifest, G_FILE_TEST_EXISTS);
}

static gboolean
lock(OutputFolder *folder, GError **error)
{
    folder->fd = open(folder->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    /* where a file system has no locks, nobody can be at work there under one either */
    if (folder->fd >= 0 && flock(folder->fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        g_set_error(error, FOLDER_ERROR, FOLDER_ERROR_BUSY, "%s: another tandem is at work in this folder",
                    folder->path);
        return FALSE;
    }
    return TRUE;
}

/* ---- what belongs to others ---- */

/* A device or a link is refused elsewhere, as it is in any folder. */
static gboolean
is_foreign(const OutputFolder *folder, const char *name, GHashTable *own)
{
    g_autofree char *path = g_build_filename(folder->path, name, NULL);

    return !g_hash_table_contains(own, name) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK) &&
           g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

static gboolean
refuse_foreign(const OutputFolder *folder, const char *name, GError **error)
{
    g_set_error(error, FOLDER_ERROR, FOLDER_ERROR_FOREIGN,
                "%s/%s: is there and no run.log says that tandem wrote it, expected another --out", folder->path, name);
    return FALSE;
}

typedef struct {
    const OutputFolder *folder;
    GHashTable *own;
    char *foreign; /* owned; the first one */
} Search;

static void
find_foreign(const char *name, const char *text G_GNUC_UNUSED, gpointer data)
{
    Search *search = data;

    if (!search->foreign && is_foreign(search->folder, name, search->own))
        search->foreign = g_strdup(name);
}

static gboolean
check_foreign(const OutputFolder *folder, const FileSet *files, GHashTable *own, GError **error)
{
    Search search = {folder, own, NULL};

    files_foreach(files, find_foreign, &search);
    g_autofree char *foreign = search.foreign;
    return !foreign || refuse_foreign(folder, foreign, error);
}

static gboolean
check_names(const OutputFolder *folder, const char *always, GError **error)
{
    const char *const names[] = {RUN_LOG, always};
    g_autoptr(GHashTable) own = run_log_names(folder->path);

    for (gsize i = 0; i < G_N_ELEMENTS(names) && names[i]; i++) {
        g_autofree char *path = g_build_filename(folder->path, names[i], NULL);
        if (!files_check_target(path, error))
            return FALSE;
        if (is_foreign(folder, names[i], own))
            return refuse_foreign(folder, names[i], error);
    }
    return TRUE;
}

/* ---- opening ---- */

/* What files_check_folder() will make. */
static GPtrArray *
missing_folders(const char *path)
{
    GPtrArray *missing = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *folder = g_strdup(path);

    while (!g_file_test(folder, G_FILE_TEST_EXISTS)) {
        char *around = g_path_get_dirname(folder);
        g_ptr_array_add(missing, folder);
        folder = around;
    }
    return missing;
}

OutputFolder *
output_folder_open(const char *path, const char *always, GError **error)
{
    g_autoptr(OutputFolder) folder = g_new0(OutputFolder, 1);

    folder->path = g_strdup(path);
    folder->made = missing_folders(path);
    folder->fd = -1;
    for (guint i = 0; i < folder->made->len; i++)
        signals_doom(g_ptr_array_index(folder->made, i));
    if (!files_check_folder(path, error) || !lock(folder, error))
        return NULL;
    if (!is_of_a_sweep(path))
        return check_names(folder, always, error) ? g_steal_pointer(&folder) : NULL;
    g_set_error(error, FOLDER_ERROR, FOLDER_ERROR_OTHER, "%s: holds a sweep (manifest.json), expected another --out",
                path);
    return NULL;
}

void
output_folder_free(OutputFolder *folder)
{
    if (!folder)
        return;
    for (guint i = 0; i < folder->made->len; i++) {
        signals_spare(g_ptr_array_index(folder->made, i));
        (void)g_rmdir(g_ptr_array_index(folder->made, i)); /* one that holds something stays */
    }
    if (folder->fd >= 0)
        close(folder->fd);
    g_ptr_array_unref(folder->made);
    g_free(folder->path);
    g_free(folder);
}

/* ---- the log ---- */

static void
append_written(const char *name, const char *text, gpointer data)
{
    g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    g_autofree char *line = g_strconcat(digest, " ", name, NULL);

    provenance_append_line(data, "wrote", line);
}

static void
append_read(const char *path, const char *digest, gpointer data)
{
    g_autofree char *line = g_strconcat(digest, " ", path, NULL);

    provenance_append_line(data, "read", line);
}

static char *
log_text(const FileSet *files, const char *about)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *date = g_date_time_format_iso8601(now), *here = g_get_current_dir();
    GString *log = g_string_new(NULL);

    provenance_append_line(log, "command", provenance_command());
    provenance_append_line(log, "folder", here);
    g_string_append(log, about ? about : "");
    provenance_append_line(log, "ended", date);
    provenance_append_line(log, "host", g_get_host_name());
    provenance_foreach_file(append_read, log);
    files_foreach(files, append_written, log);
    return g_string_free(log, FALSE);
}

/* ---- what goes ---- */

static void
note_name(const char *name, const char *text G_GNUC_UNUSED, gpointer data)
{
    g_hash_table_add(data, (gpointer)name);
}

/* A name as run.log has it leads to a file of the folder, and of no other. */
static gboolean
stays_inside(const char *name)
{
    return *name && !g_path_is_absolute(name) && !strstr(name, "..");
}

static void
remove_file(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *own = g_path_get_dirname(path);

    if (stays_inside(name) && files_check_target(path, NULL))
        (void)g_unlink(path);
    if (!g_str_equal(own, folder))
        (void)g_rmdir(own); /* when it is empty now */
}

/* What was drawn from the results that were there. */
static void
remove_drawn(const GPtrArray *drawn, const char *folder)
{
    for (guint i = 0; i < drawn->len; i++)
        remove_file(folder, g_ptr_array_index(drawn, i));
}

/* Of the command whose results were there. */
static void
remove_written(GHashTable *written, const char *folder, GHashTable *stay)
{
    GHashTableIter iter;
    gpointer name;

    g_hash_table_iter_init(&iter, written);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        if (!g_hash_table_contains(stay, name))
            remove_file(folder, name);
}

gboolean
output_folder_write(OutputFolder *folder, FileSet *files, const char *about, GError **error)
{
    g_autoptr(GHashTable) stay = g_hash_table_new(g_str_hash, g_str_equal), written = run_log_names(folder->path);
    g_autoptr(GPtrArray) drawn = NULL;
    char *log = log_text(files, about); /* before figures.json is read, which is none of what the command read */

    drawn = drawn_files(folder->path);
    files_take(files, RUN_LOG, log);
    if (!check_foreign(folder, files, written, error))
        return FALSE;
    files_foreach(files, note_name, stay);
    sigset_t before;
    signals_hold(&before); /* who stops the command amidst the renaming waits until one command's files are there */
    const gboolean well = files_write(files, folder->path, error);
    if (well) {
        remove_written(written, folder->path, stay);
        remove_drawn(drawn, folder->path);
    }
    signals_release(&before);
    return well;
}
