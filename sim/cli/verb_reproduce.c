#include "sim/claims/paper.h"
#include "sim/cli/verb.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

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
reproduce_paper(const Paper *paper, ClaimSet *claims, const char *folder, guint workers, GError **error)
{
    g_autoptr(FileSet) files = files_new();

    fprintf(stderr, "%s: %s\n", paper->name, paper->title);
    if (!paper->reproduce(claims, files, workers, error))
        return FALSE;
    if (!folder)
        return TRUE;
    g_autofree char *own = g_build_filename(folder, paper->name, NULL);
    return files_write(files, own, error);
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

static int
report(const ClaimSet *claims, const char *folder)
{
    g_autofree char *table = claims_table(claims, terminal_columns());
    g_autoptr(GError) error = NULL;

    verb_say("%s", table);
    if (folder) {
        g_autoptr(FileSet) files = files_new();
        claims_take_files(claims, files);
        if (!files_write(files, folder, &error))
            return verb_fail_writing(error);
        verb_say("files in %s\n", folder);
    }
    return claims_failed(claims) > 0 ? EXIT_CLAIM_FAILED : EXIT_DONE;
}

static int
reproduce(const GPtrArray *chosen, const char *folder, guint workers)
{
    g_autoptr(ClaimSet) claims = claims_new();
    g_autoptr(GError) error = NULL;

    if (folder && !files_check_folder(folder, &error))
        return verb_fail(EXIT_BAD_INPUT, error);
    for (guint i = 0; i < chosen->len; i++)
        if (!reproduce_paper(g_ptr_array_index(chosen, i), claims, folder, workers, &error))
            return verb_fail(EXIT_OTHER, error);
    return report(claims, folder);
}

int
verb_reproduce(int argc, char **argv)
{
    char *folder = NULL;
    int workers = 0;
    const GOptionEntry entries[] = {
        {"out", 'o', 0, G_OPTION_ARG_FILENAME, &folder, "write claims.json, claims.csv and the figures' data there",
         "DIR"},
        {"jobs", 'j', 0, G_OPTION_ARG_INT, &workers, "runs at a time (default: one per processor)", "N"},
        {NULL},
    };
    g_autoptr(GPtrArray) chosen = g_ptr_array_new();
    int status = EXIT_BAD_INPUT;

    if (verb_parse(entries, "[PAPER...]",
                   "Runs the papers' experiments and judges their claims; exit 1 when one fails.", &argc, &argv)) {
        if (workers < 0)
            verb_complain(0, "-j %d: expected a number of runs, 0 for one per processor", workers);
        else if (choose_papers(argc, argv, chosen))
            status = reproduce(chosen, folder, (guint)workers);
    }
    g_free(folder);
    return status;
}
