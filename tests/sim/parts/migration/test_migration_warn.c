/* What `tandem check` warns of is what the run then gives, and nothing that might go well. */
#include "tests/program.h"
#include "tests/sim/world/worlds.h"

#define AND(text) "/timeline/-={" text "}"
#define MOVE(at)  "\"at\":\"" at "\",\"do\":\"migrate\",\"vm\":\"vm\",\"to\":\"c\""

#define SAY(word) "\"at\":\"1.5s\",\"do\":\"" word "-migration\",\"vm\":\"vm\""

typedef struct {
    const char *settings[4];
    const char *warning;   /* the last one; NULL: none */
    const char *migration; /* in the results, of which it is said */
    const char *outcome;
} WarnRow;

static const WarnRow rows[] = {
    {{NULL}, NULL, "vm", "completed"},
    {{"/vtpms=[]"}, "/timeline/0: the migration of \"vm\" cannot complete, no-vtpm: ", "vm", "no-vtpm"},
    {{"/timeline/0/to=a"},
     "/timeline/0: the migration of \"vm\" cannot complete, already-there: ",
     "vm",
     "already-there"},
    {{AND("\"at\":\"0.5s\",\"do\":\"destroy-guest\",\"guest\":\"vm\"")}, "/timeline/0: ", "vm", "not-running"},
    {{AND("\"at\":\"0.5s\",\"do\":\"stop-guest\",\"guest\":\"vm\"")}, "/timeline/0: ", "vm", "not-running"},
    {{AND("\"at\":\"0.5s\",\"do\":\"stop-guest\",\"guest\":\"vm\""),
      AND("\"at\":\"0.6s\",\"do\":\"start-guest\",\"guest\":\"vm\"")},
     NULL,
     "vm",
     "completed"},
    {{AND("\"at\":\"2s\",\"do\":\"create-guest\",\"guest\":\"vm\"")}, "/timeline/0: ", "vm", "not-running"},
    {{AND(MOVE("1s"))}, "/timeline/1: the migration of \"vm\" cannot complete, busy: ", "vm.2", "busy"},
    {{AND(MOVE("1.01s"))}, NULL, "vm.2", "busy"}, /* the first one might have failed by then */
    {{AND("\"at\":\"0.5s\",\"do\":\"fail-host\",\"host\":\"b\"")}, "/timeline/0: ", "vm", "destination-lost"},
    {{AND("\"at\":\"0.5s\",\"do\":\"fail-host\",\"host\":\"a\"")}, "/timeline/0: ", "vm", "not-running"},
    {{"/hosts/1/lacks_configs=[\"tpm\"]"}, "/timeline/0: ", "vm", "no-config"},
    {{"/hosts/1/memory=67MiB"}, "/timeline/0: ", "vm", "no-memory"},
    {{"/hosts/1/cores=1", "/hosts/1/vcpus_per_core=1"}, "/timeline/0: ", "vm", "no-cpu"},
    {{"/hosts/1/cores=1", "/hosts/1/vcpus_per_core=2"}, NULL, "vm", "completed"},
    {{"/hosts/1/cores=1", "/hosts/1/vcpus_per_core=1", "/timeline/0/method=vtpm-then-vm"},
     "/timeline/0: ",
     "vm",
     "no-cpu"},
    {{"/guests/0/vtpm_uuid=00000000-0000-4000-8000-000000000001", "/vtpms/0/uuid=00000000-0000-4000-8000-000000000002"},
     "/timeline/0: ",
     "vm",
     "binding-mismatch"},
    /* of two that are certain the one that the run meets first */
    {{"/hosts/1/memory=67MiB", AND(MOVE("1s"))}, "/timeline/1: ", "vm.2", "busy"},
    {{"/guests/0/vtpm_uuid=00000000-0000-4000-8000-000000000001", "/vtpms/0/uuid=00000000-0000-4000-8000-000000000002",
      AND("\"at\":\"0.5s\",\"do\":\"fail-host\",\"host\":\"b\"")},
     "/timeline/0: ",
     "vm",
     "destination-lost"},
    {{"/timeline/0/method=vm-then-vtpm", "/hosts/1/lacks_configs=[\"tpm\"]", "/hosts/1/memory=67MiB"},
     "/timeline/0: ",
     "vm",
     "no-memory"},
    /* another domain is at work, and this one is not */
    {{"/timeline/0/method=vm", AND("\"at\":\"1s\",\"do\":\"migrate\",\"vm\":\"vm\",\"to\":\"b\",\"method\":\"vtpm\"")},
     NULL,
     "vm.2",
     "completed"},
    /* a migration in vain is at work too, and whoever stops the guest is refused */
    {{"/hosts/1/memory=67MiB", AND("\"at\":\"1s\",\"do\":\"stop-guest\",\"guest\":\"vm\""),
      AND("\"at\":\"3s\",\"do\":\"migrate\",\"vm\":\"vm\",\"to\":\"c\"")},
     "/timeline/0: ",
     "vm.2",
     "completed"},
    /* an evacuation may have moved it meanwhile */
    {{AND("\"at\":\"4s\",\"do\":\"evacuate\",\"host\":\"b\",\"to\":[\"a\"]"),
      AND("\"at\":\"60s\",\"do\":\"migrate\",\"vm\":\"vm\",\"to\":\"b\"")},
     NULL,
     "vm.3",
     "completed"},
    {{"/timeline/0={\"at\":\"1s\",\"do\":\"evacuate\",\"host\":\"a\",\"to\":[\"b\"],\"hypervisor\":\"ideal\"}",
      AND("\"at\":\"1.1s\",\"do\":\"stop-guest\",\"guest\":\"vm\""),
      AND("\"at\":\"60s\",\"do\":\"migrate\",\"vm\":\"vm\",\"to\":\"a\",\"method\":\"joint\"")},
     NULL,
     "vm.2",
     "completed"},
};

