#include "sim/scenario/data_folder.h"
#include "tests/check_main.h"
#include "tests/program.h"

static char *root; /* a temporary folder */

static void
make_root(void)
{
    root = program_folder();
}

static void
remove_root(void)
{
    program_remove(root);
    g_free(root);
    g_unsetenv("TANDEM_DATA");
}

static char *
folder_in_root(const char *name)
{
    char *path = g_build_filename(root, name, NULL);

    ck_assert_int_eq(g_mkdir_with_parents(path, 0700), 0);
    return path;
}

static void
expect_own(const char *program, const char *expected)
{
    g_autofree char *path = g_build_filename(root, program, NULL);
    g_autofree char *wanted = g_build_filename(root, expected, NULL);
    g_autofree char *own = data_folder_above(path);

    ck_assert_str_eq(own, wanted);
}

/* Installed, moved elsewhere with its folders, in a build folder below another one's, and where there is nothing. */
START_TEST(the_programs_own_folder_is_the_nearest_above_it)
{
    g_autofree char *usr = folder_in_root("usr/share/tandem/configs"),
                    *opt = folder_in_root("usr/opt/t/share/tandem/configs");

    expect_own("usr/bin/tandem", "usr/share/tandem");
    expect_own("usr/opt/t/bin/tandem", "usr/opt/t/share/tandem");
    expect_own("usr/opt/t/tests/deep/test_x", "usr/opt/t/share/tandem");
    expect_own("usr/opt/other/bin/tandem", "usr/share/tandem");
    expect_own("elsewhere/tandem", "elsewhere/share/tandem");
}
END_TEST

START_TEST(a_link_to_a_source_tree_is_named_as_the_tree)
{
    g_autofree char *configs = folder_in_root("tree/configs"), *share = folder_in_root("tree/build/share");
    g_autofree char *link = g_build_filename(share, "tandem", NULL);

    ck_assert_int_eq(symlink("../..", link), 0);
    expect_own("tree/build/tandem", "tree");
}
END_TEST

/* An empty name, wherever it stands, is the program's own folder: here this build's, which leads to the tree. */
START_TEST(an_empty_name_of_the_list_is_the_programs_own_folder)
{
    static const char *const rows[][4] = {
        {"", TANDEM_SOURCE_DIR},
        {"/a", "/a"},
        {"/a:/b", "/a", "/b"},
        {"/a:", "/a", TANDEM_SOURCE_DIR},
        {":/a", TANDEM_SOURCE_DIR, "/a"},
        {"/a::/b", "/a", TANDEM_SOURCE_DIR, "/b"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_setenv("TANDEM_DATA", rows[i][0], TRUE);
        const char *const *folders = data_folders();
        for (gsize k = 1; k < G_N_ELEMENTS(rows[i]) && rows[i][k]; k++, folders++)
            ck_assert_str_eq(*folders, rows[i][k]);
        ck_assert_ptr_null(*folders);
    }
    g_unsetenv("TANDEM_DATA");
    ck_assert_str_eq(data_folders()[0], TANDEM_SOURCE_DIR);
}
END_TEST

START_TEST(a_file_is_taken_from_the_first_folder_that_has_it)
{
    g_autofree char *a = folder_in_root("a"), *b = folder_in_root("b");
    g_autofree char *both = g_strdup_printf("%s:%s", a, b);

    g_setenv("TANDEM_DATA", both, TRUE);
    program_write(b, "style.gp", "");
    g_autofree char *of_b = data_folder_file("style.gp"), *in_b = g_build_filename(b, "style.gp", NULL);
    ck_assert_str_eq(of_b, in_b);
    program_write(a, "style.gp", "");
    g_autofree char *of_a = data_folder_file("style.gp"), *in_a = g_build_filename(a, "style.gp", NULL);
    ck_assert_str_eq(of_a, in_a);
    g_autofree char *nowhere = data_folder_file("none"), *in_first = g_build_filename(a, "none", NULL);
    ck_assert_str_eq(nowhere, in_first);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("data_folder");

    tcase_add_checked_fixture(tcase, make_root, remove_root);
    tcase_add_test(tcase, the_programs_own_folder_is_the_nearest_above_it);
    tcase_add_test(tcase, a_link_to_a_source_tree_is_named_as_the_tree);
    tcase_add_test(tcase, an_empty_name_of_the_list_is_the_programs_own_folder);
    tcase_add_test(tcase, a_file_is_taken_from_the_first_folder_that_has_it);
    return check_main("data_folder", tcase, NULL);
}
