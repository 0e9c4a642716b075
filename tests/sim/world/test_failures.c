/* Failing worlds: whatever breaks and whenever, the migration ends with an outcome, one instance of each domain runs
 * (none, when its only host died), and nothing is left half done. */
#include "tests/sim/world/worlds.h"

#define FREE_BYTES (64 * WORLDS_MIB) /* of each host, for guests */
#define VM_BYTES   (4 * WORLDS_MIB)
#define TPM_BYTES  (1 * WORLDS_MIB)

#ifdef TANDEM_SANITIZED
enum { MOMENTS = 40, CHUNK = 20 };
#else
enum { MOMENTS = 400, CHUNK = 20 }; /* chosen: a minute; TANDEM_MOMENTS=1000 in the environment takes more */
#endif

/* ---- what must hold after every run ---- */

static gboolean
is_running(const Result *result, const char *domain)
{
    g_autofree char *name = g_strdup_printf("domain.%s.state", domain);

    return g_str_equal(worlds_word(result, name), "running");
}

static gboolean
is_at(const Result *result, const char *domain, const char *host)
{
    g_autofree char *name = g_strdup_printf("domain.%s.host", domain);

    return g_str_equal(worlds_word(result, name), host);
}

/* Running with one instance, or lost with its host and none. */
static void
check_domain(const Result *result, const char *domain)
{
    g_autofree char *state = g_strdup_printf("domain.%s.state", domain);
    g_autofree char *instances = g_strdup_printf("domain.%s.instances", domain);
    g_autofree char *host = g_strdup_printf("domain.%s.host", domain);
    g_autofree char *host_state = g_strdup_printf("host.%s.state", worlds_word(result, host));

    if (is_running(result, domain)) {
        ck_assert_double_eq(worlds_number(result, instances), 1);
        ck_assert_word(result, host_state, "up");
    } else {
        ck_assert_word(result, state, "lost");
        ck_assert_double_eq(worlds_number(result, instances), 0);
        ck_assert_word(result, host_state, "lost");
    }
}

/* A host that is up has given to guests what those that run there need, and no byte more. */
static void
check_memory(const Result *result, const char *host)
{
    g_autofree char *state = g_strdup_printf("host.%s.state", host);
    g_autofree char *free_bytes = g_strdup_printf("host.%s.free_bytes", host);
    double expected = FREE_BYTES;

    if (!g_str_equal(worlds_word(result, state), "up"))
        return;
    if (is_running(result, "vm") && is_at(result, "vm", host))
        expected -= VM_BYTES;
    if (is_running(result, "tpm") && is_at(result, "tpm", host))
        expected -= TPM_BYTES;
    ck_assert_double_eq(worlds_number(result, free_bytes), expected);
}

static void
check_pcr(const Result *result)
{
    g_autofree char *pcr = worlds_pcr("vm", (guint64)worlds_number(result, "vtpm.tpm.commands_done"));

    ck_assert_word(result, "vtpm.tpm.pcr", pcr);
}

/* The script's last call but one: the last one may have been cut off by the end of the run. */
static void
check_guest_goes_on(const Result *result)
{
    g_auto(GStrv) rows = g_strsplit(result_table(result, "commands.csv"), "\n", 0);
    const guint n = g_strv_length(rows);

    if (!is_running(result, "vm"))
        return;
    ck_assert_uint_gt(n, 3);
    g_auto(GStrv) cells = g_strsplit(rows[n - 2], ",", 0); /* rows end with a newline */
    const gboolean served = is_running(result, "tpm") && is_at(result, "tpm", worlds_word(result, "domain.vm.host"));
    ck_assert_str_eq(cells[4], served ? "done" : "failed");
    /* an interval, a service time and a timeout before the end at most */
    ck_assert_double_ge(g_ascii_strtod(cells[3], NULL),
                        worlds_number(result, "run.end_s") - 0.02 - (served ? 0.0021 : 0.2001));
}

