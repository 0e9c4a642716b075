/* The program as a user starts it, for tests: arguments in, status and texts out; folders that are removed again. */
#ifndef TANDEM_TESTS_PROGRAM_H
#define TANDEM_TESTS_PROGRAM_H

#include <check.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <sys/wait.h>

typedef struct {
    int status; /* -1: ended by a signal */
    char *out;
    char *err;
} Ended;

static inline void
ended_clear(Ended *ended)
{
    g_clear_pointer(&ended->out, g_free);
    g_clear_pointer(&ended->err, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ended, ended_clear)

/* words: arguments with blanks between, after the program's name. */
static inline Ended
program_run(const char *format, ...)
{
    Ended ended = {.status = -1};
    int wait_status = 0;
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *words = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *line = g_strconcat(TANDEM_PROGRAM " ", words, NULL);
    ck_assert_msg(g_spawn_command_line_sync(line, &ended.out, &ended.err, &wait_status, NULL), "%s", line);
    if (WIFEXITED(wait_status))
        ended.status = WEXITSTATUS(wait_status);
    return ended;
}

/* Ends with that status and says that. */
static inline void
program_expect(int status, const char *text, const char *words)
{
    g_auto(Ended) ended = program_run("%s", words);

    ck_assert_msg(ended.status == status, "tandem %s: status %d, expected %d: %s", words, ended.status, status,
                  ended.err);
    ck_assert_msg(strstr(ended.err, text), "tandem %s: said \"%s\", expected \"%s\"", words, ended.err, text);
    if (status != 0)
        ck_assert_msg(strchr(ended.err, '\n') == ended.err + strlen(ended.err) - 1, "not one line: %s", ended.err);
}

static inline char *
program_folder(void)
{
    char *folder = g_dir_make_tmp("tandem-test-XXXXXX", NULL);

    ck_assert_ptr_nonnull(folder);
    return folder;
}

static inline void
program_remove(const char *path)
{
    if (g_file_test(path, G_FILE_TEST_IS_DIR) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK)) {
        g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
        for (const char *name = dir ? g_dir_read_name(dir) : NULL; name; name = g_dir_read_name(dir)) {
            g_autofree char *inside = g_build_filename(path, name, NULL);
            program_remove(inside);
        }
    }
    (void)g_remove(path);
}

static inline char *
program_read(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    char *text = NULL;

    ck_assert_msg(g_file_get_contents(path, &text, NULL, NULL), "no %s", path);
    return text;
}

static inline void
program_write(const char *folder, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);

    ck_assert(g_file_set_contents(path, text, -1, NULL));
}

#endif
