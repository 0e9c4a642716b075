#include "sim/output/record.h"

#include "sim/output/csv.h"

#include <math.h>

static double
number_of(const RecordField *field, gconstpointer thing)
{
    const guint8 *at = (const guint8 *)thing + field->offset;

    switch (field->kind) {
    case RECORD_KIND_COUNT:
        return (double)*(const guint64 *)(gconstpointer)at;
    case RECORD_KIND_FLAG:
        return *(const gboolean *)(gconstpointer)at ? 1 : 0;
    default:
        return *(const double *)(gconstpointer)at;
    }
}

static const char *
word_of(const RecordField *field, gconstpointer thing)
{
    return *(const char *const *)(gconstpointer)((const guint8 *)thing + field->offset);
}

static gboolean
is_known(const RecordField *field, gconstpointer thing)
{
    return field->kind == RECORD_KIND_WORD ? word_of(field, thing) != NULL : !isnan(number_of(field, thing));
}

void
record_add(const Record *record, gconstpointer thing, Result *result, const char *prefix, ...)
{
    va_list arguments;

    va_start(arguments, prefix);
    g_autofree char *begins = prefix ? g_strdup_vprintf(prefix, arguments) : g_strdup(record->name);
    va_end(arguments);
    for (const RecordField *field = record->fields; field->name; field++) {
        if (field->optional && !is_known(field, thing))
            continue;
        if (field->kind == RECORD_KIND_WORD)
            result_add_word(result, word_of(field, thing), "%s.%s", begins, field->name);
        else if (field->kind == RECORD_KIND_FLAG)
            result_add_flag(result, number_of(field, thing) != 0, "%s.%s", begins, field->name);
        else
            result_add_number(result, number_of(field, thing), "%s.%s", begins, field->name);
    }
}

GString *
record_table(const Record *record)
{
    GString *table = g_string_new(NULL);

    for (const RecordField *field = record->fields; field->name; field++)
        g_string_append_printf(table, "%s%s", field == record->fields ? "" : ",", field->name);
    return g_string_append_c(table, '\n');
}

static char *
cell_text(const RecordField *field, gconstpointer row)
{
    if (!is_known(field, row))
        return g_strdup("");
    return field->kind == RECORD_KIND_WORD ? csv_quote(word_of(field, row)) : csv_number(number_of(field, row));
}

void
record_append_row(const Record *record, gconstpointer row, GString *table)
{
    for (const RecordField *field = record->fields; field->name; field++) {
        g_autofree char *cell = cell_text(field, row);
        if (field != record->fields)
            g_string_append_c(table, ',');
        g_string_append(table, cell);
    }
    g_string_append_c(table, '\n');
}

void
record_take_table(const Record *record, GString *table, Result *result)
{
    result_take_table(result, record->name, g_string_free(table, FALSE));
}

char *
record_numbers_json(const Record *record, gconstpointer thing)
{
    GString *members = g_string_new(NULL);

    for (const RecordField *field = record->fields; field->name; field++) {
        if (field->kind == RECORD_KIND_WORD || !isfinite(number_of(field, thing)))
            continue;
        g_autofree char *number = csv_number(number_of(field, thing));
        g_string_append_printf(members, "%s\"%s\":%s", members->len > 0 ? "," : "", field->name, number);
    }
    return g_string_free(members, FALSE);
}

gboolean
record_is_of_rows(const Record *record)
{
    return g_str_has_suffix(record->name, ".csv");
}
