/* The committed page of keys is what the tables give. After a change of a table or a new profile:
 * TANDEM_UPDATE=1 build/dev/tests/test_keys_page */
#include "sim/report/phrase.h"
#include "sim/specs/keys_page.h"
#include "tests/check_main.h"

#include <glib.h>
#include <string.h>

#define FILE_NAME    TANDEM_SOURCE_DIR "/docs/keys.md"
#define CHINESE_NAME TANDEM_SOURCE_DIR "/docs/keys.zh.md"

static char *page;

static void
make_page(void)
{
    g_setenv("TANDEM_DATA", TANDEM_SOURCE_DIR, TRUE);
    g_setenv("XDG_CONFIG_HOME", "/nonexistent", TRUE);
    page = keys_page_text(NULL);
}

static void
free_page(void)
{
    g_free(page);
}

START_TEST(the_committed_page_is_what_the_tables_give)
{
    g_autofree char *committed = NULL;

    if (g_getenv("TANDEM_UPDATE"))
        ck_assert(g_file_set_contents(FILE_NAME, page, -1, NULL));
    ck_assert_msg(g_file_get_contents(FILE_NAME, &committed, NULL, NULL), "no " FILE_NAME);
    ck_assert_msg(g_str_equal(page, committed), FILE_NAME " is out of date; update it with TANDEM_UPDATE=1");
}
END_TEST

static const char *
in_chinese(const char *english)
{
    return phrase_say(english, LANGUAGE_ZH);
}

START_TEST(the_committed_page_in_chinese_is_what_tables_and_translations_give)
{
    g_autofree char *committed = NULL, *chinese = keys_page_text(in_chinese);

    if (g_getenv("TANDEM_UPDATE"))
        ck_assert(g_file_set_contents(CHINESE_NAME, chinese, -1, NULL));
    ck_assert_msg(g_file_get_contents(CHINESE_NAME, &committed, NULL, NULL), "no " CHINESE_NAME);
    ck_assert_msg(g_str_equal(chinese, committed), CHINESE_NAME " is out of date; update it with TANDEM_UPDATE=1");
}
END_TEST

/* What a reader of Markdown calls a heading in a link. */
static GHashTable *
anchors(void)
{
    GHashTable *found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_auto(GStrv) lines = g_strsplit(page, "\n", -1);

    for (char **line = lines; *line; line++) {
        if (!g_str_has_prefix(*line, "### "))
            continue;
        g_auto(GStrv) parts = g_strsplit(*line + strlen("### "), ": ", -1);
        char *anchor = g_strjoinv("-", parts);
        ck_assert_msg(g_hash_table_add(found, anchor), "%s stands twice", *line);
    }
    return found;
}

START_TEST(links_within_the_page_lead_to_headings)
{
    g_autoptr(GHashTable) found = anchors();
    g_auto(GStrv) links = g_strsplit(page, "](#", -1);

    ck_assert_uint_gt(g_strv_length(links), g_hash_table_size(found));
    for (char **link = links + 1; *link; link++) {
        g_autofree char *to = g_strndup(*link, strcspn(*link, ")"));
        ck_assert_msg(g_hash_table_contains(found, to), "no heading #%s", to);
    }
}
END_TEST

/* Four cells, so five bars that are not escaped, in every row of keys. */
START_TEST(rows_have_as_many_cells_as_their_heads)
{
    g_autoptr(GRegex) bars = g_regex_new("(?<!\\\\)\\|", 0, 0, NULL);
    g_auto(GStrv) lines = g_strsplit(page, "\n", -1);
    guint cells = 0;

    for (char **line = lines; *line; line++) {
        g_auto(GStrv) parts = g_regex_split(bars, *line, 0);
        const guint n = **line == '|' ? g_strv_length(parts) : 0;
        ck_assert_msg(cells == 0 || n == 0 || n == cells, "%s", *line);
        cells = n;
    }
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("keys_page");

    tcase_add_checked_fixture(tcase, make_page, free_page);
    tcase_add_test(tcase, the_committed_page_is_what_the_tables_give);
    tcase_add_test(tcase, the_committed_page_in_chinese_is_what_tables_and_translations_give);
    tcase_add_test(tcase, links_within_the_page_lead_to_headings);
    tcase_add_test(tcase, rows_have_as_many_cells_as_their_heads);
    return check_main("keys_page", tcase, NULL);
}
