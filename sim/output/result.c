#include "sim/output/result.h"

#include "sim/output/exact.h"
#include "sim/output/files.h"
#include "sim/output/inert.h"
#include "sim/version.h"

#include <math.h>
#include <string.h>

#define SCENARIO  "scenario"
#define COMPLETED ".completed"

struct Result {
    cJSON *json;       /* owned: what result.json holds */
    cJSON *metrics;    /* in json */
    cJSON *invariants; /* in json */
    cJSON *tables;     /* owned: file name to text */
    GString *said;     /* owned */
    const char *kind;  /* of the things that are being said; NULL: none */
    guint of_kind;     /* how many of them came up */
    GHashTable *index; /* owned: name to item of metrics; made when somebody first looks; NULL: not yet */
};

static Result *
new_from_json(cJSON *json, cJSON *tables)
{
    Result *result = g_new0(Result, 1);

    result->json = json;
    result->metrics = cJSON_GetObjectItemCaseSensitive(json, "metrics");
    result->invariants = cJSON_GetObjectItemCaseSensitive(json, "invariants");
    result->tables = tables;
    result->said = g_string_new(NULL);
    return result;
}

Result *
result_new(const cJSON *scenario, guint64 seed)
{
    cJSON *json = cJSON_CreateObject();

    cJSON_AddStringToObject(json, "tandem", tandem_version());
    cJSON_AddStringToObject(json, "simgrid", tandem_simgrid_version());
    cJSON_AddItemToObject(json, "seed", exact_number((double)seed));
    cJSON_AddItemReferenceToObject(json, SCENARIO, (cJSON *)scenario); /* which is only read */
    cJSON_AddObjectToObject(json, "metrics");
    cJSON_AddArrayToObject(json, "invariants");
    return new_from_json(json, cJSON_CreateObject());
}

void
result_free(Result *result)
{
    if (!result)
        return;
    cJSON_Delete(result->json);
    cJSON_Delete(result->tables);
    g_string_free(result->said, TRUE);
    g_clear_pointer(&result->index, g_hash_table_unref);
    g_free(result);
}

/* item is taken. */
static void
add_metric(Result *result, cJSON *item, const char *name_format, va_list arguments)
{
    g_autofree char *name = g_strdup_vprintf(name_format, arguments);

    cJSON_AddItemToObject(result->metrics, name, item);
    if (result->index)
        g_hash_table_insert(result->index, item->string, item);
}

/* Of a hundred thousand metrics each is found at once. */
static const cJSON *
find_metric(const Result *result, const char *name)
{
    Result *self = (Result *)result; /* the index is no part of what a result says */
    cJSON *item;

    if (!self->index) {
        self->index = g_hash_table_new(g_str_hash, g_str_equal);
        cJSON_ArrayForEach(item, self->metrics) g_hash_table_insert(self->index, item->string, item);
    }
    return g_hash_table_lookup(self->index, name);
}

void
result_add_number(Result *result, double value, const char *name_format, ...)
{
    va_list arguments;

    va_start(arguments, name_format);
    add_metric(result, exact_number(value), name_format, arguments);
    va_end(arguments);
}

void
result_add_flag(Result *result, gboolean value, const char *name_format, ...)
{
    va_list arguments;

    va_start(arguments, name_format);
    add_metric(result, cJSON_CreateBool(value), name_format, arguments);
    va_end(arguments);
}

void
result_add_word(Result *result, const char *word, const char *name_format, ...)
{
    va_list arguments;

    va_start(arguments, name_format);
    add_metric(result, word ? cJSON_CreateString(word) : cJSON_CreateNull(), name_format, arguments);
    va_end(arguments);
}

void
result_add_invariant(Result *result, const char *name, const char *meaning, guint64 checks, guint64 violations,
                     const char *first)
{
    cJSON *invariant = cJSON_CreateObject();

    cJSON_AddStringToObject(invariant, "name", name);
    cJSON_AddStringToObject(invariant, "meaning", meaning);
    cJSON_AddItemToObject(invariant, "checks", exact_number((double)checks));
    cJSON_AddItemToObject(invariant, "violations", exact_number((double)violations));
    if (first)
        cJSON_AddStringToObject(invariant, "first", first);
    cJSON_AddItemToArray(result->invariants, invariant);
}

void
result_take_table(Result *result, const char *file_name, char *text)
{
    cJSON_AddStringToObject(result->tables, file_name, text);
    g_free(text);
}

/* What comes next is of that kind: how many of the last one were left out is said. */
static void
begin_kind(Result *result, const char *kind)
{
    if (result->of_kind > RESULT_SAID_MAX)
        g_string_append_printf(result->said, "and %u more %s (result.json has them)\n",
                               result->of_kind - RESULT_SAID_MAX, result->kind);
    result->kind = kind;
    result->of_kind = 0;
}

/* A name with a line's end in it forges no line. */
static void
say_line(Result *result, const char *format, va_list arguments)
{
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    g_autofree char *line = inert_line(text);

    g_string_append_printf(result->said, "%s\n", line);
}

void
result_say(Result *result, const char *format, ...)
{
    va_list arguments;

    begin_kind(result, NULL);
    va_start(arguments, format);
    say_line(result, format, arguments);
    va_end(arguments);
}

void
result_say_one(Result *result, const char *kind, const char *format, ...)
{
    va_list arguments;

    if (kind != result->kind)
        begin_kind(result, kind);
    if (++result->of_kind > RESULT_SAID_MAX)
        return;
    va_start(arguments, format);
    say_line(result, format, arguments);
    va_end(arguments);
}