static void
check_where_all_is(const Result *result)
{
    g_autofree char *violation = result_violation(result);

    ck_assert_msg(!violation, "%s", violation);
    ck_assert_str_ne(worlds_word(result, "migration.vm.outcome"), "running");
    check_domain(result, "vm");
    check_domain(result, "tpm");
    check_memory(result, "a");
    check_memory(result, "b");
    check_pcr(result);
}

/* A migration that did not complete must not pass for a quick one, and neither must a leg. thing: "migration.vm". */
static void
check_numbers_of(const Result *result, const char *thing)
{
    static const char *const metrics[] = {"total_s",          "downtime_s",        "reported_total_s",
                                          "downtime.pages_s", "downtime.resume_s", "reported_downtime_s"};
    g_autofree char *outcome = g_strconcat(thing, ".outcome", NULL), *spent = g_strconcat(thing, ".spent_s", NULL);

    if (!result_word(result, outcome)) /* a leg that was not begun */
        return;
    const gboolean completed = g_str_equal(result_word(result, outcome), "completed");
    for (guint i = 0; i < G_N_ELEMENTS(metrics); i++) {
        g_autofree char *name = g_strconcat(thing, ".", metrics[i], NULL);
        const cJSON *metric = cJSON_GetObjectItemCaseSensitive(result_metrics(result), name);
        ck_assert_msg(!metric || cJSON_IsNull(metric) == !completed, "%s", name);
    }
    ck_assert_double_ge(worlds_number(result, spent), 0);
}

static void
check_failed_numbers(const Result *result)
{
    const cJSON *completed = cJSON_GetObjectItemCaseSensitive(result_metrics(result), "migration.vm.completed");

    ck_assert_int_eq(cJSON_IsTrue(completed), g_str_equal(worlds_word(result, "migration.vm.outcome"), "completed"));
    check_numbers_of(result, "migration.vm");
    check_numbers_of(result, "migration.vm.vm");
    check_numbers_of(result, "migration.vm.vtpm");
    check_numbers_of(result, "migration.vm.joint");
}

static void
check_aftermath(const Result *result)
{
    check_where_all_is(result);
    check_failed_numbers(result);
    check_guest_goes_on(result);
}

/* ---- one thing wrong ---- */

START_TEST(destination_short_of_memory_leaves_the_guest_where_it_is)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, "/hosts/1/memory=67MiB");

    ck_assert_word(result, "migration.vm.outcome", "no-memory");
    ck_assert_word(result, "migration.vm.outcome_text", "the destination has too little free memory");
    ck_assert_word(result, "domain.vm.host", "a");
    ck_assert_word(result, "vtpm.tpm.place", "with-vm");
    ck_assert_double_eq(worlds_number(result, "host.b.free_bytes"), 3 * WORLDS_MIB);
    check_domain(result, "vm");
    check_domain(result, "tpm");
    check_guest_goes_on(result);
}
END_TEST

/* Room for the VM, not for its vTPM after it: the VM's reservation is taken back. */
START_TEST(destination_with_room_for_half_of_a_joint_migration_keeps_nothing)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, "/hosts/1/memory=68.5MiB");

    ck_assert_word(result, "migration.vm.outcome", "no-memory");
    ck_assert_double_eq(worlds_number(result, "host.b.free_bytes"), 4.5 * WORLDS_MIB);
    ck_assert_double_eq(worlds_number(result, "domain.vm.instances"), 1);
}
END_TEST

/* The VM fits and goes; then the vTPM does not: they stay apart, which the result says. */
START_TEST(destination_without_room_for_the_second_leg_leaves_them_apart)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, "/hosts/1/memory=68.5MiB", "/timeline/0/method=vm-then-vtpm");

    ck_assert_word(result, "migration.vm.outcome", "no-memory");
    ck_assert_word(result, "migration.vm.vm.outcome", "completed");
    ck_assert_word(result, "domain.vm.host", "b");
    ck_assert_word(result, "domain.tpm.host", "a");
    ck_assert_word(result, "vtpm.tpm.place", "apart");
    check_domain(result, "vm");
    check_domain(result, "tpm");
    check_guest_goes_on(result);
}
END_TEST

