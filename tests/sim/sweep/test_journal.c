#include "sim/sweep/journal.h"
#include "tests/check_main.h"
#include "tests/program.h"

#include <string.h>

static Journal *
open_in(const char *folder, const char *identity)
{
    g_autoptr(GError) error = NULL;
    Journal *journal = journal_open(folder, identity, 50, &error);

    ck_assert_msg(journal != NULL, "%s", error ? error->message : "");
    return journal;
}

static void
append(Journal *journal, guint run)
{
    g_autofree char *cells = g_strdup_printf("%u.5,\"a, b\"", run);

    ck_assert(journal_append(journal, run, RUN_OK, "\"hm, yes\"", "#x_s,\"word", cells, NULL));
}

START_TEST(what_is_appended_is_read_again)
{
    g_autofree char *folder = program_folder();
    JournalLine line;
    {
        g_autoptr(Journal) journal = open_in(folder, "id");
        for (guint run = 0; run < 20; run++)
            append(journal, run);
        ck_assert(journal_append(journal, 20, RUN_CRASHED, "signal", "", "", NULL));
    }
    g_autoptr(Journal) journal = open_in(folder, "id");
    ck_assert_uint_eq(journal_done(journal), 21);
    ck_assert_uint_eq(journal_count(journal, RUN_CRASHED), 1);
    ck_assert(journal_has(journal, 19) && !journal_has(journal, 21));
    ck_assert(journal_map(journal, NULL) && journal_line(journal, 7, &line));
    g_autofree char *cells = g_strndup(line.cells, line.cells_length);
    g_autofree char *message = g_strndup(line.message, line.message_length);
    ck_assert_str_eq(cells, "7.5,\"a, b\"");
    ck_assert_str_eq(message, "\"hm, yes\"");
    ck_assert_str_eq(journal_shape(journal, line.shape), "#x_s,\"word");
    program_remove(folder);
}
END_TEST

/* Cut anywhere: every run whose line is whole is there, no other, and what is appended afterwards is whole again. */
START_TEST(a_torn_last_line_is_recognised_wherever_it_is_torn)
{
    g_autofree char *folder = program_folder();
    g_autofree char *path = g_build_filename(folder, "runs.journal", NULL);
    {
        g_autoptr(Journal) journal = open_in(folder, "id");
        for (guint run = 0; run < 4; run++)
            append(journal, run);
    }
    g_autofree char *text = program_read(folder, "runs.journal");
    const gsize length = strlen(text);

    for (gsize cut = 0; cut <= length; cut++) {
        guint whole = 0; /* lines of runs, which come after two others */
        for (gsize i = 0; i < cut; i++)
            whole += text[i] == '\n';
        whole = whole > 2 ? whole - 2 : 0;
        ck_assert(g_file_set_contents(path, text, (gssize)cut, NULL));
        {
            g_autoptr(Journal) journal = open_in(folder, "id");
            ck_assert_uint_eq(journal_done(journal), whole);
            ck_assert((journal_torn(journal) > 0) == (cut > 14 && text[cut - 1] != '\n')); /* 14: the first line */
            append(journal, 49);
        }
        g_autoptr(Journal) journal = open_in(folder, "id");
        ck_assert_uint_eq(journal_done(journal), whole + 1);
        ck_assert_uint_eq(journal_torn(journal), 0);
    }
    program_remove(folder);
}
END_TEST

START_TEST(a_damaged_line_costs_its_run_only)
{
    g_autofree char *folder = program_folder();
    {
        g_autoptr(Journal) journal = open_in(folder, "id");
        for (guint run = 0; run < 4; run++)
            append(journal, run);
    }
    g_autofree char *text = program_read(folder, "runs.journal");
    *strstr(text, "2.5") = '3';
    program_write(folder, "runs.journal", text);
    g_autoptr(Journal) journal = open_in(folder, "id");
    ck_assert_uint_eq(journal_done(journal), 3);
    ck_assert(!journal_has(journal, 2));
    ck_assert_uint_eq(journal_damaged(journal), 1);
    program_remove(folder);
}
END_TEST

START_TEST(another_campaign_and_a_second_writer_are_refused)
{
    g_autofree char *folder = program_folder();
    g_autoptr(GError) error = NULL, busy = NULL;
    g_autoptr(Journal) journal = open_in(folder, "id");

    ck_assert_ptr_null(journal_open(folder, "id", 50, &busy));
    ck_assert(strstr(busy->message, "another tandem is at work"));
    g_clear_pointer(&journal, journal_free);
    ck_assert_ptr_null(journal_open(folder, "other", 50, &error));
    ck_assert(strstr(error->message, "another campaign"));
    program_remove(folder);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("journal");

    tcase_add_test(tcase, what_is_appended_is_read_again);
    tcase_add_test(tcase, a_torn_last_line_is_recognised_wherever_it_is_torn);
    tcase_add_test(tcase, a_damaged_line_costs_its_run_only);
    tcase_add_test(tcase, another_campaign_and_a_second_writer_are_refused);
    return check_main("journal", tcase, NULL);
}
