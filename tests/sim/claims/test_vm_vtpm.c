/* The claims of the VM-vTPM paper, as a user gets them: they pass, and say what was fitted and how far off they are. */
#include "tests/check_main.h"
#include "tests/program.h"

#include <cjson/cJSON.h>
#include <string.h>

static char *folder;
static char *listing; /* what the program printed */
static cJSON *claims;

static void
set_up(void)
{
    folder = program_folder();
    g_auto(Ended) ended = program_run("reproduce vm-vtpm vm-vtpm --out %s/papers", folder);
    ck_assert_msg(ended.status == 0, "%s%s", ended.out, ended.err);
    listing = g_steal_pointer(&ended.out);
    g_autofree char *text = program_read(folder, "papers/claims.json");
    claims = cJSON_Parse(text);
    ck_assert(cJSON_IsArray(claims));
}

static void
tear_down(void)
{
    cJSON_Delete(claims);
    g_free(listing);
    program_remove(folder);
    g_free(folder);
}

static const cJSON *
claim(const char *id)
{
    for (const cJSON *each = claims->child; each; each = each->next)
        if (g_str_equal(cJSON_GetStringValue(cJSON_GetObjectItem(each, "id")), id))
            return each;
    ck_abort_msg("no claim %s", id);
}

/* The text says about 10 %, its table 6.4 %: the first is reported as missed by a third, not hidden in a range. */
static const char *
word(const char *id, const char *key)
{
    return cJSON_GetStringValue(cJSON_GetObjectItem(claim(id), key));
}

START_TEST(overhead_stands_beside_both_of_the_papers_figures)
{
    const cJSON *text = claim("overhead-from-text"), *table = claim("overhead-from-table");
    const double simulated = cJSON_GetNumberValue(cJSON_GetObjectItem(text, "simulated"));

    ck_assert_double_eq(cJSON_GetNumberValue(cJSON_GetObjectItem(text, "paper_value")), 10);
    ck_assert_double_eq_tol(cJSON_GetNumberValue(cJSON_GetObjectItem(table, "paper_value")), 6.41, 0.01); /* rounded */
    ck_assert_double_eq(cJSON_GetNumberValue(cJSON_GetObjectItem(table, "simulated")), simulated);
    ck_assert_double_eq_tol(cJSON_GetNumberValue(cJSON_GetObjectItem(text, "deviation")), simulated / 10 - 1, 1e-3);
    ck_assert_str_eq(word("overhead-from-text", "verdict"), "disputed");
    ck_assert_ptr_nonnull(strstr(listing, word("overhead-from-text", "reason")));
    ck_assert_str_eq(word("overhead-from-text", "same_as"), "overhead-from-table");
}
END_TEST

/* A row that a parameter was fitted to shows that the model can, not that it is right; what follows from it by
 * arithmetic, or reads back what was put in, tells nothing of its own. */