START_TEST(vtpm_of_another_vm_is_refused_with_algorithm_1s_text)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, "/guests/0/vtpm_uuid=of-another-vtpm");

    ck_assert_word(result, "migration.vm.outcome", "binding-mismatch");
    ck_assert_word(result, "migration.vm.outcome_text", "domu | vTPM don't match");
    ck_assert_word(result, "domain.vm.host", "a");
    /* nor does a vTPM that the VM's configuration does not name serve it, wherever both run */
    ck_assert_double_eq(worlds_number(result, "vtpm.tpm.commands_done"), 0);
    ck_assert_double_gt(worlds_number(result, "vtpm.tpm.commands_failed"), 0);
    check_where_all_is(result);
}
END_TEST

START_TEST(missing_configuration_is_refused_with_algorithm_2s_text)
{
    static const char *const lacking[] = {"/hosts/1/lacks_configs=[\"vm\"]", "/hosts/1/lacks_configs=[\"tpm\"]"};

    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, lacking[_i]);
    ck_assert_word(result, "migration.vm.outcome", "no-config");
    ck_assert(g_str_has_prefix(worlds_word(result, "migration.vm.outcome_text"), "migration false"));
    ck_assert_word(result, "domain.vm.host", "a");
    check_aftermath(result);
}
END_TEST

START_TEST(migrating_to_where_it_is_does_nothing)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, "/timeline/0/to=a");

    ck_assert_word(result, "migration.vm.outcome", "already-there");
    ck_assert_double_eq(worlds_number(result, "migration.vm.spent_s"), 0);
    check_failed_numbers(result);
    ck_assert_double_eq(worlds_number(result, "domain.vm.instances"), 1);
    check_aftermath(result);
}
END_TEST

START_TEST(joint_migration_of_a_vm_without_vtpm_is_refused)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, "/vtpms=[]");

    ck_assert_word(result, "migration.vm.outcome", "no-vtpm");
    ck_assert_word(result, "domain.vm.host", "a");
}
END_TEST

/* at the same date and half a second later */
START_TEST(second_migration_while_one_runs_is_busy_and_changes_nothing)
{
    static const char *const dates[] = {"1s", "1.5s"};
    g_autofree char *second =
        g_strdup_printf("/timeline/-={\"at\":\"%s\",\"do\":\"migrate\",\"vm\":\"vm\",\"to\":\"c\"}", dates[_i]);

    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, second);
    ck_assert_word(result, "migration.vm.outcome", "completed");
    ck_assert_word(result, "migration.vm.2.outcome", "busy");
    ck_assert_word(result, "domain.vm.host", "b");
    ck_assert_double_eq(worlds_number(result, "host.c.free_bytes"), FREE_BYTES);
    check_aftermath(result);
}
END_TEST

/* Alone to b, then both from where they are not together. */
/* "vm.joint" is what the results call a part of the migration "vm". */
START_TEST(migration_named_like_a_part_of_another_gets_a_name_of_its_own)
{
    g_autoptr(Result) result = WORLDS_RUN(
        WORLDS_BASE, "/timeline/-={\"at\":\"1s\",\"do\":\"migrate\",\"vm\":\"vm\",\"to\":\"c\",\"name\":\"vm.joint\"}");

    ck_assert_word(result, "migration.vm.joint.outcome", "completed");
    ck_assert_word(result, "migration.vm.joint.2.outcome", "busy");
}
END_TEST

START_TEST(two_domains_of_one_uuid_are_refused)
{
    const char *const settings[] = {"/guests/0/uuid=u", "/vtpms/0/uuid=u", NULL};
    g_autoptr(GError) error = NULL;

    ck_assert_ptr_null(worlds_load(WORLDS_BASE, settings, &error));
    ck_assert_ptr_nonnull(error);
    ck_assert(g_str_has_suffix(error->message, "/vtpms/0/uuid: is that of \"vm\" already, expected one of its own"));
}
END_TEST

