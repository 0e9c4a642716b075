/* The committed schema is what the tables give. After a change of a table or a new profile:
 * TANDEM_UPDATE=1 build/dev/tests/test_scenario_schema */
#include "sim/scenario/schema.h"
#include "sim/specs/scenario_spec.h"
#include "tests/check_main.h"

#define FILE_NAME TANDEM_SOURCE_DIR "/configs/schema/scenario.schema.json"

START_TEST(the_committed_schema_is_what_the_tables_give)
{
    g_setenv("TANDEM_DATA", TANDEM_SOURCE_DIR, TRUE);
    g_autofree char *made = schema_text(scenario_table(), "tandem scenario");
    g_autofree char *committed = NULL;

    if (g_getenv("TANDEM_UPDATE"))
        ck_assert(g_file_set_contents(FILE_NAME, made, -1, NULL));
    ck_assert_msg(g_file_get_contents(FILE_NAME, &committed, NULL, NULL), "no " FILE_NAME);
    ck_assert_msg(g_str_equal(made, committed), FILE_NAME " is out of date; update it with TANDEM_UPDATE=1");
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("scenario_schema");

    tcase_add_test(tcase, the_committed_schema_is_what_the_tables_give);
    return check_main("scenario_schema", tcase, NULL);
}
