#include "bench_options.h"

#include <openssl/crypto.h>
#include <string.h>

static bool
read_bytes(const char *word, int *value)
{
    return command_read_whole(word, BYTES_MIN, BYTES_MAX, value);
}

static bool
read_clients(const char *word, int *value)
{
    return command_read_whole(word, 1, CLIENTS_MAX, value);
}

static bool
read_outstanding(const char *word, int *value)
{
    return command_read_whole(word, 1, OUTSTANDING_MAX, value);
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

static void
check_cases(const CaseList *cases)
{
    if (cases->n == CASES_MAX)
        command_die("%d cases or more: choose fewer", CASES_MAX);
    for (int i = 0; i < cases->n; i++) {
        const Case *one = &cases->cases[i];
        const char *lacking = cipher_lacks(one->cipher);
        if (lacking)
            command_die("--cipher: %s needs %s, which OpenSSL %s has not here: choose others", cipher_name(one->cipher),
                        lacking, OpenSSL_version(OPENSSL_VERSION_STRING));
        if ((size_t)one->bytes < cipher_least_bytes(one->cipher))
            command_die("--bytes: %d, but %s needs at least %zu", one->bytes, cipher_name(one->cipher),
                        cipher_least_bytes(one->cipher));
        command_check_place(one->place);
    }
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
        {"--processors", command_read_place, "all, 1 or pinned", &choices.places, NULL, true},
        {"--slots", read_outstanding, "1 to 64", NULL, &choices.slots, true},
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
