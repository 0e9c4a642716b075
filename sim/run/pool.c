#include "sim/run/pool.h"

#include "sim/run/fatal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
    pid_t pid;
    int fd;
    guint job;
    GString *answer; /* owned */
} Worker;

typedef struct {
    PoolWork work;
    PoolTake take;
    gpointer data;
    GArray *workers; /* of Worker */
} Pool;

static gboolean
write_all(int fd, const char *text, gsize length)
{
    while (length > 0) {
        const ssize_t n = write(fd, text, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return FALSE;
        text += n;
        length -= (gsize)n;
    }
    return TRUE;
}

/* In a child that cannot go on: its answer is then "!" and why. */
static void
send_reason(const char *reason, gpointer fd)
{
    if (write_all(GPOINTER_TO_INT(fd), "!", 1) && write_all(GPOINTER_TO_INT(fd), reason, strlen(reason)))
        _exit(0);
}

/* The child dies with the process that forked it, which may be a killed child itself (sim/run/crew.h). _exit: the
 * parent's atexit handlers and buffers are not the child's. */
static void
work_in_child(const Pool *pool, guint job, pid_t parent, int fd)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    fatal_set_taker(send_reason, GINT_TO_POINTER(fd));
    g_autofree char *answer = pool->work(job, pool->data);
    const gboolean sent = answer && write_all(fd, answer, strlen(answer));

    close(fd);
    _exit(sent ? 0 : 1);
}

static void
start_worker(Pool *pool, guint job)
{
    const pid_t self = getpid();
    int ends[2];

    fflush(NULL);
    if (pipe(ends) != 0)
        g_error("no pipe for a run: %s", g_strerror(errno));
    const pid_t pid = fork();
    if (pid < 0)
        g_error("no process for a run: %s", g_strerror(errno));
    if (pid == 0) {
        close(ends[0]);
        work_in_child(pool, job, self, ends[1]);
    }
    close(ends[1]);
    const Worker worker = {pid, ends[0], job, g_string_new(NULL)};
    g_array_append_val(pool->workers, worker);
}

static void
finish_worker(Pool *pool, guint index)
{
    const Worker worker = g_array_index(pool->workers, Worker, index);
    int status = 0;

    close(worker.fd);
    while (waitpid(worker.pid, &status, 0) < 0 && errno == EINTR)
        ;
    g_array_remove_index_fast(pool->workers, index);
    const gboolean well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    pool->take(worker.job, well ? worker.answer->str : NULL, pool->data);
    g_string_free(worker.answer, TRUE);
}

/* Reads what has come from whichever workers; the first one that has ended is finished. */
static void
serve_workers(Pool *pool)
{
    g_autofree struct pollfd *fds = g_new0(struct pollfd, pool->workers->len);
    char buffer[65536];

    for (guint i = 0; i < pool->workers->len; i++)
        fds[i] = (struct pollfd){.fd = g_array_index(pool->workers, Worker, i).fd, .events = POLLIN};
    if (poll(fds, pool->workers->len, -1) < 0)
        return;
    for (guint i = 0; i < pool->workers->len; i++) {
        if (!fds[i].revents)
            continue;
        const ssize_t n = read(fds[i].fd, buffer, sizeof buffer);
        if (n > 0) {
            g_string_append_len(g_array_index(pool->workers, Worker, i).answer, buffer, n);
        } else if (n == 0 || errno != EINTR) {
            finish_worker(pool, i);
            return;
        }
    }
}

void
pool_run(guint n_jobs, guint workers, PoolWork work, PoolTake take, gpointer data)
{
    Pool pool = {work, take, data, g_array_new(FALSE, FALSE, sizeof(Worker))};
    const guint limit = workers > 0 ? workers : g_get_num_processors();
    guint next = 0;

    while (next < n_jobs || pool.workers->len > 0) {
        while (next < n_jobs && pool.workers->len < limit)
            start_worker(&pool, next++);
        serve_workers(&pool);
    }
    g_array_unref(pool.workers);
}
