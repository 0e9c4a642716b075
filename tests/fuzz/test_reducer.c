#include "tests/fuzz/reducer.h"

#include "tests/check_main.h"

#include <string.h>

/* Fails as long as this text is in it. */
static gboolean
holds_text(const cJSON *scenario, gpointer data)
{
    char *text = cJSON_PrintUnformatted(scenario);
    const gboolean holds = strstr(text, data) != NULL;

    cJSON_free(text);
    return holds;
}

static void
reduces(const char *from, const char *kept, const char *to)
{
    cJSON *scenario = cJSON_Parse(from);

    reducer_reduce(scenario, 1000, holds_text, (gpointer)kept);
    char *text = cJSON_PrintUnformatted(scenario);
    ck_assert_str_eq(text, to);
    cJSON_free(text);
    cJSON_Delete(scenario);
}

START_TEST(only_what_makes_it_fail_is_left)
{
    reduces("{\"a\":1,\"b\":[{\"c\":2},{\"d\":3,\"e\":4}],\"f\":{}}", "\"d\":3", "{\"b\":[{\"d\":3}]}");
}
END_TEST

/* What had to stay is put back where it was, at the beginning, in the middle, and at the end. */
START_TEST(what_has_to_stay_keeps_its_place)
{
    reduces("{\"a\":[1,2,3],\"b\":5}", "[1,2,3]", "{\"a\":[1,2,3]}");
    reduces("{\"x\":0,\"a\":{\"b\":1,\"c\":2,\"d\":3}}", "{\"b\":1,\"c\":2,\"d\":3}",
            "{\"a\":{\"b\":1,\"c\":2,\"d\":3}}");
}
END_TEST

START_TEST(no_more_is_asked_than_allowed)
{
    cJSON *scenario = cJSON_Parse("{\"a\":1,\"b\":2,\"c\":3}");

    reducer_reduce(scenario, 1, holds_text, (gpointer) "a");
    ck_assert_int_eq(cJSON_GetArraySize(scenario), 2);
    cJSON_Delete(scenario);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("reducer");

    tcase_add_test(tcase, only_what_makes_it_fail_is_left);
    tcase_add_test(tcase, what_has_to_stay_keeps_its_place);
    tcase_add_test(tcase, no_more_is_asked_than_allowed);
    return check_main("reducer", tcase, NULL);
}
