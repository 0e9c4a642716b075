#include "sim/validate/case_file.h"

#include "sim/scenario/json_text.h"
#include "sim/scenario/wording.h"

#include <math.h>
#include <string.h>

#define MIB             1048576.0
#define PAGE_BYTES      4096.0
#define FURTHER_PAGES   130.0  /* of firmware and tables, when a case does not tell the total */
#define FURTHER_RAM_MIB 1024.0 /* chosen: firmware and a graphics card's memory, generously */
#define FOLLOWED_MOST_S 1e9    /* chosen: a limit that the simulated clock stands */
#define SWITCH_MOST_S   1e6    /* chosen: eleven days */
#define SWITCH_LATE_S   0.08   /* measured: the script's command reaches QEMU so long after the second it names */

static gboolean
wrong(const CaseFile *file, const char *pointer, const char *what, GError **error)
{
    g_set_error(error, CASE_FILE_ERROR, CASE_FILE_ERROR_INPUT, "%s: %s: %s", file->path, pointer, what);
    return FALSE;
}

#define MBPS_LEAST 1e-6 /* a bit a second */
#define MBPS_MOST  1e8
#define COUNT_MOST 1e12

/* More than 10^7 page writes a second is more than a guest's program makes, and each one is drawn. */
static const CaseNumber numbers[] = {
    {"case", "mem_MiB", TRUE, TRUE, 16, 1048576, G_STRUCT_OFFSET(CaseFile, memory_MiB)},
    {"case", "fill_MiB", TRUE, TRUE, 0, 1048576, G_STRUCT_OFFSET(CaseFile, fill_MiB)},
    {"case", "wws_pages", TRUE, TRUE, 0, 1e9, G_STRUCT_OFFSET(CaseFile, wws_pages)},
    {"case", "rate_pages_s", TRUE, FALSE, 0, 1e7, G_STRUCT_OFFSET(CaseFile, rate_pages_s)},
    {"case", "downtime_limit_ms", TRUE, FALSE, 0, 1e9, G_STRUCT_OFFSET(CaseFile, downtime_limit_ms)},
    {"case", "link_Mbps", FALSE, FALSE, MBPS_LEAST, MBPS_MOST, G_STRUCT_OFFSET(CaseFile, link_Mbps)},
    {"case", "bw_Mbps", FALSE, FALSE, MBPS_LEAST, MBPS_MOST, G_STRUCT_OFFSET(CaseFile, cap_Mbps)},
    {NULL, "goodput_Mbps", FALSE, FALSE, MBPS_LEAST, MBPS_MOST, G_STRUCT_OFFSET(CaseFile, goodput_Mbps)},
    {NULL, "nonzero_pages", TRUE, TRUE, 0, 1e9, G_STRUCT_OFFSET(CaseFile, nonzero_pages)},
    {NULL, "ram_total_bytes", FALSE, TRUE, 0, 1e15, G_STRUCT_OFFSET(CaseFile, ram_total_bytes)},
    {"result", "total_ms", FALSE, FALSE, 0, COUNT_MOST, G_STRUCT_OFFSET(CaseFile, total_ms)},
    {"result", "downtime_ms", FALSE, FALSE, 0, COUNT_MOST, G_STRUCT_OFFSET(CaseFile, downtime_ms)},
    {"result", "dirty_syncs", FALSE, TRUE, 0, COUNT_MOST, G_STRUCT_OFFSET(CaseFile, syncs)},
    {"result", "normal_pages", FALSE, TRUE, 0, COUNT_MOST, G_STRUCT_OFFSET(CaseFile, normal_pages)},
};

static gboolean
check_link(CaseFile *file, GError **error)
{
    file->on_link = !isnan(file->link_Mbps);
    if (file->on_link == !isnan(file->cap_Mbps))
        return wrong(file, "/case", "expected one of link_Mbps and bw_Mbps", error);
    if (file->goodput_Mbps > file->link_Mbps)
        return wrong(file, "/goodput_Mbps", "is more than link_Mbps, expected what TCP carries on that link", error);
    return TRUE;
}

/* The text of a key; otherwise what stands for a key that is not there, or an error when that is NULL. */
static const char *
word(const CaseFile *file, const cJSON *object, const char *pointer, const char *otherwise, GError **error)
{
    const cJSON *item = case_child(object, strrchr(pointer, '/') + 1);

    if (cJSON_IsString(item))
        return item->valuestring;
    if (!item && otherwise)
        return otherwise;
    g_autofree char *found = item ? wording_value(item) : g_strdup("missing");
    g_autofree char *what = g_strdup_printf("is %s, expected text", found);
    (void)wrong(file, pointer, what, error);
    return NULL;
}

