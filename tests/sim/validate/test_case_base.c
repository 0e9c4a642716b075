/* The table of what cases are predicted with: every line of it leads to a scenario and a profile, and a case is looked
 * up by kind, version and accelerator. */
#include "sim/validate/case_base.h"

#include "sim/specs/scenario_load.h"
#include "tests/check_main.h"

START_TEST(every_base_is_a_scenario_that_takes_its_profile)
{
    ck_assert_ptr_nonnull(case_bases[0].kind);
    for (const CaseBase *base = case_bases; base->kind; base++) {
        g_autofree char *path = g_build_filename(TANDEM_SOURCE_DIR, "scenarios", "validation", base->scenario, NULL);
        g_autofree char *setting = g_strconcat("/timeline/0/hypervisor/profile=", base->profile, NULL);
        const char *const settings[] = {setting, NULL};
        g_autoptr(GError) error = NULL;
        g_autoptr(Scenario) scenario = scenario_load(path, settings, &error);
        ck_assert_msg(scenario, "%s", error ? error->message : "");
    }
}
END_TEST

static const struct {
    const char *kind, *version, *accel;
    const char *profile;
} found[] = {
    {"plain", "7.2", "tcg", "qemu-7.2-tcg"},    {"plain", "7.2.22", "tcg", "qemu-7.2-tcg"},
    {"plain", "7.2.22", "kvm", "qemu-kvm"},     {"plain", "10.0.2", "tcg", "qemu-10-tcg"},
    {"plain", "10.0.10", "tcg", "qemu-10-tcg"},
};

START_TEST(a_version_is_of_its_series)
{
    char *fault = NULL;
    const CaseBase *base = case_base_find(found[_i].kind, found[_i].version, found[_i].accel, &fault);

    ck_assert_msg(base, "%s", fault);
    ck_assert_str_eq(base->profile, found[_i].profile);
}
END_TEST

static const struct {
    const char *kind, *version, *accel;
    const char *says;
} unknown[] = {
    {"disk", "7.2.22", "tcg", "/kind: there is nothing to predict \"disk\" with, expected one of plain, vtpm, client"},
    {"", "7.2.22", "tcg", "/kind: there is nothing to predict \"\" with, expected one of plain, vtpm, client"},
    {"client", "7.2.22", "tcg", "/qemu/version: there is nothing to predict \"7.2.22\" with, expected 10.0"},
    {"plain", "9.2.0", "tcg", "/qemu/version: there is nothing to predict \"9.2.0\" with, expected one of 7.2, 10.0"},
    {"plain", "7.20", "tcg", "/qemu/version: there is nothing to predict \"7.20\" with, expected one of 7.2, 10.0"},
    {"plain", "7", "tcg", "/qemu/version: there is nothing to predict \"7\" with, expected one of 7.2, 10.0"},
    {"plain", "7.2.22", "hvf", "/qemu/accel: there is nothing to predict \"hvf\" with, expected one of tcg, kvm"},
    {"plain", "10.0.2", "kvm", "/qemu/accel: there is nothing to predict \"kvm\" with, expected tcg"},
};

START_TEST(what_fits_no_base_is_told_with_what_would)
{
    g_autofree char *fault = NULL;

    ck_assert_ptr_null(case_base_find(unknown[_i].kind, unknown[_i].version, unknown[_i].accel, &fault));
    ck_assert_msg(g_str_has_prefix(fault, unknown[_i].says), "%s", fault);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("case_base");

    tcase_add_test(tcase, every_base_is_a_scenario_that_takes_its_profile);
    tcase_add_loop_test(tcase, a_version_is_of_its_series, 0, (int)G_N_ELEMENTS(found));
    tcase_add_loop_test(tcase, what_fits_no_base_is_told_with_what_would, 0, (int)G_N_ELEMENTS(unknown));
    return check_main("case_base", tcase, NULL);
}
