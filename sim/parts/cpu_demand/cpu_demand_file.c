#include "sim/parts/cpu_demand/cpu_demand_file.h"

#include "sim/output/files.h"
#include "sim/scenario/wording.h"

#include <math.h>
#include <string.h>

#define HEADER "time_s,vcpus"

GQuark
cpu_demand_file_error_quark(void)
{
    return g_quark_from_static_string("tandem-cpu-demand-file-error");
}

/* What is wrong with a line: "PATH: line N: is "…", expected …". */
static gboolean
complain(GError **error, const char *path, guint line, const char *text, const char *expected)
{
    g_autofree char *quoted = wording_quote(text);

    g_set_error(error, CPU_DEMAND_FILE_ERROR, CPU_DEMAND_FILE_ERROR_ROW, "%s: line %u: is %s, expected %s", path, line,
                quoted, expected);
    return FALSE;
}

static gboolean
parse_number(const char *text, double *number)
{
    char *end;

    *number = g_ascii_strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*number) && *number >= 0;
}

/* Lines without what may follow the last of them. (transfer full) */
static char **
lines_of(const char *text)
{
    char **lines = g_strsplit(text, "\n", 0);
    guint n = g_strv_length(lines);

    for (guint i = 0; i < n; i++)
        g_strstrip(lines[i]);
    while (n > 0 && *lines[n - 1] == '\0')
        g_clear_pointer(&lines[--n], g_free);
    return lines;
}

static gboolean
parse_samples(char **lines, const char *path, double interval_s, DemandFile *file, GError **error)
{
    const guint n = g_strv_length(lines);
    g_autofree double *values = g_new(double, n);

    for (guint i = 0; i < n; i++) {
        if (!parse_number(lines[i], &values[i]) || values[i] > 100)
            return complain(error, path, i + 1, lines[i], "per cent of the virtual processors, a number from 0 to 100");
        values[i] /= 100;
        file->largest = MAX(file->largest, values[i]);
    }
    demand_trace_from_samples(&file->trace, values, n, interval_s);
    return TRUE;
}

static gboolean
parse_step(const char *line, DemandStep *step)
{
    g_auto(GStrv) cells = g_strsplit(line, ",", 0);

    return g_strv_length(cells) == 2 && parse_number(g_strstrip(cells[0]), &step->at_s) &&
           parse_number(g_strstrip(cells[1]), &step->value);
}

static gboolean
parse_steps(char **lines, const char *path, DemandFile *file, GError **error)
{
    g_autoptr(GArray) steps = g_array_new(FALSE, FALSE, sizeof(DemandStep));

    for (guint i = 1; lines[i]; i++) {
        DemandStep step;
        if (!parse_step(lines[i], &step))
            return complain(error, path, i + 1, lines[i], "a time in seconds and a number of virtual processors");
        if (i == 1 && step.at_s > 0)
            return complain(error, path, i + 1, lines[i], "0 as the first time");
        if (i > 1 && step.at_s <= g_array_index(steps, DemandStep, i - 2).at_s)
            return complain(error, path, i + 1, lines[i], "a later time than in the line before");
        file->largest = MAX(file->largest, step.value);
        g_array_append_val(steps, step);
    }
    if (steps->len == 0)
        return complain(error, path, 2, "", "a time and a number of virtual processors");
    file->in_vcpus = TRUE;
    demand_trace_from_steps(&file->trace, (const DemandStep *)(gconstpointer)steps->data, steps->len, INFINITY);
    return TRUE;
}

gboolean
cpu_demand_file_parse(const char *text, const char *path, double interval_s, DemandFile *file, GError **error)
{
    g_auto(GStrv) lines = lines_of(text);

    *file = (DemandFile){.largest = 0};
    if (!lines[0])
        return complain(error, path, 1, "", "a value at least");
    if (g_str_equal(lines[0], HEADER))
        return parse_steps(lines, path, file, error);
    return parse_samples(lines, path, interval_s, file, error);
}

gboolean
cpu_demand_file_read(const char *path, double interval_s, DemandFile *file, GError **error)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) reason = NULL;
    gsize length;

    if (!files_read(path, &text, &length, &reason)) {
        g_set_error_literal(error, CPU_DEMAND_FILE_ERROR, CPU_DEMAND_FILE_ERROR_READ, reason->message);
        return FALSE;
    }
    if (strlen(text) != length)
        return complain(error, path, 1, "\\0", "text without a zero byte");
    return cpu_demand_file_parse(text, path, interval_s, file, error);
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *
cpu_demand_file_list(const char *folder, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) reason = NULL;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, &reason);
    const char *name;

    if (!dir) {
        g_set_error(error, CPU_DEMAND_FILE_ERROR, CPU_DEMAND_FILE_ERROR_READ, "%s", reason->message);
        return NULL;
    }
    while ((name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (name[0] != '.' && g_file_test(path, G_FILE_TEST_IS_REGULAR))
            g_ptr_array_add(names, g_strdup(name));
    }
    g_ptr_array_sort(names, compare_names);
    if (names->len > 0)
        return g_steal_pointer(&names);
    g_set_error(error, CPU_DEMAND_FILE_ERROR, CPU_DEMAND_FILE_ERROR_READ, "%s: has no file, expected traces", folder);
    return NULL;
}
