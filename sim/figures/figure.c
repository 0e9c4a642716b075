#include "sim/figures/figure.h"

#include "sim/output/files.h"
#include "sim/output/inert.h"
#include "sim/output/signals.h"
#include "sim/scenario/data_folder.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

#define CHINESE_FAMILY "Noto Sans CJK SC"

struct Figure {
    char *name;
    char *plot;
    Language language;
    GString *head;
    GPtrArray *title; /* of char *, owned: lines */
    char *data;
};

enum { TEXT_MAX_CHARS = 400 }; /* chosen: more than fits any figure */

/* Widths of a line above the plot: a column's 900 pixels, in letters of 24 and 17 points, less a margin. */
static const double heading_ems = 27, note_ems = 38;
/* What gnuplot takes a letter for, at most, when it lays out a key. */
static const double gnuplot_letter_ems = 0.82;

static const char *const usual_formats[] = {"png", "svg", NULL};
static const char *const *formats = usual_formats;

gboolean
figure_choose_format(const char *format)
{
    static const char *const one[][2] = {{"png", NULL}, {"svg", NULL}, {"pdf", NULL}};

    formats = usual_formats;
    for (gsize i = 0; format && i < G_N_ELEMENTS(one); i++)
        if (g_str_equal(one[i][0], format))
            formats = one[i];
    return !format || formats != usual_formats;
}

/* The family that draws the language: Noto's, which scripts/setup.sh installs, else whichever there is. NULL: none.
 * fontconfig, by which gnuplot finds its fonts too, is asked. (transfer full) */
static char *
letters_of(Language language)
{
    const char *const argv[] = {"fc-list", ":lang=zh-cn", "family", NULL};
    g_autofree char *said = NULL;

    if (language == LANGUAGE_EN)
        return g_strdup("DejaVu Sans");
    if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &said,
                      NULL, NULL, NULL) ||
        !said || !*said)
        return NULL;
    if (strstr(said, CHINESE_FAMILY))
        return g_strdup(CHINESE_FAMILY);
    said[strcspn(said, ",\n")] = '\0';
    return g_strdup(g_strstrip(said));
}

/* Without any font gnuplot draws no text at all. Nobody to ask: there are some. */
static gboolean
has_fonts(void)
{
    const char *const argv[] = {"fc-list", NULL};
    g_autofree char *said = NULL;

    return !g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &said,
                         NULL, NULL, NULL) ||
           (said && *said);
}

gboolean
figure_has_letters(Language language)
{
    if (language == LANGUAGE_EN)
        return has_fonts();
    g_autofree char *family = letters_of(language);

    return family != NULL;
}

GQuark
figure_error_quark(void)
{
    return g_quark_from_static_string("tandem-figure-error");
}

Figure *
figure_new(const char *name, const char *plot, Language language)
{
    Figure *figure = g_new0(Figure, 1);

    figure->name = g_strdup(name);
    figure->plot = g_strdup(plot);
    figure->head = g_string_new(NULL);
    g_string_append_printf(figure->head,
                           "# Drawn by `tandem plot`. Edit it and draw again: gnuplot -e \"format='pdf'\" %s.gp\n"
                           "if (!exists('format')) format = 'png'\n",
                           name);
    figure_set_text(figure, "name", name);
    figure->language = language;
    figure->title = g_ptr_array_new_with_free_func(g_free);
    return figure;
}

void
figure_free(Figure *figure)
{
    if (!figure)
        return;
    g_free(figure->name);
    g_free(figure->plot);
    g_string_free(figure->head, TRUE);
    g_ptr_array_unref(figure->title);
    g_free(figure->data);
    g_free(figure);
}

/* What a figure can show of a text: one line in which nothing acts, not longer than the paper. */
static char *
shown(const char *text)
{
    char *line = inert_line(text);

    if (g_utf8_strlen(line, -1) <= TEXT_MAX_CHARS)
        return line;
    g_autofree char *whole = line;
    const char *end = g_utf8_offset_to_pointer(whole, TEXT_MAX_CHARS);
    return g_strdup_printf("%.*s…", (int)(end - whole), whole);
}

/* Single quotes: gnuplot reads nothing in them. Where one stands in the text it gets double quotes, and the pieces are
 * joined: gnuplot 5.4 takes a doubled single quote for the end of the text when it comes first. */
void
figure_set_text(Figure *figure, const char *variable, const char *text)
{
    g_autofree char *line = shown(text);
    g_autoptr(GString) quoted = g_string_new(line);

    g_string_replace(quoted, "'", "'.\"'\".'", 0);
    g_string_append_printf(figure->head, "%s = '%s'\n", variable, quoted->str);
}

/* A word of gnuplot's word(): blanks part words, and quotes hold them together. */
static char *
word_of(const char *text)
{
    g_autofree char *line = shown(*text ? text : " ");
    GString *word = g_string_new(line);

    g_string_replace(word, " ", "\u00a0", 0);
    g_string_replace(word, "'", "\u2019", 0);
    g_string_replace(word, "\"", "\u201d", 0);
    return g_string_free(word, FALSE);
}

void
figure_set_words(Figure *figure, const char *variable, const GPtrArray *texts)
{
    g_autoptr(GString) list = g_string_new(NULL), widths = g_string_new(NULL);
    g_autofree char *width = g_strconcat(variable, "_ems", NULL);
    double ems = 0;

    for (guint i = 0; i < texts->len; i++) {
        g_autofree char *word = word_of(g_ptr_array_index(texts, i));
        const double own = MAX(label_ems(word), gnuplot_letter_ems * (double)g_utf8_strlen(word, -1));
        ems = MAX(ems, own);
        g_string_append_printf(widths, "%s%.2f", i > 0 ? " " : "", own);
        g_string_append_printf(list, "%s%s", i > 0 ? " " : "", word);
    }
    g_string_append_printf(figure->head, "%s = '%s'\n%s_each = '%s'\n", variable, list->str, variable, widths->str);
    figure_set_number(figure, width, ems);
}

