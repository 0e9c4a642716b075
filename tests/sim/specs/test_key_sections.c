/* The walk over the tables of keys misses nothing, and says of each key whose it is. */
#include "sim/specs/key_sections.h"
#include "tests/check_main.h"

#include "sim/specs/scenario_spec.h"

static GArray *sections;

static void
make_sections(void)
{
    sections = key_sections();
}

static void
free_sections(void)
{
    g_array_unref(sections);
}

static const KeySection *
find(const FieldTable *table, const FieldCase *chosen)
{
    for (guint i = 0; i < sections->len; i++) {
        const KeySection *section = &g_array_index(sections, KeySection, i);
        if (section->table == table && section->chosen == chosen)
            return section;
    }
    return NULL;
}

static void check_table(const FieldTable *table);

static void
check_fields(const FieldTable *table, const Field *fields)
{
    for (; fields && fields->key; fields++) {
        ck_assert_msg(fields->help && *fields->help, "%s.%s has no meaning", table->id, fields->key);
        ck_assert_msg(!fields->narrow || (fields->min && fields->max), "%s.%s may not fit its guint", table->id,
                      fields->key);
        if (fields->table)
            check_table(fields->table);
    }
}

static void
check_table(const FieldTable *table)
{
    ck_assert_msg(find(table, NULL), "no section %s", table->id);
    ck_assert_msg(table->help && *table->help, "%s has no meaning", table->id);
    check_fields(table, table->fields);
    for (const FieldCase *c = table->cases; c && c->word; c++) {
        ck_assert_msg(find(table, c), "no section %s.%s", table->id, c->word);
        ck_assert_msg(c->help && *c->help, "%s.%s has no meaning", table->id, c->word);
        check_fields(table, c->fields);
    }
}

START_TEST(every_object_word_and_key_has_its_section_and_its_meaning)
{
    check_table(scenario_table());
}
END_TEST

START_TEST(no_section_stands_twice)
{
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < sections->len; i++) {
        char *name = key_section_name(&g_array_index(sections, KeySection, i));
        ck_assert_msg(g_hash_table_add(names, name), "%s stands twice", name);
    }
}
END_TEST

static const char *
part_of(const char *name)
{
    for (guint i = 0; i < sections->len; i++) {
        const KeySection *section = &g_array_index(sections, KeySection, i);
        g_autofree char *own = key_section_name(section);
        if (g_str_equal(own, name))
            return section->part ? section->part : "";
    }
    ck_abort_msg("no section %s", name);
}

START_TEST(objects_and_words_stand_with_their_parts)
{
    ck_assert_str_eq(part_of("scenario"), "");
    ck_assert_str_eq(part_of("workload.zipf"), "");
    ck_assert_str_eq(part_of("action.fail-link"), "");
    ck_assert_str_eq(part_of("sweep-file"), "");
    ck_assert_str_eq(part_of("action.migrate"), "migration");
    ck_assert_str_eq(part_of("hypervisor.qemu"), "migration");
    ck_assert_str_eq(part_of("flow"), "traffic");
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("key_sections");

    tcase_add_checked_fixture(tcase, make_sections, free_sections);
    tcase_add_test(tcase, every_object_word_and_key_has_its_section_and_its_meaning);
    tcase_add_test(tcase, no_section_stands_twice);
    tcase_add_test(tcase, objects_and_words_stand_with_their_parts);
    return check_main("key_sections", tcase, NULL);
}
