#include "sim/specs/keys_page.h"

#include "sim/scenario/json_text.h"
#include "sim/scenario/key_text.h"
#include "sim/scenario/profile.h"
#include "sim/specs/key_sections.h"

#include <string.h>

static const char opening[] =
    "# Keys of a scenario\n\n"
    "Every key of a scenario file, object by object; `tandem list keys` prints each in a line. How quantities, names,\n"
    "profiles and defaults are written is in [scenario files](scenario-format.md). A key without a default (–) may be left\n"
    "out, and its meaning says what holds then. This page is made from the tables that the reader uses: after a change of\n"
    "one, `TANDEM_UPDATE=1 build/dev/tests/test_keys_page` writes it anew.\n\n";

/* What each English text of the page is called; of a page in English the text itself. Set while a page is made. */
static const char *(*say)(const char *english);

static const char *
say_as_it_is(const char *english)
{
    return english;
}

/* ---- words ---- */

/* Text in a cell, or in a line, of Markdown. */
static void
append_plain(GString *page, const char *text)
{
    for (; text && *text; text++) {
        if (strchr("|<*\\", *text))
            g_string_append_c(page, '\\');
        g_string_append_c(page, *text);
    }
}

static void
append_sentence(GString *page, const char *text)
{
    const char *said = say(text);

    g_string_append_c(page, g_ascii_toupper(said[0]));
    append_plain(page, said + 1);
    g_string_append(page, say("."));
}

static void
append_words(GString *page, const char *before, const char *const *words)
{
    for (; *words; words++, before = ", ")
        g_string_append_printf(page, "%s`%s`", before, *words);
}

static char *
heading(const KeySection *section)
{
    return section->chosen ? g_strdup_printf("%s: %s", section->table->id, section->chosen->word)
                           : g_strdup(section->table->id);
}

/* Leads to the section's heading: of "workload: zipf" a page's reader makes #workload-zipf. */
static void
append_link(GString *page, const char *label, const KeySection *section)
{
    g_string_append_printf(page, "[%s](#%s", label, section->table->id);
    if (section->chosen)
        g_string_append_printf(page, "-%s", section->chosen->word);
    g_string_append_c(page, ')');
}

static void
append_link_by_heading(GString *page, const KeySection *section)
{
    g_autofree char *title = heading(section);

    append_link(page, title, section);
}

static gboolean
has_keys(const KeySection *section)
{
    const Field *fields = key_section_fields(section);

    return !section->chosen || (fields && fields->key);
}

/* ---- a key's row ---- */

static void
append_items(GString *page, const Field *field)
{
    if (!field->list)
        return;
    g_string_append(page, say("a list"));
    if (field->min_items && field->min_items == field->max_items)
        g_string_append_printf(page, say(" of %u"), field->min_items);
    else if (field->min_items)
        g_string_append_printf(page, say(" of at least %u"), field->min_items);
    else if (field->max_items)
        g_string_append_printf(page, say(" of at most %u"), field->max_items);
    g_string_append(page, say(", each "));
}

static void
append_bounds(GString *page, const Field *field)
{
    static const char *const relations[] = {"; at least ", "; more than ", "; at most ", "; less than "};
    g_autoptr(GString) bounds = g_string_new(NULL);

    key_text_append_bounds(bounds, field);
    for (gsize i = 0; i < G_N_ELEMENTS(relations); i++)
        g_string_replace(bounds, relations[i], say(relations[i]), 0);
    g_string_append(page, bounds->str);
}

static void
append_value(GString *page, const Field *field)
{
    const KeySection section = {NULL, field->table, NULL};
    g_autofree char *expected = key_text_expected_value(field);

    append_items(page, field);
    if (field->kind == FIELD_KIND_NAME) {
        g_string_append(page, say("a name"));
    } else if (field->kind == FIELD_KIND_REFERENCE) {
        g_auto(GStrv) lists = g_strsplit(field->refers, " ", -1);
        append_words(page, say("a name in "), (const char *const *)lists);
    } else if (field->kind == FIELD_KIND_ENUM) {
        append_words(page, say("one of "), field->words);
    } else if (field->kind == FIELD_KIND_OBJECT) {
        append_link_by_heading(page, &section);
        g_string_append(page, field->table->profiles ? say(", or the name of a profile") : "");
    } else {
        append_plain(page, say(expected));
    }
    append_bounds(page, field);
}

static void
append_default(GString *page, const Field *field)
{
    g_autoptr(cJSON) preset = fields_preset(field);
    char *text = preset ? cJSON_PrintUnformatted(preset) : NULL;

    if (field->required)
        g_string_append(page, say("required"));
    else if (text)
        g_string_append_printf(page, "`%s`", text);
    else
        g_string_append(page, "–");
    cJSON_free(text);
}

static void
append_keys(GString *page, const Field *fields)
{
    if (!fields || !fields->key)
        return;
    g_string_append(page, say("| key | value | default | meaning |"));
    g_string_append(page, "\n|---|---|---|---|\n");
    for (; fields->key; fields++) {
        g_string_append_printf(page, "| `%s` | ", fields->key);
        append_value(page, fields);
        g_string_append(page, " | ");
        append_default(page, fields);
        g_string_append(page, " | ");
        append_plain(page, say(fields->help));
        g_string_append(page, " |\n");
    }
    g_string_append_c(page, '\n');
}