void
result_say_also(Result *result, const char *format, ...)
{
    va_list arguments;

    if (result->of_kind > RESULT_SAID_MAX)
        return;
    va_start(arguments, format);
    say_line(result, format, arguments);
    va_end(arguments);
}

const char *
result_said(Result *result)
{
    begin_kind(result, NULL);
    return result->said->str;
}

double
result_number(const Result *result, const char *name)
{
    const cJSON *metric = find_metric(result, name);

    if (cJSON_IsNumber(metric))
        return metric->valuedouble;
    if (cJSON_IsBool(metric))
        return cJSON_IsTrue(metric) ? 1 : 0;
    return cJSON_IsRaw(metric) ? g_ascii_strtod(metric->valuestring, NULL) : NAN;
}

const char *
result_word(const Result *result, const char *name)
{
    const cJSON *metric = find_metric(result, name);

    return cJSON_IsString(metric) ? metric->valuestring : NULL;
}

char *
result_violation(const Result *result)
{
    const cJSON *invariant;

    cJSON_ArrayForEach(invariant, result->invariants)
    {
        const cJSON *first = cJSON_GetObjectItemCaseSensitive(invariant, "first");
        const cJSON *name = cJSON_GetObjectItemCaseSensitive(invariant, "name");
        if (first)
            return g_strdup_printf("invariant %s does not hold: %s", name->valuestring, first->valuestring);
    }
    return NULL;
}

enum { MOST_NAMED = 5 }; /* chosen: what a line holds */

/* "migration.web (gave-up)", after those that are there. */
static void
name_incomplete(const Result *result, const cJSON *flag, GString *text)
{
    g_autofree char *thing = g_strndup(flag->string, strlen(flag->string) - strlen(COMPLETED));
    g_autofree char *outcome = g_strconcat(thing, ".outcome", NULL);
    const char *word = result_word(result, outcome);

    g_string_append_printf(text, "%s%s (%s)", text->len > 0 ? ", " : "", thing, word ? word : "no outcome");
}

char *
result_incomplete(const Result *result)
{
    g_autoptr(GString) names = g_string_new(NULL);
    guint all = 0, incomplete = 0;
    const cJSON *metric;

    cJSON_ArrayForEach(metric, result->metrics)
    {
        if (!cJSON_IsBool(metric) || !g_str_has_suffix(metric->string, COMPLETED))
            continue;
        all++;
        if (cJSON_IsTrue(metric))
            continue;
        if (++incomplete <= MOST_NAMED)
            name_incomplete(result, metric, names);
    }
    if (incomplete == 0)
        return NULL;
    if (incomplete > MOST_NAMED)
        g_string_append_printf(names, " and %u more", incomplete - MOST_NAMED);
    return g_strdup_printf("%u of %u did not complete: %s", incomplete, all, names->str);
}

const cJSON *
result_metrics(const Result *result)
{
    return result->metrics;
}

const char *
result_table(const Result *result, const char *file_name)
{
    const cJSON *table = cJSON_GetObjectItemCaseSensitive(result->tables, file_name);

    return table ? table->valuestring : NULL;
}

/* With another scenario in its place, which is taken; borrows the other members, whose numbers are exact already. */
static cJSON *
with_scenario(const cJSON *json, cJSON *scenario)
{
    cJSON *other = cJSON_CreateObject();
    const cJSON *member;

    cJSON_ArrayForEach(member, json)
    {
        if (g_str_equal(member->string, SCENARIO))
            cJSON_AddItemToObject(other, SCENARIO, scenario);
        else
            cJSON_AddItemReferenceToObject(other, member->string, (cJSON *)member);
    }
    return other;
}

/* With a newline at its end. */
static char *
print(const cJSON *json, gboolean formatted)
{
    char *text = formatted ? cJSON_Print(json) : cJSON_PrintUnformatted(json);
    char *line = g_strconcat(text, "\n", NULL);

    cJSON_free(text);
    return line;
}

char *
result_to_json(const Result *result)
{
    cJSON *scenario = cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(result->json, SCENARIO), TRUE);

    exact_numbers(scenario);
    cJSON *exact = with_scenario(result->json, scenario);
    char *text = print(exact, TRUE);
    cJSON_Delete(exact);
    return text;
}

void
result_take_files(const Result *result, FileSet *files)
{
    const cJSON *table;

    files_take(files, "result.json", result_to_json(result));
    cJSON_ArrayForEach(table, result->tables) files_take(files, table->string, g_strdup(table->valuestring));
}

char *
result_pack(const Result *result)
{
    cJSON *both = cJSON_CreateObject();

    cJSON_AddItemToObject(both, "result", with_scenario(result->json, cJSON_CreateNull()));
    cJSON_AddItemReferenceToObject(both, "tables", result->tables);
    char *text = print(both, FALSE);
    cJSON_Delete(both);
    return text;
}

Result *
result_unpack(const char *packed, const cJSON *scenario)
{
    cJSON *both = cJSON_Parse(packed);

    if (!both)
        return NULL;
    cJSON *json = cJSON_DetachItemFromObjectCaseSensitive(both, "result");
    cJSON *tables = cJSON_DetachItemFromObjectCaseSensitive(both, "tables");
    cJSON_Delete(both);
    if (!json || !tables) {
        cJSON_Delete(json);
        cJSON_Delete(tables);
        return NULL;
    }
    exact_numbers(json);
    cJSON_ReplaceItemInObjectCaseSensitive(json, SCENARIO, cJSON_Duplicate(scenario, TRUE));
    return new_from_json(json, tables);
}
