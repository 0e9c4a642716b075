#include "sim/claims/paper.h"
#include "sim/cli/data_lists.h"
#include "sim/cli/entries.h"
#include "sim/cli/verb.h"
#include "sim/cli/verbs.h"
#include "sim/report/phrase.h"
#include "sim/scenario/key_text.h"
#include "sim/scenario/profile.h"
#include "sim/scenario/wording.h"
#include "sim/specs/key_sections.h"
#include "sim/specs/scenario_spec.h"
#include "sim/world/collect.h"

static Language list_language; /* of what metrics mean; one command, one language */

/* ---- metrics and tables of runs ---- */

static void
add_fields(GArray *entries, const Record *record)
{
    for (const RecordField *field = record->fields; field->name; field++) {
        entries_take(entries, g_strdup_printf("%s.%s", record->name, field->name),
                     g_strdup(phrase_say(field->meaning, list_language)));
    }
}

static void
add_metrics(GArray *entries)
{
    g_autoptr(GPtrArray) records = collect_records();

    for (guint i = 0; i < records->len; i++) {
        const Record *record = g_ptr_array_index(records, i);
        if (!record_is_of_rows(record))
            add_fields(entries, record);
    }
}

/* A table's line, then one for each of its columns. */
static void
add_tables(GArray *entries)
{
    g_autoptr(GPtrArray) records = collect_records();

    for (guint i = 0; i < records->len; i++) {
        const Record *record = g_ptr_array_index(records, i);
        if (!record_is_of_rows(record))
            continue;
        entries_take(entries, g_strdup(record->name), g_strdup(record->meaning));
        for (const RecordField *field = record->fields; field->name; field++)
            entries_take(entries, g_strconcat("  ", field->name, NULL), g_strdup(field->meaning));
    }
}

/* ---- keys of scenarios ---- */

/* A key as `tandem schema` describes it, and what holds without it. */
static void
add_key(GArray *entries, const char *object, const Field *field)
{
    g_autofree char *described = key_text_description(field);
    const char *preset = field->list && !field->preset ? "[]" : field->preset;
    char *name = g_strdup_printf("%s.%s", object, field->key);

    if (field->required)
        entries_take(entries, name, g_strconcat(described, ", required", NULL));
    else if (preset)
        entries_take(entries, name, g_strdup_printf("%s, default %s", described, *preset ? preset : "\"\""));
    else
        entries_take(entries, name, g_steal_pointer(&described));
}

static void
add_keys(GArray *entries)
{
    g_autoptr(GArray) sections = key_sections();

    for (guint i = 0; i < sections->len; i++) {
        const KeySection *section = &g_array_index(sections, KeySection, i);
        const Field *field = key_section_fields(section);
        g_autofree char *object = key_section_name(section);
        for (; field && field->key; field++)
            add_key(entries, object, field);
    }
}

static void
add_actions(GArray *entries)
{
    const FieldTable *table = fields_find(scenario_table(), NULL, "timeline")->table;

    for (const FieldCase *action = table->cases; action->word; action++)
        entries_take(entries, g_strdup(action->word), g_strdup(action->help));
}

/* ---- what there is in the program ---- */

static void
add_papers(GArray *entries)
{
    for (const Paper *paper = papers; paper->name; paper++)
        entries_take(entries, g_strdup(paper->name), g_strdup(paper->title));
}

static void
add_verbs(GArray *entries)
{
    for (const Verb *verb = verbs; verb->word; verb++)
        entries_take(entries, g_strdup(verb->word), g_strdup(verb->about));
}

static void
add_all_profiles(GArray *entries)
{
    data_lists_add_profiles(entries, NULL);
}

typedef struct {
    const char *word;
    const char *heading;
    void (*add)(GArray *entries);
} List;

static void add_kinds(GArray *entries);

