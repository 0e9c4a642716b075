#include "sim/scenario/key_text.h"

#include "sim/scenario/resolve.h"

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
    g_autofree char *expected = resolve_expected(field);
    GString *text = g_string_new(field->help);

    g_string_append_printf(text, "%s(%s", field->help ? " " : "", expected);
    key_text_append_bounds(text, field);
    g_string_append_c(text, ')');
    return g_string_free(text, FALSE);
}
