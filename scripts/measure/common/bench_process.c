#include "common/bench_process.h"

#include "common/bench_samples.h"
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOOK_US 500

pid_t
process_fork(void)
{
    pid_t parent = getpid(), child = fork();
    if (child != 0)
        return child;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    return 0;
}

bool
process_ended_well(pid_t *process, uint64_t deadline_ns)
{
    int status = 0;
    pid_t ended = 0;

    while (*process > 0 && (ended = waitpid(*process, &status, WNOHANG)) == 0 && clock_ns() < deadline_ns)
        usleep(LOOK_US);
    if (ended == 0)
        return *process == 0;
    *process = 0;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool
process_somebody_ended(void)
{
    siginfo_t info = {0};
    return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid != 0;
}

void
process_kill(pid_t *process)
{
    if (*process > 0) {
        kill(*process, SIGKILL);
        waitpid(*process, NULL, 0);
    }
    *process = 0;
}

void
process_sleep_until(uint64_t ns)
{
    struct timespec until = {.tv_sec = (time_t)(ns / 1000000000u), .tv_nsec = (long)(ns % 1000000000u)};
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
        ;
}

double
process_used_s(void)
{
    struct rusage children;
    getrusage(RUSAGE_CHILDREN, &children);
    return (double)clock_of(CLOCK_PROCESS_CPUTIME_ID) / 1e9 +
           (double)(children.ru_utime.tv_sec + children.ru_stime.tv_sec) +
           (double)(children.ru_utime.tv_usec + children.ru_stime.tv_usec) / 1e6;
}
