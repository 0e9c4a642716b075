#include "sim/claims/claim_files.h"

#include "sim/output/csv.h"
#include "sim/output/exact.h"

static cJSON *
json_value(const ClaimValue *value)
{
    if (value->words)
        return cJSON_CreateString(value->words);
    if (value->low == value->high)
        return exact_number(value->low);
    cJSON *range = cJSON_CreateArray();
    cJSON_AddItemToArray(range, exact_number(value->low));
    cJSON_AddItemToArray(range, exact_number(value->high));
    return range;
}

static cJSON *
json_claim(const Claim *claim)
{
    cJSON *object = cJSON_CreateObject();

    cJSON_AddStringToObject(object, "id", claim->id);
    cJSON_AddStringToObject(object, "paper", claim->paper);
    cJSON_AddStringToObject(object, "source", claim->source);
    cJSON_AddItemToObject(object, "paper_value", json_value(&claim->paper_value));
    cJSON_AddItemToObject(object, "simulated", json_value(&claim->simulated));
    cJSON_AddStringToObject(object, "unit", claim->unit);
    cJSON_AddItemToObject(object, "deviation", exact_number(claim->deviation));
    cJSON_AddItemToObject(object, "tolerance", exact_number(claim->tolerance));
    cJSON_AddStringToObject(object, "why", claim->why);
    cJSON_AddStringToObject(object, "role", claim_role_text(claim->role));
    cJSON_AddStringToObject(object, "verdict", claim_verdict_text(claim->verdict));
    cJSON_AddStringToObject(object, "reason", claim->reason);
    cJSON_AddStringToObject(object, "same_as", claim->same_as ? claim->same_as : "");
    cJSON_AddStringToObject(object, "mechanism", claim->mechanism);
    cJSON_AddStringToObject(object, "mutations", claim->mutations);
    return object;
}

static char *
to_json(const ClaimSet *claims)
{
    cJSON *array = cJSON_CreateArray();

    for (guint i = 0; i < claims_count(claims); i++)
        cJSON_AddItemToArray(array, json_claim(claims_get(claims, i)));
    char *printed = cJSON_Print(array);
    char *text = g_strconcat(printed, "\n", NULL);
    cJSON_free(printed);
    cJSON_Delete(array);
    return text;
}

static char *
to_csv(const ClaimSet *claims)
{
    GString *csv = g_string_new("id,paper,source,paper_value,simulated,unit,deviation,tolerance,why,role,verdict,"
                                "reason,same_as,mechanism,mutations\n");

    for (guint i = 0; i < claims_count(claims); i++) {
        const Claim *claim = claims_get(claims, i);
        g_autofree char *paper_value = claim_value_text(&claim->paper_value, csv_number);
        g_autofree char *simulated = claim_value_text(&claim->simulated, csv_number);
        csv_append_text(csv, claim->id);
        csv_append_text(csv, claim->paper);
        csv_append_text(csv, claim->source);
        csv_append_text(csv, paper_value);
        csv_append_text(csv, simulated);
        csv_append_text(csv, claim->unit);
        csv_append_known(csv, claim->deviation);
        csv_append_known(csv, claim->tolerance);
        csv_append_text(csv, claim->why);
        csv_append_text(csv, claim_role_text(claim->role));
        csv_append_text(csv, claim_verdict_text(claim->verdict));
        csv_append_text(csv, claim->reason);
        csv_append_text(csv, claim->same_as ? claim->same_as : "");
        csv_append_text(csv, claim->mechanism);
        csv_append_text(csv, claim->mutations);
        g_string_append_c(csv, '\n');
    }
    return g_string_free(csv, FALSE);
}

static char *
fitted_csv(const ClaimSet *claims)
{
    GString *csv = g_string_new("parameter,kind,value,why\n");

    for (guint i = 0; i < claims_fitted_count(claims); i++) {
        const FittedParameter *fitted = claims_fitted(claims, i);
        csv_append_text(csv, fitted->name);
        csv_append_text(csv, fitted->kind);
        csv_append_text(csv, fitted->value);
        csv_append_text(csv, fitted->fitted_to);
        g_string_append_c(csv, '\n');
    }
    return g_string_free(csv, FALSE);
}

void
claim_files_take(const ClaimSet *claims, FileSet *files)
{
    files_take(files, "claims.json", to_json(claims));
    files_take(files, "claims.csv", to_csv(claims));
    files_take(files, "fitted.csv", fitted_csv(claims));
}
