#include "tests/fuzz/grammar.h"

#include "sim/scenario/units.h"

#include <math.h>
#include <stdlib.h>

#define DEPTH_MOST 3 /* chosen: no table of today is deeper below what maker.c makes */

/* Keys that only fit with other keys, or cost minutes, or name files. */
static const char *const left_out[] = {"name",
                                       "file",
                                       "uuid",
                                       "vtpm_uuid",
                                       "owner",
                                       "sweep",
                                       "seed",
                                       "held_until",
                                       "phases_order",
                                       "phases_anywhere",
                                       "lasts_law",
                                       "server",
                                       "stations",
                                       "copies",
                                       "key",
                                       "keys",
                                       "host",
                                       "ends",
                                       "verify_memory",
                                       "group_key",
                                       "hypervisor",
                                       "plan_ahead",
                                       "phases",
                                       "guest",
                                       "layout",
                                       "path",
                                       "processors",
                                       "first",
                                       "working_set",
                                       "memory",
                                       "used",
                                       "kind",
                                       "until",
                                       "batch",
                                       "warm_up",
                                       "workload",
                                       "pause",
                                       "mechanism",
                                       "to",
                                       "card",
                                       "page",
                                       "host_page",
                                       "system",
                                       "network",
                                       "modified",
                                       "reading",
                                       "most",
                                       "processor_switch",
                                       "processors_run_guests",
                                       "downtime_most",
                                       "rate_most",
                                       "buffer_most",
                                       NULL};

gboolean
grammar_chance(RandomStream *random, double probability)
{
    return random_unit(random) < probability;
}

guint
grammar_between(RandomStream *random, guint from, guint to)
{
    return from + (guint)random_below(random, to - from + 1);
}

double
grammar_scale(RandomStream *random, double least, double most)
{
    return least * pow(most / least, random_unit(random));
}

/* ---- numbers ---- */

static gboolean
is_quantity(FieldKind kind)
{
    return kind == FIELD_KIND_SIZE || kind == FIELD_KIND_DATA_RATE || kind == FIELD_KIND_TIME ||
           kind == FIELD_KIND_FREQUENCY;
}

static UnitsDimension
dimension_of(FieldKind kind)
{
    switch (kind) {
    case FIELD_KIND_SIZE:
        return UNITS_SIZE;
    case FIELD_KIND_DATA_RATE:
        return UNITS_DATA_RATE;
    case FIELD_KIND_TIME:
        return UNITS_TIME;
    default:
        return UNITS_FREQUENCY;
    }
}

/* A bound or default as the table writes it; NAN: none. */
static double
number_of(FieldKind kind, const char *text)
{
    double value;

    if (!text)
        return NAN;
    if (!is_quantity(kind))
        return g_ascii_strtod(text, NULL);
    return units_parse(text, dimension_of(kind), &value, NULL) ? value : NAN;
}

/* What a key without a default, or with 0, may be like. */
static double
usual_of(FieldKind kind)
{
    switch (kind) {
    case FIELD_KIND_SIZE:
        return 4096;
    case FIELD_KIND_DATA_RATE:
        return 12.5e6;
    case FIELD_KIND_TIME:
        return 0.01;
    case FIELD_KIND_FREQUENCY:
        return 1000;
    default:
        return 1;
    }
}

static double
within_bounds(const Field *field, double value)
{
    const double min = number_of(field->kind, field->min), above = number_of(field->kind, field->above);
    const double max = number_of(field->kind, field->max), below = number_of(field->kind, field->below);

    if (value > max)
        value = max;
    if (value >= below)
        value = isnan(above) ? below / 2 : (below + above) / 2;
    if (value < min)
        value = min;
    if (value <= above)
        value = above + (isnan(max) ? usual_of(field->kind) : (max - above) / 2);
    return value;
}

/* Mostly around the default; sometimes a bound, or nothing at all. */
static double
draw_number(RandomStream *random, const Field *field)
{
    const double preset = number_of(field->kind, field->preset);
    const double usual = preset > 0 ? preset : usual_of(field->kind);
    const double bounds[] = {number_of(field->kind, field->min), number_of(field->kind, field->max), 0, 1};
    double value = usual * pow(2, 12 * random_unit(random) - 6);

    /* a bound that is far off (16 TiB on the wire) costs years of simulated time */
    if (grammar_chance(random, 0.15))
        value = bounds[random_below(random, bounds[1] > 64 * usual ? 1 : 2)];
    if (isnan(value) || grammar_chance(random, 0.05))
        value = bounds[2 + random_below(random, 2)];
    if (field->kind == FIELD_KIND_INTEGER || field->kind == FIELD_KIND_SIZE)
        value = floor(value);
    return within_bounds(field, value);
}

static cJSON *
draw_quantity(RandomStream *random, const Field *field)
{
    double value = draw_number(random, field);

    if (field->kind == FIELD_KIND_SIZE)
        value = ceil(value);
    g_autofree char *text = units_print(value, dimension_of(field->kind));
    return cJSON_CreateString(text);
}

