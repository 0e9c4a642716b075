#include "sim/cli/interrupt.h"
#include "sim/cli/verb.h"
#include "sim/figures/run_figure.h"
#include "sim/figures/sweep_figure.h"
#include "sim/output/csv.h"
#include "sim/output/drawn.h"
#include "sim/output/files.h"
#include "sim/output/table.h"
#include "sim/scenario/data_folder.h"
#include "sim/scenario/json_text.h"
#include "sim/scenario/provenance.h"
#include "sim/sweep/campaign.h"
#include "sim/validate/case_kinds.h"

#include <stdio.h>
#include <string.h>

#define STUDY "hangs-on.csv" /* of what tandem sensitivity writes */

static gboolean
has(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* A script's text with the files that it loads ("load plots.'/vm-vtpm/overhead.inc'") in their place, so that what is
 * kept beside a figure needs nothing else. */
static char *
read_script(const char *plots, const char *path, GError **error)
{
    g_autofree char *text = NULL;
    GString *whole = g_string_new(NULL);

    if (files_read(path, &text, NULL, error)) {
        g_auto(GStrv) lines = g_strsplit(text, "\n", 0);
        for (char **line = lines; *line; line++) {
            if (!g_str_has_prefix(*line, "load plots.'")) {
                g_string_append_printf(whole, "%s\n", *line);
                continue;
            }
            g_auto(GStrv) parts = g_strsplit(*line, "'", 3);
            g_autofree char *loaded_path = g_build_filename(plots, parts[1], NULL);
            g_autofree char *loaded = NULL;
            if (!files_read(loaded_path, &loaded, NULL, error))
                return g_string_free(whole, TRUE);
            g_string_append_printf(whole, "%s\n", loaded);
        }
        return g_string_free(whole, FALSE);
    }
    return g_string_free(whole, TRUE);
}

/* One figure: its script with the style before it, beside the data, drawn in both formats. */
static gboolean
draw_paper_figure(const char *plots, const char *paper, const char *script, const char *folder, GPtrArray *drawn,
                  GError **error)
{
    g_autofree char *name = g_strndup(script, strlen(script) - strlen(".gp"));
    g_autofree char *style_path = g_build_filename(plots, "style.gp", NULL);
    g_autofree char *plot_path = g_build_filename(plots, paper, script, NULL);
    g_autofree char *out = g_build_filename(folder, script, NULL);
    g_autofree char *style = read_script(plots, style_path, error);
    g_autofree char *plot = style ? read_script(plots, plot_path, error) : NULL;

    if (!plot)
        return FALSE;
    g_autofree char *whole = g_strdup_printf("# Edit it and draw again: gnuplot -e \"format='pdf'\" %s\n"
                                             "if (!exists('format')) format = 'png'\nname = '%s'\n\n%s\n%s",
                                             script, name, style, plot);
    if (!files_write_text(out, whole, error) || !figure_run_script(folder, script, error))
        return FALSE;
    g_ptr_array_add(drawn, g_steal_pointer(&name));
    return TRUE;
}

/* Every figure that scripts/plots/PAPER has, over the data in a folder. */
static gboolean
draw_paper(const char *paper, const char *folder, GPtrArray *drawn, GError **error)
{
    g_autofree char *plots = data_folder_file("scripts/plots");
    g_autofree char *scripts = g_build_filename(plots, paper, NULL);
    g_autoptr(GDir) dir = g_dir_open(scripts, 0, NULL);

    for (const char *name = dir ? g_dir_read_name(dir) : NULL; name; name = g_dir_read_name(dir))
        if (g_str_has_suffix(name, ".gp") && !draw_paper_figure(plots, paper, name, folder, drawn, error))
            return FALSE;
    return TRUE;
}

/* Every study in a folder of studies, as tandem sensitivity --out writes it. */
static gboolean
draw_studies(const char *folder, GPtrArray *drawn, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, error);

    if (!dir)
        return FALSE;
    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir)) {
        g_autofree char *own = g_build_filename(folder, name, NULL);
        if (has(own, STUDY) && !draw_paper("sensitivity", own, drawn, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean
holds_studies(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);

    for (const char *name = dir ? g_dir_read_name(dir) : NULL; name; name = g_dir_read_name(dir)) {
        g_autofree char *own = g_build_filename(folder, name, NULL);
        if (has(own, STUDY))
            return TRUE;
    }
    return FALSE;
}

/* Every folder of a reproduction that scripts/plots has scripts for. */
static gboolean
draw_reproduction(const char *folder, GPtrArray *drawn, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, error);

    if (!dir)
        return FALSE;
    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (!g_file_test(path, G_FILE_TEST_IS_DIR))
            continue;
        if (!(holds_studies(path) ? draw_studies(path, drawn, error) : draw_paper(name, path, drawn, error)))
            return FALSE;
    }
    return TRUE;
}

