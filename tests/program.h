/* The program as a user starts it, for tests: arguments in, status and texts out; folders that are removed again.
 *
 * It is not loaded anew: a fork of the test runs its main. Loading SimGrid takes 0.1 s, and 0.4 s under a sanitizer,
 * which for hundreds of starts was most of the suite's time. test_ends and the scripts start it from its file. */
#ifndef TANDEM_TESTS_PROGRAM_H
#define TANDEM_TESTS_PROGRAM_H

#include "sim/cli/tandem.h"
#include "tests/sanitizer_notes.h"

#include <check.h>
#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

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

/* What was written to the file. */
static inline char *
program_said(FILE *file)
{
    g_autoptr(GString) text = g_string_new(NULL);
    char piece[4096];

    rewind(file);
    for (gsize n = fread(piece, 1, sizeof piece, file); n > 0; n = fread(piece, 1, sizeof piece, file))
        g_string_append_len(text, piece, (gssize)n);
    fclose(file);
    return sanitizer_notes_cut(g_string_free(g_steal_pointer(&text), FALSE));
}

/* The options that are read take their words out of argv: held here, in the program, they are no leak. Volatile: nobody
 * reads it but the sanitizer, and a store that nobody reads is left out. */
static char **volatile program_words G_GNUC_UNUSED;

#ifdef TANDEM_SANITIZED
/* Whether the sanitizer looks for leaks at the end: not in a fork that runs the program, where it would look, hundreds
 * of times, through all that the test holds. Tests that start the program from its file do look. */
static gboolean program_is_forked;

int __lsan_is_turned_off(void);
int
__lsan_is_turned_off(void)
{
    return program_is_forked;
}
#endif

static inline pid_t
program_start(const char *words, FILE *out, FILE *err)
{
    g_autofree char *line = g_strconcat("tandem ", words, NULL);
    char **argv = NULL;
    int argc = 0;

    ck_assert_msg(g_shell_parse_argv(line, &argc, &argv, NULL), "%s", line);
    fflush(NULL);
    const pid_t pid = fork();
    ck_assert_int_ge(pid, 0);
    if (pid == 0) {
#ifdef TANDEM_SANITIZED
        program_is_forked = TRUE;
#endif
        if (dup2(fileno(out), STDOUT_FILENO) < 0 || dup2(fileno(err), STDERR_FILENO) < 0)
            _exit(127);
        program_words = g_memdup2(argv, (gsize)(argc + 1) * sizeof *argv);
        exit(tandem_main(argc, argv));
    }
    g_strfreev(argv);
    return pid;
}

/* words: arguments with blanks between, after the program's name. */
static inline Ended
program_run(const char *format, ...)
{
    Ended ended = {.status = -1};
    FILE *out = tmpfile(), *err = tmpfile();
    int wait_status = 0;
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *words = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    ck_assert(out && err);
    const pid_t pid = program_start(words, out, err);
    while (waitpid(pid, &wait_status, 0) < 0)
        ck_assert_int_eq(errno, EINTR);
    if (WIFEXITED(wait_status))
        ended.status = WEXITSTATUS(wait_status);
    ended.out = program_said(out);
    ended.err = program_said(err);
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
