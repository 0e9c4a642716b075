/* Values that stand in for those of files: wherever a scenario gets them from, and nowhere else. */
#include "sim/scenario/override.h"
#include "sim/specs/scenario_load.h"
#include "tests/check_main.h"

#define TESTBED TANDEM_SOURCE_DIR "/scenarios/papers/vm-vtpm/testbed.json"

static void
override_text(const char *file, const char *pointer, const char *text)
{
    cJSON *value = cJSON_CreateString(text);

    override_add(file, pointer, value);
    cJSON_Delete(value);
}

static double
rate(const char *const *settings)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Scenario) scenario = scenario_load(TESTBED, settings, &error);

    ck_assert_msg(scenario, "%s", error ? error->message : "");
    return g_array_index(scenario->spec.guests, GuestSpec, 0).workload->rate_pages_s;
}

START_TEST(a_profiles_value_is_replaced_wherever_it_is_named)
{
    ck_assert_double_eq(rate(NULL), 510);
    override_text("configs/guests/qi-meng-vm.json", "/workload/rate", "561/s");
    ck_assert_double_eq(rate(NULL), 561);
    override_text("configs/guests/linux-static.json", "/workload/rate", "1/s"); /* another file's is another value */
    ck_assert_double_eq(rate(NULL), 561);
}
END_TEST

START_TEST(a_setting_goes_before_it)
{
    static const char *const settings[] = {"/guests/0/workload/rate=7/s", NULL};

    override_text("configs/guests/qi-meng-vm.json", "/workload/rate", "561/s");
    ck_assert_double_eq(rate(settings), 7);
}
END_TEST

START_TEST(a_scenarios_own_value_is_replaced)
{
    g_autoptr(GError) error = NULL;

    override_text("scenarios/papers/vm-vtpm/testbed.json", "/timeline/0/at", "11s");
    g_autoptr(Scenario) scenario = scenario_load(TESTBED, NULL, &error);
    ck_assert_double_eq(scenario_action(&scenario->spec, 0)->at_s, 11);
}
END_TEST

START_TEST(a_value_that_does_not_fit_is_an_error_of_the_file)
{
    g_autoptr(GError) error = NULL;

    override_text("configs/guests/qi-meng-vm.json", "/workload/rate", "many");
    g_autoptr(Scenario) scenario = scenario_load(TESTBED, NULL, &error);
    ck_assert_ptr_null(scenario);
    ck_assert_msg(g_strrstr(error->message, "configs/guests/qi-meng-vm.json: /workload/rate: "), "%s", error->message);
}
END_TEST

START_TEST(seeds_are_shifted)
{
    ck_assert_uint_eq(override_seed(3), 3);
    override_shift_seeds(1000);
    ck_assert_uint_eq(override_seed(3), 1003);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("override"); /* each test is a process of its own, as each override is */

    g_setenv("TANDEM_DATA", TANDEM_SOURCE_DIR, TRUE);
    tcase_add_test(tcase, a_profiles_value_is_replaced_wherever_it_is_named);
    tcase_add_test(tcase, a_setting_goes_before_it);
    tcase_add_test(tcase, a_scenarios_own_value_is_replaced);
    tcase_add_test(tcase, a_value_that_does_not_fit_is_an_error_of_the_file);
    tcase_add_test(tcase, seeds_are_shifted);
    return check_main("override", tcase, NULL);
}
