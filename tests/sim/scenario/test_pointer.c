#include "sim/scenario/json_text.h"
#include "sim/scenario/pointer.h"
#include "tests/check_main.h"

/* RFC 6901, section 5: the document and its pointers (two keys with a backslash and a quote left out). */
START_TEST(the_examples_of_rfc_6901_hold)
{
    static const char text[] = "{\"foo\": [\"bar\", \"baz\"], \"\": 0, \"a/b\": 1, \"c%d\": 2, \"e^f\": 3, \"g|h\": 4, "
                               "\" \": 7, \"m~n\": 8}";
    static const struct {
        const char *pointer, *value;
    } rows[] = {{"/foo", "[\"bar\",\"baz\"]"},
                {"/foo/0", "\"bar\""},
                {"/", "0"},
                {"/a~1b", "1"},
                {"/c%d", "2"},
                {"/e^f", "3"},
                {"/g|h", "4"},
                {"/ ", "7"},
                {"/m~0n", "8"}};
    g_autoptr(cJSON) tree = json_text_parse(text, sizeof text - 1, "rfc", NULL);

    ck_assert_ptr_eq(pointer_get(tree, "", NULL), tree);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        char *printed = cJSON_PrintUnformatted(pointer_get(tree, rows[i].pointer, NULL));
        ck_assert_str_eq(printed, rows[i].value);
        cJSON_free(printed);
    }
}
END_TEST

START_TEST(what_is_built_from_steps_leads_back)
{
    const PointerStep root = {NULL}, a = {&root, "a/~b", 0}, b = {&a, NULL, 12};
    g_autofree char *text = pointer_text(&b), *nothing = pointer_text(&root);
    g_auto(GStrv) tokens = pointer_split(text, NULL);

    ck_assert_str_eq(nothing, "");
    ck_assert_str_eq(text, "/a~1~0b/12");
    ck_assert_str_eq(tokens[0], "a/~b");
    ck_assert_str_eq(tokens[1], "12");
    ck_assert_ptr_null(tokens[2]);
}
END_TEST

static const char document[] = "{\"a\": {\"b\": 1}, \"l\": [1, 2]}";

START_TEST(set_replaces_adds_and_appends)
{
    static const char *const rows[][2] = {
        {"/a/b", "{\"a\":{\"b\":9},\"l\":[1,2]}"}, {"/a/c", "{\"a\":{\"b\":1,\"c\":9},\"l\":[1,2]}"},
        {"/l/1", "{\"a\":{\"b\":1},\"l\":[1,9]}"}, {"/l/-", "{\"a\":{\"b\":1},\"l\":[1,2,9]}"},
        {"/a", "{\"a\":9,\"l\":[1,2]}"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(cJSON) tree = json_text_parse(document, sizeof document - 1, "d", NULL);
        ck_assert(pointer_set(tree, rows[i][0], cJSON_CreateNumber(9), NULL));
        char *printed = cJSON_PrintUnformatted(tree);
        ck_assert_str_eq(printed, rows[i][1]);
        cJSON_free(printed);
    }
}
END_TEST

START_TEST(a_pointer_that_leads_nowhere_says_how_far_it_led)
{
    static const char *const rows[][2] = {
        {"/x/y", "leads nowhere: the top level has no key \"x\", expected one of a, l"},
        {"/a/x/y", "leads nowhere: /a has no key \"x\", expected b"},
        {"/a/b/c", "leads nowhere: /a/b is the number 1 and has no \"c\", expected an object or a list there"},
        {"/l/2", "leads nowhere: /l is a list of 2 without element \"2\", expected an index below 2"},
        {"/l/01", "leads nowhere: /l is a list of 2 without element \"01\", expected an index below 2"},
        {"/l/+1", "leads nowhere: /l is a list of 2 without element \"+1\", expected an index below 2"},
        {"/l/99999999999999999999",
         "leads nowhere: /l is a list of 2 without element \"99999999999999999999\", expected an index below 2"},
        {"a", "\"a\" is not a JSON Pointer, expected one that begins with '/' such as \"/hosts/0/memory\""},
        {"/a~2", "\"/a~2\" is not a JSON Pointer, expected ~0 or ~1 after each '~'"},
        {"/a~", "\"/a~\" is not a JSON Pointer, expected ~0 or ~1 after each '~'"},
        {"", "\"\" is the whole document, expected a pointer to a value in it such as \"/hosts/0/memory\""},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(cJSON) tree = json_text_parse(document, sizeof document - 1, "d", NULL);
        g_autoptr(GError) error = NULL;
        ck_assert(!pointer_set(tree, rows[i][0], cJSON_CreateNumber(9), &error));
        ck_assert_str_eq(error->message, rows[i][1]);
    }
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("pointer");

    tcase_add_test(tcase, the_examples_of_rfc_6901_hold);
    tcase_add_test(tcase, what_is_built_from_steps_leads_back);
    tcase_add_test(tcase, set_replaces_adds_and_appends);
    tcase_add_test(tcase, a_pointer_that_leads_nowhere_says_how_far_it_led);
    return check_main("pointer", tcase, NULL);
}