/* Migrations that did not converge, as was predicted, leave no numbers to compare. */
static gboolean
draw_migrations(const char *folder, GPtrArray *drawn, GError **error)
{
    g_autofree char *path = g_build_filename(folder, "summary.csv", NULL);
    g_autofree char *text = NULL;
    guint counters = 0;

    if (!files_read(path, &text, NULL, error))
        return FALSE;
    g_auto(GStrv) lines = g_strsplit(text, "\n", 0);
    for (guint i = 1; lines[0] && lines[i]; i++) {
        g_auto(GStrv) cells = csv_split(lines[i]);
        counters += cells[0] && cells[1] && !g_str_equal(cells[1], "0");
    }
    if (counters == 0) {
        g_set_error(error, FIGURE_ERROR, FIGURE_ERROR_NOTHING, "%s: nothing to draw, no case has a counter to compare",
                    folder);
        return FALSE;
    }
    return draw_paper(case_kinds[CASE_MIGRATIONS].plots, folder, drawn, error);
}

/* Of each kind of cases that it has. */
static gboolean
draw_validation(const char *folder, GPtrArray *drawn, GError **error)
{
    for (guint i = 0; i < N_CASE_KINDS; i++)
        if (has(folder, case_kinds[i].file) &&
            !(i == CASE_MIGRATIONS ? draw_migrations(folder, drawn, error)
                                   : draw_paper(case_kinds[i].plots, folder, drawn, error)))
            return FALSE;
    return TRUE;
}

/* It is what the folder holds that is wrong. */
static gboolean
is_bad_folder(const GError *error)
{
    return g_error_matches(error, FIGURE_ERROR, FIGURE_ERROR_NOTHING) || error->domain == TABLE_ERROR ||
           error->domain == CAMPAIGN_ERROR || error->domain == JSON_TEXT_ERROR;
}

/* What a folder can hold, in the order in which it is looked for. */
typedef struct {
    const char *what;
    gboolean (*is_there)(const char *folder);
    gboolean (*draw)(const char *folder, const SweepFigureOptions *options, GPtrArray *drawn, GError **error);
    gboolean has_axes;      /* --metric, --x, --by and --log say something about it */
    gboolean has_languages; /* and a table beside each figure; others are drawn from what is there, in English */
} Kind;

static gboolean
is_sweep(const char *folder)
{
    return has(folder, "summary.csv") && has(folder, "manifest.json");
}

static gboolean
is_reproduction(const char *folder)
{
    return has(folder, "claims.json");
}

static gboolean
is_validation(const char *folder)
{
    for (guint i = 0; i < N_CASE_KINDS; i++)
        if (has(folder, case_kinds[i].file))
            return TRUE;
    return FALSE;
}

static gboolean
is_run(const char *folder)
{
    return has(folder, "result.json");
}

static gboolean
is_study(const char *folder)
{
    return has(folder, STUDY);
}

static gboolean
plot_reproduction(const char *folder, const SweepFigureOptions *options G_GNUC_UNUSED, GPtrArray *drawn, GError **error)
{
    return draw_reproduction(folder, drawn, error);
}

static gboolean
plot_validation(const char *folder, const SweepFigureOptions *options G_GNUC_UNUSED, GPtrArray *drawn, GError **error)
{
    return draw_validation(folder, drawn, error);
}

static gboolean
plot_run(const char *folder, const SweepFigureOptions *options, GPtrArray *drawn, GError **error)
{
    return run_figure_draw(folder, options->language, drawn, error);
}

static gboolean
plot_study(const char *folder, const SweepFigureOptions *options G_GNUC_UNUSED, GPtrArray *drawn, GError **error)
{
    return draw_paper("sensitivity", folder, drawn, error);
}

static gboolean
plot_studies(const char *folder, const SweepFigureOptions *options G_GNUC_UNUSED, GPtrArray *drawn, GError **error)
{
    return draw_studies(folder, drawn, error);
}

static const Kind kinds[] = {
    {"a sweep", is_sweep, sweep_figure_draw, .has_axes = TRUE, .has_languages = TRUE},
    {"a reproduction", is_reproduction, plot_reproduction},
    {"a validation", is_validation, plot_validation},
    {"a run", is_run, plot_run, .has_languages = TRUE},
    {"a study of sensitivity", is_study, plot_study},
    {"studies of sensitivity", holds_studies, plot_studies},
};

/* What would say nothing is refused: a figure that does not show what was asked for would be taken to show it. */
static gboolean
check_options(const Kind *kind, const char *folder, const SweepFigureOptions *options)
{
    const char *axis = options->metric           ? "--metric"
                       : options->x              ? "--x"
                       : options->by             ? "--by"
                       : options->chooses_scales ? "--log"
                                                 : NULL;

    if (axis && !kind->has_axes)
        verb_complain(0, "%s: %s holds %s, expected a sweep", axis, folder, kind->what);
    else if (options->language != LANGUAGE_EN && !kind->has_languages)
        verb_complain(0, "--lang zh: %s holds %s, whose figures are in English", folder, kind->what);
    else
        return TRUE;
    return FALSE;
}

