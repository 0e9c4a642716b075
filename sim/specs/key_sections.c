#include "sim/specs/key_sections.h"

#include "sim/scenario/law.h"
#include "sim/specs/part_keys.h"
#include "sim/specs/scenario_spec.h"
#include "sim/specs/sweep_spec.h"

typedef struct {
    GArray *sections;
    GHashTable *seen;            /* ids of tables */
    const FieldTable *time_line; /* table of the actions */
} Walk;

static void walk_table(Walk *walk, const FieldTable *table, const char *part);

static gboolean
has_word(const FieldCase *cases, const char *word)
{
    for (; cases && cases->word; cases++)
        if (g_str_equal(cases->word, word))
            return TRUE;
    return FALSE;
}

static gboolean
has_key(const Field *fields, const char *key)
{
    for (; fields && fields->key; fields++)
        if (g_str_equal(fields->key, key))
            return TRUE;
    return FALSE;
}

static gboolean
is_word_of_part(const char *word)
{
    for (const PartKeys *const *part = part_keys_all(); *part; part++)
        if (has_word((*part)->actions, word))
            return TRUE;
    return FALSE;
}

static gboolean
is_key_of_part(const char *key)
{
    for (const PartKeys *const *part = part_keys_all(); *part; part++)
        if (has_key((*part)->fields, key))
            return TRUE;
    return FALSE;
}

static void
walk_fields(Walk *walk, const Field *fields, const char *part)
{
    for (; fields && fields->key; fields++)
        if (fields->table)
            walk_table(walk, fields->table, part);
}

static void
add_section(Walk *walk, const FieldTable *table, const FieldCase *chosen, const char *part)
{
    const KeySection section = {part, table, chosen};

    g_array_append_val(walk->sections, section);
}

/* The sections of the object, then those of the objects that stand in it. */
static void
walk_table(Walk *walk, const FieldTable *table, const char *part)
{
    if (!g_hash_table_add(walk->seen, (gpointer)table->id))
        return;
    add_section(walk, table, NULL, part);
    for (const FieldCase *c = table->cases; c && c->word; c++)
        if (table != walk->time_line || !is_word_of_part(c->word))
            add_section(walk, table, c, part);
    walk_fields(walk, table->fields, part);
    for (const FieldCase *c = table->cases; c && c->word; c++)
        if (table != walk->time_line || !is_word_of_part(c->word))
            walk_fields(walk, c->fields, part);
}

static void
walk_core(Walk *walk)
{
    const FieldTable *root = scenario_table();

    g_hash_table_add(walk->seen, (gpointer)root->id);
    add_section(walk, root, NULL, NULL);
    for (const Field *field = root->fields; field->key; field++)
        if (field->table && !is_key_of_part(field->key))
            walk_table(walk, field->table, NULL);
    walk_table(walk, &group_table, NULL);
    walk_table(walk, &law_table, NULL);
    walk_table(walk, &sweep_file_table, NULL);
}

static void
walk_part(Walk *walk, const PartKeys *part)
{
    walk_fields(walk, part->fields, part->name);
    for (const FieldCase *own = part->actions; own && own->word; own++) {
        add_section(walk, walk->time_line, fields_case(walk->time_line, own->word), part->name);
        walk_fields(walk, own->fields, part->name);
    }
}

GArray *
key_sections(void)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    Walk walk = {g_array_new(FALSE, FALSE, sizeof(KeySection)), seen,
                 fields_find(scenario_table(), NULL, "timeline")->table};

    walk_core(&walk);
    for (const PartKeys *const *part = part_keys_all(); *part; part++)
        walk_part(&walk, *part);
    return walk.sections;
}

const Field *
key_section_fields(const KeySection *section)
{
    return section->chosen ? section->chosen->fields : section->table->fields;
}

char *
key_section_name(const KeySection *section)
{
    return section->chosen ? g_strdup_printf("%s.%s", section->table->id, section->chosen->word)
                           : g_strdup(section->table->id);
}
