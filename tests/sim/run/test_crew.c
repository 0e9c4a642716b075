#include "sim/run/crew.h"
#include "sim/run/fatal.h"
#include "tests/check_main.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    guint n_jobs, next;
    CrewOutcome outcomes[200];
    int details[200];
    guint times[200];
    guint wrong_answers;
    guint stop_after;
    guint taken;
} Jobs;

static gboolean
next(guint *job, gpointer data)
{
    Jobs *jobs = data;

    if (jobs->next == jobs->n_jobs)
        return FALSE;
    *job = jobs->next++;
    return TRUE;
}

static gboolean
take(const CrewReport *report, gpointer data)
{
    Jobs *jobs = data;
    g_autofree char *expected = g_strdup_printf("answer %u", report->job);

    jobs->outcomes[report->job] = report->outcome;
    jobs->details[report->job] = report->detail;
    jobs->times[report->job]++;
    jobs->wrong_answers += report->outcome == CREW_ANSWERED && strcmp(report->answer, expected) != 0;
    jobs->taken++;
    return jobs->stop_after == 0 || jobs->taken < jobs->stop_after;
}

static void
tick(gpointer data)
{
    (void)data;
}

/* Job 3 crashes, 5 is killed, 7 exits, 11 hangs, 13 kills its server and so loses its job, 17 gives no answer. */
static char *
misbehave(guint job, gpointer data)
{
    (void)data;
    if (job == 3) {
        signal(SIGSEGV, SIG_DFL); /* sanitizers catch it otherwise, and exit */
        raise(SIGSEGV);
    }
    if (job == 5)
        raise(SIGKILL);
    if (job == 7)
        _exit(42);
    if (job == 11)
        pause();
    if (job == 13) {
        kill(getppid(), SIGKILL);
        pause();
    }
    return job == 17 ? NULL : g_strdup_printf("answer %u", job);
}

static Jobs
run(guint n_jobs, guint workers, guint stop_after)
{
    Jobs jobs = {.n_jobs = n_jobs, .stop_after = stop_after};
    const Crew crew = {misbehave, next, take, tick, &jobs, workers, 0.3, -1};

    crew_run(&crew);
    return jobs;
}

START_TEST(what_goes_wrong_costs_its_job_only)
{
    const Jobs jobs = run(100, (guint)_i, 0);
    static const struct {
        guint job;
        CrewOutcome outcome;
        int detail;
    } bad[] = {{3, CREW_SIGNALLED, SIGSEGV}, {5, CREW_SIGNALLED, SIGKILL}, {7, CREW_EXITED, 42},
               {11, CREW_TIMED_OUT, 0},      {13, CREW_LOST, 0},           {17, CREW_EXITED, 1}};
    guint well = 0;

    for (guint i = 0; i < 100; i++) {
        ck_assert_uint_eq(jobs.times[i], 1);
        well += jobs.outcomes[i] == CREW_ANSWERED;
    }
    ck_assert_uint_eq(well, 94);
    ck_assert_uint_eq(jobs.wrong_answers, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        ck_assert_int_eq(jobs.outcomes[bad[i].job], bad[i].outcome);
        ck_assert_int_eq(jobs.details[bad[i].job], bad[i].detail);
    }
}
END_TEST

START_TEST(a_stop_is_obeyed_at_once)
{
    ck_assert_uint_eq(run(200, 2, 2).taken, 2);
}
END_TEST

static char *
answer_long(guint job, gpointer data)
{
    (void)data;
    char *text = g_malloc(job * 100000 + 1);
    memset(text, 'a' + (int)(job % 26), job * 100000);
    text[job * 100000] = '\0';
    return text;
}

static gboolean
take_long(const CrewReport *report, gpointer data)
{
    Jobs *jobs = data;
    const gsize length = strlen(report->answer);

    jobs->taken +=
        length == report->job * 100000 && (length == 0 || report->answer[length - 1] == 'a' + (int)(report->job % 26));
    return TRUE;
}

