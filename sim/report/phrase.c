#include "sim/report/phrase.h"

#include "sim/report/resource.h"

#include "sim/scenario/json_text.h"

/* What a file calls each phrase: of Chinese every one, of English the words of tables that people write otherwise. Read
 * once. */
static GHashTable *
phrases_in(Language language)
{
    static gsize tables[2];
    gsize *once = &tables[language];

    if (g_once_init_enter(once)) {
        GHashTable *table = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        g_autoptr(cJSON) phrases =
            cJSON_Parse(resource_text(language == LANGUAGE_ZH ? "phrases.zh.json" : "phrases.en.json"));
        const cJSON *phrase;
        cJSON_ArrayForEach(phrase, phrases)
            g_hash_table_insert(table, g_strdup(phrase->string), g_strdup(cJSON_GetStringValue(phrase)));
        g_once_init_leave(once, GPOINTER_TO_SIZE(table));
    }
    return GSIZE_TO_POINTER(*once);
}

const char *
phrase_say(const char *english, Language language)
{
    const char *said = g_hash_table_lookup(phrases_in(language), english);

    return said ? said : english;
}