START_TEST(roles_say_what_a_claim_can_tell)
{
    static const char *const roles[][2] = {
        {"table-4-vm-mean", "calibrated"},
        {"table-4-vtpm-mean", "calibrated"},
        {"table-4-joint-mean", "calibrated"},
        {"table-4-joint-above-sequential", "derived"},
        {"overhead-from-table", "derived"},
        {"table-4-sequential-mean", "derived"},
        {"xen-log-round-1-sent", "calibrated"},
        {"xen-log-round-2-sent", "predicted"},
        {"figure-6", "definition"},
        {"figure-9", "exact"},
        {"table-1-row-2", "exact"},
        {"vtpm-uninterrupted", "calibrated"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(roles); i++)
        ck_assert_str_eq(word(roles[i][0], "role"), roles[i][1]);
}
END_TEST

START_TEST(every_claim_but_definitions_names_its_mechanism_and_a_mutation)
{
    for (const cJSON *each = claims->child; each; each = each->next) {
        const char *id = cJSON_GetStringValue(cJSON_GetObjectItem(each, "id"));
        const gboolean passes = g_str_equal(word(id, "verdict"), "pass");
        const gboolean definition = g_str_equal(word(id, "role"), "definition");
        ck_assert_msg(definition || !passes || (*word(id, "mechanism") && *word(id, "mutations")), "%s", id);
    }
}
END_TEST

/* The counts leave out what is counted with another claim, and say how many definitions stand apart. */
START_TEST(what_tells_nothing_of_its_own_is_not_counted)
{
    guint counted = 0, same = 0, definitions = 0;

    for (const cJSON *each = claims->child; each; each = each->next) {
        const char *id = cJSON_GetStringValue(cJSON_GetObjectItem(each, "id"));
        const gboolean definition = g_str_equal(word(id, "role"), "definition"), another = *word(id, "same_as") != 0;
        definitions += definition;
        same += another && !definition;
        counted += !another && !definition;
    }
    g_autofree char *first = g_strdup_printf("\n%u claims (", counted);
    g_autofree char *second =
        g_strdup_printf("\n%u more tell the same numbers; %u definitions apart\n", same, definitions);
    ck_assert_msg(strstr(listing, first) && strstr(listing, second), "%s%s%s", first, second, listing);
    ck_assert_uint_ge(same, 8);
    ck_assert_uint_eq(definitions, 2);
}
END_TEST

START_TEST(fitted_parameters_are_listed_with_the_values_of_the_profiles)
{
    g_autofree char *fitted = program_read(folder, "papers/fitted.csv");

    ck_assert_ptr_nonnull(strstr(listing, "guests/qi-meng-vm: /workload/rate = 510/s,"));
    ck_assert_ptr_nonnull(strstr(listing, "hypervisors/xen-4.5: /cump_page_work = 26us,"));
    ck_assert_ptr_nonnull(strstr(listing, "xen-log.json: /guests/0/workload/exponent = 0.457,"));
    ck_assert_ptr_nonnull(strstr(fitted, "\nworking-set,assumed,256MiB,"));
    ck_assert_ptr_nonnull(strstr(fitted, "\nguest-mode,assumed,pv,"));
}
END_TEST

/* ---- what each method costs ---- */

enum { N_METHODS = 6, N_MEASURES = 4 };

static double
cell(const char *rows, guint row, guint column)
{
    g_auto(GStrv) lines = g_strsplit(rows, "\n", 0);
    g_auto(GStrv) cells = g_strsplit(lines[row + 1], ",", 0);

    ck_assert_msg(*cells[column], "row %u, column %u is empty", row, column);
    return g_ascii_strtod(cells[column], NULL);
}

/* The means of methods.csv stand in columns 1, 4, 7 and 10: total, downtime, without vTPM, sent. */
START_TEST(a_price_is_what_a_method_costs_over_the_cheapest)
{
    g_autofree char *costs = program_read(folder, "papers/vm-vtpm/methods.csv");
    g_autofree char *prices = program_read(folder, "papers/vm-vtpm/methods-prices.csv");

    for (guint m = 0; m < N_MEASURES; m++) {
        double least = cell(costs, 0, 1 + 3 * m);
        for (guint i = 1; i < N_METHODS; i++)
            least = MIN(least, cell(costs, i, 1 + 3 * m));
        for (guint i = 0; i < N_METHODS; i++)
            ck_assert_double_eq_tol(cell(prices, i, 1 + m), cell(costs, i, 1 + 3 * m) - least, 1e-6);
    }
}
END_TEST

/* Nothing is for nothing: who goes one after the other has no vTPM in between, who goes together stands still for two.
 */
START_TEST(each_method_has_a_price_and_it_is_named)
{
    static const char *const named[N_METHODS][2] = {
        {"VM then vTPM,", ",time without vTPM"}, {"vTPM then VM,", ",time without vTPM"},
        {"vTPM at push,", ",time without vTPM"}, {"joint (CUMP),", ",total time; downtime; bytes sent"},
        {"concatenated,", ",downtime"},          {"QEMU,", ",total time; downtime; bytes sent"},
    };
    g_autofree char *prices = program_read(folder, "papers/vm-vtpm/methods-prices.csv");
    g_auto(GStrv) lines = g_strsplit(prices, "\n", 0);

    for (guint i = 0; i < N_METHODS; i++)
        ck_assert_msg(g_str_has_prefix(lines[i + 1], named[i][0]) && g_str_has_suffix(lines[i + 1], named[i][1]),
                      "%s, expected %s…%s", lines[i + 1], named[i][0], named[i][1]);
}
END_TEST

static char *
costs_of(const char *profile)
{
    g_autofree char *path = g_strdup_printf(TANDEM_SOURCE_DIR "/configs/hypervisors/%s.json", profile);
    g_autofree char *text = NULL;

    ck_assert(g_file_get_contents(path, &text, NULL, NULL));
    cJSON *json = cJSON_Parse(text);
    char *costs = cJSON_PrintUnformatted(cJSON_GetObjectItem(json, "costs"));
    cJSON_Delete(json);
    return costs;
}

/* Otherwise QEMU's row would be compared at other prices. */
START_TEST(qemu_is_charged_the_test_beds_fixed_costs)
{
    char *xen = costs_of("xen-4.5"), *qemu = costs_of("qemu-testbed");

    ck_assert_ptr_nonnull(strstr(xen, "activation"));
    ck_assert_str_eq(xen, qemu);
    cJSON_free(xen);
    cJSON_free(qemu);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("vm-vtpm");

    tcase_add_unchecked_fixture(tcase, set_up, tear_down); /* one for all; named twice, it is done once */
    tcase_add_test(tcase, overhead_stands_beside_both_of_the_papers_figures);
    tcase_add_test(tcase, roles_say_what_a_claim_can_tell);
    tcase_add_test(tcase, a_price_is_what_a_method_costs_over_the_cheapest);
    tcase_add_test(tcase, each_method_has_a_price_and_it_is_named);
    tcase_add_test(tcase, qemu_is_charged_the_test_beds_fixed_costs);
    tcase_add_test(tcase, every_claim_but_definitions_names_its_mechanism_and_a_mutation);
    tcase_add_test(tcase, what_tells_nothing_of_its_own_is_not_counted);
    tcase_add_test(tcase, fitted_parameters_are_listed_with_the_values_of_the_profiles);
    return check_main("vm_vtpm", tcase, NULL);
}
