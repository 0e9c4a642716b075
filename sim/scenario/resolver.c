#include "sim/scenario/resolver.h"

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

GHashTable *
resolver_names(Resolver *r, const char *list)
{
    GHashTable *names = g_hash_table_lookup(r->names, list);

    if (!names)
        g_hash_table_insert(r->names, g_strdup(list), names = group_names_new(r->table, r->root, list));
    return names;
}
