/*
 * Measures how two processes talk over rings of shared memory, over TCP and over a socket pair, and writes a case for
 * each way of talking.
 *
 * The processes stand in the place of two virtual machines of one host. First the costs of all stages are measured,
 * each alone (sockets_costs.h), then each case (sockets_run.h): warm-up, measured time, several times over, each time
 * with new processes. A case's file holds both, so that a model can be given the costs and asked for the result.
 * scripts/measure-sockets.sh compiles and runs this; docs/measuring-sockets.md says what the numbers mean.
 *
 * Exit status: 0 all cases are written, 1 one could not be measured or written, 2 an option is wrong.
 */
#include "common/bench_program.h"
#include "sockets_options.h"
#include "sockets_write.h"
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define COSTS_S 25.0 /* about, for what the default set needs */
#define START_S 0.09 /* about, until a repeat's processes have started and ended, and what is measured beside it */

const char PROGRAM[] = "measure-sockets";

static Costs costs;
static Options options;

static int
list_cases(void)
{
    for (int i = 0; i < options.cases.n; i++)
        puts(options.cases.cases[i].id);
    session_say_time(&options.session, options.cases.n, COSTS_S, START_S);
    return 0;
}

static void
say_progress(int number, const Measured *measured)
{
    if (!isatty(STDERR_FILENO))
        return;
    Result median = measured_median(measured);
    fprintf(stderr, "%d/%d %s: %.1f k messages/s, %.1f MB/s%s\n", number, options.cases.n, measured->what->id,
            median.values[RESULT_MESSAGES] / 1e3, median.values[RESULT_THROUGHPUT] / 1e6,
            measured_disturbed(measured) ? ", disturbed" : "");
}

static bool
measure_case(int i)
{
    static Measured measured;

    measured.what = &options.cases.cases[i];
    measured.warm_s = session_warm_s(&options.session);
    measured.measured_s = session_measured_s(&options.session);
    measured.n = options.session.repeats;
    for (int j = 0; j < measured.n; j++) {
        measured.beside[j] = costs_measure_beside();
        if (!run_repeat(measured.what, measured.warm_s, measured.measured_s, &measured.repeats[j]))
            return false;
    }
    measured.beside[measured.n] = costs_measure_beside();
    say_progress(i + 1, &measured);
    return write_case(options.session.out, &measured, &costs);
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
    if (!session_make_out(&options.session))
        return 2;
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "measuring the costs of stages\n");
    samples_set_share(session_costs_share(&options.session));
    if (!costs_measure(&costs, &options.cases))
        return 1;
    for (int i = 0; i < options.cases.n; i++)
        well = measure_case(i) && well;
    return well ? 0 : 1;
}
