#include "sim/cli/interrupt.h"
#include "sim/cli/verb.h"
#include "sim/output/drawn.h"
#include "sim/output/files.h"
#include "sim/report/report.h"
#include "sim/scenario/provenance.h"

#include <stdio.h>

/* In the folder itself the page is one of what was drawn from its results, and goes with them. */
static gboolean
note(const char *folder, Language language, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    interrupt_say("the page is there, but %s does not note it; %s does", DRAWN_FILE, provenance_command());
    g_ptr_array_add(names, (gpointer) "report");
    return drawn_note(folder, label_language_word(language), names, TRUE, error);
}

static int
report(const char *folder, const char *out, Language language)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = out ? g_strdup(out) : g_build_filename(folder, "report.html", NULL);

    if (out && !files_check_target(path, &error))
        return verb_fail(EXIT_BAD_INPUT, error);
    interrupt_say("no page was written");
    g_autofree char *html = report_html(folder, language, &error);
    if (!html)
        return verb_fail(EXIT_BAD_INPUT, error);
    if (!files_write_text(path, html, &error))
        return verb_fail_writing(error);
    interrupt_say_nothing();
    if (!out && !note(folder, language, &error))
        return verb_fail_writing(error);
    verb_say("%s\n", path);
    return EXIT_DONE;
}

int
verb_report(int argc, char **argv)
{
    char *out = NULL, *lang = NULL;
    const GOptionEntry entries[] = {
        {"out", 'o', 0, G_OPTION_ARG_FILENAME, &out, "the page (default DIR/report.html)", "FILE"},
        {"lang", 0, 0, G_OPTION_ARG_STRING, &lang, "of the page (default en)", "en|zh"},
        {NULL},
    };
    Language language = LANGUAGE_EN;
    int status = EXIT_BAD_INPUT;

    if (verb_parse(
            entries, "DIR",
            "Writes one HTML page about a run, a sweep, a reproduction, a validation or a study (after tandem plot).",
            &argc, &argv)) {
        if (argc != 2)
            verb_complain(0, "report: %d folders given, expected one (see tandem report --help)", argc - 1);
        else if (lang && !label_language(lang, &language))
            verb_complain(0, "--lang %s: expected en or zh", lang);
        else
            status = report(argv[1], out, language);
    }
    g_free(out);
    g_free(lang);
    return status;
}
