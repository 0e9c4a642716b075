#include "sim/report/verdicts.h"

static gboolean
is(const cJSON *claim, const char *key, const char *value)
{
    return g_strcmp0(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(claim, key)), value) == 0;
}

static guint
count(const cJSON *claims, const char *verdict)
{
    guint n = 0;

    for (const cJSON *claim = claims->child; claim; claim = claim->next)
        n += is(claim, "verdict", verdict) && is(claim, "same_as", "") && !is(claim, "role", "definition");
    return n;
}

char *
verdicts_text(const cJSON *claims, Language language)
{
    static const char *const verdicts[] = {"pass", "fail", "known-miss", "disputed", "skipped"};
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < G_N_ELEMENTS(verdicts); i++)
        g_string_append_printf(text, "%s%u %s", i ? ", " : "", count(claims, verdicts[i]),
                               phrase_say(verdicts[i], language));
    return g_string_free(text, FALSE);
}
