#include "sim/cli/verb.h"
#include "sim/scenario/json_text.h"
#include "sim/scenario/key_text.h"
#include "sim/scenario/profile.h"
#include "sim/specs/key_sections.h"
#include "sim/world/collect.h"

#include <stdio.h>
#include <string.h>

/* One line of a list. */
typedef struct {
    char *name;
    char *text;
} Entry;

static void
clear_entry(gpointer entry)
{
    g_free(((Entry *)entry)->name);
    g_free(((Entry *)entry)->text);
}

static int
compare_entries(gconstpointer a, gconstpointer b)
{
    return strcmp(((const Entry *)a)->name, ((const Entry *)b)->name);
}

static GArray *
new_entries(void)
{
    GArray *entries = g_array_new(FALSE, FALSE, sizeof(Entry));

    g_array_set_clear_func(entries, clear_entry);
    return entries;
}

static void
print_entries(const GArray *entries)
{
    int width = 0;

    for (guint i = 0; i < entries->len; i++)
        width = MAX(width, (int)strlen(g_array_index(entries, Entry, i).name));
    for (guint i = 0; i < entries->len; i++) {
        const Entry *entry = &g_array_index(entries, Entry, i);
        verb_say("%-*s  %s\n", width, entry->name, entry->text);
    }
}

/* Adds every JSON file below a folder of the data folder, named from there on. */
static void
add_files(GArray *entries, const char *folder, const char *key)
{
    g_autofree char *path = g_build_filename(profile_data_folder(), folder, NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *child;

    while (dir && (child = g_dir_read_name(dir))) {
        g_autofree char *name = g_build_filename(folder, child, NULL);
        g_autofree char *file = g_build_filename(path, child, NULL);
        if (g_file_test(file, G_FILE_TEST_IS_DIR)) {
            add_files(entries, name, key);
        } else if (g_str_has_suffix(child, ".json")) {
            const Entry entry = {g_steal_pointer(&name), json_text_line(file, key)};
            g_array_append_val(entries, entry);
        }
    }
    g_array_sort(entries, compare_entries);
}

static void
list_scenarios(void)
{
    g_autoptr(GArray) entries = new_entries();

    add_files(entries, "scenarios", "title");
    print_entries(entries);
}

/* As a scenario names them, after their folder: configs/links/ethernet-100.json is links/ethernet-100. */
static void
list_profiles(void)
{
    g_autoptr(GArray) entries = new_entries();

    add_files(entries, "configs", "description");
    for (guint i = entries->len; i > 0; i--) {
        char *name = g_array_index(entries, Entry, i - 1).name;
        if (g_str_has_prefix(name, "configs/schema/") || g_str_has_prefix(name, "configs/parameters/")) {
            g_array_remove_index(entries, i - 1);
            continue;
        }
        memmove(name, name + strlen("configs/"), strlen(name) - strlen("configs/") + 1);
        name[strlen(name) - strlen(".json")] = '\0';
    }
    print_entries(entries);
}

static void
add_fields(GArray *entries, const Record *record)
{
    for (const RecordField *field = record->fields; field->name; field++) {
        const Entry entry = {g_strdup_printf("%s.%s", record->name, field->name), g_strdup(field->meaning)};
        g_array_append_val(entries, entry);
    }
}

static void
list_metrics(void)
{
    g_autoptr(GArray) entries = new_entries();
    g_autoptr(GPtrArray) records = collect_records();

    for (guint i = 0; i < records->len; i++) {
        const Record *record = g_ptr_array_index(records, i);
        if (!record_is_of_rows(record))
            add_fields(entries, record);
    }
    print_entries(entries);
}

/* A table's line, then one for each of its columns. */
static void
list_tables(void)
{
    g_autoptr(GArray) entries = new_entries();
    g_autoptr(GPtrArray) records = collect_records();

    for (guint i = 0; i < records->len; i++) {
        const Record *record = g_ptr_array_index(records, i);
        if (!record_is_of_rows(record))
            continue;
        const Entry entry = {g_strdup(record->name), g_strdup(record->meaning)};
        g_array_append_val(entries, entry);
        for (const RecordField *field = record->fields; field->name; field++) {
            const Entry column = {g_strconcat("  ", field->name, NULL), g_strdup(field->meaning)};
            g_array_append_val(entries, column);
        }
    }
    print_entries(entries);
}

/* A key as `tandem schema` describes it, and what holds without it. */
static Entry
key_entry(const char *object, const Field *field)
{
    g_autofree char *described = key_text_description(field);
    const char *preset = field->list && !field->preset ? "[]" : field->preset;
    Entry entry = {g_strdup_printf("%s.%s", object, field->key)};

    if (field->required)
        entry.text = g_strconcat(described, ", required", NULL);
    else if (preset)
        entry.text = g_strdup_printf("%s, default %s", described, *preset ? preset : "\"\"");
    else
        entry.text = g_steal_pointer(&described);
    return entry;
}

static void
list_keys(void)
{
    g_autoptr(GArray) entries = new_entries();
    g_autoptr(GArray) sections = key_sections();

    for (guint i = 0; i < sections->len; i++) {
        const KeySection *section = &g_array_index(sections, KeySection, i);
        const Field *field = key_section_fields(section);
        g_autofree char *object = key_section_name(section);
        for (; field && field->key; field++) {
            const Entry entry = key_entry(object, field);
            g_array_append_val(entries, entry);
        }
    }
    print_entries(entries);
}

typedef struct {
    const char *word;
    const char *heading;
    void (*print)(void);
} List;

static const List lists[] = {
    {"scenarios", "scenarios", list_scenarios},
    {"profiles", "profiles, FOLDER/NAME in configs/", list_profiles},
    {"keys", "keys of a scenario, OBJECT.KEY; OBJECT.WORD.KEY where the object's kind is that word", list_keys},
    {"metrics", "metrics of a run (NAME: what the scenario calls it; LEG: vm, vtpm or joint)", list_metrics},
    {"tables", "tables of a run, CSV files with their columns", list_tables},
};

static void
list_everything(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        verb_say("%s%s\n\n", i > 0 ? "\n" : "", lists[i].heading);
        lists[i].print();
    }
}

static int
list(const char *word)
{
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++)
        if (g_str_equal(word, lists[i].word)) {
            lists[i].print();
            return EXIT_DONE;
        }
    return verb_complain(EXIT_BAD_INPUT, "list: no list \"%s\", expected scenarios, profiles, keys, metrics or tables",
                         word);
}

int
verb_list(int argc, char **argv)
{
    const GOptionEntry entries[] = {{NULL}};

    if (!verb_parse(entries, "[scenarios|profiles|keys|metrics|tables]", "Lists what there is, with one line each.",
                    &argc, &argv))
        return EXIT_BAD_INPUT;
    if (argc > 2)
        return verb_complain(EXIT_BAD_INPUT,
                             "list: more than one list, expected scenarios, profiles, keys, metrics or tables");
    if (argc == 2)
        return list(argv[1]);
    list_everything();
    return EXIT_DONE;
}
