#include "common/bench_command.h"

#include "common/bench_program.h"
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define POLL_US_MAX     1000000
#define SECONDS_DEFAULT 1.5
#define SECONDS_MIN     0.05
#define SECONDS_MAX     600
#define REPEATS_DEFAULT 3
#define WARM_PART       0.2 /* of the seconds */
#define WARM_MAX_S      0.3
#define WHOLE_S         1.5 /* of a case: with fewer the costs are measured for a shorter time, too */

void
command_die(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s: ", PROGRAM);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(2);
}

bool
command_read_whole(const char *word, int least, int most, int *value)
{
    char *end;
    errno = 0;
    long number = strtol(word, &end, 10);
    *value = (int)number;
    return *word >= '0' && *word <= '9' && *end == '\0' && errno == 0 && number >= least && number <= most;
}

bool
command_read_place(const char *word, int *value)
{
    for (*value = 0; *value < PLACES; ++*value)
        if (strcmp(word, place_name((Place)*value)) == 0)
            return true;
    return false;
}

bool
command_read_poll(const char *word, int *value)
{
    return command_read_whole(word, 0, POLL_US_MAX, value);
}

void
command_check_place(Place place)
{
    if (place == PLACE_PINNED && machine_processors() < 2)
        command_die("--processors: pinned needs two processors, and this process may use one");
}

static bool
read_repeats(const char *word, int *value)
{
    return command_read_whole(word, 1, REPEATS_MAX, value);
}

static void
read_list(const Option *option, const char *text)
{
    char words[512], *rest = words, *word;

    snprintf(words, sizeof words, "%s", text);
    option->list->n = 0;
    while ((word = strsep(&rest, ",")) != NULL) {
        int value;
        if (strlen(text) >= sizeof words || option->list->n == CHOICES_MAX || !option->read(word, &value))
            command_die("%s: \"%s\", expected %s, at most %d of them with commas between", option->name, text,
                        option->expected, CHOICES_MAX);
        option->list->values[option->list->n++] = value;
    }
}

static void
read_option(const Option *option, const char *text)
{
    if (option->list)
        read_list(option, text);
    else if (!option->read(text, option->one))
        command_die("%s: \"%s\", expected %s", option->name, text, option->expected);
}

static double
read_seconds(const char *text)
{
    char *end;
    double seconds = strtod(text, &end);
    if (end == text || *end || !isfinite(seconds) || seconds < SECONDS_MIN || seconds > SECONDS_MAX)
        command_die("--seconds: \"%s\", expected %g to %d", text, SECONDS_MIN, SECONDS_MAX);
    return seconds;
}

void
command_check_out(const char *out)
{
    char above[4096];
    struct stat is;

    if (!out)
        command_die("--out is missing (see --help)");
    if (strlen(out) == 0 || strlen(out) > 3800)
        command_die("--out: expected a folder");
    if (stat(out, &is) == 0) {
        if (!S_ISDIR(is.st_mode) || access(out, W_OK | X_OK) != 0)
            command_die("--out: %s is no folder that can be written to", out);
        return;
    }
    snprintf(above, sizeof above, "%s", out);
    for (char *end = above + strlen(above) - 1; end > above && *end == '/'; end--)
        *end = '\0';
    char *slash = strrchr(above, '/');
    if (slash)
        slash[slash == above] = '\0';
    if (access(slash ? above : ".", W_OK | X_OK) != 0)
        command_die("--out: %s can not be made", out);
}

static const Option *
find_option(const Option *options, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(name, options[i].name) == 0)
            return &options[i];
    return NULL;
}

bool
command_parse(Session *session, const Option *own, size_t n_own, int argc, char **argv)
{
    const Option repeats = {"--repeats", read_repeats, "1 to 99", NULL, &session->repeats, false};
    bool chosen = false;

    session->seconds = SECONDS_DEFAULT;
    session->repeats = REPEATS_DEFAULT;
    for (int i = 1; i < argc; i++) {
        const char *name = argv[i];
        const Option *option = find_option(own, n_own, name);
        if (!option)
            option = find_option(&repeats, 1, name);
        if (strcmp(name, "--list") == 0) {
            session->list = true;
            continue;
        }
        if (!option && strcmp(name, "--out") != 0 && strcmp(name, "--seconds") != 0)
            command_die("unknown option %s (see --help)", name);
        if (++i == argc)
            command_die("%s needs a value", name);
        if (option)
            read_option(option, argv[i]);
        else if (strcmp(name, "--out") == 0)
            session->out = argv[i];
        else
            session->seconds = read_seconds(argv[i]);
        chosen = chosen || (option && option->chooses);
    }
    return chosen;
}

bool
session_make_out(const Session *session)
{
    if (mkdir(session->out, 0777) == 0 || errno == EEXIST)
        return true;
    fprintf(stderr, "%s: --out: %s: %s\n", PROGRAM, session->out, strerror(errno));
    return false;
}

double
session_warm_s(const Session *session)
{
    return fmin(session->seconds * WARM_PART, WARM_MAX_S);
}

double
session_measured_s(const Session *session)
{
    return session->seconds / session->repeats;
}

double
session_costs_share(const Session *session)
{
    return fmin(session->seconds / WHOLE_S, 1);
}

void
session_say_time(const Session *session, int cases, double costs_s, double start_s)
{
    double case_s = session->seconds + session->repeats * (session_warm_s(session) + start_s);
    printf("%d cases, about %.0f s\n", cases, session_costs_share(session) * costs_s + cases * case_s);
}
