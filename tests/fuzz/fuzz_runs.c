/* The running fuzzer: makes scenarios and runs them; whatever crashes, hangs, or breaks an invariant is a finding.
 *
 *   fuzz_runs --seconds 3600 --seed 1 --out DIR   made scenarios number 1, 2, …; findings go to DIR, made small
 *   fuzz_runs --runs 500                          so many of them
 *   fuzz_runs FILE|FOLDER …                       these scenarios: the corpus, as a ctest
 *   fuzz_runs --relation NAME --runs 500          tests/fuzz/relations.h over so many; "all": each of them
 *   fuzz_runs --pairs 500 --program TANDEM        pairs of migrations, planned ahead and batch by batch, compared
 *
 * With --program the runs are that program's, which may be any build; otherwise they are children of this process. The
 * last line counts; the exit status is 1 when there was a finding.
 */
#include "sim/run/run.h"
#include "sim/scenario/json_text.h"
#include "tests/fuzz/maker.h"
#include "tests/fuzz/pairs.h"
#include "tests/fuzz/reducer.h"
#include "tests/fuzz/relations.h"
#include "tests/fuzz/trial.h"

#include <glib/gstdio.h>
#include <locale.h>

#define SAME_MOST   2u   /* findings of one kind that are kept */
#define REDUCE_MOST 600u /* chosen: some seconds for a finding */
#define HANG_MOST   20u  /* and of one that takes all of its processor time, minutes */

typedef struct {
    gint64 seed, runs, seconds, pairs;
    char *out, *program, *relation;
    char **files;
} Options;

typedef struct {
    const Options *options;
    guint64 counts[TRIAL_FAILED + 1];
    GHashTable *kinds; /* owned; of found faults to how often */
} Fuzzer;

static Trial
try(const Options *options, const cJSON *scenario)
{
    return options->program ? trial_run_program(scenario, options->program, NULL, NULL) : trial_run(scenario);
}

/* ---- findings ---- */

typedef struct {
    const Options *options;
    const char *kind;
} SameFault;

/* A guest of the default size takes a hundred times as long as a made one. */
static gboolean
is_quick(const cJSON *scenario)
{
    const cJSON *guest;

    cJSON_ArrayForEach(guest, cJSON_GetObjectItemCaseSensitive(scenario, "guests"))
    {
        if (!cJSON_HasObjectItem(guest, "memory"))
            return FALSE;
    }
    return TRUE;
}

static gboolean
fails_alike(const cJSON *scenario, gpointer data)
{
    const SameFault *fault = data;

    if (!is_quick(scenario))
        return FALSE;
    g_auto(Trial) trial = try(fault->options, scenario);

    return trial.outcome == TRIAL_FAILED && g_str_equal(trial.kind, fault->kind);
}

static void
keep(const Fuzzer *fuzzer, const char *name, const cJSON *scenario, const Trial *trial)
{
    SameFault fault = {fuzzer->options, trial->kind};
    g_autoptr(cJSON) small = cJSON_Duplicate(scenario, TRUE);
    g_autofree char *file = g_strdup_printf("%s.json", name);
    g_autofree char *path = g_build_filename(fuzzer->options->out, file, NULL);

    reducer_reduce(small, g_str_has_prefix(trial->what, "CPU time") ? HANG_MOST : REDUCE_MOST, fails_alike, &fault);
    g_autofree char *text = cJSON_Print(small);
    g_autofree char *line = g_strconcat(text, "\n", NULL);
    g_autoptr(GError) error = NULL;
    if (!g_file_set_contents(path, line, -1, &error))
        g_printerr("%s\n", error->message);
    g_print("  made small: %s\n", path);
}

static void
note(Fuzzer *fuzzer, const char *name, const cJSON *scenario, const Trial *trial)
{
    const guint times = GPOINTER_TO_UINT(g_hash_table_lookup(fuzzer->kinds, trial->kind)) + 1;

    g_hash_table_insert(fuzzer->kinds, g_strdup(trial->kind), GUINT_TO_POINTER(times));
    if (times > SAME_MOST)
        return;
    g_print("%s: %s\n", name, trial->what);
    if (fuzzer->options->out)
        keep(fuzzer, name, scenario, trial);
}

