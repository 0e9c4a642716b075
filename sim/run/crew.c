#define _GNU_SOURCE
#include "sim/run/crew.h"

#include "sim/run/fatal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    ANSWER_MAX_BYTES = 1 << 30, /* chosen: what a GByteArray still holds with room to grow */
    WINDOW = 8,                 /* chosen: jobs given to a server ahead, so that it never waits for the caller */
    SHORT_JOB_MS = 50,          /* chosen: longer jobs are given one by one, so that the last ones are shared out */
};

/* What a server writes before an answer. */
typedef struct {
    guint32 job;
    gint32 outcome;
    gint32 detail;
    guint32 length;
} Head;

typedef struct {
    pid_t pid;
    int jobs_fd;       /* to the server */
    int reports_fd;    /* from it */
    GQueue given;      /* of GUINT_TO_POINTER(job), in order */
    GByteArray *inbox; /* owned */
} Server;

typedef struct {
    const Crew *crew;
    GArray *servers; /* of Server */
    guint finished;
    gint64 started_us;
    gboolean stopped;
} State;

static gboolean
write_all(int fd, const void *data, gsize length)
{
    const char *p = data;

    while (length > 0) {
        const ssize_t n = write(fd, p, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return FALSE;
        p += n;
        length -= (gsize)n;
    }
    return TRUE;
}

static gboolean
read_all(int fd, void *data, gsize length)
{
    char *p = data;

    while (length > 0) {
        const ssize_t n = read(fd, p, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return FALSE;
        p += n;
        length -= (gsize)n;
    }
    return TRUE;
}

guint
crew_processors(void)
{
    const char *given = g_getenv("SLURM_CPUS_PER_TASK");
    cpu_set_t usable;
    guint64 task;
    guint n = sched_getaffinity(0, sizeof usable, &usable) == 0 ? (guint)CPU_COUNT(&usable) : g_get_num_processors();

    if (given && g_ascii_string_to_unsigned(given, 10, 1, G_MAXINT, &task, NULL))
        n = MIN(n, (guint)task);
    return MAX(n, 1);
}

/* The child dies with the process that forked it. */
static void
die_with(pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
}

/* ---- in a job's child ---- */

/* For fatal.h. Nothing in here may allocate. letter: where the child leaves its answer, a file in memory. */
static void
leave_reason(const char *reason, gpointer letter)
{
    (void)!write_all(GPOINTER_TO_INT(letter), reason, strlen(reason));
}

/* _exit: the caller's atexit handlers and buffers are not the child's. */
static void G_GNUC_NORETURN
work_in_child(const Crew *crew, guint job, int letter)
{
    fatal_set_taker(leave_reason, GINT_TO_POINTER(letter));
    char *answer = crew->work(job, crew->data);
    const gsize length = answer ? strlen(answer) : 0;

    if (!answer)
        _exit(1);
    if (length > ANSWER_MAX_BYTES) {
        leave_reason("its result is too large to be handed on", GINT_TO_POINTER(letter));
        _exit(FATAL_EXIT);
    }
    if (!write_all(letter, answer, length))
        _exit(1);
    _exit(0);
}

/* ---- in a server ---- */

/* Kills the child when it takes too long; TRUE: it did. */
static gboolean
wait_for_child(pid_t pid, double timeout_s, int *status)
{
    gboolean timed_out = FALSE;

    if (timeout_s > 0) {
        struct pollfd fd = {.fd = pidfd_open(pid, 0), .events = POLLIN};
        const gint64 end_us = g_get_monotonic_time() + (gint64)(timeout_s * 1e6);
        gint64 left_us = 1;
        int ready = 0;
        while (ready <= 0 && (left_us = end_us - g_get_monotonic_time()) > 0)
            ready = poll(&fd, 1, (int)MIN(left_us / 1000 + 1, G_MAXINT));
        timed_out = ready <= 0;
        close(fd.fd);
        if (timed_out)
            kill(pid, SIGKILL);
    }
    while (waitpid(pid, status, 0) < 0 && errno == EINTR)
        ;
    return timed_out;
}

/* What the last child left goes, also of one that died while it wrote. */
static void
empty_letter(int letter)
{
    if (ftruncate(letter, 0) != 0 || lseek(letter, 0, SEEK_SET) != 0)
        _exit(1);
}

static guint32
letter_length(int letter)
{
    return (guint32)lseek(letter, 0, SEEK_END);
}

static gboolean
send_letter(int letter, int reports_fd, guint32 length)
{
    static char buffer[1 << 16];

    for (guint32 sent = 0; sent < length;) {
        const ssize_t n = pread(letter, buffer, MIN(sizeof buffer, length - sent), sent);
        if (n <= 0 || !write_all(reports_fd, buffer, (gsize)n))
            return FALSE;
        sent += (guint32)n;
    }
    return TRUE;
}

static Head
serve_job(const Crew *crew, guint job, int letter)
{
    const pid_t self = getpid();
    Head head = {.job = job};
    int status = 0;

    empty_letter(letter);
    const pid_t pid = fork();
    if (pid == 0) {
        die_with(self);
        work_in_child(crew, job, letter);
    }
    if (pid < 0) {
        head.outcome = CREW_EXITED;
        return head;
    }
    if (wait_for_child(pid, crew->timeout_s, &status)) {
        head.outcome = CREW_TIMED_OUT;
    } else if (WIFSIGNALED(status)) {
        head.outcome = CREW_SIGNALLED;
        head.detail = WTERMSIG(status);
    } else if (WEXITSTATUS(status) != 0) {
        head.outcome = CREW_EXITED;
        head.detail = WEXITSTATUS(status);
        head.length = letter_length(letter);
    } else {
        head.outcome = CREW_ANSWERED;
        head.length = letter_length(letter);
    }
    return head;
}

static void G_GNUC_NORETURN
serve(const Crew *crew, int jobs_fd, int reports_fd)
{
    const int letter = memfd_create("answer", MFD_CLOEXEC);
    guint32 job;

    if (letter < 0)
        _exit(1);
    fatal_set_taker(NULL, NULL); /* of a crew in a crew's child: its letter is not this server's */
    if (crew->stderr_fd >= 0)
        dup2(crew->stderr_fd, STDERR_FILENO);
    while (read_all(jobs_fd, &job, sizeof job)) {
        const Head head = serve_job(crew, job, letter);
        if (!write_all(reports_fd, &head, sizeof head) || !send_letter(letter, reports_fd, head.length))
            break;
    }
    _exit(0);
}

/* ---- in the caller ---- */

static void
start_server(State *state)
{
    const pid_t self = getpid();
    int jobs[2], reports[2];

    fflush(NULL);
    if (pipe2(jobs, O_CLOEXEC) != 0 || pipe2(reports, O_CLOEXEC) != 0)
        g_error("no pipe for a worker: %s", g_strerror(errno));
    const pid_t pid = fork();
    if (pid < 0)
        g_error("no process for a worker: %s", g_strerror(errno));
    if (pid == 0) {
        die_with(self);
        signal(SIGPIPE, SIG_DFL);
        for (guint i = 0; i < state->servers->len; i++) { /* its siblings' pipes end with its siblings */
            close(g_array_index(state->servers, Server, i).jobs_fd);
            close(g_array_index(state->servers, Server, i).reports_fd);
        }
        close(jobs[1]);
        close(reports[0]);
        serve(state->crew, jobs[0], reports[1]);
    }
    close(jobs[0]);
    close(reports[1]);
    Server server = {.pid = pid, .jobs_fd = jobs[1], .reports_fd = reports[0], .inbox = g_byte_array_new()};
    g_queue_init(&server.given);
    g_array_append_val(state->servers, server);
}

static void
end_server(Server *server, gboolean by_force)
{
    close(server->jobs_fd);
    if (by_force)
        kill(server->pid, SIGKILL);
    close(server->reports_fd);
    while (waitpid(server->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    g_queue_clear(&server->given);
    g_byte_array_unref(server->inbox);
}

static guint
window(const State *state)
{
    const gint64 spent_us = g_get_monotonic_time() - state->started_us;
    const gint64 job_us = state->finished > 0 ? spent_us * state->servers->len / state->finished : G_MAXINT64;

    return job_us < SHORT_JOB_MS * 1000 ? WINDOW : 1;
}

/* Gives out jobs as long as there are any and servers have room. TRUE: some server is at work. */
static gboolean
give_jobs(State *state)
{
    const guint room = window(state);
    gboolean at_work = FALSE;
    gboolean more = !state->stopped;

    for (guint i = 0; i < state->servers->len; i++) {
        Server *server = &g_array_index(state->servers, Server, i);
        guint32 jobs[WINDOW];
        guint n = 0, job;
        while (more && server->given.length < room && (more = state->crew->next(&job, state->crew->data))) {
            g_queue_push_tail(&server->given, GUINT_TO_POINTER(job));
            jobs[n++] = job;
        }
        if (n > 0) /* a server that is dead by now is noticed when its reports end */
            (void)!write_all(server->jobs_fd, jobs, n * sizeof *jobs);
        at_work = at_work || server->given.length > 0;
    }
    return at_work;
}

static void
take(State *state, const CrewReport *report)
{
    state->finished++;
    if (!state->stopped && !state->crew->take(report, state->crew->data))
        state->stopped = TRUE;
}

/* Takes whole reports out of a server's inbox. */
static void
open_inbox(State *state, Server *server)
{
    gsize used = 0;
    Head head;

    while (server->inbox->len - used >= sizeof head) {
        memcpy(&head, server->inbox->data + used, sizeof head);
        if (server->inbox->len - used - sizeof head < head.length)
            break;
        g_autofree char *answer = g_strndup((const char *)server->inbox->data + used + sizeof head, head.length);
        const CrewReport report = {head.job, (CrewOutcome)head.outcome, head.detail, answer};
        used += sizeof head + head.length;
        g_queue_pop_head(&server->given);
        take(state, &report);
    }
    if (used > 0)
        g_byte_array_remove_range(server->inbox, 0, (guint)used);
}

/* The job that a dead server was at is lost; what it had not begun goes to the new one. */
static void
replace_server(State *state, guint index)
{
    Server dead = g_array_index(state->servers, Server, index);
    const gboolean was_busy = dead.given.length > 0;
    const CrewReport report = {GPOINTER_TO_UINT(g_queue_pop_head(&dead.given)), CREW_LOST, 0, ""};

    g_array_remove_index(state->servers, index);
    start_server(state);
    Server *server = &g_array_index(state->servers, Server, state->servers->len - 1);
    for (GList *l = dead.given.head; l; l = l->next) {
        const guint32 job = GPOINTER_TO_UINT(l->data);
        g_queue_push_tail(&server->given, l->data);
        (void)!write_all(server->jobs_fd, &job, sizeof job);
    }
    end_server(&dead, FALSE);
    if (was_busy)
        take(state, &report);
}

static void
listen_to_servers(State *state)
{
    const guint n = state->servers->len;
    g_autofree struct pollfd *fds = g_new0(struct pollfd, n);
    static guint8 buffer[1 << 16];

    for (guint i = 0; i < n; i++)
        fds[i] = (struct pollfd){.fd = g_array_index(state->servers, Server, i).reports_fd, .events = POLLIN};
    if (poll(fds, n, 500) <= 0)
        return;
    for (guint i = 0; i < n; i++) {
        Server *server = &g_array_index(state->servers, Server, i);
        if (!fds[i].revents)
            continue;
        const ssize_t got = read(server->reports_fd, buffer, sizeof buffer);
        if (got > 0) {
            g_byte_array_append(server->inbox, buffer, (guint)got);
            open_inbox(state, server);
        } else if (got == 0 || errno != EINTR) {
            replace_server(state, i); /* moves the ones after it: look again */
            return;
        }
    }
}

void
crew_run(const Crew *crew)
{
    const guint workers = crew->workers > 0 ? crew->workers : crew_processors();
    State state = {
        .crew = crew, .servers = g_array_new(FALSE, FALSE, sizeof(Server)), .started_us = g_get_monotonic_time()};
    void (*const pipe_handler)(int) = signal(SIGPIPE, SIG_IGN);

    for (guint i = 0; i < workers; i++)
        start_server(&state);
    while (give_jobs(&state) && !state.stopped) {
        listen_to_servers(&state);
        if (crew->tick)
            crew->tick(crew->data);
    }
    for (guint i = 0; i < state.servers->len; i++)
        end_server(&g_array_index(state.servers, Server, i), state.stopped);
    g_array_unref(state.servers);
    signal(SIGPIPE, pipe_handler);
}
