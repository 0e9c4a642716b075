/* What is committed under results/ is what the program writes today: a run is run again, tables have the columns that
 * `tandem list tables` gives them, and studies name parameters that there are. The papers' runs, which take minutes,
 * are not repeated: scripts/reproduce.sh is. After a change that is meant to move the run: TANDEM_UPDATE=1
 * build/dev/tests/test_committed, build/dev/tandem plot results/papers, and look at the diff. */
#include "sim/output/table.h"
#include "tests/check_main.h"
#include "tests/program.h"

#include <cjson/cJSON.h>
#include <string.h>

#define PAPERS TANDEM_SOURCE_DIR "/results/papers"
#define RUN    PAPERS "/vtpm-mechanisms"

static char *
read_text(const char *path)
{
    char *text = NULL;

    ck_assert_msg(g_file_get_contents(path, &text, NULL, NULL), "no %s", path);
    return text;
}

START_TEST(the_committed_run_is_what_the_program_writes)
{
    static const char *const files[] = {"commands.csv", "domains.csv", "result.json",
                                        "rounds.csv",   "states.csv",  "steps.csv"};
    g_autofree char *folder = program_folder();
    g_auto(Ended) ended =
        program_run("run " TANDEM_SOURCE_DIR "/scenarios/examples/vtpm-mechanisms.json --out %s/run", folder);

    ck_assert_msg(ended.status == 0, "%s", ended.err);
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(RUN, files[i], NULL);
        g_autofree char *name = g_build_filename("run", files[i], NULL);
        g_autofree char *now = program_read(folder, name);
        if (g_getenv("TANDEM_UPDATE"))
            ck_assert(g_file_set_contents(path, now, -1, NULL));
        g_autofree char *committed = read_text(path);
        ck_assert_msg(g_str_equal(committed, now), "%s is not what the program writes", path);
    }
    program_remove(folder);
}
END_TEST

/* From "rounds.csv", which stands at a line's begin, and its columns, which are indented, to the header line. */
static GHashTable *
declared_headers(void)
{
    GHashTable *headers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_auto(Ended) ended = program_run("list tables");
    g_auto(GStrv) lines = g_strsplit(ended.out, "\n", 0);
    g_autofree char *table = g_strdup("");

    for (char **line = lines; *line; line++) {
        const char *begin = *line + strspn(*line, " ");
        g_autofree char *word = g_strndup(begin, strcspn(begin, " "));
        if (!*word)
            continue;
        if (begin == *line) {
            g_free(table);
            table = g_strdup(word);
            g_hash_table_insert(headers, g_strdup(table), g_strdup(""));
            continue;
        }
        const char *before = g_hash_table_lookup(headers, table);
        g_hash_table_insert(headers, g_strdup(table), g_strconcat(before, *before ? "," : "", word, NULL));
    }
    return headers;
}

/* "platform-socket-paths.csv" is a socket-paths.csv: the longest name that it ends with. NULL: a table of its own. */
static const char *
table_of(GHashTable *headers, const char *file)
{
    const char *best = NULL;
    GHashTableIter iter;
    gpointer key;

    g_hash_table_iter_init(&iter, headers);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        const gsize length = strlen(key), whole = strlen(file);
        if (g_str_has_suffix(file, key) && (whole == length || file[whole - length - 1] == '-') &&
            (!best || length > strlen(best)))
            best = key;
    }
    return best;
}

START_TEST(committed_tables_have_the_columns_that_the_program_declares)
{
    static const char *const folders[] = {"clients",   "crypto-card", "inter-vm-sockets",
                                          "operators", "vm-vtpm",     "vtpm-mechanisms"};
    g_autoptr(GHashTable) headers = declared_headers();
    guint found = 0;

    for (gsize f = 0; f < G_N_ELEMENTS(folders); f++) {
        g_autofree char *folder = g_build_filename(PAPERS, folders[f], NULL);
        g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
        for (const char *file = g_dir_read_name(dir); file; file = g_dir_read_name(dir)) {
            const char *table = table_of(headers, file);
            if (!table)
                continue;
            g_autofree char *path = g_build_filename(folder, file, NULL);
            g_autofree char *text = read_text(path);
            text[strcspn(text, "\n")] = '\0';
            ck_assert_msg(g_str_equal(text, g_hash_table_lookup(headers, table)), "%s: %s, expected %s", path, text,
                          (const char *)g_hash_table_lookup(headers, table));
            found++;
        }
    }
    ck_assert_uint_ge(found, 20);
}
END_TEST

