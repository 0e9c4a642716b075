#include "sim/cli/verb.h"

#include "sim/output/files.h"
#include "sim/output/folder.h"
#include "sim/output/inert.h"
#include "sim/sweep/campaign.h"
#include "sim/world/guard.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

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
verb_fail_campaign(const GError *error)
{
    const gboolean is_input =
        error->domain == CAMPAIGN_ERROR || g_error_matches(error, JOURNAL_ERROR, JOURNAL_ERROR_OTHER_CAMPAIGN);

    return is_input ? verb_fail(EXIT_BAD_INPUT, error) : verb_fail_writing(error);
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

/* What was printed is only done when it has arrived: a full disk behind stdout shows here at the latest. */
int
verb_end(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    return verb_complain(EXIT_OTHER, "cannot write to standard output: %s", g_strerror(errno));
}

/* ---- options ---- */

/* An option with one value, which GLib would let a second one override: both are collected, and more than one refused.
 * Texts are taken as they are written, not as a locale would read them: they are UTF-8 (tandem_main). */
typedef struct {
    const GOptionEntry *entry;
    char **given; /* owned */
} Single;

static gboolean
is_single(const GOptionEntry *entry)
{
    return entry->arg == G_OPTION_ARG_STRING || entry->arg == G_OPTION_ARG_FILENAME || entry->arg == G_OPTION_ARG_INT;
}

/* entries with a collecting one in the place of each of one value, and --help. (transfer full) */
static GArray *
collecting_entries(const GOptionEntry *entries, Single *singles, gboolean *help)
{
    const GOptionEntry asked = {"help", 'h', G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_NONE, help, NULL, NULL};
    GArray *all = g_array_new(TRUE, TRUE, sizeof(GOptionEntry));

    g_array_append_val(all, asked);
    for (const GOptionEntry *entry = entries; entry->long_name; entry++, singles++) {
        GOptionEntry own = *entry;
        if (own.arg == G_OPTION_ARG_STRING_ARRAY)
            own.arg = G_OPTION_ARG_FILENAME_ARRAY;
        if (is_single(entry)) {
            *singles = (Single){entry, NULL};
            own.arg = G_OPTION_ARG_FILENAME_ARRAY;
            own.arg_data = &singles->given;
        }
        g_array_append_val(all, own);
    }
    return all;
}

static gboolean
read_int(const Single *single, const char *text)
{
    gint64 value;

    if (g_ascii_string_to_signed(text, 10, -G_MAXINT, G_MAXINT, &value, NULL)) {
        *(int *)single->entry->arg_data = (int)value;
        return TRUE;
    }
    verb_complain(0, "--%s %s: expected a whole number up to %d", single->entry->long_name, text, G_MAXINT);
    return FALSE;
}

static gboolean
take_single(const Single *single)
{
    const guint n = single->given ? g_strv_length(single->given) : 0;

    if (n == 0)
        return TRUE;
    if (n > 1) {
        verb_complain(0, "--%s: is given %u times, as %s and %s, expected it once", single->entry->long_name, n,
                      single->given[0], single->given[1]);
        return FALSE;
    }
    if (single->entry->arg == G_OPTION_ARG_INT)
        return read_int(single, single->given[0]);
    *(char **)single->entry->arg_data = g_strdup(single->given[0]);
    return TRUE;
}

static gboolean
take_singles(Single *singles, guint n)
{
    gboolean well = TRUE;

    for (guint i = 0; i < n; i++) {
        well = well && (!singles[i].entry || take_single(&singles[i]));
        g_strfreev(singles[i].given);
    }
    return well;
}

/* GLib would print it and exit, whether it arrives or not. */
static void G_GNUC_NORETURN
help(const GOptionEntry *entries, const char *usage, const char *about)
{
    g_autoptr(GOptionContext) context = g_option_context_new(usage);

    g_option_context_set_description(context, about);
    g_option_context_add_main_entries(context, entries, NULL);
    g_autofree char *text = g_option_context_get_help(context, TRUE, NULL);
    fputs(text, stdout);
    exit(verb_end(EXIT_DONE));
}

/* Who wants to be told instead; NULL: nobody. */
static VerbDescribe asking;
static gpointer asking_data;

void
verb_describe(int (*act)(int argc, char **argv), const char *word, VerbDescribe describe, gpointer data)
{
    g_autofree char *copy = g_strdup(word);
    char *words[] = {copy, NULL};

    asking = describe;
    asking_data = data;
    (void)act(1, words);
    asking = NULL;
}

gboolean
verb_parse(const GOptionEntry *entries, const char *usage, const char *about, int *argc, char ***argv)
{
    if (asking) {
        asking(entries, usage, about, asking_data);
        return FALSE;
    }
    g_autoptr(GOptionContext) context = g_option_context_new(usage);
    g_autoptr(GError) error = NULL;
    g_autofree char *program = g_strconcat("tandem ", (*argv)[0], NULL);
    guint n = 0;
    gboolean asked = FALSE;

    while (entries[n].long_name)
        n++;
    g_autofree Single *singles = g_new0(Single, n + 1);
    g_autoptr(GArray) all = collecting_entries(entries, singles, &asked);
    g_set_prgname(program);
    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_add_main_entries(context, (const GOptionEntry *)(gpointer)all->data, NULL);
    const gboolean well = g_option_context_parse(context, argc, argv, &error);
    if (asked)
        help(entries, usage, about);
    if (!well)
        verb_complain(0, "%s (see %s --help)", error->message, program);
    if (!take_singles(singles, n) || !well)
        return FALSE;
    drop_dashes(argc, *argv);
    return TRUE;
}