START_TEST(joint_migration_of_a_vm_and_its_vtpm_on_different_hosts_is_refused)
{
    static const char *const methods[] = {"joint", "concatenated", "vm-then-vtpm", "vtpm-then-vm"};
    g_autofree char *second = g_strdup_printf(
        "/timeline/-={\"at\":\"2.8s\",\"do\":\"migrate\",\"vm\":\"vm\",\"to\":\"c\",\"method\":\"%s\"}", methods[_i]);

    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, "/timeline/0/method=vm", second);
    ck_assert_word(result, "migration.vm.outcome", "completed");
    ck_assert_word(result, "migration.vm.2.outcome", "apart");
    ck_assert_word(result, "domain.vm.host", "b");
    ck_assert_word(result, "domain.tpm.host", "a");
    check_aftermath(result);
}
END_TEST

START_TEST(there_and_back_and_on_ends_where_the_last_one_led)
{
    g_autoptr(Result) result = WORLDS_RUN(
        WORLDS_BASE, "/timeline/-={\"at\":\"3s\",\"do\":\"migrate\",\"vm\":\"vm\",\"to\":\"a\",\"method\":\"joint\"}",
        "/timeline/-={\"at\":\"30s\",\"do\":\"migrate\",\"vm\":\"vm\",\"to\":\"c\",\"method\":\"vtpm-then-vm\"}");

    ck_assert_word(result, "migration.vm.3.outcome", "completed");
    ck_assert_word(result, "domain.vm.host", "c");
    ck_assert_word(result, "vtpm.tpm.place", "with-vm");
    ck_assert_double_eq(worlds_number(result, "host.b.free_bytes"), FREE_BYTES);
    ck_assert_double_eq(worlds_number(result, "host.c.free_bytes"), FREE_BYTES - VM_BYTES - TPM_BYTES);
    check_aftermath(result);
}
END_TEST

/* All 1024 pages again and again: Xen stops by rounds; with enough rounds, by three times the memory. */
START_TEST(guest_that_never_converges_is_stopped_by_the_policy)
{
    static const struct {
        const char *max_rounds;
        const char *reason;
        double rounds_at_most;
    } rows[] = {{"3", "round limit", 3}, {"1000", "too much sent", 40}};
    g_autofree char *max_rounds = g_strdup_printf("/timeline/0/hypervisor/max_rounds=%s", rows[_i].max_rounds);

    g_autoptr(Result) result =
        WORLDS_RUN(WORLDS_BASE, "/guests/0/workload/working_set=4MiB", "/guests/0/workload/rate=100000/s", max_rounds,
                   "/timeline/0/hypervisor/skip_redirtied=false");
    ck_assert_word(result, "migration.vm.outcome", "completed");
    ck_assert_word(result, "migration.vm.joint.stopped_by", rows[_i].reason);
    ck_assert_double_le(worlds_number(result, "migration.vm.joint.live_rounds"), rows[_i].rounds_at_most);
    check_aftermath(result);
}
END_TEST

START_TEST(host_lost_before_the_migration_is_reported)
{
    g_autoptr(Result) source =
        WORLDS_RUN(WORLDS_BASE, "/timeline/-={\"at\":\"0s\",\"do\":\"fail-host\",\"host\":\"a\"}");
    g_autoptr(Result) destination =
        WORLDS_RUN(WORLDS_BASE, "/timeline/-={\"at\":\"0.5s\",\"do\":\"fail-host\",\"host\":\"b\"}");

    ck_assert_word(source, "migration.vm.outcome", "not-running");
    ck_assert_word(source, "domain.vm.state", "lost");
    ck_assert_word(destination, "migration.vm.outcome", "destination-lost");
    ck_assert_word(destination, "domain.vm.host", "a");
    check_aftermath(source);
    check_aftermath(destination);
}
END_TEST