/* Where a text that is too wide is broken: after its last blank that fits, or where the room ends. */
static const char *
break_of(const char *text, double ems)
{
    const char *blank = NULL, *p = text;
    double used = 0;

    for (; *p; p = g_utf8_next_char(p)) {
        const gunichar letter = g_utf8_get_char(p);
        used += label_letter_ems(letter);
        if (used > ems)
            return blank ? blank : p;
        if (letter == ' ')
            blank = g_utf8_next_char(p);
    }
    return p;
}

void
figure_add_title(Figure *figure, const char *text)
{
    const double ems = figure->title->len == 0 ? heading_ems : note_ems;
    g_autofree char *line = shown(text);
    const char *end;

    for (const char *p = line; *p; p = end) {
        end = break_of(p, ems);
        char *piece = g_strndup(p, (gsize)(end - p));
        g_ptr_array_add(figure->title, g_strchomp(piece));
    }
}

/* Always quoted: gnuplot takes a '#' for a comment; and without quotes in it, which it cannot read. */
char *
figure_cell(const char *text)
{
    g_autofree char *line = shown(text);
    g_autoptr(GString) cell = g_string_new(line);

    g_string_replace(cell, "\"", "\u201d", 0);
    return g_strdup_printf("\"%s\"", cell->str);
}

void
figure_set_number(Figure *figure, const char *variable, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    g_string_append_printf(figure->head, "%s = %s\n", variable, g_ascii_formatd(text, sizeof text, "%.10g", value));
}

void
figure_take_data(Figure *figure, char *csv)
{
    g_free(figure->data);
    figure->data = csv;
}

static char *
read_script(const char *name, GError **error)
{
    g_autofree char *file = g_strdup_printf("scripts/plots/%s.gp", name);
    g_autofree char *path = data_folder_file(file);
    char *text = NULL;

    return g_file_get_contents(path, &text, NULL, error) ? text : NULL;
}

static char *
whole_script(Figure *figure, GError **error)
{
    g_autofree char *style = read_script("style", error);
    g_autofree char *frame = style ? read_script("frame", error) : NULL;
    g_autofree char *plot = frame ? read_script(figure->plot, error) : NULL;
    g_autofree char *family = letters_of(figure->language);

    if (!plot)
        return NULL;
    figure_set_words(figure, "title_lines", figure->title);
    figure_set_text(figure, "letters", family ? family : "DejaVu Sans");
    return g_strdup_printf("%s\n%s\n%s\n%s", figure->head->str, style, frame, plot);
}

/* gnuplot writes here, so that who stops it leaves no half of a figure under the figure's name. */
#define DRAFT ".draft-"

static gboolean
run_gnuplot(const char *gnuplot, const char *folder, const char *script, const char *format, GError **error)
{
    g_autofree char *settings = g_strdup_printf("format='%s'; draft='" DRAFT "'", format);
    const char *const argv[] = {gnuplot, "-e", settings, script, NULL};
    g_autofree char *complaint = NULL;
    int status = 0;

    if (!g_spawn_sync(folder, (char **)argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, &complaint, &status,
                      error))
        return FALSE;
    if (status == 0)
        return TRUE;
    g_strdelimit(g_strstrip(complaint), "\n", ' ');
    g_set_error(error, FIGURE_ERROR, FIGURE_ERROR_GNUPLOT, "%s/%s: gnuplot failed: %s", folder, script, complaint);
    return FALSE;
}

static gboolean
draw_format(const char *gnuplot, const char *folder, const char *script, const char *format, GError **error)
{
    g_autofree char *name = g_strndup(script, strlen(script) - strlen(".gp"));
    g_autofree char *to = g_strdup_printf("%s/%s.%s", folder, name, format);
    g_autofree char *from = g_strdup_printf("%s/" DRAFT "%s.%s", folder, name, format);

    if (!files_check_target(to, error) || !files_check_target(from, error))
        return FALSE;
    signals_doom(from);
    gboolean well = run_gnuplot(gnuplot, folder, script, format, error);
    if (well && g_rename(from, to) != 0) {
        g_set_error(error, FIGURE_ERROR, FIGURE_ERROR_FILE, "%s: cannot be written: %s", to, g_strerror(errno));
        well = FALSE;
    }
    if (!well)
        (void)g_unlink(from);
    signals_spare(from);
    return well;
}

gboolean
figure_run_script(const char *folder, const char *script, GError **error)
{
    g_autofree char *gnuplot = g_find_program_in_path("gnuplot");

    if (!gnuplot) {
        g_set_error(error, FIGURE_ERROR, FIGURE_ERROR_NO_GNUPLOT,
                    "gnuplot is not installed, expected it to draw %s/%s (Debian: gnuplot-nox)", folder, script);
        return FALSE;
    }
    for (gsize i = 0; formats[i]; i++)
        if (!draw_format(gnuplot, folder, script, formats[i], error))
            return FALSE;
    return TRUE;
}

gboolean
figure_draw(Figure *figure, const char *folder, GError **error)
{
    g_autoptr(FileSet) files = files_new();
    g_autofree char *csv = g_strconcat(figure->name, ".csv", NULL);
    g_autofree char *script = g_strconcat(figure->name, ".gp", NULL);
    char *text = whole_script(figure, error);

    if (!text)
        return FALSE;
    files_take(files, script, text);
    files_take(files, csv, g_strdup(figure->data ? figure->data : ""));
    return files_write(files, folder, error) && figure_run_script(folder, script, error);
}
