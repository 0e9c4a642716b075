#include "bench_options.h"

#include "bench_write.h"
#include <errno.h>
#include <math.h>
#include <openssl/crypto.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECONDS_DEFAULT 1.5
#define SECONDS_MIN     0.05
#define SECONDS_MAX     600
#define REPEATS_DEFAULT 3

static void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

static void
die(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("measure-card: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(2);
}

/* A word of a list as a value; false when it is none. */
typedef bool (*Read)(const char *word, int *value);

static bool
read_whole(const char *word, int least, int most, int *value)
{
    char *end;
    errno = 0;
    long number = strtol(word, &end, 10);
    *value = (int)number;
    return *word >= '0' && *word <= '9' && *end == '\0' && errno == 0 && number >= least && number <= most;
}

static bool
read_bytes(const char *word, int *value)
{
    return read_whole(word, BYTES_MIN, BYTES_MAX, value);
}

static bool
read_clients(const char *word, int *value)
{
    return read_whole(word, 1, CLIENTS_MAX, value);
}

static bool
read_outstanding(const char *word, int *value)
{
    return read_whole(word, 1, OUTSTANDING_MAX, value);
}

static bool
read_poll(const char *word, int *value)
{
    return read_whole(word, 0, POLL_US_MAX, value);
}

static bool
read_repeats(const char *word, int *value)
{
    return read_whole(word, 1, REPEATS_MAX, value);
}

static bool
read_cipher(const char *word, int *value)
{
    *value = (int)cipher_find(word);
    return *value < CIPHER_KINDS;
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
read_place(const char *word, int *value)
{
    for (*value = 0; *value < PLACES; ++*value)
        if (strcmp(word, place_name((Place)*value)) == 0)
            return true;
    return false;
}

/* The options that take values; those with `chooses` replace the default set of cases by what they choose. */
typedef struct {
    const char *name;
    Read read;
    const char *expected;
    Choice *list; /* takes several, with commas between; or */
    int *one;
    bool chooses;
} Option;

static void
read_list(const Option *option, const char *text)
{
    char words[512], *rest = words, *word;

    snprintf(words, sizeof words, "%s", text);
    option->list->n = 0;
    while ((word = strsep(&rest, ",")) != NULL) {
        int value;
        if (strlen(text) >= sizeof words || option->list->n == CHOICES_MAX || !option->read(word, &value))
            die("%s: \"%s\", expected %s, at most %d of them with commas between", option->name, text, option->expected,
                CHOICES_MAX);
        option->list->values[option->list->n++] = value;
    }
}

static void
read_option(const Option *option, const char *text)
{
    if (option->list)
        read_list(option, text);
    else if (!option->read(text, option->one))
        die("%s: \"%s\", expected %s", option->name, text, option->expected);
}

static double
read_seconds(const char *text)
{
    char *end;
    double seconds = strtod(text, &end);
    if (end == text || *end || !isfinite(seconds) || seconds < SECONDS_MIN || seconds > SECONDS_MAX)
        die("--seconds: \"%s\", expected %g to %d", text, SECONDS_MIN, SECONDS_MAX);
    return seconds;
}

static void
check_cases(const CaseList *cases)
{
    if (cases->n == CASES_MAX)
        die("%d cases or more: choose fewer", CASES_MAX);
    for (int i = 0; i < cases->n; i++) {
        const Case *one = &cases->cases[i];
        const char *lacking = cipher_lacks(one->cipher);
        if (lacking)
            die("--cipher: %s needs %s, which OpenSSL %s has not here: choose others", cipher_name(one->cipher),
                lacking, OpenSSL_version(OPENSSL_VERSION_STRING));
        if ((size_t)one->bytes < cipher_least_bytes(one->cipher))
            die("--bytes: %d, but %s needs at least %zu", one->bytes, cipher_name(one->cipher),
                cipher_least_bytes(one->cipher));
        if (one->place == PLACE_PINNED && machine_processors() < 2)
            die("--processors: pinned needs two processors, and this process may use one");
    }
}

/* Only a look: the folder is made when there is a case to put into it. */
static void
check_out(const char *out)
{
    char above[4096];
    struct stat is;

    if (!out)
        die("--out is missing (see --help)");
    if (strlen(out) == 0 || strlen(out) > 3800)
        die("--out: expected a folder");
    if (stat(out, &is) == 0) {
        if (!S_ISDIR(is.st_mode) || access(out, W_OK | X_OK) != 0)
            die("--out: %s is no folder that can be written to", out);
        return;
    }
    snprintf(above, sizeof above, "%s", out);
    for (char *end = above + strlen(above) - 1; end > above && *end == '/'; end--)
        *end = '\0';
    char *slash = strrchr(above, '/');
    if (slash)
        slash[slash == above] = '\0';
    if (access(slash ? above : ".", W_OK | X_OK) != 0)
        die("--out: %s can not be made", out);
}

void
options_parse(Options *options, int argc, char **argv)
{
    Choices choices = {.designs = {{DESIGN_SLOTS, DESIGN_THREADS, DESIGN_STREAM, DESIGN_HOST}, 4},
                       .ciphers = {{CIPHER_SM4}, 1},
                       .bytes = {{4096}, 1},
                       .clients = {{1, 2, 4, 8, 16}, 5},
                       .outstanding = {{1}, 1},
                       .places = {{PLACE_ALL}, 1}};
    const Option known[] = {
        {"--design", read_design, "slots, threads, stream or host", &choices.designs, NULL, true},
        {"--cipher", read_cipher, "none, sm4, sm3, sm2-verify, sm2-sign, aes or rsa-sign", &choices.ciphers, NULL,
         true},
        {"--bytes", read_bytes, "64 to 16384", &choices.bytes, NULL, true},
        {"--clients", read_clients, "1 to 64", &choices.clients, NULL, true},
        {"--outstanding", read_outstanding, "1 to 64", &choices.outstanding, NULL, true},
        {"--processors", read_place, "all, 1 or pinned", &choices.places, NULL, true},
        {"--slots", read_outstanding, "1 to 64", NULL, &choices.slots, true},
        {"--poll", read_poll, "0 to 1000000 microseconds", NULL, &choices.poll_us, true},
        {"--repeats", read_repeats, "1 to 99", NULL, &options->repeats, false},
    };
    bool chosen = false;

    options->seconds = SECONDS_DEFAULT;
    options->repeats = REPEATS_DEFAULT;
    for (int i = 1; i < argc; i++) {
        const Option *option = NULL;
        for (size_t j = 0; j < sizeof known / sizeof *known && !option; j++)
            option = strcmp(argv[i], known[j].name) == 0 ? &known[j] : NULL;
        bool other = strcmp(argv[i], "--out") == 0 || strcmp(argv[i], "--seconds") == 0;
        if (strcmp(argv[i], "--list") == 0) {
            options->list = true;
            continue;
        }
        if (!option && !other)
            die("unknown option %s (see --help)", argv[i]);
        if (i + 1 == argc)
            die("%s needs a value", argv[i]);
        const char *text = argv[++i];
        if (option)
            read_option(option, text);
        else if (strcmp(argv[i - 1], "--out") == 0)
            options->out = text;
        else
            options->seconds = read_seconds(text);
        chosen = chosen || (option && option->chooses);
    }
    if (chosen)
        cases_combine(&options->cases, &choices);
    else
        cases_default(&options->cases);
    check_cases(&options->cases);
    if (!options->list)
        check_out(options->out);
}