START_TEST(both_hosts_lost_at_once_leave_no_instance)
{
    g_autoptr(Result) result =
        WORLDS_RUN(WORLDS_BASE, "/timeline/-={\"at\":\"1.3s\",\"do\":\"fail-host\",\"host\":\"a\"}",
                   "/timeline/-={\"at\":\"1.3s\",\"do\":\"fail-host\",\"host\":\"b\"}");

    ck_assert_word(result, "migration.vm.outcome", "source-lost");
    ck_assert_word(result, "domain.vm.state", "lost");
    ck_assert_word(result, "domain.tpm.state", "lost");
    check_aftermath(result);
}
END_TEST

/* A short cut that no transfer sees does no harm; the repair lets a new migration through. */
START_TEST(link_that_is_repaired_carries_the_next_migration)
{
    g_autoptr(Result) result =
        WORLDS_RUN(WORLDS_BASE, "/timeline/-={\"at\":\"1.3s\",\"do\":\"fail-link\",\"link\":\"lb\"}",
                   "/timeline/-={\"at\":\"1.5s\",\"do\":\"restore-link\",\"link\":\"lb\"}",
                   "/timeline/-={\"at\":\"2s\",\"do\":\"migrate\",\"vm\":\"vm\",\"to\":\"b\",\"method\":\"joint\"}");

    ck_assert_word(result, "migration.vm.outcome", "link-lost");
    ck_assert_word(result, "migration.vm.2.outcome", "completed");
    ck_assert_word(result, "domain.vm.host", "b");
    check_aftermath(result);
}
END_TEST

/* ---- cut in each of the six steps ---- */

typedef struct {
    const char *step;
    const char *outcome;
    const char *host;
    gboolean stopped; /* the guest stood still, and runs again at the source */
} StepRow;

static const StepRow step_rows[] = {
    {"pre_migration", "link-lost", "a", FALSE}, {"reservation", "link-lost", "a", FALSE},
    {"precopy", "link-lost", "a", FALSE},       {"stop_and_copy", "link-lost", "a", TRUE},
    {"commitment", "link-lost", "a", TRUE},     {"activation", "completed", "b", FALSE},
};

START_TEST(link_cut_in_a_step_undoes_it_until_the_commitment)
{
    const StepRow *row = &step_rows[_i];
    g_autofree char *begins = g_strdup_printf("vm,joint,%s,", row->step);
    g_autoptr(Result) undisturbed = WORLDS_RUN(WORLDS_BASE);
    g_auto(GStrv) cells = worlds_row(undisturbed, "steps.csv", begins);
    const double middle_s = g_ascii_strtod(cells[3], NULL) + g_ascii_strtod(cells[4], NULL) / 2;
    g_autofree char *cut =
        g_strdup_printf("/timeline/-={\"at\":\"%.6fs\",\"do\":\"fail-link\",\"link\":\"la\"}", middle_s);

    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, cut);
    ck_assert_word(result, "migration.vm.outcome", row->outcome);
    ck_assert_word(result, "domain.vm.host", row->host);
    ck_assert_word(result, "vtpm.tpm.place", "with-vm");
    /* a guest that was stopped for nothing was stopped nevertheless */
    if (g_str_equal(row->host, "a"))
        ck_assert_int_eq(worlds_number(result, "migration.vm.stopped_s") > 0, row->stopped);
    check_aftermath(result);
}
END_TEST

/* ---- at a thousand moments ---- */

typedef enum { CUT_LINK, KILL_SOURCE, KILL_DESTINATION } Blow;

static const char *const blows[] = {
    "\"do\":\"fail-link\",\"link\":\"la\"",
    "\"do\":\"fail-host\",\"host\":\"a\"",
    "\"do\":\"fail-host\",\"host\":\"b\"",
};

