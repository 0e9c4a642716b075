#include "sim/output/run_log.h"

#include "sim/output/files.h"

#include <string.h>

static GPtrArray *
lines_of(const char *text, const char *key)
{
    GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
    const gsize length = strlen(key);

    g_auto(GStrv) lines = g_strsplit(text, "\n", 0);
    for (char **line = lines; *line; line++)
        if (strncmp(*line, key, length) == 0 && (*line)[length] == ' ')
            g_ptr_array_add(found, g_strdup(*line + length + 1));
    return found;
}

GPtrArray *
run_log_lines(const char *path, const char *key)
{
    g_autofree char *log = g_build_filename(path, RUN_LOG, NULL), *text = NULL;

    return lines_of(files_read(log, &text, NULL, NULL) ? text : "", key);
}

GHashTable *
run_log_names(const char *path)
{
    g_autofree char *log = g_build_filename(path, RUN_LOG, NULL), *text = files_peek(log);
    g_autoptr(GPtrArray) written = lines_of(text ? text : "", "wrote");
    GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    if (!text || !g_str_has_prefix(text, "command tandem"))
        return names;
    g_hash_table_add(names, g_strdup(RUN_LOG));
    for (guint i = 0; i < written->len; i++) { /* "DIGEST NAME" */
        const char *name = strchr(g_ptr_array_index(written, i), ' ');
        if (name)
            g_hash_table_add(names, g_strdup(name + 1));
    }
    return names;
}

char *
run_log_said(const char *path, const char *key)
{
    g_autoptr(GPtrArray) lines = run_log_lines(path, key);

    return lines->len > 0 ? g_strdup(g_ptr_array_index(lines, 0)) : NULL;
}

gboolean
run_log_has(const char *path, const char *name)
{
    g_autofree char *file = g_build_filename(path, name, NULL), *digest = files_digest(file);
    g_autoptr(GPtrArray) written = run_log_lines(path, "wrote");

    if (!digest)
        return FALSE;
    g_autofree char *line = g_strconcat(digest, " ", name, NULL);
    return g_ptr_array_find_with_equal_func(written, line, g_str_equal, NULL);
}