START_TEST(committed_studies_are_of_parameters_that_are_listed)
{
    static const char *const studies[] = {"crypto-card", "inter-vm-sockets", "validation", "vm-vtpm"};
    const char *const columns[] = {"parameter", NULL};

    for (gsize s = 0; s < G_N_ELEMENTS(studies); s++) {
        g_autofree char *path = g_build_filename(PAPERS, "sensitivity", studies[s], "parameters.csv", NULL);
        g_autofree char *file = g_strconcat(TANDEM_SOURCE_DIR "/configs/parameters/", studies[s], ".json", NULL);
        g_autofree char *text = read_text(file);
        cJSON *list = cJSON_Parse(text);
        const cJSON *entry, *parameters = cJSON_GetObjectItemCaseSensitive(list, "parameters");
        g_autoptr(Table) table = table_read(path, columns, NULL);
        guint listed = 0;
        ck_assert(table && cJSON_IsArray(parameters));
        cJSON_ArrayForEach(entry, parameters)
        {
            const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(entry, "name"));
            gboolean has = FALSE;
            for (guint row = 0; row < table_rows(table); row++)
                has |= g_strcmp0(table_text(table, row, "parameter"), name) == 0;
            ck_assert_msg(has, "%s: has no parameter %s of %s", path, name, file);
            listed++;
        }
        ck_assert_uint_eq(table_rows(table), listed + 1); /* and the other seeds */
        cJSON_Delete(list);
    }
}
END_TEST

/* A bar without a name would be of nobody knows what. */
START_TEST(every_bar_of_a_committed_tornado_has_a_name)
{
    static const char *const studies[] = {"crypto-card", "inter-vm-sockets", "validation", "vm-vtpm"};

    for (gsize s = 0; s < G_N_ELEMENTS(studies); s++) {
        g_autofree char *path = g_build_filename(PAPERS, "sensitivity", studies[s], "tornado.csv", NULL);
        g_autoptr(Table) table = table_read(path, NULL, NULL);
        ck_assert_ptr_nonnull(table);
        for (guint row = 0; row < table_rows(table); row++)
            ck_assert_msg(*table_text(table, row, "parameter") || (table_number(table, row, "low_percent") == 0 &&
                                                                   table_number(table, row, "high_percent") == 0),
                          "%s: row %u", path, row + 1);
    }
}
END_TEST

/* claims.csv is claims.json as a table; of each claim the same. */
START_TEST(the_two_files_of_claims_agree)
{
    g_autofree char *text = read_text(PAPERS "/claims.json");
    cJSON *whole = cJSON_Parse(text);
    const cJSON *claim, *claims = cJSON_IsArray(whole) ? whole : cJSON_GetObjectItemCaseSensitive(whole, "claims");
    const char *const columns[] = {"id", "verdict", "role", NULL};
    g_autoptr(Table) table = table_read(PAPERS "/claims.csv", columns, NULL);
    guint row = 0;

    ck_assert(table && cJSON_IsArray(claims));
    cJSON_ArrayForEach(claim, claims)
    {
        for (const char *const *column = columns; *column; column++)
            ck_assert_str_eq(table_text(table, row, *column),
                             cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(claim, *column)));
        row++;
    }
    ck_assert_uint_eq(row, table_rows(table));
    cJSON_Delete(whole);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("committed");

    g_setenv("TANDEM_DATA", TANDEM_SOURCE_DIR, TRUE);
    tcase_add_test(tcase, the_committed_run_is_what_the_program_writes);
    tcase_add_test(tcase, committed_tables_have_the_columns_that_the_program_declares);
    tcase_add_test(tcase, committed_studies_are_of_parameters_that_are_listed);
    tcase_add_test(tcase, every_bar_of_a_committed_tornado_has_a_name);
    tcase_add_test(tcase, the_two_files_of_claims_agree);
    return check_main("committed", tcase, NULL);
}
