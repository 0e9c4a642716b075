#include "sim/scenario/resolver.h"

#include "sim/scenario/profile.h"
#include "sim/scenario/wording.h"

void
resolver_open(Resolver *r)
{
    r->profiles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)cJSON_Delete);
    r->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
    r->loading = g_ptr_array_new();
}

void
resolver_close(Resolver *r)
{
    g_hash_table_unref(r->profiles);
    g_hash_table_unref(r->names);
    g_ptr_array_unref(r->loading);
}

gpointer
resolver_fail(const Resolver *r, const PointerStep *at, ResolveError code, GError **error, const char *format, ...)
{
    g_autofree char *where = pointer_text(at);
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(error, RESOLVE_ERROR, code, "%s: %s%s%s", r->file, where, *where ? ": " : "", message);
    return NULL;
}

static void
add_keys(GPtrArray *keys, const Field *fields)
{
    for (; fields && fields->key; fields++)
        g_ptr_array_add(keys, (char *)fields->key);
}

gpointer
resolver_fail_key(const Resolver *r, const FieldTable *table, const FieldCase *chosen, const PointerStep *step,
                  GError **error)
{
    g_autoptr(GPtrArray) keys = g_ptr_array_new();

    if (table->tag)
        g_ptr_array_add(keys, (char *)table->tag);
    add_keys(keys, table->fields);
    for (const FieldCase *c = table->cases; c && c->word; c++)
        if (!chosen || c == chosen)
            add_keys(keys, c->fields);
    if (table->groups)
        add_keys(keys, fields_of_group);
    if (table->profiles)
        g_ptr_array_add(keys, (char *)"profile");
    g_ptr_array_add(keys, NULL);
    g_autofree char *choice = wording_choice(step->key, (const char *const *)keys->pdata);
    return resolver_fail(r, step, RESOLVE_ERROR_KEY, error, "unknown key, %s", choice);
}

gpointer
resolver_fail_profile(const Resolver *r, const char *folder, const char *name, const PointerStep *at, GError **error)
{
    g_auto(GStrv) names = profile_names(folder);
    g_autofree char *quoted = wording_quote(name);
    g_autofree char *choice = wording_choice(name, (const char *const *)names);

    return resolver_fail(r, at, RESOLVE_ERROR_PROFILE, error, "no profile %s in configs/%s, %s", quoted, folder,
                         choice);
}

gboolean
resolver_goes_on(const Resolver *r, GError **error)
{
    if (!r->errors)
        return FALSE;
    if (!g_ptr_array_find_with_equal_func(r->errors, (*error)->message, g_str_equal, NULL))
        g_ptr_array_add(r->errors, g_strdup((*error)->message)); /* a profile's mistake is met wherever it is named */
    g_clear_error(error);
    return TRUE;
}

gboolean
resolver_take(const Resolver *r, const GPtrArray *mistakes, GError **error)
{
    if (!mistakes || mistakes->len == 0)
        return TRUE;
    for (guint i = 0; i < mistakes->len; i++) {
        g_autoptr(GError) mistake =
            g_error_new_literal(RESOLVE_ERROR, RESOLVE_ERROR_PROFILE, g_ptr_array_index(mistakes, i));
        (void)resolver_goes_on(r, &mistake);
    }
    g_set_error_literal(error, RESOLVE_ERROR, RESOLVE_ERROR_PROFILE, g_ptr_array_index(mistakes, 0));
    return FALSE;
}

GHashTable *
resolver_names(Resolver *r, const char *list)
{
    GHashTable *names = g_hash_table_lookup(r->names, list);

    if (!names)
        g_hash_table_insert(r->names, g_strdup(list), names = group_names_new(r->table, r->root, list));
    return names;
}
