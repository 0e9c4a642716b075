/* A committed case with one change, in a folder of its own, for tests of what is refused. */
#ifndef TANDEM_TESTS_SIM_VALIDATE_CASE_CHANGES_H
#define TANDEM_TESTS_SIM_VALIDATE_CASE_CHANGES_H

#include "sim/validate/case_folder.h"
#include "tests/check_main.h"
#include "tests/program.h"

#include <cjson/cJSON.h>

typedef struct {
    const char *part, *key, *value, *says; /* value: JSON, ' for "; NULL: without the key. says: of the complaint */
} CaseChange;

/* A fixture: each test has a folder, which is gone behind it. */
static char *folder;

static inline void
set_up(void)
{
    folder = program_folder();
}

static inline void
tear_down(void)
{
    program_remove(folder);
    g_clear_pointer(&folder, g_free);
}

/* The case of that file, changed, as case.json in the test's folder. (transfer full: its path) */
static inline char *
case_changed(const char *from, const char *part, const char *key, const char *value)
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

/* The one case of that name, in a list of its own. (transfer container) */
static inline GPtrArray *
case_of_id(const CaseFolder *cases, guint kind, const char *id)
{
    GPtrArray *one = g_ptr_array_new();

    for (guint i = 0; i < cases->of[kind]->len; i++)
        if (g_str_equal(((const CaseHead *)g_ptr_array_index(cases->of[kind], i))->id, id))
            g_ptr_array_add(one, g_ptr_array_index(cases->of[kind], i));
    ck_assert_uint_eq(one->len, 1);
    return one;
}

static inline CaseFolder *
case_folder_of(const char *path)
{
    g_autoptr(GError) error = NULL;
    CaseFolder *cases = case_folder_read(path, &error);

    ck_assert_msg(cases, "%s", error ? error->message : "");
    return cases;
}

#endif
