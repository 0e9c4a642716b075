/* Manual pages for man(1), out of the table of verbs and what each verb's --help prints: there is no second text. */
#include "sim/cli/verb.h"
#include "sim/cli/verbs.h"
#include "sim/output/files.h"
#include "sim/version.h"

#include <stdio.h>
#include <string.h>

/* Text as roff takes it: a hyphen that is to be copied, no escapes, and no line that begins a request. */
static void
append_text(GString *page, const char *text)
{
    for (; *text; text++) {
        if (*text == '-')
            g_string_append(page, "\\-");
        else if (*text == '\\')
            g_string_append(page, "\\e");
        else if ((*text == '.' || *text == '\'') && (page->len == 0 || page->str[page->len - 1] == '\n'))
            g_string_append_printf(page, "\\&%c", *text);
        else
            g_string_append_c(page, *text);
    }
}

static void
append_line(GString *page, const char *before, const char *text, const char *after)
{
    g_string_append(page, before);
    append_text(page, text);
    g_string_append_printf(page, "%s\n", after);
}

/* name: "tandem", "tandem-run". */
static void
append_head(GString *page, const char *name, const char *about)
{
    g_autofree char *capitals = g_ascii_strup(name, -1);

    append_line(page, ".TH ", capitals, "");
    g_string_truncate(page, page->len - 1);
    g_string_append_printf(page, " 1 \"\" \"tandem %s\" \"User Commands\"\n.SH NAME\n", tandem_version());
    append_text(page, name);
    append_line(page, " \\- ", about, "");
    g_string_append(page, ".SH SYNOPSIS\n");
}

static void
append_exit_status(GString *page)
{
    g_string_append(page, ".SH EXIT STATUS\n");
    for (int status = EXIT_DONE; status <= EXIT_OTHER; status++) {
        g_string_append_printf(page, ".TP\n.B %d\n", status);
        append_line(page, "", verbs_exit_status(status), "");
    }
}

/* ---- a verb's page ---- */

static void
append_option(GString *page, const GOptionEntry *entry)
{
    g_string_append(page, ".TP\n");
    if (entry->short_name)
        g_string_append_printf(page, "\\fB\\-%c\\fR, ", entry->short_name);
    g_string_append(page, "\\fB\\-\\-");
    append_text(page, entry->long_name);
    g_string_append(page, "\\fR");
    if (entry->arg_description) {
        g_string_append(page, "=\\fI");
        append_text(page, entry->arg_description);
        g_string_append(page, "\\fR");
    }
    append_line(page, "\n", entry->description, "");
}

typedef struct {
    const Verb *verb;
    GString *page;
} Writing;

static void
write_verb(const GOptionEntry *entries, const char *usage, const char *about, gpointer data)
{
    const Writing *writing = data;
    g_autofree char *name = g_strconcat("tandem-", writing->verb->word, NULL);

    append_head(writing->page, name, writing->verb->about);
    append_line(writing->page, ".B tandem ", writing->verb->word, "");
    append_line(writing->page, "[\\fIOPTION\\fR...] ", usage, "");
    append_line(writing->page, ".SH DESCRIPTION\n", about, "");
    g_string_append(writing->page, ".SH OPTIONS\n.TP\n\\fB\\-h\\fR, \\fB\\-\\-help\\fR\nshow help options\n");
    for (; entries->long_name; entries++)
        append_option(writing->page, entries);
    append_exit_status(writing->page);
    g_string_append(writing->page, ".SH SEE ALSO\n.BR tandem (1)\n");
}

static char *
verb_page(const Verb *verb)
{
    Writing writing = {verb, g_string_new(NULL)};

    verb_describe(verb->act, verb->word, write_verb, &writing);
    return g_string_free(writing.page, FALSE);
}

/* ---- the program's page ---- */

static const char environment[] =
    ".SH ENVIRONMENT\n.TP\n.B TANDEM_DATA\n"
    "folders, separated by colons, that hold configs/, scenarios/ and scripts/plots/; an empty name among them stands for "
    "the installed one, which is the default\n"
    ".TP\n.B XDG_CONFIG_HOME\n"
    "tandem/configs/ in this folder (default: ~/.config) holds profiles of one's own\n";

static char *
program_page(void)
{
    GString *page = g_string_new(NULL);

    append_head(page, "tandem", VERBS_ABOUT);
    g_string_append(
        page, ".B tandem\n\\fIVERB\\fR ...\n.br\n.B tandem\n\\fIVERB\\fR \\-\\-help\n.br\n.B tandem \\-\\-version\n");
    g_string_append(page, ".SH DESCRIPTION\n"
                          "Scenarios are JSON files: hosts, cables, virtual machines, and what happens to them when.\n"
                          ".SH VERBS\n");
    for (const Verb *verb = verbs; verb->word; verb++) {
        append_line(page, ".TP\n\\fB", verb->word, "\\fR ");
        g_string_truncate(page, page->len - 1);
        append_line(page, "", verb->arguments, "");
        append_line(page, "", verb->about, "");
    }
    append_exit_status(page);
    g_string_append(page, environment);
    g_string_append(page, ".SH SEE ALSO\n");
    for (const Verb *verb = verbs; verb->word; verb++)
        g_string_append_printf(page, ".BR tandem\\-%s (1)%s\n", verb->word, verb[1].word ? "," : "");
    return g_string_free(page, FALSE);
}

static int
write_all(const char *folder)
{
    g_autoptr(FileSet) files = files_new();
    g_autoptr(GError) error = NULL;

    files_take(files, "tandem.1", program_page());
    for (const Verb *verb = verbs; verb->word; verb++) {
        g_autofree char *name = g_strdup_printf("tandem-%s.1", verb->word);
        files_take(files, name, verb_page(verb));
    }
    return files_write(files, folder, &error) ? EXIT_DONE : verb_fail_writing(error);
}

static int
man(const char *word)
{
    const Verb *verb = word ? verbs_find(word) : NULL;

    if (word && !verb)
        return verb_complain(EXIT_BAD_INPUT, "man: no verb \"%s\", expected one of those that tandem --help names",
                             word);
    g_autofree char *page = verb ? verb_page(verb) : program_page();
    fputs(page, stdout);
    return EXIT_DONE;
}

int
verb_man(int argc, char **argv)
{
    char *folder = NULL;
    const GOptionEntry entries[] = {
        {"out", 'o', 0, G_OPTION_ARG_FILENAME, &folder, "write the pages of the program and of all verbs there", "DIR"},
        {NULL},
    };
    int status = EXIT_BAD_INPUT;

    if (verb_parse(
            entries, "[VERB]",
            "Prints a manual page, tandem(1) or that of a verb, such as for `man -l -`; it is made of the text that "
            "--help prints.",
            &argc, &argv)) {
        if (argc > 2 || (argc == 2 && folder))
            verb_complain(0, "man: expected one verb, or --out DIR for all of them");
        else
            status = folder ? write_all(folder) : man(argv[1]);
    }
    g_free(folder);
    return status;
}
