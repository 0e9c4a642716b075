#include "sim/scenario/origin.h"

/* The process's: marks count from 1 in this array of owned texts. */
static GPtrArray *places;
static GHashTable *marks; /* text → mark */

static int
mark_of(const char *where)
{
    if (!where)
        return 0;
    if (!places) {
        places = g_ptr_array_new();
        marks = g_hash_table_new(g_str_hash, g_str_equal);
    }
    gpointer known = g_hash_table_lookup(marks, where);
    if (!known) {
        char *copy = g_strdup(where);
        g_ptr_array_add(places, copy);
        known = GUINT_TO_POINTER(places->len);
        g_hash_table_insert(marks, copy, known);
    }
    return (int)GPOINTER_TO_UINT(known);
}

static void
mark_all(cJSON *value, int mark)
{
    value->valueint = mark;
    for (cJSON *item = value->child; item; item = item->next)
        mark_all(item, mark);
}

void
origin_mark(cJSON *tree, const char *where)
{
    mark_all(tree, mark_of(where));
}

void
origin_copy(cJSON *value, const cJSON *of)
{
    value->valueint = of->valueint;
}

const char *
origin_of(const cJSON *value)
{
    const guint mark = (guint)value->valueint;

    return places && mark >= 1 && mark <= places->len ? g_ptr_array_index(places, mark - 1) : NULL;
}
