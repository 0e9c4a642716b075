/* One figure: its data as CSV, a gnuplot script, and what gnuplot draws from them, PNG and SVG, or PDF on request.
 *
 * The script is made of a head with the figure's texts, scripts/plots/style.gp and a template of scripts/plots; it
 * stands beside the figure as NAME.gp and can be edited and run again: gnuplot -e "format='pdf'" NAME.gp
 */
#ifndef TANDEM_SIM_FIGURES_FIGURE_H
#define TANDEM_SIM_FIGURES_FIGURE_H

#include "sim/figures/label.h"

#define FIGURE_ERROR figure_error_quark()
GQuark figure_error_quark(void);
typedef enum {
    FIGURE_ERROR_NO_GNUPLOT, /* not installed */
    FIGURE_ERROR_GNUPLOT,    /* it failed */
    FIGURE_ERROR_FILE,
    FIGURE_ERROR_NOTHING, /* the folder holds nothing that can be drawn, or not that metric */
} FigureError;

/* "pdf", for the figures from here on; NULL: png and svg. FALSE: no such format. */
gboolean figure_choose_format(const char *format);
/* FALSE: no font on this machine has the language's letters, and a figure would show empty boxes. */
gboolean figure_has_letters(Language language);

typedef struct Figure Figure;

/* plot: "sweep/lines" of scripts/plots. */
Figure *figure_new(const char *name, const char *plot, Language language);
void figure_free(Figure *figure);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Figure, figure_free)

/* A variable of the script. */
void figure_set_text(Figure *figure, const char *variable, const char *text);
/* One text of words, a line's name each, as gnuplot's word() takes them apart again; and VARIABLE_ems, the width of the
 * longest of them, from which the scripts take the room that a key or a margin needs; VARIABLE_each: of each. */
void figure_set_words(Figure *figure, const char *variable, const GPtrArray *texts);
/* Adds to what stands above the plot: the heading first, then what the figure leaves out or holds fixed, smaller. Long
 * texts are broken into lines. */
void figure_add_title(Figure *figure, const char *text);
/* A text as a cell of the figure's data. (transfer full) */
char *figure_cell(const char *text);
void figure_set_number(Figure *figure, const char *variable, double value);
/* text is taken. */
void figure_take_data(Figure *figure, char *csv);
/* Writes the files to folder, which is made if need be, and runs gnuplot there for each format. */
gboolean figure_draw(Figure *figure, const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Runs gnuplot over a ready script in its own folder. */
gboolean figure_run_script(const char *folder, const char *script, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
