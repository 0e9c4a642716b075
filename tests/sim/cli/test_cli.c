/* The program as its user sees it: exit status, the exact line on stderr for every kind of bad input, and what is left
 * on the disk. */
#include "tests/check_main.h"
#include "tests/sanitizer_notes.h"

#include <cjson/cJSON.h>
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define MIB (1024 * 1024)

static char *folder; /* each test's own, and its working directory */

static void
set_up(void)
{
    folder = g_dir_make_tmp("tandem-cli-XXXXXX", NULL);
    ck_assert_ptr_nonnull(folder);
}

static void
remove_tree(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *inside = g_build_filename(path, name, NULL);
        if (g_file_test(inside, G_FILE_TEST_IS_DIR))
            remove_tree(inside);
        g_unlink(inside);
    }
    g_rmdir(path);
}

static void
tear_down(void)
{
    remove_tree(folder);
    g_clear_pointer(&folder, g_free);
}

/* ---- running it ---- */

typedef struct {
    int status;
    char *out, *error;
} Output;

static void
output_clear(Output *output)
{
    g_free(output->out);
    g_free(output->error);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Output, output_clear)

/* In the child: no file may grow beyond 4 KiB, as if the disk were full then. */
static void
limit_file_size(gpointer data G_GNUC_UNUSED)
{
    const struct rlimit limit = {4096, 4096};

    setrlimit(RLIMIT_FSIZE, &limit);
    signal(SIGXFSZ, SIG_IGN); /* write() then fails with EFBIG */
}

/* In the child: whatever is printed finds no room. */
static void
print_to_full_disk(gpointer data G_GNUC_UNUSED)
{
    dup2(open("/dev/full", O_WRONLY), STDOUT_FILENO);
}

static Output
run_with(GSpawnChildSetupFunc setup, const char *const *arguments)
{
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    g_auto(GStrv) environment = g_environ_setenv(g_get_environ(), "LC_ALL", "C", TRUE);
    g_autoptr(GError) error = NULL;
    Output output = {0};
    int wait_status;

    g_ptr_array_add(argv, (gpointer)TANDEM_PROGRAM);
    for (; *arguments; arguments++)
        g_ptr_array_add(argv, (gpointer)*arguments);
    g_ptr_array_add(argv, NULL);
    ck_assert_msg(g_spawn_sync(folder, (char **)argv->pdata, environment, G_SPAWN_DEFAULT, setup, NULL, &output.out,
                               &output.error, &wait_status, &error),
                  "%s", error ? error->message : "");
    ck_assert_msg(WIFEXITED(wait_status), "ended by signal %d: %s", WTERMSIG(wait_status), output.error);
    output.status = WEXITSTATUS(wait_status);
    (void)sanitizer_notes_cut(output.error);
    return output;
}

#define TANDEM(...) run_with(NULL, (const char *const[]){__VA_ARGS__, NULL})

/* One line on stderr, "tandem: " and this; nothing on stdout. */
static void
check_refused(const Output *output, const char *message)
{
    g_autofree char *line = g_strdup_printf("tandem: %s\n", message);

    ck_assert_str_eq(output->error, line);
    ck_assert_int_eq(output->status, 2);
    ck_assert_str_eq(output->out, "");
}

static void
write_bytes(const char *name, const char *bytes, gssize length)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);

    ck_assert(g_file_set_contents(path, bytes, length, NULL));
}

#define GOOD                                                                                                           \
    "{\"name\": \"ok\", \"hosts\": [{\"name\": \"a\"}, {\"name\": \"b\"}],\n"                                          \
    " \"links\": [{\"name\": \"l\", \"ends\": [\"a\", \"b\"]}],\n"                                                     \
    " \"guests\": [{\"name\": \"vm\", \"host\": \"a\", \"memory\": \"8MiB\"}],\n"                                      \
    " \"vtpms\": [{\"name\": \"t\", \"vm\": \"vm\", \"script\": {}}],\n"                                               \
    " \"timeline\": [{\"at\": \"1s\", \"do\": \"migrate\", \"vm\": \"vm\", \"to\": \"b\", \"method\": \"joint\"}]}\n"