static int
plot(const char *folder, const char *format, const SweepFigureOptions *options)
{
    g_autoptr(GPtrArray) drawn = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;
    const Kind *kind = NULL;

    for (gsize i = 0; i < G_N_ELEMENTS(kinds) && !kind; i++)
        if (kinds[i].is_there(folder))
            kind = &kinds[i];
    if (!kind)
        return verb_complain(EXIT_BAD_INPUT,
                             "%s: nothing to draw, expected a folder of run --out, sweep, reproduce, sensitivity or "
                             "validate",
                             folder);
    if (!check_options(kind, folder, options))
        return EXIT_BAD_INPUT;
    interrupt_say("not all figures were drawn; %s draws them", provenance_command());
    if (!kind->draw(folder, options, drawn, &error) ||
        !drawn_note(folder, label_language_word(options->language), drawn, kind->has_languages, &error))
        return is_bad_folder(error) ? verb_fail(EXIT_BAD_INPUT, error) : verb_fail_writing(error);
    interrupt_say_nothing();
    for (guint i = 0; i < drawn->len; i++)
        verb_say("%s (%s, gp)\n", (const char *)g_ptr_array_index(drawn, i), format ? format : "png, svg");
    return EXIT_DONE;
}

/* "x", "y", "xy", or "none" for what would be logarithmic by itself. */
static gboolean
read_log(const char *log, SweepFigureOptions *options)
{
    options->chooses_scales = log != NULL;
    if (g_strcmp0(log, "none") == 0)
        return TRUE;
    if (log && strspn(log, "xy") != strlen(log)) {
        verb_complain(0, "--log %s: expected x, y, xy or none", log);
        return FALSE;
    }
    options->log_x = log && strchr(log, 'x');
    options->log_y = log && strchr(log, 'y');
    return TRUE;
}

/* Boxes in place of letters would be worse than English, and no letters at all are no figure. */
static gboolean
keep_legible(SweepFigureOptions *options)
{
    if (figure_has_letters(options->language))
        return TRUE;
    if (!figure_has_letters(LANGUAGE_EN)) {
        verb_complain(0, "no font is here, and figures would have no letters (Debian: fonts-dejavu-core)");
        return FALSE;
    }
    verb_complain(0, "--lang zh: no font here has Chinese letters, drawn in English instead (Debian: fonts-noto-cjk)");
    options->language = LANGUAGE_EN;
    return TRUE;
}

int
verb_plot(int argc, char **argv)
{
    char *metric = NULL, *x = NULL, *by = NULL, *log = NULL, *lang = NULL, *format = NULL;
    const GOptionEntry entries[] = {
        {"metric", 'm', 0, G_OPTION_ARG_STRING, &metric, "of a sweep: what to draw", "NAME"},
        {"x", 0, 0, G_OPTION_ARG_STRING, &x, "of a sweep: the parameter along the axis", "PARAMETER"},
        {"by", 0, 0, G_OPTION_ARG_STRING, &by, "of a sweep: a line for each value of this one", "PARAMETER"},
        {"log", 0, 0, G_OPTION_ARG_STRING, &log, "logarithmic axes (default: x where the sweep multiplies)",
         "x|y|xy|none"},
        {"lang", 0, 0, G_OPTION_ARG_STRING, &lang, "of the labels (default en)", "en|zh"},
        {"format", 0, 0, G_OPTION_ARG_STRING, &format, "of the figures (default both png and svg)", "png|svg|pdf"},
        {NULL},
    };
    int status = EXIT_BAD_INPUT;
    SweepFigureOptions options = {0};

    if (verb_parse(
            entries, "DIR",
            "Draws what fits what DIR holds: a run, a sweep, a reproduction, what results hang on or a validation.",
            &argc, &argv)) {
        options.metric = metric;
        options.x = x;
        options.by = by;
        if (argc != 2)
            verb_complain(0, "plot: %d folders given, expected one (see tandem plot --help)", argc - 1);
        else if (lang && !label_language(lang, &options.language))
            verb_complain(0, "--lang %s: expected en or zh", lang);
        else if (!figure_choose_format(format))
            verb_complain(0, "--format %s: expected png, svg or pdf", format);
        else if (read_log(log, &options))
            status = keep_legible(&options) ? plot(argv[1], format, &options) : EXIT_OTHER;
    }
    g_free(metric);
    g_free(x);
    g_free(by);
    g_free(log);
    g_free(lang);
    g_free(format);
    return status;
}
