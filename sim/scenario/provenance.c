#include "sim/scenario/provenance.h"

#include <string.h>

typedef struct {
    char *path, *digest;
} Source;

static GString *command;
static GArray *sources; /* of Source; NULL: nothing is noted */

static void
clear_source(gpointer data)
{
    Source *source = data;

    g_free(source->path);
    g_free(source->digest);
}

/* A word with a line's end or another control character, as $'…' has it: run.log keeps a command on one line, and shows
 * its bytes rather than hold them. */
static char *
quote_controls(const char *word)
{
    GString *quoted = g_string_new("$'");

    for (const char *c = word; *c; c++) {
        if (g_ascii_iscntrl(*c))
            g_string_append_printf(quoted, "\\%03o", (guint8)*c);
        else
            g_string_append_printf(quoted, *c == '\'' || *c == '\\' ? "\\%c" : "%c", *c);
    }
    g_string_append_c(quoted, '\'');
    return g_string_free(quoted, FALSE);
}

static gboolean
has_controls(const char *word)
{
    for (; *word; word++)
        if (g_ascii_iscntrl(*word))
            return TRUE;
    return FALSE;
}

static const char plain[] = G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_./=,:+@%";

/* Behind a quoted piece that begins at text; NULL: it does not end. escapes: of $'…', in which a backslash takes the
 * next letter with it. */
static const char *
end_of_quote(const char *text, gboolean escapes)
{
    for (; *text && *text != '\''; text++)
        if (escapes && *text == '\\' && text[1])
            text++;
    return *text ? text + 1 : NULL;
}

gboolean
provenance_is_command(const char *text)
{
    if (!g_str_has_prefix(text, "tandem "))
        return FALSE;
    while (text && *text) {
        if (*text == ' ' || strchr(plain, *text))
            text++;
        else if (*text == '\\' && text[1] == '\'') /* g_shell_quote()'s way out of its quotes and back */
            text += 2;
        else if (*text == '\'')
            text = end_of_quote(text + 1, FALSE);
        else if (text[0] == '$' && text[1] == '\'')
            text = end_of_quote(text + 2, TRUE);
        else
            return FALSE;
    }
    return text != NULL;
}

/* A word that no shell takes for anything else stays as it is, so that the command is read easily. */
void
provenance_append_word(GString *text, const char *word)
{
    g_autofree char *quoted = has_controls(word) ? quote_controls(word) : g_shell_quote(word);

    g_string_append_printf(text, " %s", *word && word[strspn(word, plain)] == '\0' ? word : quoted);
}

void
provenance_begin(int argc, char **argv)
{
    if (command)
        g_string_free(command, TRUE);
    command = g_string_new("tandem");
    for (int i = 0; i < argc; i++)
        provenance_append_word(command, argv[i]);
    g_clear_pointer(&sources, g_array_unref);
    sources = g_array_new(FALSE, FALSE, sizeof(Source));
    g_array_set_clear_func(sources, clear_source);
}

const char *
provenance_command(void)
{
    return command ? command->str : "tandem";
}

static gboolean
is_noted(const Source *source)
{
    for (guint i = 0; i < sources->len; i++) {
        const Source *known = &g_array_index(sources, Source, i);
        if (g_str_equal(known->path, source->path) && g_str_equal(known->digest, source->digest))
            return TRUE;
    }
    return FALSE;
}

void
provenance_note(const char *path, const void *data, gsize length)
{
    if (!sources)
        return;
    Source source = {g_strdup(path), g_compute_checksum_for_data(G_CHECKSUM_SHA256, data, length)};
    if (is_noted(&source))
        clear_source(&source);
    else
        g_array_append_val(sources, source);
}

void
provenance_append_line(GString *log, const char *key, const char *text)
{
    g_string_append_printf(log, "%s ", key);
    for (const char *c = text; *c; c++) {
        if (*c == '\n')
            g_string_append(log, "\\n");
        else if (g_ascii_iscntrl(*c))
            g_string_append_printf(log, "\\%03o", (guint8)*c);
        else
            g_string_append_c(log, *c);
    }
    g_string_append_c(log, '\n');
}

void
provenance_foreach_file(void (*each)(const char *path, const char *digest, gpointer data), gpointer data)
{
    for (guint i = 0; sources && i < sources->len; i++) {
        const Source *source = &g_array_index(sources, Source, i);
        each(source->path, source->digest, data);
    }
}
