#include "sim/scenario/origin.h"
#include "tests/check_main.h"

#include <string.h>

START_TEST(copies_and_merges_keep_where_a_value_was_written)
{
    cJSON *mine = cJSON_Parse("{\"a\": 1, \"b\": {\"c\": \"x\"}, \"d\": [true]}"), *other = cJSON_Parse("7");

    origin_mark(mine, "mine.json");
    origin_mark(other, "other.json");
    cJSON *copy = cJSON_Duplicate(mine, TRUE);
    cJSON_AddItemToObject(copy, "e", other);
    ck_assert_str_eq(origin_of(cJSON_GetObjectItem(copy, "a")), "mine.json");
    ck_assert_str_eq(origin_of(cJSON_GetObjectItem(cJSON_GetObjectItem(copy, "b"), "c")), "mine.json");
    ck_assert_str_eq(origin_of(cJSON_GetArrayItem(cJSON_GetObjectItem(copy, "d"), 0)), "mine.json");
    ck_assert_str_eq(origin_of(cJSON_GetObjectItem(copy, "e")), "other.json");
    cJSON_Delete(copy);
    cJSON_Delete(mine);
}
END_TEST

/* A number's mark stands where cJSON keeps a whole number's value a second time. */
START_TEST(a_mark_changes_no_number_in_print)
{
    static const char text[] = "[0,1,2,3,-1,0.1,1e+300,2147483648,9007199254740992,1000000,123456789012345]";
    cJSON *plain = cJSON_Parse(text), *marked = cJSON_Parse(text);

    origin_mark(marked, "first.json");
    origin_mark(marked, "second.json");
    origin_mark(marked, "third.json");
    char *one = cJSON_PrintUnformatted(plain), *other = cJSON_PrintUnformatted(marked);
    ck_assert_str_eq(one, other);
    ck_assert(cJSON_Compare(plain, marked, TRUE));
    cJSON_free(one);
    cJSON_free(other);
    cJSON_Delete(plain);
    cJSON_Delete(marked);
}
END_TEST

START_TEST(what_is_marked_as_written_nowhere_is_a_default)
{
    cJSON *value = cJSON_Parse("{\"a\": 1}");

    origin_mark(value, "mine.json");
    origin_mark(value, NULL);
    ck_assert_ptr_null(origin_of(value));
    ck_assert_ptr_null(origin_of(value->child));
    cJSON_Delete(value);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("origin");

    tcase_add_test(tcase, copies_and_merges_keep_where_a_value_was_written);
    tcase_add_test(tcase, a_mark_changes_no_number_in_print);
    tcase_add_test(tcase, what_is_marked_as_written_nowhere_is_a_default);
    return check_main("origin", tcase, NULL);
}
