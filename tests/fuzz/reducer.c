#include "tests/fuzz/reducer.h"

typedef struct {
    cJSON *root;
    guint tries;
    ReducerFails fails;
    gpointer data;
} Reducer;

static gboolean
still_fails(Reducer *reducer)
{
    if (reducer->tries == 0)
        return FALSE;
    reducer->tries--;
    return reducer->fails(reducer->root, reducer->data);
}

/* Leaves an item out for good if nothing is lost by it. */
static gboolean
leave_out(Reducer *reducer, cJSON *holder, int index)
{
    cJSON *item = cJSON_DetachItemFromArray(holder, index); /* of objects as well: cJSON keeps them as lists */

    if (still_fails(reducer)) {
        cJSON_Delete(item);
        return TRUE;
    }
    cJSON_InsertItemInArray(holder, index, item);
    return FALSE;
}

/* From the end: what happens is at a scenario's end, and what it happens to before it. */
static gboolean
reduce_below(Reducer *reducer, cJSON *holder)
{
    gboolean smaller = FALSE;

    for (int i = cJSON_GetArraySize(holder) - 1; i >= 0 && reducer->tries > 0; i--) {
        if (leave_out(reducer, holder, i)) {
            smaller = TRUE;
            continue;
        }
        cJSON *item = cJSON_GetArrayItem(holder, i);
        if (cJSON_IsArray(item) || cJSON_IsObject(item))
            smaller |= reduce_below(reducer, item);
    }
    return smaller;
}

void
reducer_reduce(cJSON *scenario, guint tries, ReducerFails fails, gpointer data)
{
    Reducer reducer = {scenario, tries, fails, data};

    while (reducer.tries > 0 && reduce_below(&reducer, scenario))
        continue;
}
