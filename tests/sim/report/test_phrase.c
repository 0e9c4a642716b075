/* Reports in Chinese: what a metric, an outcome or an invariant means is there in both languages. A new one fails here
 * by its name until sim/report/resources/meanings.zh.json has it. */
#include "sim/report/phrase.h"
#include "sim/report/resource.h"
#include "sim/scenario/json_text.h"
#include "sim/specs/key_sections.h"
#include "sim/world/collect.h"
#include "tests/check_main.h"

#include <string.h>

static guint
complain(const char *where, const char *text)
{
    g_printerr("meanings.zh.json or keys.zh.json lacks \"%s\" (%s)\n", text, where);
    return 1;
}

START_TEST(every_metric_is_told_in_chinese)
{
    g_autoptr(GPtrArray) records = collect_records();
    guint missing = 0;

    for (guint i = 0; i < records->len; i++) {
        const Record *record = g_ptr_array_index(records, i);
        if (record_is_of_rows(record))
            continue;
        if (!phrase_has(record->meaning, LANGUAGE_ZH))
            missing += complain(record->name, record->meaning);
        for (const RecordField *field = record->fields; field->name; field++)
            if (!phrase_has(field->meaning, LANGUAGE_ZH))
                missing += complain(field->name, field->meaning);
    }
    ck_assert_uint_gt(records->len, 30);
    ck_assert_uint_eq(missing, 0);
}
END_TEST

static guint
missing_of(const char *where, const char *help)
{
    return !help || phrase_has(help, LANGUAGE_ZH) ? 0 : complain(where, help);
}

START_TEST(every_key_is_told_in_chinese)
{
    g_autoptr(GArray) sections = key_sections();
    guint missing = 0, keys = 0;

    for (guint i = 0; i < sections->len; i++) {
        const KeySection *section = &g_array_index(sections, KeySection, i);
        missing += missing_of(section->table->id, section->table->help);
        for (const FieldCase *c = section->table->cases; c && c->word; c++)
            missing += missing_of(c->word, c->help);
        for (const Field *field = key_section_fields(section); field && field->key; field++, keys++)
            missing += missing_of(field->key, field->help);
    }
    ck_assert_uint_gt(keys, 400);
    ck_assert_uint_eq(missing, 0);
}
END_TEST

/* docs/outcomes.md has every outcome of migrations (test_outcomes_page): a row is | `word` | sentence | … */
START_TEST(every_outcome_of_a_migration_is_told_in_chinese)
{
    g_autofree char *page = NULL;
    guint missing = 0, rows = 0;

    ck_assert(g_file_get_contents("docs/outcomes.md", &page, NULL, NULL));
    const char *begin = strstr(page, "\n## Migrations\n"), *end = strstr(begin + 1, "\n## ");
    g_autofree char *section = g_strndup(begin, (gsize)(end - begin));
    g_auto(GStrv) lines = g_strsplit(section, "\n", -1);
    for (char **line = lines; *line; line++) {
        if (!g_str_has_prefix(*line, "| `"))
            continue;
        g_autofree char *word = g_strndup(*line + 3, strcspn(*line + 3, "`"));
        rows++;
        if (!phrase_has(word, LANGUAGE_ZH))
            missing += complain("an outcome", word);
    }
    ck_assert_uint_gt(rows, 20);
    ck_assert_uint_eq(missing, 0);
}
END_TEST

/* A translation that is empty, or English, is none; NAMEs of tandem stay as they are. */
START_TEST(translations_are_chinese)
{
    static const char *const files[] = {"phrases.zh.json", "meanings.zh.json", "keys.zh.json"};
    guint english = 0;

    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autoptr(cJSON) phrases = cJSON_Parse(resource_text(files[i]));
        const cJSON *phrase;
        ck_assert_ptr_nonnull(phrases);
        cJSON_ArrayForEach(phrase, phrases)
        {
            gboolean any = FALSE;
            for (const char *at = phrase->valuestring; *at; at = g_utf8_next_char(at))
                any |= g_unichar_iswide(g_utf8_get_char(at));
            if (!any && !g_str_equal(phrase->valuestring, "/") && !strstr(phrase->valuestring, "vTPM") &&
                !strstr(phrase->valuestring, "QEMU") && !strstr(phrase->valuestring, "tcp"))
                english += complain(files[i], phrase->string);
        }
    }
    ck_assert_uint_eq(english, 0);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("phrase");

    tcase_add_test(tcase, every_metric_is_told_in_chinese);
    tcase_add_test(tcase, every_key_is_told_in_chinese);
    tcase_add_test(tcase, every_outcome_of_a_migration_is_told_in_chinese);
    tcase_add_test(tcase, translations_are_chinese);
    return check_main("phrase", tcase, NULL);
}
