#include "sim/scenario/json_text.h"
#include "sim/scenario/pointer.h"
#include "sim/scenario/schema.h"
#include "tests/check_main.h"
#include "tests/sim/scenario/toy_table.h"

#include <string.h>

static cJSON *
toy_schema(void)
{
    g_setenv("TANDEM_DATA", TANDEM_SOURCE_DIR "/tests/data", TRUE);
    g_autofree char *text = schema_text(&toy_world_table, "toy");
    g_autoptr(GError) error = NULL;
    cJSON *schema = json_text_parse(text, strlen(text), "schema", &error);

    ck_assert_msg(schema != NULL, "%s", error ? error->message : "");
    return schema;
}

START_TEST(each_property_says_what_its_field_says)
{
    static const char *const rows[][2] = {
        {"/$schema", "\"https://json-schema.org/draft/2020-12/schema\""},
        {"/$ref", "\"#/$defs/scenario\""},
        {"/$defs/scenario/additionalProperties", "false"},
        {"/$defs/scenario/required", "[\"hosts\"]"},
        {"/$defs/scenario/properties/$schema/type", "\"string\""},
        {"/$defs/scenario/properties/seed",
         "{\"description\":\"of all random numbers (an integer; at least 0)\",\"type\":\"integer\",\"minimum\":0,"
         "\"default\":1}"},
        {"/$defs/scenario/properties/hosts/items", "{\"$ref\":\"#/$defs/host\"}"},
        {"/$defs/scenario/properties/hosts/minItems", "1"},
        {"/$defs/host/anyOf/0/enum", "[\"broken\",\"circle\",\"named\",\"small\",\"small-shared\"]"},
        {"/$defs/host/anyOf/1/properties/profile/enum", "[\"broken\",\"circle\",\"named\",\"small\",\"small-shared\"]"},
        {"/$defs/link/properties/$comment/type", "\"string\""},
        {"/$defs/host/anyOf/1/required", "[\"name\"]"}, /* memory may come from the profile */
        {"/$defs/host/anyOf/1/properties/load/exclusiveMaximum", "1"},
        {"/$defs/host/anyOf/1/properties/memory/description", "\"RAM (a size such as \\\"512MiB\\\"; more than 0B)\""},
        {"/$defs/link/properties/bandwidth/default", "\"100Mbps\""},
        {"/$defs/link/properties/ends/maxItems", "2"},
        {"/$defs/link/required", "[\"name\",\"ends\"]"},
        {"/$defs/guest/properties/policy/enum", "[\"legacy\",\"v2\"]"},
        {"/$defs/guest/properties/workload/default", "{\"kind\":\"idle\"}"},
        {"/$defs/workload/anyOf/2/properties/kind/const", "\"uniform\""},
        {"/$defs/workload/anyOf/3/properties/exponent/exclusiveMinimum", "0"},
        {"/$defs/workload/anyOf/4/required", "[\"profile\"]"},
        {"/$defs/workload/anyOf/4/properties/kind/enum", "[\"idle\",\"uniform\",\"zipf\"]"},
    };
    g_autoptr(cJSON) schema = toy_schema();

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        const cJSON *value = pointer_get(schema, rows[i][0], &error);
        ck_assert_msg(value != NULL, "%s: %s", rows[i][0], error ? error->message : "");
        char *printed = cJSON_PrintUnformatted(value);
        ck_assert_str_eq(printed, rows[i][1]);
        cJSON_free(printed);
    }
}
END_TEST

/* Every $ref leads to a definition. */
static void
check_references(cJSON *schema, const cJSON *value)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, value)
    {
        if (item->string && strcmp(item->string, "$ref") == 0)
            ck_assert_ptr_nonnull(pointer_get(schema, item->valuestring + 1, NULL));
        check_references(schema, item);
    }
}

START_TEST(each_reference_leads_to_a_definition)
{
    g_autoptr(cJSON) schema = toy_schema();

    check_references(schema, schema);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("schema");

    tcase_add_test(tcase, each_property_says_what_its_field_says);
    tcase_add_test(tcase, each_reference_leads_to_a_definition);
    return check_main("schema", tcase, NULL);
}