static Scenario *
struck_scenario(const char *method, Blow blow, double at_s)
{
    g_autofree char *set_method = g_strdup_printf("/timeline/0/method=%s", method);
    g_autofree char *strike = g_strdup_printf("/timeline/-={\"at\":\"%.9fs\",%s}", at_s, blows[blow]);

    return worlds_load(WORLDS_BASE, (const char *const[]){set_method, strike, NULL}, NULL);
}

typedef struct {
    guint completed, failed, lost, apart;
} Tally;

/* Who calls a vTPM that is there goes on: each call takes 22 ms, and waits for 0.2 s at most. */
static void
check_calls_go_on(const Result *result)
{
    g_autofree char *table = g_strchomp(g_strdup(result_table(result, "commands.csv")));
    g_auto(GStrv) rows = g_strsplit(table, "\n", 0);
    g_auto(GStrv) last = g_strsplit(rows[g_strv_length(rows) - 1], ",", 0);

    ck_assert_double_gt(g_ascii_strtod(last[3], NULL), worlds_number(result, "run.end_s") - 0.3);
}

/* What a blow must leave, by what it hit. */
static void
check_blow(const Result *result, Blow blow, gboolean joint, Tally *tally)
{
    const char *outcome = worlds_word(result, "migration.vm.outcome");
    const char *place = worlds_word(result, "vtpm.tpm.place");
    const gboolean completed = g_str_equal(outcome, "completed");

    check_aftermath(result);
    tally->completed += completed;
    tally->failed += !completed;
    tally->apart += g_str_equal(place, "apart");
    tally->lost += !is_running(result, "vm") || !is_running(result, "tpm");
    if (is_running(result, "vm") && g_str_equal(place, "with-vm"))
        check_calls_go_on(result);
    if (blow == CUT_LINK) {
        ck_assert(is_running(result, "vm") && is_running(result, "tpm"));
        ck_assert(completed || g_str_equal(outcome, "link-lost"));
    }
    if (joint) { /* both here, both there, or both lost */
        ck_assert_int_eq(is_running(result, "vm"), is_running(result, "tpm"));
        ck_assert_str_eq(worlds_word(result, "domain.vm.host"), worlds_word(result, "domain.tpm.host"));
    }
    if (completed && blow != KILL_DESTINATION)
        ck_assert(is_running(result, "vm") && is_at(result, "vm", "b") && g_str_equal(place, "with-vm"));
    if (blow == KILL_SOURCE && !is_running(result, "vm"))
        ck_assert(g_str_equal(outcome, "source-lost") || g_str_equal(outcome, "not-running"));
    if (blow == KILL_DESTINATION && is_running(result, "vm"))
        ck_assert(is_at(result, "vm", "a") && g_str_equal(outcome, "destination-lost"));
}

static void
strike(const char *method, Blow blow, const double *dates, guint n, Tally *tally)
{
    g_autofree Run *runs = g_new0(Run, n);

    for (guint i = 0; i < n; i++)
        runs[i] = (Run){.scenario = struck_scenario(method, blow, dates[i]), .seed = 1};
    run_all(runs, n, 0);
    for (guint i = 0; i < n; i++) {
        ck_assert_msg(runs[i].result, "at %.9f s: %s", dates[i], runs[i].error);
        check_blow(runs[i].result, blow, g_str_equal(method, "joint"), tally);
        scenario_free((Scenario *)runs[i].scenario);
        run_clear(&runs[i]);
    }
}

static guint
moments(void)
{
    const char *wanted = g_getenv("TANDEM_MOMENTS");
    guint64 n = MOMENTS;

    ck_assert(!wanted || g_ascii_string_to_unsigned(wanted, 10, 2, 1000000, &n, NULL));
    return (guint)n;
}

