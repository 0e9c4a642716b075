#define _GNU_SOURCE /* memfd_create */
#include "tests/fuzz/trial.h"

#include "models/card/card.h"
#include "sim/run/run.h"

#include <glib/gstdio.h>
#include <math.h>
#include <simgrid/actor.h>
#include <simgrid/comm.h>
#include <simgrid/engine.h>
#include <simgrid/semaphore.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define STEPS_TO_LOOK 100000u /* chosen: several times what a whole made scenario needs */
#define STEPS_MOST    500000u /* chosen: a second or two of work */
#define LOOK_S        1e-3    /* chosen: the clock gets on by so much between two looks, if not by 1e-9 s a step */
#ifdef __SANITIZE_ADDRESS__
#define PROCESSOR_S 300 /* chosen: on a busy machine the system's share of it grows tenfold */
#else
#define PROCESSOR_S 30 /* chosen: a thousand times a usual run */
#endif
#define TEXT_MOST    4096
#define CARD_SLICE_S 1e-2 /* chosen: some 10,000 events of a busy card, far less than the limit */

/* ---- the child counts its steps ---- */

static int answer_fd = -1; /* in a child */
static guint steps;
static double looked_at_s;

static void
answer(char letter, const char *text)
{
    g_autofree char *all = g_strdup_printf("%c%s", letter, text);

    if (write(answer_fd, all, strlen(all)) < 0)
        _exit(3);
}

static void
look_at_clock(void)
{
    const double now_s = simgrid_get_clock();
    g_autofree char *text = g_strdup_printf("the clock stands at %.9f s after %u steps", now_s, steps);

    if (steps > STEPS_TO_LOOK && now_s < looked_at_s + LOOK_S) {
        answer('f', text);
        _exit(0);
    }
    if (steps >= STEPS_MOST) {
        answer('l', text);
        _exit(0);
    }
    looked_at_s = now_s;
}

static void
count_step(void)
{
    if (answer_fd >= 0 && ++steps % STEPS_TO_LOOK == 0)
        look_at_clock();
}

/* The linker puts these before SimGrid's own (-Wl,--wrap). */
sg_error_t __real_sg_comm_wait(sg_comm_t comm);
sg_error_t __wrap_sg_comm_wait(sg_comm_t comm);
sg_error_t __real_sg_comm_wait_for(sg_comm_t comm, double at_most_s);
sg_error_t __wrap_sg_comm_wait_for(sg_comm_t comm, double at_most_s);
void __real_sg_actor_sleep_for(double duration_s);
void __wrap_sg_actor_sleep_for(double duration_s);
void __real_sg_actor_sleep_until(double date_s);
void __wrap_sg_actor_sleep_until(double date_s);
void __real_sg_sem_acquire(sg_sem_t sem);
void __wrap_sg_sem_acquire(sg_sem_t sem);
int __real_sg_sem_acquire_timeout(sg_sem_t sem, double at_most_s);
int __wrap_sg_sem_acquire_timeout(sg_sem_t sem, double at_most_s);

sg_error_t
__wrap_sg_comm_wait(sg_comm_t comm)
{
    count_step();
    return __real_sg_comm_wait(comm);
}

sg_error_t
__wrap_sg_comm_wait_for(sg_comm_t comm, double at_most_s)
{
    count_step();
    return __real_sg_comm_wait_for(comm, at_most_s);
}

void
__wrap_sg_actor_sleep_for(double duration_s)
{
    count_step();
    __real_sg_actor_sleep_for(duration_s);
}

void
__wrap_sg_actor_sleep_until(double date_s)
{
    count_step();
    __real_sg_actor_sleep_until(date_s);
}

void
__wrap_sg_sem_acquire(sg_sem_t sem)
{
    count_step();
    __real_sg_sem_acquire(sem);
}

