/* What the records declare is what runs give: held to the golden results of the examples (test_examples makes sure that
 * these are what runs give). */
#include "sim/world/collect.h"
#include "tests/check_main.h"

#include <cjson/cJSON.h>
#include <string.h>

#define GOLDEN TANDEM_SOURCE_DIR "/tests/golden/examples"

/* The names of all metrics in the golden files, each once. (transfer full) */
static GHashTable *
golden_metrics(void)
{
    GHashTable *found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GDir) dir = g_dir_open(GOLDEN, 0, NULL);
    const char *entry;

    ck_assert_ptr_nonnull(dir);
    while ((entry = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(GOLDEN, entry, NULL);
        g_autofree char *text = NULL;
        ck_assert(g_file_get_contents(path, &text, NULL, NULL));
        cJSON *json = cJSON_Parse(text);
        const cJSON *item;
        cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(json, "metrics"))
            g_hash_table_add(found, g_strdup(item->string));
        cJSON_Delete(json);
    }
    ck_assert_uint_gt(g_hash_table_size(found), 100);
    return found;
}

#define NAME_PATTERN   "[A-Za-z0-9][A-Za-z0-9._-]*"
#define LEG_PATTERN    "(vm|vtpm|joint)"
#define PERIOD_PATTERN "(before|during\\." NAME_PATTERN "|after\\." NAME_PATTERN ")"
#define PHASE_PATTERN  "(before|during|after|later)"

static gboolean
matches(const Record *record, const RecordField *field, const char *name)
{
    g_autoptr(GString) pattern = g_string_new(NULL);

    g_string_printf(pattern, "^%s.%s$", record->name, field->name);
    g_string_replace(pattern, ".", "\\.", 0);
    g_string_replace(pattern, "NAME", NAME_PATTERN, 0);
    g_string_replace(pattern, "LEG", LEG_PATTERN, 0);
    g_string_replace(pattern, "PERIOD", PERIOD_PATTERN, 0);
    g_string_replace(pattern, "PHASE", PHASE_PATTERN, 0);
    return g_regex_match_simple(pattern->str, name, 0, 0);
}

/* A name that could be of a migration or of its leg is the leg's. */
static gboolean
is_of_part(const Record *record)
{
    return strstr(record->name, ".LEG") || strstr(record->name, ".PERIOD") || strstr(record->name, ".PHASE");
}

static const RecordField *
find(const char *name)
{
    g_autoptr(GPtrArray) records = collect_records();
    const RecordField *found = NULL;

    for (guint i = 0; i < records->len; i++) {
        const Record *record = g_ptr_array_index(records, i);
        if (record_is_of_rows(record))
            continue;
        for (const RecordField *field = record->fields; field->name; field++)
            if (matches(record, field, name) && (!found || is_of_part(record)))
                found = field;
    }
    return found;
}

START_TEST(every_metric_of_the_examples_is_declared)
{
    g_autoptr(GHashTable) given = golden_metrics();
    GHashTableIter iter;
    gpointer name;

    g_hash_table_iter_init(&iter, given);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        ck_assert_msg(find(name) != NULL, "%s is in no record", (char *)name);
}
END_TEST

START_TEST(every_declared_metric_occurs_in_the_examples)
{
    g_autoptr(GHashTable) given = golden_metrics();
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    g_autoptr(GPtrArray) records = collect_records();
    GHashTableIter iter;
    gpointer name;

    g_hash_table_iter_init(&iter, given);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        g_hash_table_add(seen, (gpointer)find(name));
    for (guint i = 0; i < records->len; i++) {
        const Record *record = g_ptr_array_index(records, i);
        for (const RecordField *field = record->fields; field->name && !record_is_of_rows(record); field++)
            ck_assert_msg(g_hash_table_contains(seen, field), "no example gives %s.%s", record->name, field->name);
    }
}
END_TEST

START_TEST(no_name_is_declared_twice)
{
    g_autoptr(GPtrArray) records = collect_records();
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < records->len; i++) {
        const Record *record = g_ptr_array_index(records, i);
        for (const RecordField *field = record->fields; field->name; field++) {
            ck_assert_msg(g_hash_table_add(names, g_strdup_printf("%s.%s", record->name, field->name)), "%s.%s",
                          record->name, field->name);
            ck_assert_msg(field->meaning && *field->meaning, "%s.%s", record->name, field->name);
        }
    }
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("collect");

    tcase_add_test(tcase, every_metric_of_the_examples_is_declared);
    tcase_add_test(tcase, every_declared_metric_occurs_in_the_examples);
    tcase_add_test(tcase, no_name_is_declared_twice);
    return check_main("collect", tcase, NULL);
}
