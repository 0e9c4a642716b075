/* Scenarios made at random: the same for the same number, and mostly ones that `tandem check` takes. */
#include "tests/fuzz/maker.h"

#include "sim/specs/scenario_load.h"
#include "tests/check_main.h"

#include <string.h>

enum { SCENARIOS = 300 };

static char *
text_of(cJSON *scenario)
{
    char *text = cJSON_PrintUnformatted(scenario);

    cJSON_Delete(scenario);
    return text;
}

START_TEST(the_same_number_gives_the_same_scenario)
{
    for (guint64 seed = 1; seed <= 20; seed++) {
        char *first = text_of(maker_scenario(seed, MAKER_ALL)), *again = text_of(maker_scenario(seed, MAKER_ALL));
        char *other = text_of(maker_scenario(seed + 1, MAKER_ALL));
        ck_assert_str_eq(first, again);
        ck_assert_str_ne(first, other);
        cJSON_free(first);
        cJSON_free(again);
        cJSON_free(other);
    }
}
END_TEST

static gboolean
passes_check(cJSON *scenario)
{
    Scenario *loaded = scenario_from_tree(scenario, "made.json", ".", NULL);

    scenario_free(loaded);
    cJSON_Delete(scenario);
    return loaded != NULL;
}

START_TEST(most_scenarios_pass_the_check)
{
    guint all_keys = 0, plain = 0, pairs = 0;

    for (guint64 seed = 1; seed <= SCENARIOS; seed++) {
        all_keys += passes_check(maker_scenario(seed, MAKER_ALL));
        plain += passes_check(maker_scenario(seed, MAKER_ALL & ~MAKER_ANY_KEY));
        pairs += passes_check(maker_pair(seed));
    }
    ck_assert_uint_ge(all_keys, SCENARIOS * 8 / 10);
    ck_assert_uint_ge(plain, SCENARIOS * 9 / 10);
    ck_assert_uint_eq(pairs, SCENARIOS);
}
END_TEST

/* Otherwise nothing of it is tried. */
START_TEST(every_part_and_many_keys_occur)
{
    static const char *const wanted[] = {
        "\"vtpms\"",       "\"cards\"",           "\"sockets\"",     "\"flows\"",      "fail-host",
        "fail-link",       "restore-link",        "set-workload",    "\"phases\"",     "\"layout\"",
        "\"kernel\"",      "\"crosstraffic\"",    "postcopy_rounds", "auto_converge",  "\"max_bandwidth\"",
        "\"batch_pages\"", "\"max_rounds\"",      "\"buffer_wake\"", "concatenated",   "vtpm-then-vm",
        "nsdi-2005",       "\"lacks_configs\"",   "\"used\"",        "\"efficiency\"", "\"client_network\"",
        "\"probes\"",      "\"tail_loss_probe\"", "vtpm-at-push"};
    g_autoptr(GString) all = g_string_new(NULL);

    for (guint64 seed = 1; seed <= SCENARIOS; seed++) {
        char *text = text_of(maker_scenario(seed, MAKER_ALL));
        g_string_append(all, text);
        cJSON_free(text);
    }
    for (guint i = 0; i < G_N_ELEMENTS(wanted); i++)
        ck_assert_msg(strstr(all->str, wanted[i]), "%s in none of %d", wanted[i], SCENARIOS);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("maker");

    tcase_add_test(tcase, the_same_number_gives_the_same_scenario);
    tcase_add_test(tcase, most_scenarios_pass_the_check);
    tcase_add_test(tcase, every_part_and_many_keys_occur);
    return check_main("maker", tcase, NULL);
}
