#include "sockets_options.h"

#include <string.h>

static bool
read_bytes(const char *word, int *value)
{
    return command_read_whole(word, BYTES_MIN, BYTES_MAX, value);
}

static bool
read_buffer(const char *word, int *value)
{
    return command_read_whole(word, BUFFER_MIN, BUFFER_MAX, value);
}

static bool
read_design(const char *word, int *value)
{
    for (*value = 0; *value < DESIGNS; ++*value)
        if (strcmp(word, design_name((Design)*value)) == 0)
            return true;
    return false;
}

static bool
read_work(const char *word, int *value)
{
    for (*value = 0; *value < WORKS; ++*value)
        if (strcmp(word, work_name((Work)*value)) == 0)
            return true;
    return false;
}

static void
check_cases(const CaseList *cases)
{
    if (cases->n == CASES_MAX)
        command_die("%d cases or more: choose fewer", CASES_MAX);
    for (int i = 0; i < cases->n; i++)
        command_check_place(cases->cases[i].place);
}

void
options_parse(Options *options, int argc, char **argv)
{
    Choices choices = {.designs = LIST(DESIGN_RING, DESIGN_TCP, DESIGN_UNIX),
                       .works = LIST(WORK_ROUND_TRIP, WORK_STREAM),
                       .bytes = LIST(64, 256, 1024, 4096, 16384, 65536),
                       .receives = LIST(RECEIVE_DEFAULT),
                       .buffers = LIST(BUFFER_DEFAULT),
                       .places = {{machine_processors() > 1 ? PLACE_PINNED : PLACE_ALL}, 1}};
    const Option known[] = {
        {"--design", read_design, "ring, tcp or unix", &choices.designs, NULL, true},
        {"--workload", read_work, "round-trip or stream", &choices.works, NULL, true},
        {"--bytes", read_bytes, "1 to 1048576", &choices.bytes, NULL, true},
        {"--receive", read_bytes, "1 to 1048576", &choices.receives, NULL, true},
        {"--buffer", read_buffer, "64 to 16777216", &choices.buffers, NULL, true},
        {"--processors", command_read_place, "pinned, 1 or all", &choices.places, NULL, true},
        {"--poll", command_read_poll, "0 to 1000000 microseconds", NULL, &choices.poll_us, true},
    };

    if (command_parse(&options->session, known, sizeof known / sizeof *known, argc, argv))
        cases_combine(&options->cases, &choices);
    else
        cases_default(&options->cases);
    check_cases(&options->cases);
    if (!options->session.list)
        command_check_out(options->session.out);
}
