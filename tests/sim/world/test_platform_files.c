/* Files that SimGrid reads: in memory, or in a temporary folder that is gone afterwards. */
#include "sim/world/platform_files.h"
#include "tests/check_main.h"

#include <string.h>

static const char *const open_files[] = {"/proc/self/fd", "/there-is-no-such-folder"};

static void
check_text(const PlatformFiles *files, const char *name, const char *expected)
{
    g_autofree char *path = platform_files_path(files, name);
    g_autofree char *text = NULL;

    ck_assert(g_file_get_contents(path, &text, NULL, NULL));
    ck_assert_str_eq(text, expected);
}

START_TEST(what_was_written_is_read_beside_the_others_and_gone_afterwards)
{
    PlatformFiles *files = platform_files_new(open_files[_i]);
    g_autofree char *one = platform_files_add(files, "link states", "0 1\n", NULL);
    g_autofree char *two = platform_files_add(files, "platform", "<platform/>\n", NULL);
    g_autofree char *path = platform_files_path(files, two);
    g_autofree char *folder = g_path_get_dirname(path);

    ck_assert_str_ne(one, two);
    check_text(files, one, "0 1\n");
    check_text(files, two, "<platform/>\n");
    platform_files_free(files);
    ck_assert(!g_file_test(path, G_FILE_TEST_EXISTS));
    if (_i > 0)
        ck_assert(!g_file_test(folder, G_FILE_TEST_EXISTS));
}
END_TEST

START_TEST(without_a_place_for_them_it_is_said)
{
    g_setenv("TMPDIR", "/there-is-no-such-folder", TRUE);
    g_autoptr(PlatformFiles) files = platform_files_new(open_files[1]);
    g_autoptr(GError) error = NULL;

    ck_assert_ptr_null(platform_files_add(files, "platform", "x", &error));
    ck_assert_msg(strstr(error->message, "no temporary file for the platform's platform"), "%s", error->message);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("platform files");

    tcase_add_loop_test(tcase, what_was_written_is_read_beside_the_others_and_gone_afterwards, 0,
                        G_N_ELEMENTS(open_files));
    tcase_add_test(tcase, without_a_place_for_them_it_is_said);
    return check_main("platform_files", tcase, NULL);
}
