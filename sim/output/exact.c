#include "sim/output/exact.h"

#include "sim/output/csv.h"

#include <math.h>
#include <string.h>

/* cJSON frees the text by its own rules, so that it is its own copy. */
cJSON *
exact_number(double value)
{
    g_autofree char *text = csv_number(value);

    return isfinite(value) ? cJSON_CreateRaw(text) : cJSON_CreateNull();
}

/* The item keeps its name and its place. */
static void
make_exact(cJSON *item)
{
    cJSON *number = exact_number(item->valuedouble);

    item->type = (item->type & ~0xff) | (number->type & 0xff);
    item->valuestring = number->valuestring;
    number->valuestring = NULL;
    cJSON_Delete(number);
}

void
exact_numbers(cJSON *json)
{
    if (cJSON_IsNumber(json))
        make_exact(json);
    for (cJSON *item = json ? json->child : NULL; item; item = item->next)
        exact_numbers(item);
}

char *
exact_print(const cJSON *json, gboolean formatted)
{
    cJSON *copy = cJSON_Duplicate(json, TRUE);

    exact_numbers(copy);
    char *printed = formatted ? cJSON_Print(copy) : cJSON_PrintUnformatted(copy);
    char *text = g_strdup(printed);
    cJSON_free(printed);
    cJSON_Delete(copy);
    return text;
}