static void
write_good(void)
{
    write_bytes("x.json", GOOD, -1);
}

static guint
files_in(const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    guint n = 0;

    while (dir && g_dir_read_name(dir))
        n++;
    return n;
}

/* ---- texts that are no scenario ---- */

typedef struct {
    const char *text;
    const char *message;
} BadText;

#define A_VALUE "expected a value (an object, a list, text in double quotes, a number, true, false or null)"

static const BadText bad_texts[] = {
    {"", "x.json: is empty, expected a JSON object"},
    {"{\n \"name\": x}", "x.json: line 2, column 10: not JSON, " A_VALUE},
    {"{\"name\": \"\xff\"}", "x.json: line 1, byte 10: invalid UTF-8, expected UTF-8"},
    {"{\"name\": \"x\", \"name\": \"y\"}", "x.json: the key \"name\" stands twice, expected each key once"},
    {"[]", "x.json: is a list, expected an object"},
};

START_TEST(text_that_is_no_scenario_is_refused_with_its_place)
{
    write_bytes("x.json", bad_texts[_i].text, -1);
    g_auto(Output) output = TANDEM("run", "x.json");
    check_refused(&output, bad_texts[_i].message);
}
END_TEST

START_TEST(missing_file_is_refused)
{
    g_auto(Output) output = TANDEM("run", "x.json");
    check_refused(&output, "x.json: no such file, expected a JSON file of at most 64 MiB");
}
END_TEST

START_TEST(folder_is_no_scenario)
{
    g_auto(Output) output = TANDEM("run", ".");
    check_refused(&output, ".: is a folder, expected a JSON file of at most 64 MiB");
}
END_TEST

/* Before it is read: no memory of its size is taken. */
START_TEST(hundred_megabytes_are_refused)
{
    g_autofree char *path = g_build_filename(folder, "x.json", NULL);

    write_bytes("x.json", "{", 1);
    ck_assert_int_eq(truncate(path, 100 * MIB), 0); /* a hole, which takes no disk */
    g_auto(Output) output = TANDEM("run", "x.json");
    check_refused(&output, "x.json: is too large, expected a JSON file of at most 64 MiB");
}
END_TEST

START_TEST(deep_nesting_is_refused)
{
    g_autofree char *brackets = g_strnfill(100000, '[');
    g_autofree char *text = g_strconcat("{\"name\": ", brackets, NULL);

    write_bytes("x.json", text, -1);
    g_auto(Output) output = TANDEM("run", "x.json");
    check_refused(&output, "x.json: line 1, column 73: nested too deep, expected at most 64 levels");
}
END_TEST

/* ---- scenarios with one thing wrong, by --set ---- */

typedef struct {
    const char *setting;
    const char *message; /* after "x.json: " */
} BadSetting;

#define KEYS_OF_A_HOST                                                                                                 \
    "name, memory, dom0_memory, cores, processors, processors_of, vcpus_per_core, arch, lacks_configs, count, by, "    \
    "profile"
#define A_SIZE "expected a size such as \"512MiB\""
#define A_TIME "expected a time such as \"300ms\""

