/*
 * Measures how N client processes share one crypto service, and writes a case for each way of sharing.
 *
 * The processes stand in the place of virtual machines that share a card, a cipher of OpenSSL in the place of the card.
 * First the costs of all stages are measured, each alone (bench_costs.h), then each case (bench_run.h): warm-up,
 * measured time, several times over, each time with new processes. A case's file holds both, so that a model can be
 * given the costs and asked for the result. scripts/measure-card.sh compiles and runs this; docs/measuring-card.md says
 * what the numbers mean.
 *
 * Exit status: 0 all cases are written, 1 one could not be measured or written, 2 an option is wrong.
 */
#include "bench_options.h"
#include "bench_write.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WARM_PART  0.2 /* of the seconds */
#define WARM_MAX_S 0.3
#define COSTS_S    8.0  /* about, for what the default set needs */
#define WHOLE_S    1.5  /* of a case: with fewer the costs are measured for a shorter time, too */
#define START_S    0.08 /* about, until a repeat's processes have started and ended, and the cipher beside it */

static Costs costs;
static Options options;

static double
warm_s(void)
{
    double part_s = options.seconds * WARM_PART;
    return part_s < WARM_MAX_S ? part_s : WARM_MAX_S;
}

static double
costs_share(void)
{
    return options.seconds < WHOLE_S ? options.seconds / WHOLE_S : 1;
}

static int
list_cases(void)
{
    double case_s = options.seconds + options.repeats * (warm_s() + START_S);

    for (int i = 0; i < options.cases.n; i++)
        puts(options.cases.cases[i].id);
    printf("%d cases, about %.0f s\n", options.cases.n, costs_share() * COSTS_S + options.cases.n * case_s);
    return 0;
}

static void
say_progress(int number, const Measured *measured)
{
    if (!isatty(STDERR_FILENO))
        return;
    Result median = measured_median(measured);
    fprintf(stderr, "%d/%d %s: %.1f k/s, median %.1f us%s\n", number, options.cases.n, measured->what->id,
            median.values[RESULT_THROUGHPUT] / 1e3, median.values[RESULT_LATENCY_MEDIAN],
            measured_disturbed(measured) ? ", disturbed" : "");
}

static bool
measure_case(int i)
{
    Measured measured = {.what = &options.cases.cases[i],
                         .warm_s = warm_s(),
                         .measured_s = options.seconds / options.repeats,
                         .n = options.repeats};

    for (int j = 0; j < measured.n; j++)
        if (!costs_measure_cipher(measured.what, &measured.ciphers[j]) ||
            !run_repeat(measured.what, measured.warm_s, measured.measured_s, &measured.repeats[j]))
            return false;
    if (!costs_measure_cipher(measured.what, &measured.ciphers[measured.n]))
        return false;
    say_progress(i + 1, &measured);
    return write_case(options.out, &measured, &costs);
}

int
main(int argc, char **argv)
{
    bool well = true;

    signal(SIGPIPE, SIG_IGN);
    machine_start();
    options_parse(&options, argc, argv);
    if (options.list)
        return list_cases();
    if (mkdir(options.out, 0777) != 0 && errno != EEXIST) {
        fprintf(stderr, "measure-card: --out: %s: %s\n", options.out, strerror(errno));
        return 2;
    }
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "measuring the costs of stages\n");
    samples_set_share(costs_share());
    if (!costs_measure(&costs, &options.cases))
        return 1;
    for (int i = 0; i < options.cases.n; i++)
        well = measure_case(i) && well;
    return well ? 0 : 1;
}