static Tally
strike_at_every_moment(const char *method, Blow blow)
{
    g_autofree char *set_method = g_strdup_printf("/timeline/0/method=%s", method);
    g_autoptr(Result) undisturbed = WORLDS_RUN(WORLDS_BASE, set_method);
    const double total_s = worlds_number(undisturbed, "migration.vm.total_s");
    g_autoptr(GArray) dates = g_array_new(FALSE, FALSE, sizeof(double));
    const guint n = moments();
    Tally tally = {0};

    ck_assert_word(undisturbed, "migration.vm.outcome", "completed");
    for (guint i = 0; i < n; i++) { /* from 5 % of its duration before it to 5 % after it */
        const double date = 1 + total_s * (-0.05 + 1.10 * i / (n - 1));
        g_array_append_val(dates, date);
    }
    for (guint i = 0; i < n; i += CHUNK) /* a small parent forks faster */
        strike(method, blow, &g_array_index(dates, double, i), MIN(CHUNK, n - i), &tally);
    return tally;
}

START_TEST(joint_migration_survives_a_blow_at_any_moment)
{
    const Tally tally = strike_at_every_moment("joint", (Blow)_i);

    /* each kind of end was seen: the moments reach from before to after */
    ck_assert_uint_gt(tally.failed, 0);
    ck_assert_uint_eq(tally.apart, 0);
    ck_assert_uint_gt(tally.completed, 0);
    ck_assert_int_eq(tally.lost > 0, _i != CUT_LINK);
}
END_TEST

START_TEST(sequential_migration_survives_a_blow_at_any_moment)
{
    const Tally tally = strike_at_every_moment("vm-then-vtpm", (Blow)_i);

    ck_assert_uint_gt(tally.failed, 0);
    ck_assert_uint_gt(tally.completed, 0);
    ck_assert_int_eq(tally.lost > 0, _i != CUT_LINK);
    ck_assert_int_eq(tally.apart > 0, _i == CUT_LINK); /* a lost partner is not apart but lost */
}
END_TEST

int
main(void)
{
    TCase *single = tcase_create("one thing wrong");
    TCase *steps = tcase_create("in each step");
    TCase *moments = tcase_create("at any moment");

    tcase_add_test(single, destination_short_of_memory_leaves_the_guest_where_it_is);
    tcase_add_test(single, destination_with_room_for_half_of_a_joint_migration_keeps_nothing);
    tcase_add_test(single, destination_without_room_for_the_second_leg_leaves_them_apart);
    tcase_add_test(single, vtpm_of_another_vm_is_refused_with_algorithm_1s_text);
    tcase_add_loop_test(single, missing_configuration_is_refused_with_algorithm_2s_text, 0, 2);
    tcase_add_test(single, migrating_to_where_it_is_does_nothing);
    tcase_add_test(single, migration_named_like_a_part_of_another_gets_a_name_of_its_own);
    tcase_add_test(single, two_domains_of_one_uuid_are_refused);
    tcase_add_test(single, joint_migration_of_a_vm_without_vtpm_is_refused);
    tcase_add_loop_test(single, second_migration_while_one_runs_is_busy_and_changes_nothing, 0, 2);
    tcase_add_loop_test(single, joint_migration_of_a_vm_and_its_vtpm_on_different_hosts_is_refused, 0, 4);
    tcase_add_test(single, there_and_back_and_on_ends_where_the_last_one_led);
    tcase_add_loop_test(single, guest_that_never_converges_is_stopped_by_the_policy, 0, 2);
    tcase_add_test(single, host_lost_before_the_migration_is_reported);
    tcase_add_test(single, both_hosts_lost_at_once_leave_no_instance);
    tcase_add_test(single, link_that_is_repaired_carries_the_next_migration);
    tcase_add_loop_test(steps, link_cut_in_a_step_undoes_it_until_the_commitment, 0, G_N_ELEMENTS(step_rows));
    tcase_add_loop_test(moments, joint_migration_survives_a_blow_at_any_moment, CUT_LINK, KILL_DESTINATION + 1);
    tcase_add_loop_test(moments, sequential_migration_survives_a_blow_at_any_moment, CUT_LINK, KILL_DESTINATION + 1);
    return check_main("failures", single, steps, moments, NULL);
}