static const BadSetting bad_settings[] = {
    /* wrong type */
    {"/hosts=3", "/hosts: is the number 3, expected a list"},
    {"/guests/0/vcpus=\"1\"", "/guests/0/vcpus: is the text \"1\", expected an integer"},
    {"/guests/0/vcpus=1.5", "/guests/0/vcpus: is the number 1.5, expected an integer"},
    /* unknown key */
    {"/hosts/0/memroy=\"1GiB\"",
     "/hosts/0/memroy: unknown key, expected one of " KEYS_OF_A_HOST " (did you mean \"memory\"?)"},
    {"/hosts/0/zzz=1", "/hosts/0/zzz: unknown key, expected one of " KEYS_OF_A_HOST},
    /* units */
    {"/hosts/0/memory=64", "/hosts/0/memory: is the number 64 without a unit, " A_SIZE},
    {"/hosts/0/memory=\"64\"", "/hosts/0/memory: \"64\" has no unit, " A_SIZE},
    {"/hosts/0/memory=\"64GB/s\"", "/hosts/0/memory: \"64GB/s\" is a data rate, " A_SIZE},
    {"/timeline/0/at=1", "/timeline/0/at: is the number 1 without a unit, " A_TIME},
    /* negative, zero, overflowing */
    {"/hosts/0/memory=\"-1GiB\"", "/hosts/0/memory: \"-1GiB\" is negative, " A_SIZE},
    {"/timeline/0/at=\"-1s\"", "/timeline/0/at: \"-1s\" is negative, " A_TIME},
    {"/hosts/0/memory=\"0B\"", "/hosts/0/memory: is \"0B\", expected more than 0B"},
    {"/guests/0/vcpus=0", "/guests/0/vcpus: is 0, expected at least 1"},
    {"/hosts/0/memory=\"1e30GiB\"", "/hosts/0/memory: \"1e30GiB\" is too large (the limit is 2^63-1), " A_SIZE},
    {"/hosts/0/cores=5000000000", "/hosts/0/cores: is 5000000000, expected at most 1024"},
    /* duplicate names, names nobody has */
    {"/hosts/1/name=a", "/hosts/1/name: \"a\" is taken by element 0, expected a name of its own"},
    {"/vtpms/0/name=vm", "/vtpms/0/name: \"vm\" is a guest already, expected another name"},
    {"/timeline/0/name=\"a,b\"",
     "/timeline/0/name: is the text \"a,b\", expected a name (1 to 64 letters, digits, '.', '_', '-', first a letter or digit)"},
    {"/vtpms/0/name=Domain-0", "/vtpms/0/name: is \"Domain-0\", a host's own domain, expected another name"},
    {"/vtpms/-={\"name\":\"t2\",\"vm\":\"vm\",\"page\":\"5000B\"}",
     "/vtpms/1/page: is 5000 bytes, expected a power of two"},
    {"/guests/0/page=5000B", "/guests/0/page: is 5000 bytes, expected a power of two"},
    {"/guests/0/profile=qi-meng-mv",
     "/guests/0/profile: no profile \"qi-meng-mv\" in configs/guests, expected one of linux-idle, linux-static, qi-meng-vm (did you mean \"qi-meng-vm\"?)"},
    {"/timeline/0/hypervisor=xen-4.4",
     "/timeline/0/hypervisor: no profile \"xen-4.4\" in configs/hypervisors, expected one of cloud-hypervisor, "
     "ideal, kubevirt-ramp, nsdi-2005, qemu-10-kvm, qemu-10-tcg, qemu-7.2-tcg, qemu-kvm, qemu-testbed, "
     "stop-and-copy, vmotion, xen-4.5, … (13 in all) (did you mean \"xen-4.5\"?)"},
    {"/guests/0/host=x", "/guests/0/host: no \"x\" in /hosts, expected one of a, b"},
    {"/timeline/0/vm=vn", "/timeline/0/vm: no \"vn\" in /guests, expected vm"},
    /* parts that do not fit each other */
    {"/vtpms/0/vm=vx", "/vtpms/0/vm: no \"vx\" in /guests, expected vm"},
    {"/links=[]", "/timeline/0/to: no route from \"a\" to \"b\", expected links that join them"},
    {"/links/-={\"name\":\"m\",\"ends\":[\"b\",\"a\"]}",
     "/links/1/ends: \"l\" joins the same two already, expected one cable between them"},
    {"/vtpms/-={\"name\":\"t2\",\"vm\":\"vm\"}", "/vtpms/1/vm: \"vm\" has a vTPM already, expected a VM without one"},
    /* --set itself */
    {"novalue", "--set: \"novalue\" has no '=', expected POINTER=VALUE such as /hosts/0/memory=8GiB"},
    {"hosts=3", "--set hosts: \"hosts\" is not a JSON Pointer, expected one that begins with '/' such as "
                "\"/hosts/0/memory\""},
    {"/hosts/7/name=a", "--set /hosts/7/name: leads nowhere: /hosts is a list of 2 without element \"7\", expected an "
                        "index below 2"},
};