static const List lists[] = {
    {"scenarios", "scenarios", data_lists_add_scenarios},
    {"profiles", "profiles, FOLDER/NAME in configs/", add_all_profiles},
    {"keys", "keys of a scenario, OBJECT.KEY; OBJECT.WORD.KEY where the object's kind is that word", add_keys},
    {"metrics", "metrics of a run (NAME: what the scenario calls it; LEG: vm, vtpm or joint)", add_metrics},
    {"tables", "tables of a run, CSV files with their columns", add_tables},
    {"actions", "words of the time line", add_actions},
    {"templates", "templates, for tandem new", data_lists_add_templates},
    {"papers", "papers that tandem reproduce knows", add_papers},
    {"claims", "claims of the papers, by id or pattern, with their mechanisms", data_lists_add_claims},
    {"parameters", "fitted and assumed parameters, PAPER/NAME, for tandem sensitivity --parameter NAME",
     data_lists_add_parameters},
    {"verbs", "verbs of the command line", add_verbs},
    {"kinds", "kinds of lists", add_kinds},
};

/* ---- lists by kind ---- */

/* Folders of profiles, each once, sorted. (transfer container) */
static GPtrArray *
profile_folders(void)
{
    g_autoptr(GArray) sections = key_sections();
    GPtrArray *folders = g_ptr_array_new();

    for (guint i = 0; i < sections->len; i++) {
        const char *folder = g_array_index(sections, KeySection, i).table->profiles;
        if (folder && !g_ptr_array_find_with_equal_func(folders, folder, g_str_equal, NULL))
            g_ptr_array_add(folders, (char *)folder);
    }
    g_ptr_array_sort(folders, wording_order);
    return folders;
}

static void
add_kinds(GArray *entries)
{
    g_autoptr(GPtrArray) folders = profile_folders();

    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++)
        entries_take(entries, g_strdup(lists[i].word), g_strdup(lists[i].heading));
    for (guint i = 0; i < folders->len; i++) {
        const char *folder = g_ptr_array_index(folders, i);
        entries_take(entries, g_strdup(folder), g_strdup_printf("profiles in configs/%s", folder));
    }
}

static void
print_list(const List *list)
{
    g_autoptr(GArray) entries = entries_new();

    list->add(entries);
    entries_print(entries);
}

static void
list_everything(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        verb_say("%s%s\n\n", i > 0 ? "\n" : "", lists[i].heading);
        print_list(&lists[i]);
    }
}

static int
list(const char *word)
{
    g_autoptr(GPtrArray) folders = profile_folders();
    g_autoptr(GArray) entries = entries_new();

    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++)
        if (g_str_equal(word, lists[i].word)) {
            print_list(&lists[i]);
            return EXIT_DONE;
        }
    if (g_ptr_array_find_with_equal_func(folders, word, g_str_equal, NULL)) {
        data_lists_add_profiles(entries, word);
        entries_print(entries);
        return EXIT_DONE;
    }
    add_kinds(entries);
    g_autofree const char **kinds = g_new0(const char *, entries->len + 1);
    for (guint i = 0; i < entries->len; i++)
        kinds[i] = g_array_index(entries, Entry, i).name;
    g_autofree char *choice = wording_choice(word, kinds);
    return verb_complain(EXIT_BAD_INPUT, "list: no list \"%s\", %s", word, choice);
}

int
verb_list(int argc, char **argv)
{
    g_autofree char *lang = NULL;
    const GOptionEntry entries[] = {
        {"lang", 0, 0, G_OPTION_ARG_STRING, &lang, "of what metrics mean (default en)", "en|zh"},
        {NULL},
    };

    if (!verb_parse(
            entries, "[KIND]",
            "Lists what there is, with one line each: of one kind (tandem list kinds names them), or of all. Profiles "
            "are those that a scenario in this folder finds.",
            &argc, &argv))
        return EXIT_BAD_INPUT;
    if (lang && !label_language(lang, &list_language))
        return verb_complain(EXIT_BAD_INPUT, "--lang %s: expected en or zh", lang);
    if (argc > 2)
        return verb_complain(EXIT_BAD_INPUT,
                             "list: more than one list, expected one of those that tandem list kinds names");
    profile_look_beside((const char *const[]){".", NULL});
    if (argc == 2)
        return list(argv[1]);
    list_everything();
    return EXIT_DONE;
}
