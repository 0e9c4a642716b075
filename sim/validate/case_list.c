#include "sim/validate/case_list.h"

#include <math.h>

#define ROWS_MOST    64
#define US_MOST      1e9
#define GAP_LEAST_US 0.001

GArray *
case_list_read(const char *path, const cJSON *costs, const char *key, const CaseNumber *numbers, gsize n,
               gsize row_bytes, GError **error)
{
    g_autoptr(GArray) rows = g_array_new(FALSE, TRUE, (guint)row_bytes);
    g_autofree char *row = g_malloc0(row_bytes);
    const cJSON *list = case_child(costs, key);
    double last = -INFINITY;

    for (const cJSON *item = cJSON_IsArray(list) ? list->child : NULL; item; item = item->next) {
        g_autofree char *fault = NULL;
        gboolean well = case_numbers_read(numbers, n, item, row, &fault);
        const double first = *(const double *)(gconstpointer)row;
        if (well && (first <= last || rows->len >= ROWS_MOST)) {
            fault = g_strdup_printf("/%s: is not above the one before, or there are more than %d", numbers[0].key,
                                    ROWS_MOST);
            well = FALSE;
        }
        if (!well) {
            g_autofree char *whole = g_strdup_printf("/costs/%s/%u%s", key, rows->len, fault);
            (void)case_wrong(path, whole, error);
            return NULL;
        }
        last = first;
        g_array_append_vals(rows, row, 1);
    }
    return g_steal_pointer(&rows);
}

GArray *
case_wakes_read(const char *path, const cJSON *costs, GError **error)
{
    static const CaseNumber numbers[] = {
        {NULL, "gap_us", TRUE, FALSE, GAP_LEAST_US, US_MOST, G_STRUCT_OFFSET(CaseWake, gap_us)},
        {NULL, "eventfd_write_us", TRUE, FALSE, 0, US_MOST, G_STRUCT_OFFSET(CaseWake, call_us)},
        {NULL, "median_us", TRUE, FALSE, 0, US_MOST, G_STRUCT_OFFSET(CaseWake, runs_us)},
    };

    return case_list_read(path, costs, "wake_other_by_gap", numbers, G_N_ELEMENTS(numbers), sizeof(CaseWake), error);
}