START_TEST(scenario_with_one_thing_wrong_is_refused_with_its_pointer)
{
    g_autofree char *message = g_strconcat("x.json: ", bad_settings[_i].message, NULL);

    write_good();
    g_auto(Output) run = TANDEM("run", "x.json", "--set", bad_settings[_i].setting);
    g_auto(Output) check = TANDEM("check", "x.json", "--set", bad_settings[_i].setting);
    check_refused(&run, message);
    check_refused(&check, message);
}
END_TEST

/* What only the run reads. */
START_TEST(missing_replay_file_is_refused)
{
    write_good();
    g_auto(Output) output =
        TANDEM("run", "x.json", "--set", "/guests/0/workload={\"kind\":\"replay\",\"file\":\"none.csv\"}");
    ck_assert_int_eq(output.status, 2);
    ck_assert(g_str_has_prefix(output.error, "tandem: ./none.csv: cannot be opened: "));
}
END_TEST

static const char *const bad_seeds[] = {"abc", "-1", "1.5", "99999999999999999999", "9007199254740993", ""};

START_TEST(seed_that_is_no_whole_number_is_refused)
{
    g_autofree char *message = g_strdup_printf("--seed %s: expected a whole number from 0 to 2^53", bad_seeds[_i]);

    write_good();
    g_auto(Output) output = TANDEM("run", "x.json", "--seed", bad_seeds[_i]);
    check_refused(&output, message);
}
END_TEST

/* ---- usage ---- */

START_TEST(bad_usage_is_refused)
{
    write_good();
    g_auto(Output) option = TANDEM("run", "x.json", "--nosuch");
    g_auto(Output) none = TANDEM("run");
    g_auto(Output) two = TANDEM("run", "x.json", "x.json");
    g_auto(Output) nothing = TANDEM("check");
    g_auto(Output) paper = TANDEM("reproduce", "nosuch");
    check_refused(&option, "Unknown option --nosuch (see tandem run --help)");
    check_refused(&none, "run: 0 scenarios given, expected one (see tandem run --help)");
    check_refused(&two, "run: 2 scenarios given, expected one (see tandem run --help)");
    check_refused(&nothing, "check: no scenario given (see tandem check --help)");
    ck_assert_int_eq(paper.status, 2);
    ck_assert(g_str_has_prefix(paper.error, "tandem: reproduce: no paper \"nosuch\", expected one of "));
}
END_TEST

/* One of them would be ignored. */
START_TEST(an_option_of_one_value_is_given_once)
{
    static const char *const calls[][7] = {
        {"run", "x.json", "--out", "a", "--out", "b"},   {"run", "x.json", "--seed", "1", "--seed=2"},
        {"run", "x.json", "--trace=a", "--trace", "a"},  {"run", "x.json", "-o", "a", "--out=b"},
        {"sweep", "x.json", "-j", "1", "-j", "1"},       {"plot", "x", "--metric", "a", "--metric", "b"},
        {"report", "x", "--lang", "en", "--lang", "zh"},
    };
    static const char *const names[] = {"out", "seed", "trace", "out", "jobs", "metric", "lang"};

    write_good();
    for (gsize i = 0; i < G_N_ELEMENTS(calls); i++) {
        g_auto(Output) output = run_with(NULL, calls[i]);
        g_autofree char *begin = g_strdup_printf("tandem: --%s: is given 2 times, as ", names[i]);
        ck_assert_msg(output.status == 2 && g_str_has_prefix(output.error, begin), "%s", output.error);
    }
    g_auto(Output) settings = TANDEM("run", "x.json", "--set", "/seed=1", "--set", "/title=T", "--quiet", "--quiet");
    ck_assert_msg(settings.status == 0, "%s", settings.error);
}
END_TEST

