/*
 * Measures when this machine's kernel sends again what TCP has no answer to, and writes a case for each setting and
 * each time without answers.
 *
 * All cases and repeats run at the same time, each in a process and a network namespace of its own: they wait, and use
 * no processor. scripts/measure-tcp-ladder.sh compiles and runs this; docs/models/network.md says what the numbers
 * mean.
 *
 * Exit status: 0 all cases are written, 1 one could not be measured or written, 2 an option is wrong, 4 this machine
 * does not let anybody measure.
 */
#include "common/bench_process.h"
#include "common/bench_program.h"
#include "common/bench_report.h"
#include "tcp_options.h"
#include "tcp_run.h"
#include "tcp_write.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

const char PROGRAM[] = "measure-tcp-ladder";

enum { STATUS_FORBIDDEN = 4 };

static Options options;
static Measured measured;

typedef struct {
    bool well;
    char why[WHY_MAX];
    Result result;
} Report;

typedef struct {
    pid_t process;
    int from; /* a pipe */
} Repeat;

static Repeat
start_repeat(const Case *what)
{
    int ends[2];
    Repeat repeat = {0, -1};

    if (pipe(ends) != 0)
        return repeat;
    repeat.process = process_fork();
    if (repeat.process == 0) {
        Report report = {0};
        report.well = run_repeat(what, &report.result, report.why);
        _exit(write(ends[1], &report, sizeof report) == (ssize_t)sizeof report ? 0 : 1);
    }
    close(ends[1]);
    repeat.from = ends[0];
    return repeat;
}

static Report
end_repeat(Repeat *repeat)
{
    Report report = {.why = "its process ended early"};
    size_t got = 0;

    for (ssize_t n; got < sizeof report && (n = read(repeat->from, (char *)&report + got, sizeof report - got)) > 0;)
        got += (size_t)n;
    if (repeat->from >= 0)
        close(repeat->from);
    if (repeat->process > 0)
        waitpid(repeat->process, NULL, 0);
    report.well = report.well && got == sizeof report;
    return report;
}

/* False, with a line on stderr, when a repeat failed. */
static bool
gather(const Case *what, Repeat *repeats)
{
    bool well = true;

    measured.what = what;
    measured.n = options.session.repeats;
    for (int i = 0; i < measured.n; i++) {
        const Report report = end_repeat(&repeats[i]);
        measured.repeats[i] = report.result;
        if (well && !report.well)
            well = report_complain(what->id, report.why);
    }
    return well && write_case(options.session.out, &measured);
}

/* Before anything is measured: a namespace and a packet socket of a process of its own. */
static bool
is_allowed(void)
{
    const Case shortest = {.sent = SENT_SYN, .linear = 0, .blackout_ms = 1, .id = "here"};
    Repeat repeat = start_repeat(&shortest);
    const Report report = end_repeat(&repeat);

    return report.well || report_complain("nothing can be measured here", report.why);
}

static int
list_cases(void)
{
    double longest_s = 0;

    for (int i = 0; i < options.n; i++) {
        puts(options.cases[i].id);
        longest_s = options.cases[i].blackout_ms > longest_s ? options.cases[i].blackout_ms : longest_s;
    }
    printf("%d cases, at most about %.0f s\n", options.n, 2 * longest_s / 1e3 + 1);
    return 0;
}

int
main(int argc, char **argv)
{
    bool well = true;

    signal(SIGPIPE, SIG_IGN);
    machine_start();
    options_parse(&options, argc, argv);
    if (options.session.list)
        return list_cases();
    if (!is_allowed())
        return STATUS_FORBIDDEN;
    if (!session_make_out(&options.session))
        return 2;
    const int n = options.session.repeats;
    Repeat *repeats = calloc((size_t)(options.n * n), sizeof *repeats);
    for (int i = 0; repeats && i < options.n * n; i++)
        repeats[i] = start_repeat(&options.cases[i / n]);
    for (int i = 0; repeats && i < options.n; i++)
        well = gather(&options.cases[i], &repeats[i * n]) && well;
    free(repeats);
    return well && repeats ? 0 : 1;
}