int
__wrap_sg_sem_acquire_timeout(sg_sem_t sem, double at_most_s)
{
    count_step();
    return __real_sg_sem_acquire_timeout(sem, at_most_s);
}

/* A card's calendar asks nothing of the engine: what gets on, and is only long, is told from what hangs. A slice begins
 * with the card's next event, so that there are never more of them than events: to look at the processor's time costs
 * as much as an event. */
void __real_card_advance(Card *card, double until_s);
void __wrap_card_advance(Card *card, double until_s);

static void
give_up_on(const Card *card)
{
    g_autofree char *text = g_strdup_printf("a card is at %.3f s", card_now_s(card));

    answer('l', text);
    _exit(0);
}

void
__wrap_card_advance(Card *card, double until_s)
{
    double next_s;

    while (answer_fd >= 0 && (next_s = MAX(card_next_event_s(card), card_now_s(card)) + CARD_SLICE_S) < until_s) {
        __real_card_advance(card, next_s);
        if ((double)clock() / CLOCKS_PER_SEC > PROCESSOR_S / 2)
            give_up_on(card);
    }
    __real_card_advance(card, until_s);
}

/* ---- in the child ---- */

/* An error is one line that says what was expected; everything else is a fault of its own. */
static void
answer_error(char letter, const GError *error)
{
    const gboolean good = error && !strchr(error->message, '\n') && strstr(error->message, "expected");

    answer(good ? letter : 'f', error ? error->message : "refused without a word");
}

static void
answer_result(const Result *result, const cJSON *scenario)
{
    g_autofree char *violation = result_violation(result);
    g_autofree char *packed = result_pack(result);
    g_autoptr(Result) again = result_unpack(packed, scenario);

    if (!again)
        answer('f', "the result cannot be read back");
    else
        answer(violation ? 'f' : 'h', violation ? violation : "");
}

static void
work(const cJSON *tree)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Scenario) scenario = scenario_from_tree(tree, "made.json", ".", &error);

    if (!scenario) {
        answer_error('r', error);
        return;
    }
    g_autofree char *trace = NULL; /* whose dates never go back: a complaint would end the process */
    g_autoptr(Result) result = run_traced(scenario, (guint64)scenario->spec.seed, &trace, &error);
    if (result)
        answer_result(result, scenario->resolved);
    else /* what only shows in the run: more rows than a table takes */
        answer_error('l', error);
}

/* The second number of each is what kills. */
static void
limit(void)
{
    const struct rlimit no_core = {0, 0}, processor = {PROCESSOR_S, PROCESSOR_S + 5};

    (void)!setrlimit(RLIMIT_CORE, &no_core);
    (void)!setrlimit(RLIMIT_CPU, &processor);
}

static void
be_child(const cJSON *tree, int answers, int errors)
{
    limit();
    dup2(errors, STDERR_FILENO);
    answer_fd = answers;
    work(tree);
    _exit(0);
}

/* ---- in the parent ---- */

/* Numbers become #: the same fault has one kind, whatever its numbers are. */
static char *
kind_of(const char *what)
{
    g_autoptr(GString) kind = g_string_new(NULL);

    for (const char *at = what; *at && *at != '\n'; at++) {
        const gboolean number = g_ascii_isdigit(*at) || (kind->len > 0 && kind->str[kind->len - 1] == '#' &&
                                                         (*at == '.' || (at[0] == 'e' && strchr("+-", at[1]))));
        if (!number)
            g_string_append_c(kind, *at);
        else if (kind->len == 0 || kind->str[kind->len - 1] != '#')
            g_string_append_c(kind, '#');
        if (number && *at == 'e')
            at++; /* and its sign */
    }
    return g_strdup(kind->str);
}

static Trial
new_trial(TrialOutcome outcome, const char *what)
{
    return (Trial){outcome, g_strdup(what), kind_of(what)};
}

void
trial_clear(Trial *trial)
{
    g_clear_pointer(&trial->what, g_free);
    g_clear_pointer(&trial->kind, g_free);
}