/* A thousand migrations of a thousand guests list 100 MB of domains. */
static char *
answer_huge(guint job, gpointer data)
{
    (void)data;
    return job == 1 ? g_strnfill(200u << 20, 'h') : g_strdup("");
}

static gboolean
take_huge(const CrewReport *report, gpointer data)
{
    ((Jobs *)data)->taken += strlen(report->answer) == (report->job == 1 ? 200u << 20 : 0);
    return TRUE;
}

START_TEST(a_huge_answer_comes_whole_and_leaves_nothing_behind)
{
    Jobs jobs = {.n_jobs = 3};
    const Crew crew = {
        .work = answer_huge, .next = next, .take = take_huge, .data = &jobs, .workers = 1, .stderr_fd = -1};

    crew_run(&crew);
    ck_assert_uint_eq(jobs.taken, 3);
}
END_TEST

START_TEST(answers_longer_than_a_pipe_come_whole)
{
    Jobs jobs = {.n_jobs = 30};
    const Crew crew = {answer_long, next, take_long, tick, &jobs, 3, 0, -1};

    crew_run(&crew);
    ck_assert_uint_eq(jobs.taken, 30);
}
END_TEST

/* ---- why a job cannot go on ---- */

static char *
give_up(guint job, gpointer data)
{
    (void)data;
    if (job == 1)
        g_error("no more of %u", job);
    return g_strdup("done");
}

static gboolean
take_reason(const CrewReport *report, gpointer data)
{
    Jobs *jobs = data;

    jobs->outcomes[report->job] = report->outcome;
    jobs->details[report->job] = report->detail;
    jobs->wrong_answers += !g_str_equal(report->answer, report->job == 1 ? "no more of 1" : "done");
    return TRUE;
}

START_TEST(a_job_that_cannot_go_on_says_why)
{
    Jobs jobs = {.n_jobs = 3};
    const Crew crew = {
        .work = give_up, .next = next, .take = take_reason, .data = &jobs, .workers = 2, .stderr_fd = -1};

    fatal_install();
    crew_run(&crew);
    ck_assert_int_eq(jobs.outcomes[0], CREW_ANSWERED);
    ck_assert_int_eq(jobs.outcomes[1], CREW_EXITED);
    ck_assert_int_eq(jobs.details[1], FATAL_EXIT);
    ck_assert_int_eq(jobs.outcomes[2], CREW_ANSWERED);
    ck_assert_uint_eq(jobs.wrong_answers, 0);
}
END_TEST

/* ---- a crew in the child of another ---- */

static char *
work_with_own_crew(guint job, gpointer data)
{
    Jobs jobs = {.n_jobs = 20};
    const Crew crew = {
        .work = misbehave, .next = next, .take = take, .data = &jobs, .workers = 2, .timeout_s = 0.3, .stderr_fd = -1};

    (void)data;
    crew_run(&crew);
    return jobs.taken == 20 && jobs.wrong_answers == 0 ? g_strdup_printf("answer %u", job) : NULL;
}

START_TEST(a_job_may_have_a_crew_of_its_own)
{
    Jobs jobs = {.n_jobs = 4};
    const Crew crew = {
        .work = work_with_own_crew, .next = next, .take = take, .data = &jobs, .workers = 2, .stderr_fd = -1};

    crew_run(&crew);
    for (guint i = 0; i < 4; i++)
        ck_assert_int_eq(jobs.outcomes[i], CREW_ANSWERED);
    ck_assert_uint_eq(jobs.wrong_answers, 0);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("crew");

    tcase_add_loop_test(tcase, what_goes_wrong_costs_its_job_only, 1, 4);
    tcase_add_test(tcase, a_stop_is_obeyed_at_once);
    tcase_add_test(tcase, answers_longer_than_a_pipe_come_whole);
    tcase_add_test(tcase, a_huge_answer_comes_whole_and_leaves_nothing_behind);
    tcase_add_test(tcase, a_job_that_cannot_go_on_says_why);
    tcase_add_test(tcase, a_job_may_have_a_crew_of_its_own);
    return check_main("crew", tcase, NULL);
}