static void
try_and_note(Fuzzer *fuzzer, const char *name, const cJSON *scenario)
{
    g_auto(Trial) trial = try(fuzzer->options, scenario);

    fuzzer->counts[trial.outcome]++;
    if (trial.outcome == TRIAL_LONG)
        g_print("%s: cut short: %s\n", name, trial.what);
    else if (g_getenv("FUZZ_RUNS_VERBOSE") && trial.outcome != TRIAL_HELD)
        g_print("%s: %s\n", name, trial.what);
    if (trial.outcome == TRIAL_FAILED)
        note(fuzzer, name, scenario, &trial);
}

static int
sum_up(const Fuzzer *fuzzer)
{
    GHashTableIter iter;
    gpointer kind, times;

    g_hash_table_iter_init(&iter, fuzzer->kinds);
    while (g_hash_table_iter_next(&iter, &kind, &times))
        g_print("%u times: %s\n", GPOINTER_TO_UINT(times), (const char *)kind);
    g_print("%" G_GUINT64_FORMAT " runs held, %" G_GUINT64_FORMAT " scenarios refused, %" G_GUINT64_FORMAT
            " runs cut short, %" G_GUINT64_FORMAT " findings of %u kinds\n",
            fuzzer->counts[TRIAL_HELD], fuzzer->counts[TRIAL_REFUSED], fuzzer->counts[TRIAL_LONG],
            fuzzer->counts[TRIAL_FAILED], g_hash_table_size(fuzzer->kinds));
    return fuzzer->counts[TRIAL_FAILED] > 0 ? 1 : 0;
}

/* ---- what is tried ---- */

static void
try_made(Fuzzer *fuzzer)
{
    const Options *options = fuzzer->options;
    const gint64 until_us = g_get_monotonic_time() + options->seconds * G_USEC_PER_SEC;

    for (gint64 i = 0; options->seconds > 0 ? g_get_monotonic_time() < until_us : i < options->runs; i++) {
        g_autoptr(cJSON) scenario = maker_scenario((guint64)(options->seed + i), MAKER_ALL);
        try_and_note(fuzzer, cJSON_GetObjectItemCaseSensitive(scenario, "name")->valuestring, scenario);
    }
}

static gboolean
try_file(Fuzzer *fuzzer, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(cJSON) scenario = json_text_load(path, &error);

    if (scenario)
        try_and_note(fuzzer, path, scenario);
    else
        g_printerr("%s\n", error->message);
    return scenario != NULL;
}

static gboolean
try_folder(Fuzzer *fuzzer, const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    gboolean tried = dir != NULL;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        tried &= try_file(fuzzer, path);
    }
    return tried;
}

static gboolean
try_files(Fuzzer *fuzzer)
{
    gboolean tried = TRUE;

    for (char **file = fuzzer->options->files; *file; file++)
        tried &= g_file_test(*file, G_FILE_TEST_IS_DIR) ? try_folder(fuzzer, *file) : try_file(fuzzer, *file);
    return tried;
}

static int
fuzz(const Options *options)
{
    g_autoptr(GHashTable) kinds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Fuzzer fuzzer = {.options = options, .kinds = kinds};

    if (options->files && !try_files(&fuzzer))
        return 2;
    try_made(&fuzzer);
    return sum_up(&fuzzer);
}

/* ---- relations ---- */

static gboolean
breaks_relation(const cJSON *scenario, gpointer data)
{
    return relations_try(data, scenario, NULL) == RELATION_BROKEN;
}