/* Words to migrations that will never be heard; each is the second action. */
static const struct {
    const char *settings[3];
    const char *warning; /* NULL: none */
} words[] = {
    {{AND(SAY("cancel") ",\"migration\":\"vm\"")}, NULL},
    {{AND(SAY("cancel") ",\"migration\":\"vm.2\"")}, NULL}, /* a later one of that name */
    {{AND(SAY("cancel") ",\"migration\":\"vm2\"")},
     "/timeline/1/migration: is in vain, no migration of \"vm\" is called \"vm2\""},
    {{AND(SAY("cancel") ",\"migration\":\"vm2\""), "/timeline/0/name=vm2"}, NULL},
    {{AND(SAY("finish")), "/timeline/0/method=cold"}, "/timeline/1: is in vain, no migration of \"vm\" is a live one"},
    {{AND(SAY("cancel")), "/timeline/0/method=cold"}, NULL},
    {{AND("\"at\":\"0.9s\",\"do\":\"cancel-migration\",\"vm\":\"vm\"")},
     "/timeline/1: is in vain, no migration of \"vm\" has begun by then"},
};

START_TEST(a_word_that_nobody_will_hear_is_warned_of)
{
    g_autoptr(GPtrArray) warnings = NULL;
    const char *const settings[] = {words[_i].settings[0], words[_i].settings[1], NULL};
    g_autoptr(Scenario) scenario = worlds_load_warned(WORLDS_BASE, settings, &warnings, NULL);

    ck_assert_ptr_nonnull(scenario);
    ck_assert_uint_eq(warnings->len, words[_i].warning ? 1 : 0);
    if (words[_i].warning)
        ck_assert_str_eq(g_ptr_array_index(warnings, 0), words[_i].warning);
}
END_TEST

START_TEST(a_warning_comes_true)
{
    const WarnRow *row = &rows[_i];
    g_autoptr(GPtrArray) warnings = NULL;
    g_autoptr(Scenario) scenario = worlds_load_warned(WORLDS_BASE, row->settings, &warnings, NULL);
    g_autofree char *outcome = g_strdup_printf("migration.%s.outcome", row->migration);
    g_autoptr(Result) result = worlds_run_scenario(scenario, 1);

    ck_assert_word(result, outcome, row->outcome);
    ck_assert_uint_eq(warnings->len > 0, row->warning != NULL);
    if (!row->warning)
        return;
    const char *warning = g_ptr_array_index(warnings, warnings->len - 1);
    g_autofree char *named = g_strdup_printf(", %s: ", row->outcome);
    const gboolean of_this = !g_str_equal(row->outcome, "completed"); /* else of an earlier one */
    ck_assert_msg(g_str_has_prefix(warning, row->warning) && (!of_this || strstr(warning, named)), "%s", warning);
}
END_TEST

#define EXAMPLE TANDEM_SOURCE_DIR "/scenarios/examples/refused.json"

START_TEST(check_warns_and_is_content)
{
    g_auto(Ended) ended = program_run("check " EXAMPLE);

    ck_assert_int_eq(ended.status, 0);
    ck_assert_str_eq(ended.out, EXAMPLE ": ok\n");
    ck_assert(g_str_has_prefix(ended.err, "tandem: warning: " EXAMPLE ": /timeline/1: "));
}
END_TEST

START_TEST(a_run_fails_on_migrations_when_asked_to)
{
    g_auto(Ended) plain = program_run("run " EXAMPLE);
    g_auto(Ended) good = program_run("run --fail-on-migration " TANDEM_SOURCE_DIR "/scenarios/examples/joint.json");

    ck_assert_int_eq(plain.status, 0);
    ck_assert_int_eq(good.status, 0);
    program_expect(1, "refused.json: 6 of 7 did not complete: migration.stranger (binding-mismatch), ",
                   "run --fail-on-migration " EXAMPLE);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("migration_warn");

    g_setenv("TANDEM_DATA", TANDEM_SOURCE_DIR, TRUE);
    tcase_set_timeout(tcase, 100);
    tcase_add_loop_test(tcase, a_word_that_nobody_will_hear_is_warned_of, 0, G_N_ELEMENTS(words));
    tcase_add_loop_test(tcase, a_warning_comes_true, 0, G_N_ELEMENTS(rows));
    tcase_add_test(tcase, check_warns_and_is_content);
    tcase_add_test(tcase, a_run_fails_on_migrations_when_asked_to);
    return check_main("migration_warn", tcase, NULL);
}
