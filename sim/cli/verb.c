#include "sim/cli/verb.h"

#include "sim/output/files.h"
#include "sim/output/folder.h"
#include "sim/output/inert.h"
#include "sim/world/guard.h"

#include <stdio.h>

void
verb_say(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *inert = inert_text(text);
    fputs(inert, stdout);
}

int
verb_complain(int status, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_strdelimit(text, "\n", ' ');
    g_autofree char *line = inert_line(text);
    fprintf(stderr, "tandem: %s\n", line);
    return status;
}

int
verb_fail(int status, const GError *error)
{
    return verb_complain(status, "%s", error->message);
}

int
verb_fail_writing(const GError *error)
{
    const gboolean is_input = error->domain == FOLDER_ERROR || g_error_matches(error, FILES_ERROR, FILES_ERROR_KIND);

    return verb_fail(is_input ? EXIT_BAD_INPUT : EXIT_OTHER, error);
}

int
verb_fail_run(const GError *error)
{
    return verb_fail(error->domain == GUARD_ERROR ? EXIT_OTHER : EXIT_BAD_INPUT, error);
}

/* GLib leaves the "--" that ends the options where it is when an operand behind it begins with a dash. */
static void
drop_dashes(int *argc, char **argv)
{
    for (int i = 1; i < *argc; i++) {
        if (!g_str_equal(argv[i], "--"))
            continue;
        for (int rest = i; rest < *argc; rest++)
            argv[rest] = argv[rest + 1];
        (*argc)--;
        return;
    }
}

gboolean
verb_parse(const GOptionEntry *entries, const char *usage, const char *about, int *argc, char ***argv)
{
    g_autoptr(GOptionContext) context = g_option_context_new(usage);
    g_autoptr(GError) error = NULL;
    g_autofree char *program = g_strconcat("tandem ", (*argv)[0], NULL);

    g_set_prgname(program);
    g_option_context_set_description(context, about);
    g_option_context_add_main_entries(context, entries, NULL);
    if (g_option_context_parse(context, argc, argv, &error)) {
        drop_dashes(argc, *argv);
        return TRUE;
    }
    verb_complain(0, "%s (see %s --help)", error->message, program);
    return FALSE;
}
