#include "sim/cli/data_lists.h"
#include "sim/cli/entries.h"
#include "sim/cli/verb.h"
#include "sim/output/files.h"
#include "sim/scenario/data_folder.h"
#include "sim/scenario/scalar.h"
#include "sim/scenario/wording.h"

#include <stdio.h>
#include <string.h>

#define SCHEMA_FROM_TEMPLATES "../../configs/schema/scenario.schema.json"

/* The template's text for a file that lies anywhere: its schema is named by the place where it is. (transfer full) */
static char *
moved(const char *text)
{
    g_autofree char *found = data_folder_file("configs/schema/scenario.schema.json");
    g_autofree char *schema = g_canonicalize_filename(found, NULL);
    g_autofree char *uri = g_filename_to_uri(schema, NULL, NULL);
    GString *whole = g_string_new(text);

    g_string_replace(whole, SCHEMA_FROM_TEMPLATES, uri ? uri : schema, 1);
    return g_string_free(whole, FALSE);
}

static int
fail_template(const char *name)
{
    g_autoptr(GArray) entries = entries_new();

    data_lists_add_templates(entries);
    g_autofree const char **names = g_new0(const char *, entries->len + 1);
    for (guint i = 0; i < entries->len; i++)
        names[i] = g_array_index(entries, Entry, i).name;
    g_autofree char *quoted = wording_quote(name);
    g_autofree char *choice = wording_choice(name, names);
    return verb_complain(EXIT_BAD_INPUT, "new: no template %s, %s", quoted, choice);
}

static int
make(const char *name, const char *out)
{
    g_autofree char *file = g_strdup_printf("scenarios/templates/%s.json", name);
    g_autofree char *path = data_folder_file(file), *text = NULL;
    g_autoptr(GError) error = NULL;

    if (!scalar_is_name(name) || !g_file_test(path, G_FILE_TEST_EXISTS))
        return fail_template(name);
    if (!files_read(path, &text, NULL, &error))
        return verb_fail(EXIT_OTHER, error);
    g_autofree char *whole = moved(text);
    if (!out) {
        fputs(whole, stdout);
        return EXIT_DONE;
    }
    if (g_file_test(out, G_FILE_TEST_EXISTS))
        return verb_complain(EXIT_BAD_INPUT, "new: %s: is there already, expected the name of a new file", out);
    if (!files_write_text(out, whole, &error))
        return verb_fail_writing(error);
    verb_say("%s: from the template %s; tandem check %s, tandem run %s --out DIR\n", out, name, out, out);
    return EXIT_DONE;
}

int
verb_new(int argc, char **argv)
{
    const GOptionEntry entries[] = {{NULL}};

    if (!verb_parse(
            entries, "TEMPLATE [FILE]",
            "Writes a scenario to begin with, whose comments say what is what, into a new FILE, or prints it; tandem "
            "list templates says what there is.",
            &argc, &argv))
        return EXIT_BAD_INPUT;
    if (argc < 2 || argc > 3)
        return verb_complain(EXIT_BAD_INPUT,
                             "new: %d words given, expected a template and a file (see tandem list templates)",
                             argc - 1);
    return make(argv[1], argv[2]);
}
