#include "sim/scenario/key_text.h"

static char *
join(const char *before, const char *const *words)
{
    g_autofree char *list = g_strjoinv(", ", (char **)words);

    return g_strconcat(before, list, NULL);
}

char *
key_text_expected_value(const Field *field)
{
    switch (field->kind) {
    case FIELD_KIND_BOOLEAN:
        return g_strdup("true or false");
    case FIELD_KIND_INTEGER:
        return g_strdup("an integer");
    case FIELD_KIND_NUMBER:
        return g_strdup("a number");
    case FIELD_KIND_STRING:
        return g_strdup("text");
    case FIELD_KIND_NAME:
        return g_strdup("a name (1 to 64 letters, digits, '.', '_', '-', first a letter or digit)");
    case FIELD_KIND_REFERENCE:
        return g_strconcat("a name in ", field->refers, NULL);
    case FIELD_KIND_ENUM:
        return join("one of ", field->words);
    case FIELD_KIND_OBJECT:
        return g_strdup(field->table->profiles ? "an object or the name of a profile" : "an object");
    case FIELD_KIND_VALUE:
        return g_strdup("any value");
    default:
        return g_strdup(units_expected(fields_dimension(field->kind)));
    }
}

char *
key_text_expected(const Field *field)
{
    g_autofree char *value = key_text_expected_value(field);

    return field->list ? g_strconcat("a list, each element ", value, NULL) : g_steal_pointer(&value);
}

static void
append_bound(GString *text, const char *relation, const char *bound)
{
    if (bound)
        g_string_append_printf(text, "; %s %s", relation, bound);
}

void
key_text_append_bounds(GString *text, const Field *field)
{
    append_bound(text, "at least", field->min);
    append_bound(text, "more than", field->above);
    append_bound(text, "at most", field->max);
    append_bound(text, "less than", field->below);
}

char *
key_text_description(const Field *field)
{
    g_autofree char *expected = key_text_expected(field);
    GString *text = g_string_new(field->help);

    g_string_append_printf(text, "%s(%s", field->help ? " " : "", expected);
    key_text_append_bounds(text, field);
    g_string_append_c(text, ')');
    return g_string_free(text, FALSE);
}
