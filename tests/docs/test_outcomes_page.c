/* docs/outcomes.md has every word for how something ends, with its sentence, as they stand in the sources' tables. */
#include "models/socket/socketrun.h"
#include "sim/cli/verb.h"
#include "sim/sweep/journal.h"
#include "tests/check_main.h"

#include <string.h>

static char *
read_file(const char *path)
{
    g_autofree char *whole = g_build_filename(TANDEM_SOURCE_DIR, path, NULL);
    char *text = NULL;

    ck_assert_msg(g_file_get_contents(whole, &text, NULL, NULL), "no %s", whole);
    return text;
}

static void
expect_on_page(const char *page, const char *row, const char *from)
{
    ck_assert_msg(strstr(page, row), "docs/outcomes.md lacks \"%s\", which %s has", row, from);
}

/* Each {"word", "sentence"} of a source, whose tables of outcomes have that form, stands as a row of the page. */
START_TEST(every_outcome_has_its_row)
{
    static const struct {
        const char *path;
        guint least; /* as many are found there: otherwise the form has changed and nothing is held */
    } sources[] = {{"sim/parts/migration/outcome.c", 17},
                   {"sim/parts/migration/orders.c", 6},
                   {"sim/world/lifecycle.c", 8},
                   {"sim/parts/card/card_part.c", 7},
                   {"sim/parts/datacentre/datacentre_part.c", 1}};
    g_autofree char *page = read_file("docs/outcomes.md");
    g_autoptr(GRegex) form = g_regex_new("\\{\\s*\"([a-z-]+)\",\\s*\"([^\"]+)\"\\}", 0, 0, NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(sources); i++) {
        g_autofree char *source = read_file(sources[i].path);
        g_autoptr(GMatchInfo) match = NULL;
        guint found = 0;
        for (g_regex_match(form, source, 0, &match); g_match_info_matches(match); g_match_info_next(match, NULL)) {
            g_autofree char *word = g_match_info_fetch(match, 1), *sentence = g_match_info_fetch(match, 2);
            g_auto(GStrv) parts = g_strsplit(sentence, "|", 0);
            g_autofree char *escaped = g_strjoinv("\\|", parts);
            g_autofree char *row = g_strdup_printf("\n| `%s` | %s |", word, escaped);
            expect_on_page(page, row, sources[i].path);
            found++;
        }
        ck_assert_uint_ge(found, sources[i].least);
    }
}
END_TEST

START_TEST(every_end_of_a_socket_is_there)
{
    g_autofree char *page = read_file("docs/outcomes.md");

    for (SocketRunOutcome outcome = SOCKETRUN_OPEN; outcome <= SOCKETRUN_TIMED_OUT; outcome++) {
        g_autofree char *word = g_strdup_printf("`%s`", socketrun_outcome_word(outcome));
        expect_on_page(page, word, "socketrun.c");
    }
}
END_TEST

START_TEST(every_status_has_its_row)
{
    static const int exits[] = {EXIT_DONE, EXIT_CLAIM_FAILED, EXIT_BAD_INPUT, EXIT_OTHER};
    g_autofree char *page = read_file("docs/outcomes.md");

    for (RunStatus status = 0; status < N_RUN_STATUSES; status++) {
        g_autofree char *row = g_strdup_printf("\n| `%s` |", journal_status_word(status));
        expect_on_page(page, row, "journal.c");
    }
    for (gsize i = 0; i < G_N_ELEMENTS(exits); i++) {
        g_autofree char *row = g_strdup_printf("\n| %d |", exits[i]);
        expect_on_page(page, row, "verb.h");
    }
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("outcomes page");

    tcase_add_test(tcase, every_outcome_has_its_row);
    tcase_add_test(tcase, every_end_of_a_socket_is_there);
    tcase_add_test(tcase, every_status_has_its_row);
    return check_main("outcomes_page", tcase, NULL);
}
