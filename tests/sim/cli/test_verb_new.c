/* `tandem new` and its templates: each is accepted by check without a warning, and runs. */
#include "sim/scenario/json_text.h"
#include "tests/check_main.h"
#include "tests/program.h"

#include <string.h>

static char *root;

static void
make_root(void)
{
    root = program_folder();
    ck_assert_int_eq(chdir(root), 0);
    g_setenv("TANDEM_DATA", TANDEM_SOURCE_DIR, TRUE);
    g_setenv("XDG_CONFIG_HOME", "/nonexistent", TRUE);
}

static void
remove_root(void)
{
    ck_assert_int_eq(chdir("/"), 0);
    program_remove(root);
    g_free(root);
}

/* Names of templates, ended by NULL. (transfer full) */
static char **
templates(void)
{
    g_auto(Ended) ended = program_run("list templates");
    char **lines = g_strsplit(g_strchomp(ended.out), "\n", -1);

    ck_assert_int_eq(ended.status, 0);
    for (char **line = lines; *line; line++)
        (*line)[strcspn(*line, " ")] = '\0';
    return lines;
}

static gboolean
has_comment(const cJSON *value)
{
    const cJSON *item;

    cJSON_ArrayForEach(item, value)
    {
        if ((item->string && g_str_equal(item->string, "$comment")) || has_comment(item))
            return TRUE;
    }
    return FALSE;
}

START_TEST(every_template_has_comments_and_a_title_and_is_accepted_and_runs)
{
    g_auto(GStrv) names = templates();

    ck_assert_uint_ge(g_strv_length(names), 8);
    for (char **name = names; *name; name++) {
        g_autofree char *file = g_strconcat(*name, ".json", NULL);
        g_auto(Ended) made = program_run("new %s %s", *name, file);
        ck_assert_msg(made.status == 0, "%s: %s", *name, made.err);
        g_autoptr(cJSON) tree = json_text_load(file, NULL);
        ck_assert_msg(has_comment(tree), "%s has no comment", *name);
        ck_assert_str_eq(cJSON_GetStringValue(cJSON_GetObjectItem(tree, "name")), *name);
        g_auto(Ended) checked = program_run("check %s", file);
        ck_assert_msg(checked.status == 0 && *checked.err == '\0', "%s: %s", *name, checked.err);
        g_auto(Ended) ran = program_run("run --fail-on-migration %s", file);
        ck_assert_msg(ran.status == 0, "%s: %s", *name, ran.err);
    }
}
END_TEST

/* The template's own link to the schema leads from its folder only. */
START_TEST(a_new_file_names_the_schema_by_its_place)
{
    g_auto(Ended) made = program_run("new migration mine.json"), printed = program_run("new migration");
    g_autofree char *text = program_read(root, "mine.json");
    static const char line[] = "\"$schema\": \"file://" TANDEM_SOURCE_DIR "/configs/schema/scenario.schema.json\"";

    ck_assert_int_eq(made.status, 0);
    ck_assert_ptr_nonnull(strstr(text, line));
    ck_assert_str_eq(text, printed.out);
}
END_TEST

START_TEST(nothing_is_overwritten_and_an_unknown_template_is_refused)
{
    program_write(root, "mine.json", "mine");
    program_expect(2, "new: mine.json: is there already, expected the name of a new file", "new migration mine.json");
    g_autofree char *text = program_read(root, "mine.json");
    ck_assert_str_eq(text, "mine");
    program_expect(2, "new: no template \"migrations\", expected one of ", "new migrations");
    program_expect(2, "(did you mean \"migration\"?)", "new migrations");
    program_expect(2, "new: no template \"../examples/joint\"", "new ../examples/joint");
    program_expect(2, "new: 0 words given", "new");
    program_expect(3, "its folder is not there", "new migration none/mine.json");
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("verb_new");

    tcase_add_checked_fixture(tcase, make_root, remove_root);
    tcase_add_test(tcase, every_template_has_comments_and_a_title_and_is_accepted_and_runs);
    tcase_add_test(tcase, a_new_file_names_the_schema_by_its_place);
    tcase_add_test(tcase, nothing_is_overwritten_and_an_unknown_template_is_refused);
    return check_main("verb_new", tcase, NULL);
}
