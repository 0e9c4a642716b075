#include "sim/scenario/data_folder.h"

#include <limits.h>
#include <stdlib.h>

/* GNUInstallDirs' DATADIR may be another one, or an absolute path. */
#ifndef TANDEM_SHARE
#define TANDEM_SHARE "share"
#endif

/* Without links, so that messages name the files that are read. (transfer full) */
static char *
real_folder(const char *folder)
{
    char real[PATH_MAX];

    return g_strdup(realpath(folder, real) ? real : folder);
}

char *
data_folder_above(const char *program)
{
    g_autofree char *at = g_path_get_dirname(program);
    g_autofree char *nearest = NULL;

    while (TRUE) {
        g_autofree char *folder = g_path_is_absolute(TANDEM_SHARE) ? g_strdup(TANDEM_SHARE "/tandem")
                                                                   : g_build_filename(at, TANDEM_SHARE, "tandem", NULL);
        g_autofree char *configs = g_build_filename(folder, "configs", NULL);
        if (g_file_test(configs, G_FILE_TEST_IS_DIR))
            return real_folder(folder);
        if (!nearest)
            nearest = g_steal_pointer(&folder);
        char *up = g_path_get_dirname(at);
        const gboolean is_top = g_str_equal(up, at);
        g_free(at);
        at = up;
        if (is_top)
            return g_steal_pointer(&nearest);
    }
}

/* The process's: the program does not move while it runs. */
static const char *
own_folder(void)
{
    static char *own;

    if (!own) {
        g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
        own = data_folder_above(program ? program : "/usr/bin/tandem");
    }
    return own;
}

const char *const *
data_folders(void)
{
    static char **folders, *known;
    const char *named = g_getenv("TANDEM_DATA");

    if (folders && g_strcmp0(named, known) == 0)
        return (const char *const *)folders;
    g_auto(GStrv) given = g_strsplit(named ? named : "", ":", -1);
    GPtrArray *all = g_ptr_array_new();
    g_strfreev(folders);
    g_free(known);
    known = g_strdup(named);
    for (char **folder = given; *folder; folder++)
        g_ptr_array_add(all, g_strdup(**folder ? *folder : own_folder()));
    if (all->len == 0) /* of an empty text there is not even an empty name */
        g_ptr_array_add(all, g_strdup(own_folder()));
    g_ptr_array_add(all, NULL);
    folders = (char **)g_ptr_array_free(all, FALSE);
    return (const char *const *)folders;
}

char *
data_folder_file(const char *name)
{
    const char *const *folders = data_folders();

    for (const char *const *folder = folders; *folder; folder++) {
        g_autofree char *path = g_build_filename(*folder, name, NULL);
        if (g_file_test(path, G_FILE_TEST_EXISTS))
            return g_steal_pointer(&path);
    }
    return g_build_filename(folders[0], name, NULL);
}