static char *
read_all(int fd)
{
    char *text = g_malloc0(TEXT_MOST + 1);
    const gssize n = pread(fd, text, TEXT_MOST, 0);

    text[MAX(n, 0)] = '\0';
    return text;
}

/* Of what a dying process wrote, the line that tells most. */
static char *
last_words(const char *text)
{
    static const char *const marks[] = {"ERROR: ", "CRITICAL", "Assertion", "runtime error", "rror"};
    g_auto(GStrv) lines = g_strsplit(text, "\n", 0);

    for (guint m = 0; m < G_N_ELEMENTS(marks); m++)
        for (guint i = 0; lines[i]; i++)
            if (strstr(lines[i], marks[m]))
                return g_strdup(strstr(lines[i], marks[m]));
    return g_strdup(lines[0] ? lines[0] : "");
}

static Trial
judge(int status, const char *text, const char *errors)
{
    static const char letters[] = "hrlf"; /* in the order of TrialOutcome */
    const char *letter = *text ? strchr(letters, *text) : NULL;

    if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && letter)
        return new_trial((TrialOutcome)(letter - letters), text + 1);
    g_autofree char *words = last_words(errors);
    g_autofree char *what = WIFSIGNALED(status)
                                ? g_strdup_printf("%s: %s", strsignal(WTERMSIG(status)), words)
                                : g_strdup_printf("left with status %d: %s", WEXITSTATUS(status), words);
    return new_trial(TRIAL_FAILED, what);
}

Trial
trial_run(const cJSON *scenario)
{
    const int answers = memfd_create("answer", MFD_CLOEXEC), errors = memfd_create("errors", MFD_CLOEXEC);
    int status = 0;

    g_assert(answers >= 0 && errors >= 0);
    const pid_t child = fork();
    if (child == 0)
        be_child(scenario, answers, errors);
    g_assert(child > 0 && waitpid(child, &status, 0) == child);
    g_autofree char *text = read_all(answers);
    g_autofree char *said = read_all(errors);
    close(answers);
    close(errors);
    return judge(status, text, said);
}

/* ---- by a program ---- */

static Trial
judge_program(int wait_status, const char *errors)
{
    const int status = WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : -1;
    const char *newline = strchr(errors, '\n');
    const gboolean one_line = newline && newline[1] == '\0';

    if (status == 0)
        return new_trial(TRIAL_HELD, "");
    if (status == 2 && one_line)
        return new_trial(TRIAL_REFUSED, errors);
    if (status == 1 && one_line)
        return new_trial(TRIAL_FAILED, errors);
    g_autofree char *words = last_words(errors);
    g_autofree char *what = status < 0 ? g_strdup_printf("%s: %s", strsignal(WTERMSIG(wait_status)), words)
                                       : g_strdup_printf("left with status %d: %s", status, words);
    return new_trial(TRIAL_FAILED, what);
}

Trial
trial_run_program(const cJSON *scenario, const char *program, const char *setting, char **json)
{
    g_autofree char *text = cJSON_Print(scenario);
    g_autofree char *out = NULL;
    g_autofree char *errors = NULL;
    char *path = NULL;
    int status = 0;

    const int fd = g_file_open_tmp("tandem-made-XXXXXX.json", &path, NULL);
    g_assert(fd >= 0 && g_file_set_contents(path, text, -1, NULL));
    close(fd);
    const char *const arguments[] = {program, "run", "--json", path, setting ? "--set" : NULL, setting, NULL};
    const gboolean ran = g_spawn_sync(NULL, (char **)arguments, NULL, 0, NULL, NULL, &out, &errors, &status, NULL);
    g_unlink(path);
    g_free(path);
    if (!ran)
        return new_trial(TRIAL_FAILED, "the program cannot be started");
    if (json)
        *json = g_steal_pointer(&out);
    return judge_program(status, errors);
}