static gboolean
read_base(CaseFile *file, const cJSON *root, GError **error)
{
    const cJSON *qemu = case_child(root, "qemu");
    g_autofree char *fault = NULL;

    if (qemu && !cJSON_IsObject(qemu))
        return wrong(file, "/qemu", "is no object, expected one with QEMU's version", error);
    const char *kind = word(file, root, "/kind", CASE_BASE_KIND, error);
    const char *version = kind ? word(file, qemu, "/qemu/version", qemu ? NULL : CASE_BASE_VERSION, error) : NULL;
    const char *accel = version ? word(file, qemu, "/qemu/accel", CASE_BASE_ACCEL, error) : NULL;
    if (!accel)
        return FALSE;
    if (version[strspn(version, "0123456789.")])
        return wrong(file, "/qemu/version", "is no version, expected numbers with dots such as 10.0.2", error);
    file->base = case_base_find(kind, version, accel, &fault);
    if (!file->base)
        return case_wrong(file->path, fault, error);
    file->qemu_version = g_strdup(version);
    return TRUE;
}

#define POSTCOPY      "postcopy started after "
#define WITH          " with "
#define AUTO_CONVERGE "auto-converge"

/* NAN: it is not post-copy. */
static double
switch_s(const char *method)
{
    const char *after = g_str_has_prefix(method, POSTCOPY) ? method + strlen(POSTCOPY) : "";
    char *end = NULL;
    const double after_s = g_ascii_isdigit(*after) ? g_ascii_strtod(after, &end) : NAN;

    return after_s <= SWITCH_MOST_S && g_str_equal(end, " s") ? after_s : NAN;
}

/* "auto-converge", or how it was sent. */
static gboolean
read_extra(CaseFile *file, const char *word)
{
    if (!g_str_equal(word, AUTO_CONVERGE))
        return case_streams_take(&file->streams, word);
    file->auto_converge = TRUE;
    return TRUE;
}

/* "precopy" or "postcopy started after 15 s", and either one "with auto-converge" and so on. */
static gboolean
read_method(CaseFile *file, const cJSON *root, GError **error)
{
    const char *method = case_text(root, "method");

    file->postcopy_after_s = NAN;
    case_streams_clear(&file->streams);
    if (!method)
        return wrong(file, "/method", "is missing, expected text", error);
    file->method = g_strdup(method);
    g_auto(GStrv) words = g_strsplit(method, WITH, -1);
    gboolean known = TRUE;
    for (guint i = 1; words[0] && words[i]; i++)
        known = known && read_extra(file, words[i]);
    if (words[0] && !g_str_equal(words[0], "precopy"))
        file->postcopy_after_s = switch_s(words[0]) + SWITCH_LATE_S;
    if (known && words[0] && (g_str_equal(words[0], "precopy") || !isnan(file->postcopy_after_s)))
        return TRUE;
    return wrong(file, "/method",
                 "is none of \"precopy\", \"postcopy started after N s\", or one of them \"with auto-converge\", "
                 "\"with N channels\" and what else is known",
                 error);
}

/* What QEMU was told beyond what the method says would be left out of the prediction. */
static gboolean
check_capabilities(const CaseFile *file, const cJSON *capabilities, GError **error)
{
    int i = 0;

    for (const cJSON *item = capabilities ? capabilities->child : NULL; item; item = item->next, i++) {
        const char *name = cJSON_IsString(item) ? item->valuestring : "";
        if ((file->auto_converge && g_str_equal(name, AUTO_CONVERGE)) ||
            (!isnan(file->postcopy_after_s) && g_str_equal(name, "postcopy-ram")) ||
            case_streams_capability(&file->streams, name))
            continue;
        g_autofree char *found = wording_value(item);
        g_autofree char *pointer = g_strdup_printf("/migration/capabilities/%d", i);
        g_autofree char *what = g_strdup_printf("is %s, expected a capability that /method names", found);
        return wrong(file, pointer, what, error);
    }
    return TRUE;
}

