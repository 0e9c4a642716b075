/* What the tests of the simulated world share: a small scenario, and runs of it with settings. */
#ifndef TANDEM_TESTS_SIM_WORLD_WORLDS_H
#define TANDEM_TESTS_SIM_WORLD_WORLDS_H

#include "models/vtpm/tpm.h"
#include "sim/run/run.h"
#include "tests/check_main.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define WORLDS_MIB (1024.0 * 1024.0)

/* Every step of a migration takes its time; a joint migration takes about a second. ' stands for ". */
#define WORLDS_COSTS                                                                                                   \
    "{'profile': 'ideal', 'device_state': '64KiB', 'costs': {'pre_migration': '60ms', 'reservation': '60ms',"          \
    " 'suspend': '30ms', 'commitment': '30ms', 'resume': '30ms', 'activation': '60ms'}}"
#define WORLDS_BASE                                                                                                    \
    "{'name': 'small', 'run_until': '3s',"                                                                             \
    " 'hosts': [{'name': 'a', 'memory': '128MiB', 'dom0_memory': '64MiB'},"                                            \
    "           {'name': 'b', 'memory': '128MiB', 'dom0_memory': '64MiB'},"                                            \
    "           {'name': 'c', 'memory': '128MiB', 'dom0_memory': '64MiB'}],"                                           \
    " 'switches': [{'name': 's'}],"                                                                                    \
    " 'links': [{'name': 'la', 'ends': ['a', 's'], 'bandwidth': '100Mbps', 'latency': '20us'},"                        \
    "           {'name': 'lb', 'ends': ['b', 's'], 'bandwidth': '100Mbps', 'latency': '20us'},"                        \
    "           {'name': 'lc', 'ends': ['c', 's'], 'bandwidth': '100Mbps', 'latency': '20us'}],"                       \
    " 'guests': [{'name': 'vm', 'host': 'a', 'memory': '4MiB',"                                                        \
    "             'workload': {'kind': 'uniform', 'working_set': '1MiB', 'rate': '300/s'}}],"                          \
    " 'vtpms': [{'name': 'tpm', 'vm': 'vm', 'memory': '1MiB', 'service_time': '2ms', 'command_timeout': '0.2s',"       \
    "            'script': {'interval': '20ms'}}],"                                                                    \
    " 'timeline': [{'at': '1s', 'do': 'migrate', 'vm': 'vm', 'to': 'b', 'method': 'joint',"                            \
    "               'hypervisor': " WORLDS_COSTS "}]}"

/* A 64 MiB guest on a 100 Mb/s link that writes faster than the link carries; its migration begins at 1 s. */
#define WORLDS_BUSY                                                                                                    \
    "{'name': 'busy', 'run_until': '40s',"                                                                             \
    " 'hosts': [{'name': 'a'}, {'name': 'b'}],"                                                                        \
    " 'links': [{'name': 'l', 'ends': ['a', 'b'], 'bandwidth': '100Mbps', 'latency': '50us'}],"                        \
    " 'guests': [{'name': 'vm', 'host': 'a', 'memory': '64MiB',"                                                       \
    "             'workload': {'kind': 'uniform', 'working_set': '48MiB', 'rate': '20000/s'}}],"                       \
    " 'timeline': [{'at': '1s', 'do': 'migrate', 'vm': 'vm', 'to': 'b', 'hypervisor': 'qemu-kvm'}]}"

/* The scenario of a text with ' for ", after settings (closed by NULL, or NULL), and its warnings (NULL: not wanted).
 * error NULL: it must load. */
static inline Scenario *
worlds_load_warned(const char *text, const char *const *settings, GPtrArray **warnings, GError **error)
{
    g_autofree char *json = g_strdelimit(g_strdup(text), "'", '"');
    g_autofree char *folder = g_dir_make_tmp("tandem-test-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "scenario.json", NULL);
    g_autoptr(GError) why = NULL;

    ck_assert(g_file_set_contents(path, json, -1, NULL));
    Scenario *scenario = scenario_load_warned(path, settings, warnings, &why);
    g_unlink(path);
    g_rmdir(folder);
    if (!error)
        ck_assert_msg(scenario, "%s", why ? why->message : "");
    else if (why)
        g_propagate_error(error, g_steal_pointer(&why));
    return scenario;
}

static inline Scenario *
worlds_load(const char *text, const char *const *settings, GError **error)
{
    return worlds_load_warned(text, settings, NULL, error);
}

/* The text's scenario after the settings is refused in one line, which says that. settings closed by NULL */
static inline void
worlds_expect_refused(const char *text, const char *const *settings, const char *says)
{
    g_autoptr(GError) error = NULL;
    Scenario *scenario = worlds_load(text, settings, &error);

    ck_assert_msg(!scenario && error, "%s is accepted", settings[0]);
    ck_assert_msg(strstr(error->message, says), "%s: %s", settings[0], error->message);
    ck_assert_msg(!strchr(error->message, '\n'), "%s", error->message);
}

/* One run in a process of its own; it must end with a result in which every invariant holds. */
static inline Result *
worlds_run_scenario(const Scenario *scenario, guint64 seed)
{
    Run run = {.scenario = scenario, .seed = seed};

    run_all(&run, 1, 1);
    ck_assert_msg(run.result, "%s", run.error);
    g_autofree char *violation = result_violation(run.result);
    ck_assert_msg(!violation, "%s", violation);
    return run.result;
}

/* settings closed by NULL */
static inline Result *
worlds_run(const char *text, const char *const *settings)
{
    g_autoptr(Scenario) scenario = worlds_load(text, settings, NULL);

    return worlds_run_scenario(scenario, 1);
}

#define WORLDS_RUN(text, ...) worlds_run(text, (const char *const[]){__VA_ARGS__ __VA_OPT__(, ) NULL})

static inline double
worlds_number(const Result *result, const char *name)
{
    const double value = result_number(result, name);

    ck_assert_msg(!isnan(value), "no number %s", name);
    return value;
}

static inline const char *
worlds_word(const Result *result, const char *name)
{
    const char *word = result_word(result, name);

    ck_assert_msg(word, "no word %s", name);
    return word;
}

#define ck_assert_word(result, name, expected) ck_assert_str_eq(worlds_word(result, name), expected)
/* within: absolute */
#define ck_assert_number(result, name, expected, within)                                                               \
    ck_assert_double_eq_tol(worlds_number(result, name), expected, within)

/* The cells of a table's rows whose first cells are as given ("mig,leg,step"), cell by cell. (transfer full) */
static inline char **
worlds_row(const Result *result, const char *table, const char *begins)
{
    g_auto(GStrv) rows = g_strsplit(result_table(result, table), "\n", 0);

    for (guint i = 0; rows[i]; i++)
        if (g_str_has_prefix(rows[i], begins))
            return g_strsplit(rows[i], ",", 0);
    ck_abort_msg("%s has no row %s", table, begins);
}

/* The PCR after so many calls of vm's script, computed here once more. (transfer full) */
static inline char *
worlds_pcr(const char *vm, guint64 calls)
{
    Tpm tpm;
    guint8 digest[TPM_SHA1_BYTES];

    tpm_init(&tpm, TPM_1_2, 4096, 0, vm);
    for (guint64 call = 1; call <= calls; call++)
        tpm_run_script_call(&tpm, vm, call, digest);
    (void)tpm_read_pcr(&tpm, TPM_SHA1, 0, digest);
    tpm_clear(&tpm);
    return tpm_digest_text(TPM_SHA1, digest);
}

#endif
