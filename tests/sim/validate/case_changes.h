/* A committed case with one change, for tests of what is refused. */
#ifndef TANDEM_TESTS_SIM_VALIDATE_CASE_CHANGES_H
#define TANDEM_TESTS_SIM_VALIDATE_CASE_CHANGES_H

#include "tests/check_main.h"
#include "tests/program.h"

#include <cjson/cJSON.h>

typedef struct {
    const char *part, *key, *value, *says; /* value: JSON, ' for "; NULL: without the key. says: of the complaint */
} CaseChange;

/* The case of that file, changed, as case.json in the folder. (transfer full: its path) */
static inline char *
case_changed(const char *folder, const char *from, const char *part, const char *key, const char *value)
{
    g_autofree char *text = NULL;
    g_autofree char *json = value ? g_strdelimit(g_strdup(value), "'", '"') : NULL;

    ck_assert(g_file_get_contents(from, &text, NULL, NULL));
    cJSON *root = cJSON_Parse(text), *object = root;
    g_auto(GStrv) keys = g_strsplit(part, "/", -1);
    for (char **one = keys; *one; one++)
        object = **one ? cJSON_GetObjectItem(object, *one) : object;
    cJSON_DeleteItemFromObject(object, key);
    if (json)
        cJSON_AddItemToObject(object, key, cJSON_Parse(json));
    char *whole = cJSON_Print(root);
    program_write(folder, "case.json", whole);
    cJSON_free(whole);
    cJSON_Delete(root);
    return g_build_filename(folder, "case.json", NULL);
}

#endif