START_TEST(what_a_verb_would_not_hear_is_refused)
{
    static const struct {
        const char *words[9], *message;
    } calls[] = {
        {{"schema", "x.json"}, "schema: \"x.json\" is none of the schemas, expected scenario or sweep, or nothing"},
        {{"sweep", "x.json", "--list", "--resume", "--out", "o"}, "--out: --list runs nothing, expected one of them"},
        {{"sweep", "x.json", "--list", "--resume"}, "--resume: --list runs nothing, expected one of them"},
        {{"sweep", "x.json", "--list", "-j", "0"}, "--jobs: --list runs nothing, expected one of them"},
        {{"sweep", "x.json", "--point", "1", "--resume"},
         "--resume: goes on with what is in a folder, expected --out DIR"},
        {{"sweep", "x.json", "--engine", "slurm", "--out", "o", "-j", "2"},
         "--jobs: the cluster says how many runs there are at a time, expected --tasks or nothing"},
    };

    write_good();
    for (gsize i = 0; i < G_N_ELEMENTS(calls); i++) {
        g_auto(Output) output = run_with(NULL, calls[i].words);
        check_refused(&output, calls[i].message);
    }
    ck_assert_uint_eq(files_in("o"), 0);
}
END_TEST

/* 2^53 + 1 is no double: in a file, in --set and in --seed. 2^54 is one, and no seed. */
START_TEST(a_seed_that_would_become_another_is_refused)
{
    write_good();
    g_auto(Output) set = TANDEM("run", "x.json", "--set", "/seed=9007199254740993");
    g_auto(Output) seed = TANDEM("run", "x.json", "--seed", "9007199254740993");
    g_auto(Output) large = TANDEM("run", "x.json", "--set", "/seed=18014398509481984");
    g_auto(Output) most = TANDEM("run", "x.json", "--seed", "9007199254740992", "--json");
    check_refused(&set, "x.json: --set /seed: line 1, column 1: a whole number that a double cannot hold, expected one "
                        "up to 2^53, 9007199254740992");
    check_refused(&seed, "--seed 9007199254740993: expected a whole number from 0 to 2^53");
    ck_assert_int_eq(large.status, 2);
    ck_assert_msg(strstr(most.out, "\"seed\":\t9007199254740992,"), "%s", most.error);
    write_bytes("y.json", "{\"name\": \"y\", \"hosts\": [{\"name\": \"a\"}],\n\"seed\": 9007199254740993}", -1);
    g_auto(Output) file = TANDEM("run", "y.json");
    check_refused(&file, "y.json: line 2, column 9: a whole number that a double cannot hold, expected one up to 2^53, "
                         "9007199254740992");
}
END_TEST

/* In any locale; this one's is C. */
START_TEST(arguments_are_utf8)
{
    write_good();
    g_auto(Output) bytes = TANDEM("run", "x.json", "--set", "/title=\xff");
    g_auto(Output) name = TANDEM("report", "\xfe");
    g_auto(Output) text = TANDEM("run", "x.json", "--set", "/title=\u7ec8");
    check_refused(&bytes, "argument 4, \"/title=\ufffd\": is no text in UTF-8, expected UTF-8");
    check_refused(&name, "argument 2, \"\ufffd\": is no text in UTF-8, expected UTF-8");
    ck_assert_msg(text.status == 0 && strstr(text.out, ": \u7ec8\n"), "%s%s", text.out, text.error);
}
END_TEST

START_TEST(unknown_verb_is_refused_with_those_there_are)
{
    g_auto(Output) output = TANDEM("rnu");
    ck_assert_int_eq(output.status, 2);
    ck_assert(g_str_has_prefix(output.error, "tandem: no verb \"rnu\", expected run, check, "));
}
END_TEST

static const char *const verbs[] = {"run", "check", "reproduce", "list", "schema"};

START_TEST(every_verb_explains_itself)
{
    g_autofree char *usage = g_strdup_printf("tandem %s", verbs[_i]);
    g_auto(Output) output = TANDEM(verbs[_i], "--help");
    g_auto(Output) all = TANDEM("--help");

    ck_assert_int_eq(output.status, 0);
    ck_assert_str_eq(output.error, "");
    ck_assert_ptr_nonnull(strstr(output.out, usage));
    ck_assert_int_eq(all.status, 0);
    ck_assert_ptr_nonnull(strstr(all.out, usage));
}
END_TEST