static gboolean
check_parameters(const CaseFile *file, const cJSON *parameters, GError **error)
{
    static const char *const predicted[] = {"max-bandwidth", "downtime-limit", NULL};

    for (const cJSON *item = parameters ? parameters->child : NULL; item; item = item->next) {
        if (item->string &&
            (g_strv_contains(predicted, item->string) || case_streams_parameter(&file->streams, item->string)))
            continue;
        g_autofree char *name = wording_quote(item->string ? item->string : "");
        g_autofree char *what =
            g_strdup_printf("has %s, which nothing predicts, expected max-bandwidth and downtime-limit", name);
        return wrong(file, "/migration/parameters", what, error);
    }
    return TRUE;
}

static gboolean
check_migration(const CaseFile *file, const cJSON *root, GError **error)
{
    const cJSON *migration = case_child(root, "migration");

    return check_capabilities(file, case_child(migration, "capabilities"), error) &&
           check_parameters(file, case_child(migration, "parameters"), error);
}

static gboolean
check_memory(CaseFile *file, GError **error)
{
    const double memory_bytes = file->memory_MiB * MIB;

    if (isnan(file->ram_total_bytes))
        file->ram_total_bytes = memory_bytes + FURTHER_PAGES * PAGE_BYTES;
    if (file->ram_total_bytes < memory_bytes || file->ram_total_bytes > memory_bytes + FURTHER_RAM_MIB * MIB)
        return wrong(file, "/ram_total_bytes", "is not mem_MiB and a little more, expected QEMU's total of all RAM",
                     error);
    if (file->fill_MiB >= file->memory_MiB)
        return wrong(file, "/case/fill_MiB", "is not below mem_MiB, expected less", error);
    if (file->nonzero_pages * PAGE_BYTES < file->fill_MiB * MIB ||
        file->nonzero_pages * PAGE_BYTES > file->ram_total_bytes)
        return wrong(file, "/nonzero_pages", "is less than what is filled or more than memory has", error);
    return TRUE;
}

/* How a migration that was followed to its end, or cancelled, can stand there. "failed" says nothing of its memory. */
static const char *const statuses[] = {"completed", "cancelled", "cancelling", "active", NULL};

static gboolean
read_result(CaseFile *file, const cJSON *root, GError **error)
{
    const cJSON *history = case_child(root, "history");
    const char *status = case_text(case_child(root, "result"), "status");
    const int rows = cJSON_IsArray(history) ? cJSON_GetArraySize(history) : 0;
    const cJSON *last = rows > 0 ? cJSON_GetArrayItem(cJSON_GetArrayItem(history, rows - 1), 0) : NULL;

    if (!status)
        return wrong(file, "/result/status", "is missing, expected how the migration ended", error);
    if (!g_strv_contains(statuses, status))
        return wrong(file, "/result/status", "is neither \"completed\" nor \"cancelled\", expected one of them", error);
    file->completed = g_str_equal(status, "completed");
    file->followed_s = cJSON_IsNumber(last) ? last->valuedouble : NAN;
    if (file->completed || (file->followed_s > 0 && file->followed_s <= FOLLOWED_MOST_S))
        return TRUE;
    return wrong(file, "/history", "has no last date, expected the seconds after which the migration was cancelled",
                 error);
}

CaseFile *
case_file_parse(const char *path, const cJSON *root, GError **error)
{
    g_autoptr(CaseFile) file = g_new0(CaseFile, 1);
    file->path = g_filename_display_name(path);
    if (!case_id_read(file->path, root, &file->id, error) || !read_base(file, root, error))
        return NULL;
    if (!cJSON_IsObject(case_child(root, "case"))) {
        (void)wrong(file, "/case", "is missing, expected the inputs of a measured migration", error);
        return NULL;
    }
    if (!case_numbers_of(file->path, numbers, G_N_ELEMENTS(numbers), root, file, error) || !check_link(file, error) ||
        !read_method(file, root, error) || !check_migration(file, root, error) ||
        !case_streams_read(&file->streams, file->path, root, error) || !check_memory(file, error) ||
        !read_result(file, root, error))
        return NULL;
    return g_steal_pointer(&file);
}

CaseFile *
case_file_read(const char *path, GError **error)
{
    g_autoptr(cJSON) root = case_json_load(path, error);

    return root ? case_file_parse(path, root, error) : NULL;
}

void
case_file_free(CaseFile *file)
{
    if (!file)
        return;
    g_free(file->path);
    g_free(file->id);
    g_free(file->method);
    g_free(file->qemu_version);
    g_free(file);
}
