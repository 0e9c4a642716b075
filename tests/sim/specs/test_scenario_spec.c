/* A scenario's table, put together from the core's keys and those of every part. */
#include "sim/parts/card/card_keys.h"
#include "sim/parts/migration/migration_keys.h"
#include "sim/parts/socket/socket_keys.h"
#include "sim/parts/traffic/traffic_keys.h"
#include "sim/parts/vtpm/vtpm_keys.h"
#include "tests/sim/world/worlds.h"

START_TEST(each_part_reads_its_own_keys)
{
    g_autoptr(Scenario) scenario = worlds_load(WORLDS_BASE, NULL, NULL);
    const ScenarioSpec *spec = &scenario->spec;

    ck_assert_uint_eq(vtpm_keys_of(spec)->vtpms->len, 1);
    ck_assert_str_eq(g_array_index(vtpm_keys_of(spec)->vtpms, VtpmSpec, 0).name, "tpm");
    ck_assert_uint_eq(traffic_keys_of(spec)->flows->len, 0);
    ck_assert_uint_eq(socket_keys_of(spec)->sockets->len, 0);
    ck_assert_uint_eq(card_keys_of(spec)->cards->len, 0);
    ck_assert_ptr_nonnull(card_keys_of(spec)->measurement);
}
END_TEST

START_TEST(the_structs_of_parts_do_not_overlap)
{
    g_autoptr(Scenario) scenario = worlds_load(WORLDS_BASE, NULL, NULL);
    const guint8 *end = (const guint8 *)(&scenario->spec + 1);

    for (const PartKeys *const *part = part_keys_all(); *part; part++) {
        const guint8 *own = scenario_keys(&scenario->spec, *part);
        ck_assert_msg(own >= end, "%s", (*part)->name);
        end = own + (*part)->size;
    }
    ck_assert(end <= (const guint8 *)&scenario->spec + scenario_table()->size);
}
END_TEST

START_TEST(an_action_belongs_to_the_core_or_to_one_part)
{
    const char *const settings[] = {"/timeline/-={\"at\":\"0.5s\",\"do\":\"fail-link\",\"link\":\"lc\"}", NULL};
    g_autoptr(Scenario) scenario = worlds_load(WORLDS_BASE, settings, NULL);
    const ActionSpec *first = scenario_action(&scenario->spec, 0), *second = scenario_action(&scenario->spec, 1);
    guint word = 7;

    /* by date, whatever their order in the file */
    ck_assert_int_eq(first->kind, ACTION_FAIL_LINK);
    ck_assert_str_eq(first->link, "lc");
    ck_assert_ptr_null(action_part(first, &word));
    ck_assert_ptr_null(migration_keys_of(first));
    ck_assert_ptr_eq(action_part(second, &word), &migration_keys);
    ck_assert_uint_eq(word, 0);
    ck_assert_str_eq(migration_keys_of(second)->guest, "vm");
    ck_assert_int_eq(migration_keys_of(second)->method, METHOD_JOINT);
    ck_assert_ptr_null(action_keys(second, &vtpm_keys));
}
END_TEST

START_TEST(a_workload_may_be_set_for_what_a_part_creates)
{
    const char *const settings[] = {
        "/timeline/-={\"at\":\"2s\",\"do\":\"set-workload\",\"guest\":\"tpm\",\"workload\":{\"kind\":\"idle\"}}", NULL};
    g_autoptr(Scenario) scenario = worlds_load(WORLDS_BASE, settings, NULL);

    ck_assert_uint_eq(scenario_later_workloads(&scenario->spec, "tpm")->len, 1);
    ck_assert_ptr_null(scenario_later_workloads(&scenario->spec, "vm"));
}
END_TEST

START_TEST(domains_of_parts_follow_the_guests)
{
    g_autoptr(Scenario) scenario = worlds_load(WORLDS_BASE, NULL, NULL);
    g_autoptr(GArray) domains = scenario_domains(&scenario->spec);

    ck_assert_uint_eq(domains->len, 2);
    ck_assert_str_eq(g_array_index(domains, DomainSpec, 0).name, "vm");
    ck_assert_str_eq(g_array_index(domains, DomainSpec, 1).list, "vtpms");
    ck_assert_str_eq(g_array_index(domains, DomainSpec, 1).host, "a");
    ck_assert_ptr_eq(scenario_guest(&scenario->spec, "vm"), &g_array_index(scenario->spec.guests, GuestSpec, 0));
    ck_assert_ptr_null(scenario_guest(&scenario->spec, "tpm"));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("scenario_spec");

    tcase_add_test(tcase, each_part_reads_its_own_keys);
    tcase_add_test(tcase, the_structs_of_parts_do_not_overlap);
    tcase_add_test(tcase, an_action_belongs_to_the_core_or_to_one_part);
    tcase_add_test(tcase, a_workload_may_be_set_for_what_a_part_creates);
    tcase_add_test(tcase, domains_of_parts_follow_the_guests);
    return check_main("scenario_spec", tcase, NULL);
}
