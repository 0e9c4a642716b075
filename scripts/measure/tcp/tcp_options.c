#include "tcp_options.h"

#include <string.h>

static bool
read_sent(const char *word, int *value)
{
    for (*value = 0; *value < SENT_KINDS; ++*value)
        if (strcmp(word, sent_name((Sent)*value)) == 0)
            return true;
    return false;
}

static bool
read_probe(const char *word, int *value)
{
    *value = strcmp(word, "on") == 0;
    return *value || strcmp(word, "off") == 0;
}

static bool
read_linear(const char *word, int *value)
{
    return command_read_whole(word, 0, 20, value);
}

static bool
read_rto(const char *word, int *value)
{
    return command_read_whole(word, 0, 10000, value) && (*value == 0 || *value >= 10);
}

static bool
read_blackout(const char *word, int *value)
{
    return command_read_whole(word, 1, 120000, value);
}

static void
add_case(Options *options, Case one)
{
    if (options->n == CASES_MAX)
        command_die("there are more than %d cases", CASES_MAX);
    case_name(&one);
    options->cases[options->n++] = one;
}

typedef struct {
    Choice sent, probe, linear, rto, blackout;
} Choices;

/* Every combination; what is no setting of the kind is not multiplied. */
static void
add_cases(Options *options, const Choices *of)
{
    for (int i = 0; i < of->sent.n; i++)
        for (int r = 0; r < of->rto.n; r++)
            for (int b = 0; b < of->blackout.n; b++) {
                const Sent sent = (Sent)of->sent.values[i];
                const Choice *set = sent == SENT_SEGMENT ? &of->probe : &of->linear;
                for (int k = 0; k < set->n && !(sent == SENT_SYN && r > 0); k++)
                    add_case(options, (Case){.sent = sent,
                                             .probe = set->values[k] != 0,
                                             .linear = set->values[k],
                                             .rto_min_ms = sent == SENT_SEGMENT ? of->rto.values[r] : 0,
                                             .blackout_ms = of->blackout.values[b]});
            }
}

void
options_parse(Options *options, int argc, char **argv)
{
    static Choices of = {.sent = LIST(SENT_SEGMENT, SENT_SYN),
                         .probe = LIST(1, 0),
                         .linear = LIST(4, 0),
                         .rto = LIST(0),
                         .blackout = LIST(500, 1000, 2000, 3500, 9000)};
    const Option own[] = {
        {"--sent", read_sent, "segment or syn", &of.sent, NULL, true},
        {"--probe", read_probe, "on or off", &of.probe, NULL, true},
        {"--linear", read_linear, "0 to 20", &of.linear, NULL, true},
        {"--rto-min", read_rto, "0 or 10 to 10000", &of.rto, NULL, true},
        {"--blackout", read_blackout, "1 to 120000", &of.blackout, NULL, true},
    };

    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--seconds") == 0)
            command_die("unknown option --seconds (see --help)");
    (void)command_parse(&options->session, own, sizeof own / sizeof *own, argc, argv);
    if (!options->session.list)
        command_check_out(options->session.out);
    add_cases(options, &of);
}
