#include "sim/validate/case_file.h"

#include "sim/scenario/json_text.h"

#include <math.h>
#include <string.h>

#define SWITCH_LATE_S 0.08 /* measured: the script's command reaches QEMU so long after the second it names */

GQuark
case_file_error_quark(void)
{
    return g_quark_from_static_string("tandem-case-file-error");
}

static const cJSON *
child(const cJSON *object, const char *key)
{
    return object ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;
}

/* NAN when it is not there, is null or is no number. */
static double
counter(const cJSON *object, const char *key)
{
    const cJSON *item = child(object, key);

    return cJSON_IsNumber(item) ? item->valuedouble : NAN;
}

static const char *
text(const cJSON *object, const char *key)
{
    const cJSON *item = child(object, key);

    return cJSON_IsString(item) ? item->valuestring : NULL;
}

static gboolean
wrong(const CaseFile *file, const char *pointer, const char *what, GError **error)
{
    g_set_error(error, CASE_FILE_ERROR, CASE_FILE_ERROR_INPUT, "%s: %s: %s", file->path, pointer, what);
    return FALSE;
}

typedef struct {
    const char *key;
    double least, most;
    gsize offset;
} Input;

static const Input inputs[] = {
    {"mem_MiB", 16, 1048576, G_STRUCT_OFFSET(CaseFile, memory_MiB)},
    {"fill_MiB", 0, 1048576, G_STRUCT_OFFSET(CaseFile, fill_MiB)},
    {"wws_pages", 0, 1e9, G_STRUCT_OFFSET(CaseFile, wws_pages)},
    {"rate_pages_s", 0, 1e9, G_STRUCT_OFFSET(CaseFile, rate_pages_s)},
    {"downtime_limit_ms", 0, 1e9, G_STRUCT_OFFSET(CaseFile, downtime_limit_ms)},
};

static gboolean
read_inputs(CaseFile *file, const cJSON *part, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(inputs); i++) {
        const double value = counter(part, inputs[i].key);
        g_autofree char *pointer = g_strconcat("/case/", inputs[i].key, NULL);
        if (isnan(value))
            return wrong(file, pointer, "is missing, expected a number", error);
        if (value < inputs[i].least || value > inputs[i].most) {
            g_autofree char *bounds =
                g_strdup_printf("is %g, expected %g to %g", value, inputs[i].least, inputs[i].most);
            return wrong(file, pointer, bounds, error);
        }
        G_STRUCT_MEMBER(double, file, inputs[i].offset) = value;
    }
    return TRUE;
}

static gboolean
read_link(CaseFile *file, const cJSON *root, const cJSON *part, GError **error)
{
    file->link_Mbps = counter(part, "link_Mbps");
    file->cap_Mbps = counter(part, "bw_Mbps");
    file->goodput_Mbps = counter(root, "goodput_Mbps");
    file->on_link = !isnan(file->link_Mbps);
    if (file->on_link == !isnan(file->cap_Mbps))
        return wrong(file, "/case", "expected one of link_Mbps and bw_Mbps", error);
    const double rate_Mbps = file->on_link ? file->link_Mbps : file->cap_Mbps;
    if (!(rate_Mbps > 0) || file->goodput_Mbps <= 0)
        return wrong(file, "/case", "the link's rate is not positive, expected megabits per second", error);
    return TRUE;
}

/* "precopy", "precopy with auto-converge", "postcopy started after 15 s". */
static gboolean
read_method(CaseFile *file, const cJSON *root, GError **error)
{
    const char *method = text(root, "method"), *after = NULL;
    char *end = NULL;

    file->postcopy_after_s = NAN;
    if (!method)
        return wrong(file, "/method", "is missing, expected text", error);
    file->method = g_strdup(method);
    file->auto_converge = g_str_equal(method, "precopy with auto-converge");
    if (file->auto_converge || g_str_equal(method, "precopy"))
        return TRUE;
    if (g_str_has_prefix(method, "postcopy started after "))
        after = method + strlen("postcopy started after ");
    if (after)
        file->postcopy_after_s = g_ascii_strtod(after, &end) + SWITCH_LATE_S;
    if (after && end != after && g_str_equal(end, " s") && file->postcopy_after_s >= 0)
        return TRUE;
    return wrong(file, "/method",
                 "is none of \"precopy\", \"precopy with auto-converge\", \"postcopy started after N s\"", error);
}

