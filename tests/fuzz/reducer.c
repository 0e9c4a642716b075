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

/* cJSON keeps what an array or an object holds as a list, whose first item knows the last one. */
static void
insert_after(cJSON *holder, cJSON *before, cJSON *item)
{
    cJSON **link = before ? &before->next : &holder->child;
    cJSON *last = item;

    item->next = *link;
    item->prev = before;
    if (item->next)
        item->next->prev = item;
    *link = item;
    while (last->next)
        last = last->next;
    holder->child->prev = last;
}

/* Leaves an item out for good if nothing is lost by it. */
static gboolean
leave_out(Reducer *reducer, cJSON *holder, int index)
{
    cJSON *before = index > 0 ? cJSON_GetArrayItem(holder, index - 1) : NULL;
    cJSON *item = cJSON_DetachItemFromArray(holder, index);

    if (still_fails(reducer)) {
        cJSON_Delete(item);
        return TRUE;
    }
    insert_after(holder, before, item);
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
