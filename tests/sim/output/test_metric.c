/* The list of metrics says what runs give: held to the golden results of the examples (test_examples makes sure that
 * these are what runs give). */
#include "sim/output/metric.h"
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

START_TEST(every_metric_of_the_examples_is_listed)
{
    g_autoptr(GHashTable) given = golden_metrics();
    GHashTableIter iter;
    gpointer name;

    g_hash_table_iter_init(&iter, given);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        ck_assert_msg(metric_find(name) != NULL, "%s is in no line of the list", (char *)name);
}
END_TEST

START_TEST(every_listed_metric_occurs_in_the_examples)
{
    g_autoptr(GHashTable) given = golden_metrics();
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    GHashTableIter iter;
    gpointer name;

    g_hash_table_iter_init(&iter, given);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        g_hash_table_add(seen, (gpointer)metric_find(name));
    for (const Metric *metric = metrics; metric->name; metric++)
        ck_assert_msg(g_hash_table_contains(seen, metric), "no example gives %s", metric->name);
}
END_TEST

START_TEST(a_leg_is_told_from_a_migration_with_dots_in_its_name)
{
    ck_assert_str_eq(metric_find("migration.a.vm.total_s")->name, "migration.NAME.LEG.total_s");
    ck_assert_str_eq(metric_find("migration.a.b.total_s")->name, "migration.NAME.total_s");
    ck_assert_str_eq(metric_find("migration.mig-vm1.joint.downtime.pages_s")->name,
                     "migration.NAME.LEG.downtime.pages_s");
}
END_TEST

START_TEST(what_is_not_listed_is_not_found)
{
    ck_assert_ptr_null(metric_find("migration.a.vm.total"));
    ck_assert_ptr_null(metric_find("migration..total_s"));
    ck_assert_ptr_null(metric_find("xrun.end_s"));
    ck_assert_ptr_null(metric_find("runxend_s"));
}
END_TEST

START_TEST(no_metric_is_listed_twice)
{
    for (const Metric *metric = metrics; metric->name; metric++)
        for (const Metric *other = metrics; other < metric; other++)
            ck_assert_str_ne(metric->name, other->name);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("metric");

    tcase_add_test(tcase, every_metric_of_the_examples_is_listed);
    tcase_add_test(tcase, every_listed_metric_occurs_in_the_examples);
    tcase_add_test(tcase, a_leg_is_told_from_a_migration_with_dots_in_its_name);
    tcase_add_test(tcase, what_is_not_listed_is_not_found);
    tcase_add_test(tcase, no_metric_is_listed_twice);
    return check_main("metric", tcase, NULL);
}