static gboolean
read_memory(CaseFile *file, const cJSON *root, GError **error)
{
    file->nonzero_pages = counter(root, "nonzero_pages");
    file->ram_total_bytes = counter(root, "ram_total_bytes");
    if (isnan(file->nonzero_pages))
        return wrong(file, "/nonzero_pages", "is missing, expected the pages that hold something", error);
    if (file->fill_MiB >= file->memory_MiB)
        return wrong(file, "/case/fill_MiB", "is not below mem_MiB, expected less", error);
    if (file->nonzero_pages < file->fill_MiB * 256 || file->nonzero_pages > file->memory_MiB * 256 + 4096)
        return wrong(file, "/nonzero_pages", "is less than what is filled or more than memory has", error);
    return TRUE;
}

static gboolean
read_result(CaseFile *file, const cJSON *root, GError **error)
{
    const cJSON *result = child(root, "result"), *history = child(root, "history");
    const char *status = text(result, "status");
    const int rows = cJSON_IsArray(history) ? cJSON_GetArraySize(history) : 0;
    const cJSON *last = rows > 0 ? cJSON_GetArrayItem(cJSON_GetArrayItem(history, rows - 1), 0) : NULL;

    if (!status)
        return wrong(file, "/result/status", "is missing, expected how the migration ended", error);
    file->completed = g_str_equal(status, "completed");
    file->followed_s = cJSON_IsNumber(last) ? last->valuedouble : NAN;
    file->total_ms = counter(result, "total_ms");
    file->downtime_ms = counter(result, "downtime_ms");
    file->syncs = counter(result, "dirty_syncs");
    file->normal_pages = counter(result, "normal_pages");
    if (!file->completed && isnan(file->followed_s))
        return wrong(file, "/history", "is missing, expected when the migration was cancelled", error);
    return TRUE;
}

CaseFile *
case_file_read(const char *path, GError **error)
{
    g_autoptr(cJSON) root = json_text_load(path, error);
    if (!root)
        return NULL;

    g_autoptr(CaseFile) file = g_new0(CaseFile, 1);
    const cJSON *part = child(root, "case");
    file->path = g_filename_display_name(path);
    file->id = g_strdup(text(root, "id"));
    if (!file->id) {
        (void)wrong(file, "/id", "is missing, expected the case's name", error);
        return NULL;
    }
    if (!cJSON_IsObject(part)) {
        (void)wrong(file, "/case", "is missing, expected the inputs of a measured migration", error);
        return NULL;
    }
    if (!read_inputs(file, part, error) || !read_link(file, root, part, error) || !read_method(file, root, error) ||
        !read_memory(file, root, error) || !read_result(file, root, error))
        return NULL;
    return g_steal_pointer(&file);
}

void
case_file_free(CaseFile *file)
{
    if (!file)
        return;
    g_free(file->path);
    g_free(file->id);
    g_free(file->method);
    g_free(file);
}

static int
compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *
case_file_read_all(const char *folder, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, error);
    if (!dir)
        return NULL;

    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir))
        if (g_str_has_suffix(name, ".json"))
            g_ptr_array_add(names, g_build_filename(folder, name, NULL));
    if (names->len == 0) {
        g_set_error(error, CASE_FILE_ERROR, CASE_FILE_ERROR_FOLDER, "%s: holds no case, expected .json files", folder);
        return NULL;
    }
    g_ptr_array_sort(names, compare_names);

    g_autoptr(GPtrArray) cases = g_ptr_array_new_with_free_func((GDestroyNotify)case_file_free);
    for (guint i = 0; i < names->len; i++) {
        CaseFile *file = case_file_read(g_ptr_array_index(names, i), error);
        if (!file)
            return NULL;
        g_ptr_array_add(cases, file);
    }
    return g_steal_pointer(&cases);
}