/* ---- other kinds ---- */

static cJSON *
draw_word(RandomStream *random, const char *const *words)
{
    guint n = 0;

    while (words[n])
        n++;
    return cJSON_CreateString(words[random_below(random, n)]);
}

/* Texts that a reader has to put in quotes, and one that is long. */
static cJSON *
draw_text(RandomStream *random)
{
    static const char *const texts[] = {"plain", "with a blank",         "a, comma", "\"quoted\"",
                                        "=1+1",  "\xc3\xa4\xe2\x82\xac", ""};

    return cJSON_CreateString(texts[random_below(random, G_N_ELEMENTS(texts))]);
}

/* A name in one of the lists, "/hosts /switches"; NULL: they are empty. */
static cJSON *
draw_reference(RandomStream *random, const Field *field, const cJSON *root)
{
    g_auto(GStrv) lists = g_strsplit(field->refers, " ", 0);
    const char *list = lists[random_below(random, g_strv_length(lists))] + 1;
    const cJSON *all = cJSON_GetObjectItemCaseSensitive(root, list);
    const int n = cJSON_GetArraySize(all);

    if (n == 0)
        return NULL;
    const cJSON *chosen = cJSON_GetArrayItem(all, (int)random_below(random, (guint64)n));
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(chosen, "name");
    return name ? cJSON_CreateString(name->valuestring) : NULL;
}

static cJSON *draw_object(RandomStream *random, const FieldTable *table, const cJSON *root, guint depth);

/* NULL: nothing fits. */
static cJSON *
draw_value(RandomStream *random, const Field *field, const cJSON *root, guint depth)
{
    switch (field->kind) {
    case FIELD_KIND_BOOLEAN:
        return cJSON_CreateBool(grammar_chance(random, 0.5));
    case FIELD_KIND_INTEGER:
    case FIELD_KIND_NUMBER:
        return cJSON_CreateNumber(draw_number(random, field));
    case FIELD_KIND_SIZE:
    case FIELD_KIND_DATA_RATE:
    case FIELD_KIND_TIME:
    case FIELD_KIND_FREQUENCY:
        return draw_quantity(random, field);
    case FIELD_KIND_STRING:
        return draw_text(random);
    case FIELD_KIND_REFERENCE:
        return draw_reference(random, field, root);
    case FIELD_KIND_ENUM:
        return draw_word(random, field->words);
    case FIELD_KIND_OBJECT:
        return draw_object(random, field->table, root, depth + 1);
    case FIELD_KIND_NAME:
    case FIELD_KIND_VALUE:
        break;
    }
    return NULL;
}

static cJSON *
draw_list(RandomStream *random, const Field *field, const cJSON *root, guint depth)
{
    cJSON *list = cJSON_CreateArray();
    const guint most = field->max_items > 0 ? MIN(field->max_items, 3) : 3;
    const guint n = grammar_between(random, field->min_items, MAX(most, field->min_items));

    for (guint i = 0; i < n; i++) {
        cJSON *value = draw_value(random, field, root, depth);
        if (value)
            cJSON_AddItemToArray(list, value);
    }
    return list;
}

static void
add_fields(RandomStream *random, const Field *fields, cJSON *object, const cJSON *root, double probability, guint depth)
{
    for (const Field *field = fields; field && field->key; field++) {
        const gboolean wanted = grammar_chance(random, field->required ? 1 : probability);
        if (!wanted || cJSON_HasObjectItem(object, field->key) || g_strv_contains(left_out, field->key))
            continue;
        cJSON *value = field->list ? draw_list(random, field, root, depth) : draw_value(random, field, root, depth);
        if (value)
            cJSON_AddItemToObject(object, field->key, value);
    }
}

static void
decorate(RandomStream *random, const FieldTable *table, const char *word, cJSON *object, const cJSON *root,
         double probability, guint depth)
{
    if (depth > DEPTH_MOST)
        return;
    add_fields(random, table->fields, object, root, probability, depth);
    const FieldCase *chosen = word ? fields_case(table, word) : NULL;
    if (chosen)
        add_fields(random, chosen->fields, object, root, probability, depth);
}

/* Of a tagged table one of the cases. */
static cJSON *
draw_object(RandomStream *random, const FieldTable *table, const cJSON *root, guint depth)
{
    cJSON *object = cJSON_CreateObject();
    const char *word = NULL;
    guint n = 0;

    while (table->cases && table->cases[n].word)
        n++;
    if (n > 0) {
        word = table->cases[random_below(random, n)].word;
        cJSON_AddStringToObject(object, table->tag, word);
    }
    decorate(random, table, word, object, root, 0.3, depth);
    return object;
}

void
grammar_decorate(RandomStream *random, const FieldTable *table, const char *word, cJSON *object, const cJSON *root,
                 double probability)
{
    decorate(random, table, word, object, root, probability, 0);
}