START_TEST(version_names_tandem_and_simgrid)
{
    g_auto(Output) output = TANDEM("--version");

    ck_assert_int_eq(output.status, 0);
    ck_assert(g_regex_match_simple("^tandem [0-9.]+ \\(SimGrid [0-9.]+\\)\n$", output.out, 0, 0));
}
END_TEST

/* ---- what a good run gives ---- */

START_TEST(json_prints_the_result_and_nothing_else)
{
    write_good();
    g_auto(Output) output = TANDEM("run", "x.json", "--json", "--seed", "7");
    cJSON *json = cJSON_ParseWithOpts(output.out, NULL, TRUE);

    ck_assert_int_eq(output.status, 0);
    ck_assert_str_eq(output.error, "");
    ck_assert_ptr_nonnull(json);
    ck_assert_double_eq(cJSON_GetObjectItem(json, "seed")->valuedouble, 7);
    ck_assert_ptr_nonnull(cJSON_GetObjectItem(json, "metrics"));
    cJSON_Delete(json);
}
END_TEST

START_TEST(out_gets_the_result_that_json_prints)
{
    g_autofree char *path = g_build_filename(folder, "deep", "er", "result.json", NULL);
    g_autofree char *text = NULL;

    write_good();
    g_auto(Output) files = TANDEM("run", "x.json", "--out", "deep/er");
    g_auto(Output) printed = TANDEM("run", "x.json", "--json");
    ck_assert_int_eq(files.status, 0);
    ck_assert(g_file_get_contents(path, &text, NULL, NULL));
    ck_assert_str_eq(text, printed.out);
    ck_assert_uint_ge(files_in("deep/er"), 6); /* result.json, run.log and four tables at the least */
}
END_TEST

START_TEST(check_says_ok_and_goes_on_after_a_bad_one)
{
    write_good();
    write_bytes("bad.json", "", 0);
    g_auto(Output) output = TANDEM("check", "bad.json", "x.json");
    ck_assert_int_eq(output.status, 2);
    ck_assert_str_eq(output.out, "x.json: ok\n");
    ck_assert_str_eq(output.error, "tandem: bad.json: is empty, expected a JSON object\n");
}
END_TEST

/* ---- output that cannot be written ---- */

/* Permissions do not stop root, so these are no permissions: a file is no folder, and /proc makes none. */
START_TEST(folder_that_cannot_be_made_is_refused_before_the_run)
{
    write_good();
    g_auto(Output) below_file = TANDEM("run", "x.json", "--out", "x.json/out");
    g_auto(Output) file = TANDEM("run", "x.json", "--out", "x.json");
    g_auto(Output) proc = TANDEM("run", "x.json", "--out", "/proc/tandem");
    check_refused(&below_file, "x.json/out: cannot make the folder: Not a directory");
    check_refused(&file, "x.json: cannot make the folder: Not a directory");
    check_refused(&proc, "/proc/tandem: cannot make the folder: No such file or directory");
}
END_TEST

/* One file is larger than the limit: none of them is left, not even the small ones. */
START_TEST(output_that_does_not_fit_leaves_nothing)
{
    const char *const arguments[] = {"run", "x.json", "--out", "out", NULL};

    write_good();
    g_auto(Output) output = run_with(limit_file_size, arguments);
    ck_assert_int_eq(output.status, 3);
    ck_assert(g_str_has_prefix(output.error, "tandem: out/"));
    ck_assert_ptr_nonnull(strstr(output.error, "cannot write: "));
    ck_assert_uint_eq(files_in("out"), 0);
}
END_TEST

START_TEST(full_disk_behind_stdout_is_an_error)
{
    static const char *const calls[][4] = {{"list", "metrics"}, {"run", "x.json", "--json"}, {"--version"},
                                           {"--help"},          {"run", "--help"},           {"sweep", "-h"},
                                           {"schema"},          {"check", "x.json"}};

    write_good();
    g_auto(Output) output = run_with(print_to_full_disk, calls[_i]);
    ck_assert_str_eq(output.error, "tandem: cannot write to standard output: No space left on device\n");
    ck_assert_int_eq(output.status, 3);
}
END_TEST

