#include "sim/claims/claim_files.h"
#include "sim/claims/claim_notes.h"
#include "sim/claims/claim_table.h"
#include "sim/claims/paper.h"
#include "sim/cli/interrupt.h"
#include "sim/cli/verb.h"
#include "sim/output/folder.h"
#include "sim/run/progress.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

typedef struct {
    char *folder;
    int workers;
    gboolean quiet;
} ReproduceOptions;

/* Of the terminal; 120 when the output is a file. */
static guint
terminal_columns(void)
{
    struct winsize size;

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 120;
}

/* One paper's claims and data; its data go to a folder of its name. */
static gboolean
reproduce_paper(const Paper *paper, const ReproduceOptions *options, ClaimSet *claims, FileSet *files, GError **error)
{
    g_autoptr(FileSet) own = files_new();

    if (!options->quiet)
        fprintf(stderr, "%s: %s\n", paper->name, paper->title);
    if (!paper->reproduce(claims, own, (guint)options->workers, error))
        return FALSE;
    files_take_all(files, paper->name, own);
    return TRUE;
}

static gboolean
choose_papers(int argc, char **argv, GPtrArray *chosen)
{
    for (int i = 1; i < argc; i++) {
        const Paper *paper = paper_find(argv[i]);
        if (!paper) {
            g_autoptr(GString) names = g_string_new(NULL);
            for (const Paper *known = papers; known->name; known++)
                g_string_append_printf(names, "%s%s", names->len ? ", " : "", known->name);
            verb_complain(0, "reproduce: no paper \"%s\", expected one of %s", argv[i], names->str);
            return FALSE;
        }
        if (!g_ptr_array_find(chosen, paper, NULL)) /* named twice, reproduced once: claims have one id each */
            g_ptr_array_add(chosen, (gpointer)paper);
    }
    for (const Paper *paper = papers; argc == 1 && paper->name; paper++)
        g_ptr_array_add(chosen, (gpointer)paper);
    return TRUE;
}

/* The first mistake in what is known of the claims is told; all that is known is said beside them. */
static gboolean
apply_notes(const GPtrArray *chosen, ClaimSet *claims, GError **error)
{
    gboolean well = TRUE;

    for (guint i = 0; i < chosen->len; i++) {
        const Paper *paper = g_ptr_array_index(chosen, i);
        well = claim_notes_apply(claims, paper->name, well ? error : NULL) && well;
    }
    return well;
}

static int
report(const GPtrArray *chosen, const ReproduceOptions *options, ClaimSet *claims, FileSet *files, OutputFolder *folder)
{
    g_autoptr(GError) mistake = NULL, error = NULL;
    const gboolean known = apply_notes(chosen, claims, &mistake);
    g_autofree char *table = claim_table_text(claims, terminal_columns());

    if (!options->quiet)
        verb_say("%s", table);
    if (folder) {
        claim_files_take(claims, files);
        if (!output_folder_write(folder, files, NULL, &error))
            return verb_fail_writing(error);
        if (!options->quiet)
            verb_say("files in %s\n", options->folder);
    }
    if (!known)
        return verb_fail(EXIT_BAD_INPUT, mistake);
    return claims_failed(claims) > 0 ? EXIT_CLAIM_FAILED : EXIT_DONE;
}

static int
reproduce(const GPtrArray *chosen, const ReproduceOptions *options)
{
    g_autoptr(ClaimSet) claims = claims_new();
    g_autoptr(FileSet) files = files_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(OutputFolder) folder =
        options->folder ? output_folder_open(options->folder, "claims.json", &error) : NULL;

    if (error)
        return verb_fail(EXIT_BAD_INPUT, error);
    if (!options->quiet)
        progress_allow();
    interrupt_say("%s", folder ? "nothing was written" : "no claim was judged");
    for (guint i = 0; i < chosen->len; i++)
        if (!reproduce_paper(g_ptr_array_index(chosen, i), options, claims, files, &error))
            return verb_fail(EXIT_OTHER, error);
    interrupt_say_nothing();
    return report(chosen, options, claims, files, folder);
}

int
verb_reproduce(int argc, char **argv)
{
    ReproduceOptions options = {0};
    const GOptionEntry entries[] = {
        {"out", 'o', 0, G_OPTION_ARG_FILENAME, &options.folder,
         "write claims.json, claims.csv and the figures' data there", "DIR"},
        {"jobs", 'j', 0, G_OPTION_ARG_INT, &options.workers, "runs at a time (default: one per processor)", "N"},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &options.quiet, "no table and no progress", NULL},
        {NULL},
    };
    g_autoptr(GPtrArray) chosen = g_ptr_array_new();
    int status = EXIT_BAD_INPUT;

    if (verb_parse(entries, "[PAPER...]",
                   "Runs the papers' experiments and judges their claims; exit 1 when one fails.", &argc, &argv)) {
        if (options.workers < 0)
            verb_complain(0, "-j %d: expected a number of runs, 0 for one per processor", options.workers);
        else if (choose_papers(argc, argv, chosen))
            status = reproduce(chosen, &options);
    }
    g_free(options.folder);
    return status;
}
