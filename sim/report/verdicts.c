#include "sim/report/verdicts.h"

#include "sim/claims/claim.h"

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
        n += is(claim, "verdict", verdict) && is(claim, "same_as", "") &&
             !is(claim, "role", claim_role_text(ROLE_DEFINITION));
    return n;
}

char *
verdicts_text(const cJSON *claims, Language language)
{
    GString *text = g_string_new(NULL);

    for (int i = 0; i < N_CLAIM_VERDICTS; i++) {
        const char *verdict = claim_verdict_text((ClaimVerdict)i);
        g_string_append_printf(text, "%s%u %s", i ? ", " : "", count(claims, verdict), phrase_say(verdict, language));
    }
    return g_string_free(text, FALSE);
}