/* ---- an object's section ---- */

static void
append_place(GString *page, const KeySection *holder, const FieldTable *table, const char **before)
{
    const Field *field = key_section_fields(holder);
    gboolean holds = FALSE;

    for (; field && field->key; field++) {
        if (field->table != table)
            continue;
        g_string_append_printf(page, "%s`%s`", *before, field->key);
        *before = ", ";
        holds = TRUE;
    }
    if (!holds)
        return;
    g_string_append(page, say(" of "));
    append_link_by_heading(page, holder);
}

/* The keys whose values are such objects. */
static void
append_places(GString *page, const GArray *sections, const FieldTable *table)
{
    const char *before = say(" Stands in ");

    for (guint i = 0; i < sections->len; i++)
        append_place(page, &g_array_index(sections, KeySection, i), table, &before);
    if (before[0] == ',')
        g_string_append(page, say("."));
}

static void
append_word(GString *page, const KeySection *section)
{
    g_autofree char *word = g_strdup_printf("`%s`", section->chosen->word);

    g_string_append(page, "| ");
    if (has_keys(section))
        append_link(page, word, section);
    else
        g_string_append(page, word);
    g_string_append(page, " | ");
    append_plain(page, say(section->chosen->help));
    g_string_append(page, " |\n");
}

static void
append_choice(GString *page, const FieldTable *table)
{
    if (!table->tag)
        return;
    g_string_append_printf(page, say("`%s` chooses further keys ("), table->tag);
    if (table->tag_preset)
        g_string_append_printf(page, say("default: `\"%s\"`"), table->tag_preset);
    else
        g_string_append(page, say("required"));
    g_string_append_printf(page, "%s\n\n| `%s` | %s |\n|---|---|\n", say("):"), table->tag, say("meaning"));
    for (const FieldCase *c = table->cases; c->word; c++) {
        const KeySection section = {NULL, table, c};
        append_word(page, &section);
    }
    g_string_append_c(page, '\n');
}

static void
append_profiles(GString *page, const char *folder)
{
    g_auto(GStrv) names = folder ? profile_names(folder) : NULL;

    if (!names || !names[0])
        return;
    if (say != say_as_it_is) { /* what profiles say of themselves is English: their names are enough */
        append_words(page, say("Profiles: "), (const char *const *)names);
        g_string_append(page, "\n\n");
        return;
    }
    g_string_append_printf(page, "| profile in `configs/%s` | holds |\n|---|---|\n", folder);
    for (char **name = names; *name; name++) {
        g_autofree char *file = profile_file(folder, *name);
        g_autofree char *text = json_text_line(file, "description");
        g_string_append_printf(page, "| `%s` | ", *name);
        append_plain(page, text);
        g_string_append(page, " |\n");
    }
    g_string_append_c(page, '\n');
}

static void
append_group(GString *page)
{
    const KeySection group = {NULL, &group_table, NULL};

    g_string_append(page, say(" May be a "));
    append_link_by_heading(page, &group);
    g_string_append(page, say("."));
}

static void
append_section(GString *page, const GArray *sections, const KeySection *section)
{
    g_autofree char *title = heading(section);

    if (!has_keys(section))
        return;
    g_string_append_printf(page, "### %s\n\n", title);
    append_sentence(page, section->chosen ? section->chosen->help : section->table->help);
    if (!section->chosen)
        append_places(page, sections, section->table);
    if (!section->chosen && section->table->groups)
        append_group(page);
    g_string_append(page, "\n\n");
    append_keys(page, key_section_fields(section));
    if (!section->chosen) {
        append_choice(page, section->table);
        append_profiles(page, section->table->profiles);
    }
}

/* ---- the page ---- */

static gboolean
begins_part(const GArray *sections, guint i)
{
    const KeySection *section = &g_array_index(sections, KeySection, i);

    return i == 0 || section->part != (section - 1)->part;
}

static void
append_contents(GString *page, const GArray *sections)
{
    g_string_append_printf(page, "%s\n|---|---|\n", say("| keys of | objects |"));
    for (guint i = 0; i < sections->len; i++) {
        const KeySection *section = &g_array_index(sections, KeySection, i);
        const gboolean first = begins_part(sections, i);
        if (!has_keys(section))
            continue;
        if (first)
            g_string_append_printf(page, "%s| %s | ", i > 0 ? " |\n" : "",
                                   section->part ? section->part : say("the core"));
        g_string_append(page, first ? "" : ", ");
        append_link_by_heading(page, section);
    }
    g_string_append(page, " |\n\n");
}

char *
keys_page_text(const char *(*words)(const char *english))
{
    g_autoptr(GArray) sections = key_sections();

    say = words ? words : say_as_it_is;
    GString *page = g_string_new(say(opening));

    append_contents(page, sections);
    for (guint i = 0; i < sections->len; i++) {
        const KeySection *section = &g_array_index(sections, KeySection, i);
        if (begins_part(sections, i) && section->part)
            g_string_append_printf(page, "## %s%s\n\n", say("Part: "), section->part);
        else if (begins_part(sections, i))
            g_string_append_printf(page, "## %s\n\n", say("The core"));
        append_section(page, sections, section);
    }
    g_string_truncate(page, page->len - 1); /* the empty line at the end */
    return g_string_free(page, FALSE);
}