static void
keep_broken(const Options *options, const Relation *relation, gint64 seed, cJSON *scenario)
{
    g_autofree char *file = g_strdup_printf("%s-%" G_GINT64_FORMAT ".json", relations_name(relation), seed);
    g_autofree char *path = g_build_filename(options->out, file, NULL);

    reducer_reduce(scenario, REDUCE_MOST, breaks_relation, (gpointer)relation);
    g_autofree char *text = cJSON_Print(scenario);
    if (!g_file_set_contents(path, text, -1, NULL))
        g_printerr("%s: cannot be written\n", path);
}

static gboolean
try_relation(const Options *options, const Relation *relation)
{
    guint64 counts[RELATION_BROKEN + 1] = {0};

    for (gint64 i = 0; i < options->runs; i++) {
        g_autoptr(cJSON) scenario = relations_make(relation, (guint64)(options->seed + i));
        g_autofree char *what = NULL;
        const RelationOutcome outcome = relations_try(relation, scenario, &what);
        counts[outcome]++;
        if (outcome != RELATION_BROKEN)
            continue;
        g_print("%s, seed %" G_GINT64_FORMAT ": %s\n", relations_name(relation), options->seed + i, what);
        if (options->out && counts[RELATION_BROKEN] <= SAME_MOST)
            keep_broken(options, relation, options->seed + i, scenario);
    }
    const double compared = (double)(counts[RELATION_HOLDS] + counts[RELATION_BROKEN]);
    g_print("%s: %.0f compared, %" G_GUINT64_FORMAT " broken\n", relations_name(relation), compared,
            counts[RELATION_BROKEN]);
    return (double)counts[RELATION_BROKEN] <= relations_may_break(relation) * compared;
}

static int
try_relations(const Options *options)
{
    gboolean hold = TRUE, known = FALSE;
    const Relation *relation;

    for (guint i = 0; (relation = relations_get(i)); i++) {
        if (!g_str_equal(options->relation, "all") && !g_str_equal(options->relation, relations_name(relation)))
            continue;
        known = TRUE;
        hold &= try_relation(options, relation);
    }
    if (!known)
        g_printerr("--relation %s: expected one of tests/fuzz/relations.h, or all\n", options->relation);
    return !known ? 2 : hold ? 0 : 1;
}

static gboolean
make_folder(const Options *options)
{
    if (!options->out || g_mkdir_with_parents(options->out, 0777) == 0)
        return TRUE;
    g_printerr("--out %s: cannot be made\n", options->out);
    return FALSE;
}

int
main(int argc, char **argv)
{
    Options options = {.seed = 1};
    const GOptionEntry entries[] = {
        {"seed", 0, 0, G_OPTION_ARG_INT64, &options.seed, "number of the first scenario", "N"},
        {"runs", 0, 0, G_OPTION_ARG_INT64, &options.runs, "make so many scenarios", "N"},
        {"seconds", 0, 0, G_OPTION_ARG_INT64, &options.seconds, "make scenarios for so long", "N"},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &options.out, "write what is found there, made small", "DIR"},
        {"relation", 0, 0, G_OPTION_ARG_STRING, &options.relation, "try a relation instead, or all", "NAME"},
        {"pairs", 0, 0, G_OPTION_ARG_INT64, &options.pairs, "compare so many pairs of migrations", "N"},
        {"program", 0, 0, G_OPTION_ARG_FILENAME, &options.program, "run this build of tandem", "FILE"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.files, NULL, "FILE|FOLDER"},
        {NULL},
    };
    g_autoptr(GOptionContext) context = g_option_context_new("- makes scenarios and runs them");
    g_autoptr(GError) error = NULL;

    setlocale(LC_NUMERIC, "C");
    g_option_context_add_main_entries(context, entries, NULL);
    if (!g_option_context_parse(context, &argc, &argv, &error)) {
        g_printerr("%s\n", error->message);
        return 2;
    }
    g_auto(GStrv) files = options.files;
    if (!make_folder(&options))
        return 2;
    run_warm_up();
    if (options.relation)
        return try_relations(&options);
    if (options.pairs > 0)
        return pairs_compare((guint64)options.seed, (guint64)options.pairs,
                             options.program ? options.program : TANDEM_PROGRAM, options.out);
    return fuzz(&options);
}
