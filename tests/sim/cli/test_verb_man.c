/* Manual pages and completion say what --help says: every verb, every option, every text. */
#include "sim/cli/verb.h"
#include "sim/cli/verbs.h"
#include "tests/check_main.h"
#include "tests/program.h"

#include <string.h>

/* A page's text as a reader sees it. */
static char *
plain(const char *page)
{
    GString *text = g_string_new(page);

    g_string_replace(text, "\\-", "-", 0);
    g_string_replace(text, "\\fB", "", 0);
    g_string_replace(text, "\\fI", "", 0);
    g_string_replace(text, "\\fR", "", 0);
    g_string_replace(text, "\n\\&", "\n", 0);
    return g_string_free(text, FALSE);
}

typedef struct {
    const char *word;
    char *page, *help, *bash, *zsh;
} Said;

static void
has(const Said *said, const char *where, const char *text, const char *wanted)
{
    ck_assert_msg(strstr(text, wanted) != NULL, "%s of %s: no \"%s\"", where, said->word, wanted);
}

static void
compare(const GOptionEntry *entries, const char *usage, const char *about, gpointer data)
{
    const Said *said = data;

    has(said, "page", said->page, usage);
    has(said, "page", said->page, about);
    has(said, "help", said->help, about);
    for (; entries->long_name; entries++) {
        g_autofree char *option = g_strdup_printf("--%s", entries->long_name);
        g_autofree char *with_value = g_strdup_printf("--%s=%s\n", entries->long_name, entries->arg_description);
        has(said, "page", said->page, entries->arg_description ? with_value : option);
        has(said, "page", said->page, entries->description);
        has(said, "help", said->help, option);
        has(said, "bash", said->bash, option);
        has(said, "zsh", said->zsh, option);
    }
}

START_TEST(a_page_and_a_completion_have_what_help_has)
{
    g_auto(Ended) bash = program_run("completion bash"), zsh = program_run("completion zsh"), top = program_run("man");
    g_autofree char *program = plain(top.out);

    for (const Verb *verb = verbs; verb->word; verb++) {
        g_auto(Ended) page = program_run("man %s", verb->word), help = program_run("%s --help", verb->word);
        g_autofree char *text = plain(page.out);
        const Said said = {verb->word, text, help.out, bash.out, zsh.out};
        g_autofree char *head = g_strdup_printf("tandem-%s - %s\n", verb->word, verb->about);
        ck_assert_int_eq(page.status, 0);
        has(&said, "page", text, head);
        has(&said, "program's page", program, verb->about);
        has(&said, "bash", bash.out, verb->word);
        verb_describe(verb->act, verb->word, compare, (gpointer)&said);
    }
}
END_TEST

START_TEST(all_pages_go_into_a_folder)
{
    g_autofree char *folder = program_folder();
    g_auto(Ended) ended = program_run("man --out %s", folder);

    ck_assert_int_eq(ended.status, 0);
    for (const Verb *verb = verbs; verb->word; verb++) {
        g_autofree char *name = g_strdup_printf("tandem-%s.1", verb->word);
        g_auto(Ended) page = program_run("man %s", verb->word);
        g_autofree char *text = program_read(folder, name);
        ck_assert_str_eq(text, page.out);
    }
    g_autofree char *program = program_read(folder, "tandem.1");
    ck_assert(g_str_has_prefix(program, ".TH TANDEM 1 "));
    program_remove(folder);
}
END_TEST

START_TEST(what_there_is_no_page_or_completion_of_is_said)
{
    program_expect(2, "man: no verb \"walk\"", "man walk");
    program_expect(2, "completion: \"fish\" is none of the shells, expected bash or zsh", "completion fish");
    program_expect(2, "completion: no shell given, expected bash or zsh", "completion");
}
END_TEST

/* bash itself completes a line; the last word is what is completed. */
static char *
completed(const char *script, const char *line)
{
    g_autofree char *command =
        g_strdup_printf("source %s; COMP_WORDS=(%s \"\"); [[ '%s' == *' ' ]] || unset 'COMP_WORDS[-1]'; "
                        "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _tandem; echo \"${COMPREPLY[*]}\"",
                        script, line, line);
    const char *const argv[] = {"bash", "-c", command, NULL};
    char *out = NULL;

    ck_assert(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL, NULL, NULL));
    return g_strchomp(out);
}

START_TEST(bash_completes_verbs_options_words_and_folders)
{
    static const char *const rows[][2] = {
        {"tandem rep", "reproduce report"},  {"tandem report --la", "--lang"}, {"tandem report --lang ", "en zh"},
        {"tandem plot --format s", "svg"},   {"tandem plot --log=x", "x xy"},  {"tandem schema ", "scenario sweep"},
        {"tandem completion z", "zsh"},      {"tandem report con", "configs"}, {"tandem run --seed ", ""},
        {"tandem run --out con", "configs"}, {"tandem check a", "a.json"},     {"tandem no-such ", ""},
    };
    g_autofree char *folder = program_folder(), *script = g_build_filename(folder, "completion", NULL);
    g_auto(Ended) bash = program_run("completion bash");

    program_write(folder, "completion", bash.out);
    program_write(folder, "a.json", "");
    ck_assert_int_eq(chdir(folder), 0);
    ck_assert_int_eq(g_mkdir("configs", 0700), 0);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *words = completed(script, rows[i][0]);
        ck_assert_msg(g_str_equal(words, rows[i][1]), "%s: \"%s\", expected \"%s\"", rows[i][0], words, rows[i][1]);
    }
    ck_assert_int_eq(chdir("/"), 0);
    program_remove(folder);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("verb_man");

    tcase_add_test(tcase, a_page_and_a_completion_have_what_help_has);
    tcase_add_test(tcase, all_pages_go_into_a_folder);
    tcase_add_test(tcase, what_there_is_no_page_or_completion_of_is_said);
    tcase_add_test(tcase, bash_completes_verbs_options_words_and_folders);
    return check_main("verb_man", tcase, NULL);
}
