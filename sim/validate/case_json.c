#include "sim/validate/case_json.h"

#include "sim/scenario/json_text.h"
#include "sim/scenario/wording.h"

#include <math.h>
#include <string.h>

GQuark
case_file_error_quark(void)
{
    return g_quark_from_static_string("tandem-case-file-error");
}

gboolean
case_wrong(const char *path, const char *fault, GError **error)
{
    g_set_error(error, CASE_FILE_ERROR, CASE_FILE_ERROR_INPUT, "%s: %s", path, fault);
    return FALSE;
}

const cJSON *
case_child(const cJSON *object, const char *key)
{
    return object ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;
}

const char *
case_text(const cJSON *object, const char *key)
{
    const cJSON *item = case_child(object, key);

    return cJSON_IsString(item) ? item->valuestring : NULL;
}

/* What is wrong with the number, as half a sentence; NULL: nothing. (transfer full) */
static char *
number_fault(const CaseNumber *number, const cJSON *item)
{
    if (!item || cJSON_IsNull(item))
        return number->needed ? g_strdup("is missing, expected a number") : NULL;
    if (!cJSON_IsNumber(item))
        return g_strdup("is no number, expected one");
    const double value = item->valuedouble;
    if (value < number->least || value > number->most)
        return g_strdup_printf("is %g, expected %g to %g", value, number->least, number->most);
    if (number->whole && value != floor(value))
        return g_strdup_printf("is %g, expected a whole number", value);
    return NULL;
}

static const cJSON *
part_of(const cJSON *root, const char *part)
{
    g_auto(GStrv) keys = g_strsplit(part ? part : "", "/", -1);

    for (char **key = keys; *key && root; key++)
        root = case_child(root, *key);
    return root;
}

gboolean
case_numbers_read(const CaseNumber *numbers, gsize n, const cJSON *root, gpointer to, char **fault)
{
    for (gsize i = 0; i < n; i++) {
        const CaseNumber *number = &numbers[i];
        const cJSON *item = case_child(part_of(root, number->part), number->key);
        g_autofree char *what = number_fault(number, item);
        if (what) {
            *fault = g_strconcat(number->part ? "/" : "", number->part ? number->part : "", "/", number->key, ": ",
                                 what, NULL);
            return FALSE;
        }
        G_STRUCT_MEMBER(double, to, number->offset) = cJSON_IsNumber(item) ? item->valuedouble : NAN;
    }
    return TRUE;
}

gboolean
case_numbers_of(const char *path, const CaseNumber *numbers, gsize n, const cJSON *root, gpointer to, GError **error)
{
    g_autofree char *fault = NULL;

    return case_numbers_read(numbers, n, root, to, &fault) || case_wrong(path, fault, error);
}

int
case_word_read(const char *path, const cJSON *object, const char *pointer, const char *const *words, GError **error)
{
    const cJSON *item = case_child(object, strrchr(pointer, '/') + 1);

    for (int i = 0; words[i]; i++)
        if (cJSON_IsString(item) && g_str_equal(item->valuestring, words[i]))
            return i;
    g_autofree char *found = item ? wording_value(item) : g_strdup("missing");
    g_autofree char *choice = wording_choice(cJSON_IsString(item) ? item->valuestring : "", words);
    g_autofree char *fault = g_strdup_printf("%s: is %s, %s", pointer, found, choice);
    (void)case_wrong(path, fault, error);
    return -1;
}

gboolean
case_id_read(const char *path, const cJSON *root, char **id, GError **error)
{
    const char *text = case_text(root, "id"), *fault = NULL;

    if (!text || !*text)
        fault = "/id: is missing, expected the case's name";
    for (const char *p = text; p && *p && !fault; p = g_utf8_next_char(p))
        if (!g_unichar_isprint(g_utf8_get_char(p)))
            fault = "/id: has a character that cannot be printed, expected a name";
    if (fault)
        return case_wrong(path, fault, error);
    *id = g_strdup(text);
    return TRUE;
}

cJSON *
case_json_load(const char *path, GError **error)
{
    if (!g_file_test(path, G_FILE_TEST_EXISTS) || g_file_test(path, G_FILE_TEST_IS_REGULAR | G_FILE_TEST_IS_DIR))
        return json_text_load(path, error);
    g_autofree char *name = g_filename_display_name(path);
    (void)case_wrong(name, "is no regular file, expected a JSON file", error);
    return NULL;
}
