#include "sim/scenario/json_text.h"
#include "tests/check_main.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static void
rejects(const char *text, const char *message)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(cJSON) tree = json_text_parse(text, strlen(text), "s.json", &error);

    ck_assert_msg(!tree, "accepted: %s", text);
    ck_assert_str_eq(error->message, message);
}

START_TEST(each_text_that_is_not_json_has_its_message)
{
    static const char *const rows[][2] = {
        {"", "s.json: is empty, expected a JSON object"},
        {" \n\t", "s.json: is empty, expected a JSON object"},
        {"{\n  \"a\" 1}", "s.json: line 2, column 7: not JSON, expected ':' after a key"},
        {"{\"a\": 1,}", "s.json: line 1, column 9: not JSON, expected a key in double quotes"},
        {"{\"a\": 1", "s.json: line 1, column 8: the text ends too early, expected ',' or '}' after a member"},
        {"[1 2]", "s.json: line 1, column 4: not JSON, expected ',' or ']' after an element"},
        {"[01]", "s.json: line 1, column 2: not JSON, expected a number without leading zeros"},
        {"[1.]", "s.json: line 1, column 4: not JSON, expected a digit after the point"},
        {"[1e]", "s.json: line 1, column 4: not JSON, expected a digit in the exponent"},
        {"[-]", "s.json: line 1, column 3: not JSON, expected a digit"},
        {"[1e999]", "s.json: line 1, column 2: a number that is too large, expected at most 1.8e308"},
        {"[-9007199254740992, 9007199254740993]",
         "s.json: line 1, column 21: a whole number that a double cannot hold, expected one up to 2^53, "
         "9007199254740992"},
        {"{} {}", "s.json: line 1, column 4: more text after the value, expected the end of the file"},
        {"[\"ä\", x]", "s.json: line 1, column 7: not JSON, expected a value (an object, a list, text in double "
                       "quotes, a number, true, false or null)"},
        {"[\"abc", "s.json: line 1, column 2: the text ends too early, expected a closing quote"},
        {"[\"a\nb\"]", "s.json: line 1, column 4: not JSON, expected no control characters in text (a closing quote "
                       "may be missing)"},
        {"[\"\\x\"]", "s.json: line 1, column 4: not JSON, expected one of \" \\ / b f n r t u after a backslash"},
        {"[\"\\u12g4\"]", "s.json: line 1, column 7: not JSON, expected four hexadecimal digits after \\u"},
        {"[\"\\u0000\"]", "s.json: line 1, column 3: the character \\u0000, expected text without it"},
        {"[\"\\ud800\"]", "s.json: line 1, column 3: half a surrogate pair, expected a low surrogate after a high one"},
        {"[\"\\udc00\"]",
         "s.json: line 1, column 3: half a surrogate pair, expected a high surrogate before a low one"},
        {"[\"a\",\n \"\xff\"]", "s.json: line 2, byte 8: invalid UTF-8, expected UTF-8"},
        {"{\"h\": [{\"a~/\": {\"b\": 1, \"b\": 2}}]}",
         "s.json: /h/0/a~0~1: the key \"b\" stands twice, expected each key once"},
        {"{\"b\": 1, \"b\": 2}", "s.json: the key \"b\" stands twice, expected each key once"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        rejects(rows[i][0], rows[i][1]);
}
END_TEST

static char *
nested(guint depth)
{
    g_autofree char *open = g_strnfill(depth, '['), *close = g_strnfill(depth, ']');
    return g_strconcat(open, close, NULL);
}

START_TEST(sixty_four_levels_are_read_and_sixty_five_are_not)
{
    g_autofree char *deepest = nested(64), *deeper = nested(65), *abyss = nested(1000000);
    g_autoptr(cJSON) tree = json_text_parse(deepest, strlen(deepest), "s.json", NULL);

    ck_assert_ptr_nonnull(tree);
    rejects(deeper, "s.json: line 1, column 65: nested too deep, expected at most 64 levels");
    rejects(abyss, "s.json: line 1, column 65: nested too deep, expected at most 64 levels");
}
END_TEST

START_TEST(good_json_is_read)
{
    static const char *const rows[][2] = {
        {" {\"a\" : [1, -2.5e+3, true, false, null, \"x\\n\\u00e4\\ud83d\\ude00\"]}\r\n",
         "{\"a\":[1,-2500,true,false,null,\"x\\nä😀\"]}"},
        {"\xEF\xBB\xBF[]", "[]"},
        {"0", "0"},
        {"{\"a\": {\"b\": 1}, \"c\": {\"b\": 1}}", "{\"a\":{\"b\":1},\"c\":{\"b\":1}}"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(cJSON) tree = json_text_parse(rows[i][0], strlen(rows[i][0]), "s.json", &error);
        ck_assert_msg(tree != NULL, "%s", error ? error->message : "");
        char *printed = cJSON_PrintUnformatted(tree);
        ck_assert_str_eq(printed, rows[i][1]);
        cJSON_free(printed);
    }
}
END_TEST

static void
load_rejects(const char *file, const char *problem)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(cJSON) tree = json_text_load(file, &error);
    g_autofree char *message = g_strdup_printf("%s: %s, expected a JSON file of at most 64 MiB", file, problem);

    ck_assert_ptr_null(tree);
    ck_assert_str_eq(error->message, message);
}

START_TEST(files_that_cannot_be_read_are_refused)
{
    load_rejects("/nonexistent/s.json", "no such file");
    load_rejects("/", "is a folder");
    load_rejects("/dev/zero", "is a pipe, a socket or a device");
}
END_TEST

/* Quickly: under a second, when reading and scanning it would show; the file is sparse and never read. */
START_TEST(a_file_of_100_MB_is_refused_quickly)
{
    g_autofree char *file = NULL;
    const int fd = g_file_open_tmp("tandem-large-XXXXXX", &file, NULL);

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(ftruncate(fd, 100000000), 0);
    close(fd);
    const gint64 start = g_get_monotonic_time();
    load_rejects(file, "is too large");
    ck_assert_int_lt(g_get_monotonic_time() - start, G_USEC_PER_SEC);
    g_unlink(file);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("json_text");

    tcase_add_test(tcase, each_text_that_is_not_json_has_its_message);
    tcase_add_test(tcase, sixty_four_levels_are_read_and_sixty_five_are_not);
    tcase_add_test(tcase, good_json_is_read);
    tcase_add_test(tcase, files_that_cannot_be_read_are_refused);
    tcase_add_test(tcase, a_file_of_100_MB_is_refused_quickly);
    return check_main("json_text", tcase, NULL);
}