/* A full disk in earnest, where the test may mount one. The files of a former run stay as they were. */
START_TEST(full_disk_leaves_what_was_there)
{
    g_autofree char *disk = g_build_filename(folder, "disk", NULL);
    g_autofree char *old = g_build_filename(disk, "out", "result.json", NULL);
    g_autofree char *filler = g_build_filename(disk, "filler", NULL);
    g_autofree char *before = NULL;
    g_autofree char *after = NULL;
    g_autofree char *bytes = g_malloc0(MIB);

    write_good();
    g_mkdir(disk, 0777);
    if (mount("tmpfs", disk, "tmpfs", 0, "size=128k") != 0) {
        g_printerr("skipped: may not mount a small disk\n");
        return;
    }
    g_auto(Output) fits = TANDEM("run", "x.json", "--out", "disk/out");
    const guint n_files = files_in("disk/out");
    (void)!g_file_get_contents(old, &before, NULL, NULL);
    FILE *file = fopen(filler, "w"); /* takes what is left */
    (void)!fwrite(bytes, 1, MIB, file);
    fclose(file);
    g_auto(Output) full = TANDEM("run", "x.json", "--out", "disk/out", "--seed", "5");
    const guint n_files_after = files_in("disk/out");
    (void)!g_file_get_contents(old, &after, NULL, NULL);
    umount(disk);
    ck_assert_int_eq(fits.status, 0);
    ck_assert_int_ne(full.status, 0);
    ck_assert_ptr_nonnull(strstr(full.error, "No space left on device"));
    ck_assert_str_eq(before, after);
    ck_assert_uint_eq(n_files, n_files_after);
}
END_TEST

static TCase *
new_case(const char *name)
{
    TCase *tcase = tcase_create(name);

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    return tcase;
}

int
main(void)
{
    TCase *texts = new_case("texts");
    TCase *settings = new_case("settings");
    TCase *usage = new_case("usage");
    TCase *output = new_case("output");

    tcase_add_loop_test(texts, text_that_is_no_scenario_is_refused_with_its_place, 0, G_N_ELEMENTS(bad_texts));
    tcase_add_test(texts, missing_file_is_refused);
    tcase_add_test(texts, folder_is_no_scenario);
    tcase_add_test(texts, hundred_megabytes_are_refused);
    tcase_add_test(texts, deep_nesting_is_refused);
    tcase_add_loop_test(settings, scenario_with_one_thing_wrong_is_refused_with_its_pointer, 0,
                        G_N_ELEMENTS(bad_settings));
    tcase_add_test(settings, missing_replay_file_is_refused);
    tcase_add_loop_test(settings, seed_that_is_no_whole_number_is_refused, 0, G_N_ELEMENTS(bad_seeds));
    tcase_add_test(usage, bad_usage_is_refused);
    tcase_add_test(usage, an_option_of_one_value_is_given_once);
    tcase_add_test(usage, what_a_verb_would_not_hear_is_refused);
    tcase_add_test(usage, a_seed_that_would_become_another_is_refused);
    tcase_add_test(usage, arguments_are_utf8);
    tcase_add_test(usage, unknown_verb_is_refused_with_those_there_are);
    tcase_add_loop_test(usage, every_verb_explains_itself, 0, G_N_ELEMENTS(verbs));
    tcase_add_test(usage, version_names_tandem_and_simgrid);
    tcase_add_test(usage, json_prints_the_result_and_nothing_else);
    tcase_add_test(output, out_gets_the_result_that_json_prints);
    tcase_add_test(output, check_says_ok_and_goes_on_after_a_bad_one);
    tcase_add_test(output, folder_that_cannot_be_made_is_refused_before_the_run);
    tcase_add_test(output, output_that_does_not_fit_leaves_nothing);
    tcase_add_test(output, full_disk_leaves_what_was_there);
    tcase_add_loop_test(output, full_disk_behind_stdout_is_an_error, 0, 8);
    return check_main("cli", texts, settings, usage, output, NULL);
}
