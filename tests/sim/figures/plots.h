/* Figures for tests: a folder, the program in it, and how often something stands in what it wrote. */
#ifndef TANDEM_TESTS_PLOTS_H
#define TANDEM_TESTS_PLOTS_H

#include "tests/program.h"

#include <string.h>

static char *plots_folder;

static inline void
plots_set_up(void)
{
    g_setenv("TANDEM_DATA", TANDEM_SOURCE_DIR, TRUE);
    plots_folder = program_folder();
}

static inline void
plots_tear_down(void)
{
    program_remove(plots_folder);
    g_free(plots_folder);
}

/* words: arguments, with @ for the folder. */
static inline void
plots_make(const char *words)
{
    g_autoptr(GString) line = g_string_new(words);

    g_string_replace(line, "@", plots_folder, 0);
    g_auto(Ended) ended = program_run("%s", line->str);
    ck_assert_msg(ended.status == 0, "tandem %s: %s", line->str, ended.err);
}

static inline guint
plots_count(const char *text, const char *piece)
{
    g_auto(GStrv) parts = g_strsplit(text, piece, 0);

    return g_strv_length(parts) - 1;
}

/* name: of a file; how often piece stands in it. */
static inline guint
plots_count_in(const char *name, const char *piece)
{
    g_autofree char *text = program_read(plots_folder, name);

    return plots_count(text, piece);
}

/* A figure's SVG has this text; its blanks are such that no line breaks there. */
static inline gboolean
plots_shows(const char *name, const char *piece)
{
    g_autofree char *text = program_read(plots_folder, name);
    g_autoptr(GString) plain = g_string_new(text);

    g_string_replace(plain, "\u00a0", " ", 0);
    return strstr(plain->str, piece) != NULL;
}

#endif
