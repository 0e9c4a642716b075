#include "sim/sweep/difference.h"

#include "sim/scenario/pointer.h"
#include "sim/scenario/wording.h"

static char *find(const cJSON *was, const cJSON *is, const PointerStep *at);

static char *
describe(const cJSON *was, const cJSON *is, const PointerStep *at)
{
    g_autofree char *pointer = pointer_text(at);
    g_autofree char *before = was ? wording_value(was) : NULL;
    g_autofree char *now = is ? wording_value(is) : NULL;

    if (!was)
        return g_strdup_printf("%s is new (%s)", pointer, now);
    if (!is)
        return g_strdup_printf("%s is gone (it was %s)", pointer, before);
    return g_strdup_printf("%s was %s and is %s", pointer, before, now);
}

static char *
find_in_object(const cJSON *was, const cJSON *is, const PointerStep *at)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, was)
    {
        const PointerStep step = {at, item->string, 0};
        char *found = find(item, cJSON_GetObjectItemCaseSensitive(is, item->string), &step);
        if (found)
            return found;
    }
    cJSON_ArrayForEach(item, is)
    {
        const PointerStep step = {at, item->string, 0};
        if (!cJSON_GetObjectItemCaseSensitive(was, item->string))
            return describe(NULL, item, &step);
    }
    return NULL;
}

static char *
find_in_list(const cJSON *was, const cJSON *is, const PointerStep *at)
{
    const cJSON *a = was->child, *b = is->child;

    for (guint index = 0; a || b; index++) {
        const PointerStep step = {at, NULL, index};
        char *found = find(a, b, &step);
        if (found)
            return found;
        a = a ? a->next : NULL;
        b = b ? b->next : NULL;
    }
    return NULL;
}

static char *
find(const cJSON *was, const cJSON *is, const PointerStep *at)
{
    if (cJSON_IsObject(was) && cJSON_IsObject(is))
        return find_in_object(was, is, at);
    if (cJSON_IsArray(was) && cJSON_IsArray(is))
        return find_in_list(was, is, at);
    return was && is && cJSON_Compare(was, is, TRUE) ? NULL : describe(was, is, at);
}

char *
difference_text(const cJSON *was, const cJSON *is)
{
    const PointerStep root = {NULL};

    return find(was, is, &root);
}
