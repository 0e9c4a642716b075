#include "sim/report/phrase.h"

#include "sim/report/resource.h"

#include "sim/scenario/json_text.h"

static void
add_file(GHashTable *table, const char *name)
{
    g_autoptr(cJSON) phrases = cJSON_Parse(resource_text(name));
    const cJSON *phrase;

    cJSON_ArrayForEach(phrase, phrases)
        g_hash_table_insert(table, g_strdup(phrase->string), g_strdup(cJSON_GetStringValue(phrase)));
}

/* What files call each phrase: of Chinese every one, and what keys, metrics, outcomes and invariants mean; of English
 * the words of tables that people write otherwise. Read once. */
static GHashTable *
phrases_in(Language language)
{
    static gsize tables[2];
    gsize *once = &tables[language];

    if (g_once_init_enter(once)) {
        GHashTable *table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        add_file(table, language == LANGUAGE_ZH ? "phrases.zh.json" : "phrases.en.json");
        if (language == LANGUAGE_ZH) {
            add_file(table, "meanings.zh.json");
            add_file(table, "keys.zh.json");
        }
        g_once_init_leave(once, GPOINTER_TO_SIZE(table));
    }
    return GSIZE_TO_POINTER(*once);
}

gboolean
phrase_has(const char *english, Language language)
{
    return g_hash_table_contains(phrases_in(language), english);
}

const char *
phrase_say(const char *english, Language language)
{
    const char *said = g_hash_table_lookup(phrases_in(language), english);

    return said ? said : english;
}
