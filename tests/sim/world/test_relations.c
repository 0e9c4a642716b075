/* The relations of tests/fuzz/relations.h over scenarios made at random; fuzz_runs --relation tries as many as wanted.
 */
#include "tests/fuzz/relations.h"

#include "sim/scenario/json_text.h"
#include "tests/check_main.h"

#include <string.h>

#ifdef __SANITIZE_ADDRESS__
enum { SCENARIOS = 12 }; /* where each takes ten times as long */
#else
enum { SCENARIOS = 60 }; /* chosen: about a second for each relation */
#endif

static const Relation *
relation_named(const char *name)
{
    const Relation *relation;

    for (guint i = 0; (relation = relations_get(i)); i++)
        if (g_str_equal(relations_name(relation), name))
            return relation;
    ck_abort_msg("no relation %s", name);
}

static void
holds(const char *name)
{
    const Relation *relation = relation_named(name);
    g_autoptr(GString) faults = g_string_new(NULL);
    guint compared = 0, broken = 0;

    for (guint64 seed = 1; seed <= SCENARIOS; seed++) {
        g_autoptr(cJSON) scenario = relations_make(relation, seed);
        g_autofree char *what = NULL;
        const RelationOutcome outcome = relations_try(relation, scenario, &what);
        compared += outcome != RELATION_SAYS_NOTHING;
        broken += outcome == RELATION_BROKEN;
        if (what)
            g_string_append_printf(faults, "\n  %s, seed %" G_GUINT64_FORMAT ": %s", name, seed, what);
    }
    ck_assert_uint_gt(compared, SCENARIOS * 3 / 4); /* a relation that says nothing tests nothing */
    ck_assert_msg(broken <= relations_may_break(relation) * compared, "%u of %u:%s", broken, compared, faults->str);
}

START_TEST(more_bandwidth_never_slows_an_idle_guest)
{
    holds("more-bandwidth-idle");
}
END_TEST

START_TEST(more_bandwidth_slows_hardly_any_guest)
{
    holds("more-bandwidth-most");
}
END_TEST

START_TEST(an_idle_guest_alone_is_never_slower_than_beside_others)
{
    holds("alone-idle");
}
END_TEST

START_TEST(hardly_any_guest_alone_is_slower_than_beside_others)
{
    holds("alone-most");
}
END_TEST

START_TEST(what_is_unrelated_changes_no_number)
{
    holds("unrelated");
}
END_TEST

START_TEST(the_order_of_lists_changes_nothing)
{
    holds("reordered");
}
END_TEST

START_TEST(a_cable_in_two_pieces_is_the_same_cable)
{
    holds("split");
}
END_TEST

START_TEST(a_capped_migration_is_no_faster_than_its_cap)
{
    holds("capped");
}
END_TEST

START_TEST(the_same_scenario_gives_the_same_bytes)
{
    holds("again");
}
END_TEST

START_TEST(comparing_memory_moves_hardly_any_number)
{
    holds("unverified");
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("relations");

    tcase_add_test(tcase, more_bandwidth_never_slows_an_idle_guest);
    tcase_add_test(tcase, more_bandwidth_slows_hardly_any_guest);
    tcase_add_test(tcase, an_idle_guest_alone_is_never_slower_than_beside_others);
    tcase_add_test(tcase, hardly_any_guest_alone_is_slower_than_beside_others);
    tcase_add_test(tcase, what_is_unrelated_changes_no_number);
    tcase_add_test(tcase, the_order_of_lists_changes_nothing);
    tcase_add_test(tcase, a_cable_in_two_pieces_is_the_same_cable);
    tcase_add_test(tcase, a_capped_migration_is_no_faster_than_its_cap);
    tcase_add_test(tcase, the_same_scenario_gives_the_same_bytes);
    tcase_add_test(tcase, comparing_memory_moves_hardly_any_number);
    return check_main("relations", tcase, NULL);
}
