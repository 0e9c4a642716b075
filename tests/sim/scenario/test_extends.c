/* Scenarios that extend others, and profiles of one's own, as a user has them: files in folders, commands over them. */
#include "tests/check_main.h"
#include "tests/program.h"

#include <string.h>

static char *root; /* a temporary folder */

static void
put(const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(root, name, NULL);
    g_autofree char *folder = g_path_get_dirname(path);

    ck_assert_int_eq(g_mkdir_with_parents(folder, 0700), 0);
    ck_assert(g_file_set_contents(path, text, -1, NULL));
}

#define BASE                                                                                                           \
    "{\"name\": \"base\", \"hosts\": [{\"name\": \"a\"}, {\"name\": \"b\"}], \"seed\": 7, \"run_until\": \"1s\", "     \
    "\"engine\": {\"verify_memory\": false}, \"links\": [{\"name\": \"l\", \"ends\": [\"a\", \"b\"], "                 \
    "\"profile\": \"ethernet-1000\"}]}"

static void
make_root(void)
{
    root = program_folder();
    ck_assert_int_eq(chdir(root), 0);
    g_setenv("TANDEM_DATA", TANDEM_SOURCE_DIR, TRUE);
    g_setenv("XDG_CONFIG_HOME", root, TRUE); /* with a tandem/ in it */
    put("base.json", BASE);
}

static void
remove_root(void)
{
    ck_assert_int_eq(chdir("/"), 0);
    program_remove(root);
    g_free(root);
}

/* What the command prints has all these texts. */
static void
shows(const char *words, const char *const *texts)
{
    g_auto(Ended) ended = program_run("%s", words);

    ck_assert_msg(ended.status == 0, "tandem %s: %s", words, ended.err);
    for (; *texts; texts++)
        ck_assert_msg(strstr(ended.out, *texts), "tandem %s: no \"%s\" in %s", words, *texts, ended.out);
}
#define SHOWS(words, ...) shows(words, (const char *const[]){__VA_ARGS__, NULL})

static void
refuses(const char *words, const char *message)
{
    g_auto(Ended) ended = program_run("%s", words);
    g_autofree char *line = g_strdup_printf("tandem: %s\n", message);

    ck_assert_int_eq(ended.status, 2);
    ck_assert_str_eq(ended.err, line);
}

/* ---- extends ---- */

START_TEST(naming_one_key_keeps_the_rest_of_the_base)
{
    put("mine.json",
        "{\"extends\": \"base.json\", \"name\": \"mine\", \"engine\": {\"plan_ahead\": false}, \"run_until\": null}");
    SHOWS("show mine.json --json", "\"name\":\t\"mine\"", "\"seed\":\t7", "\"verify_memory\":\tfalse",
          "\"plan_ahead\":\tfalse", "\"run_until\":\t\"0s\"", "\"bandwidth\":\t\"1Gbps\"");
    put("lists.json", "{\"extends\": \"mine.json\", \"hosts\": [{\"name\": \"only\"}], \"links\": []}");
    SHOWS("show lists.json --json", "\"name\":\t\"only\"", "\"links\":\t[]", "\"plan_ahead\":\tfalse");
    g_auto(Ended) ended = program_run("show lists.json --json");
    ck_assert_ptr_null(strstr(ended.out, "extends"));
    ck_assert_ptr_null(strstr(ended.out, "\"b\""));
}
END_TEST

START_TEST(what_a_base_cannot_be_is_told_with_file_and_pointer)
{
    put("missing.json", "{\"extends\": \"sub/none.json\"}");
    refuses("check missing.json",
            "missing.json: /extends: sub/none.json: no such file, expected a JSON file of at most 64 MiB");
    put("list.json", "{\"extends\": [\"base.json\"]}");
    refuses("check list.json",
            "list.json: /extends: is a list, expected the name of a scenario's file, from the folder of this one");
    put("one.json", "{\"extends\": \"sub/two.json\"}");
    put("sub/two.json", "{\"extends\": \"../one.json\"}");
    refuses("check one.json", "sub/two.json: /extends: \"../one.json\" leads back to itself, expected no circle");
    put("array.json", "[]");
    put("of-array.json", "{\"extends\": \"array.json\"}");
    refuses("check of-array.json", "array.json: is a list, expected an object");
    put("broken.json", "{\"hosts\": [{\"name\": \"a\", \"cores\": 0}]}");
    put("of-broken.json", "{\"extends\": \"broken.json\", \"name\": \"x\"}");
    refuses("check of-broken.json", "broken.json: /hosts/0/cores: is 0, expected at least 1");
    put("of-syntax.json", "{\"extends\": \"syntax.json\"}");
    put("syntax.json", "{");
    refuses("check of-syntax.json",
            "syntax.json: line 1, column 2: the text ends too early, expected a key in double quotes");
}
END_TEST

/* A base may be half of a scenario: what is missing is asked of the whole. */
START_TEST(a_base_need_not_be_complete)
{
    put("half.json", "{\"guests\": [{\"name\": \"g\", \"host\": \"a\", \"memory\": \"64MiB\"}]}");
    put("whole.json", "{\"extends\": \"half.json\", \"name\": \"whole\", \"hosts\": [{\"name\": \"a\"}]}");
    SHOWS("check whole.json", "whole.json: ok");
    put("none.json", "{\"extends\": \"half.json\", \"name\": \"none\"}");
    refuses("check none.json",
            "none.json: /guests/0/host: no \"a\" in /hosts, expected one that is there, but there is none");
}
END_TEST

START_TEST(names_of_files_and_profiles_of_a_base_lead_from_its_folder)
{
    put("shared/configs/links/slow.json", "{\"bandwidth\": \"10Mbps\", \"latency\": \"1ms\"}");
    put("shared/writes.csv", "time_s,page\n0,1\n0.5,2\n");
    put("shared/base.json",
        "{\"hosts\": [{\"name\": \"a\"}, {\"name\": \"b\"}], \"guests\": [{\"name\": \"g\", \"host\": \"a\", "
        "\"memory\": \"64MiB\", \"workload\": {\"kind\": \"replay\", \"file\": \"writes.csv\"}}], "
        "\"links\": [{\"name\": \"l\", \"ends\": [\"a\", \"b\"], \"profile\": \"slow\"}]}");
    put("study/mine.json", "{\"extends\": \"../shared/base.json\", \"name\": \"mine\", \"run_until\": \"1s\"}");
    SHOWS("show study/mine.json --json", "\"file\":\t\"../shared/writes.csv\"", "\"bandwidth\":\t\"10Mbps\"");
    SHOWS("run study/mine.json", "ended at");
    /* its own comes first */
    put("study/configs/links/slow.json", "{\"bandwidth\": \"20Mbps\", \"latency\": \"1ms\"}");
    SHOWS("show study/mine.json --json", "\"bandwidth\":\t\"20Mbps\"");
}
END_TEST

/* Lists of files and folders lead from there too; a group is checked as far as it can be alone. */
START_TEST(a_base_may_have_groups_with_traces)
{
    put("shared/day.txt", "10\n20\n");
    put("shared/base.json",
        "{\"hosts\": [{\"name\": \"h\", \"count\": 2, \"processors\": \"shared\"}], \"switches\": [{\"name\": \"s\"}], "
        "\"links\": [{\"name\": \"l\", \"count\": 2, \"ends\": [\"h\", \"s\"]}], \"guests\": [{\"name\": \"v\", \"count\": 3, "
        "\"host\": \"h\", \"memory\": {\"law\": \"uniform\", \"from\": \"1GiB\", \"to\": \"2GiB\"}}], "
        "\"demands\": [{\"guests\": [\"v-1\"], \"kind\": \"files\", \"files\": [\"day.txt\"]}, "
        "{\"guests\": [\"v-2\"], \"kind\": \"folder\", \"folder\": \".\"}]}");
    put("study/mine.json", "{\"extends\": \"../shared/base.json\", \"name\": \"mine\"}");
    SHOWS("show study/mine.json --json", "\"count\":\t3", "\"law\":\t\"uniform\"", "[\"../shared/day.txt\"]",
          "\"folder\":\t\"../shared/.\"");
    put("law.json", "{\"hosts\": [{\"name\": \"h\", \"count\": 2, \"cores\": {\"law\": \"circle\"}}]}");
    put("of-law.json", "{\"extends\": \"law.json\", \"name\": \"x\"}");
    refuses("check of-law.json", "law.json: /hosts/0/cores/law: is \"circle\", expected one of choice, cycle, block, "
                                 "uniform, normal, lognormal (did you mean \"cycle\"?)");
}
END_TEST

/* ---- profiles of one's own ---- */

#define NAMES_MINE                                                                                                     \
    "{\"name\": \"s\", \"hosts\": [{\"name\": \"a\"}, {\"name\": \"b\"}], "                                            \
    "\"links\": [{\"name\": \"l\", \"ends\": [\"a\", \"b\"], \"profile\": \"mine\"}]}"
#define LINK(bandwidth) "{\"bandwidth\": \"" bandwidth "\", \"latency\": \"1ms\"}"

static void
uses(const char *bandwidth)
{
    g_autofree char *text = g_strdup_printf("\"bandwidth\":\t\"%s\"", bandwidth);

    SHOWS("show study/s.json --json", text);
}

/* Beside the scenario, the data folders in their order, the user's: the first that has the name. */
START_TEST(the_nearest_profile_counts)
{
    put("study/s.json", NAMES_MINE);
    g_auto(Ended) none = program_run("check study/s.json");
    ck_assert_ptr_nonnull(
        strstr(none.err, "study/s.json: /links/0/profile: no profile \"mine\" in configs/links, expected one of"));
    put("tandem/configs/links/mine.json", LINK("1Mbps"));
    uses("1Mbps");
    put("data2/configs/links/mine.json", LINK("2Mbps"));
    put("data1/configs/links/other.json", LINK("9Mbps"));
    g_setenv("TANDEM_DATA", "data1:data2:", TRUE);
    uses("2Mbps");
    put("data1/configs/links/mine.json", LINK("3Mbps"));
    uses("3Mbps");
    put("study/configs/links/mine.json", LINK("4Mbps"));
    uses("4Mbps");
}
END_TEST

/* Nothing in a home changes what a name of tandem's means. */
START_TEST(a_users_profile_hides_none_of_tandems)
{
    put("study/s.json", BASE);
    put("tandem/configs/links/ethernet-1000.json", LINK("1Mbps"));
    uses("1Gbps");
    SHOWS("list links", "hidden by");
    put("study/configs/links/ethernet-1000.json", LINK("5Mbps"));
    uses("5Mbps");
}
END_TEST

/* A result has every value, so that it can be run again where its profiles are not. */
START_TEST(a_result_runs_again_without_the_profiles_that_it_names)
{
    put("study/configs/links/mine.json", LINK("4Mbps"));
    put("study/s.json", NAMES_MINE);
    g_auto(Ended) first = program_run("run study/s.json --out out");
    ck_assert_msg(first.status == 0, "%s", first.err);
    program_remove("study");
    SHOWS("show out/result.json --json", "\"profile\":\t\"mine\"", "\"bandwidth\":\t\"4Mbps\"");
    g_auto(Ended) other = program_run("check out/result.json --set /links/0/profile=none");
    ck_assert_ptr_nonnull(strstr(other.err, "no profile \"none\" in configs/links"));
}
END_TEST

START_TEST(a_sweep_of_a_scenario_that_extends_runs_and_goes_on)
{
    put("study/configs/links/mine.json", LINK("4Mbps"));
    put("study/base.json", NAMES_MINE);
    put("study/s.json", "{\"extends\": \"base.json\", \"sweep\": {\"axes\": [{\"pointer\": \"/links/0/latency\", "
                        "\"values\": [\"1ms\", \"2ms\"]}]}}");
    g_auto(Ended) first = program_run("sweep study/s.json --quiet -j 1 --out out");
    ck_assert_msg(first.status == 0, "%s", first.err);
    g_auto(Ended) again = program_run("sweep study/s.json --quiet -j 1 --out out --resume");
    ck_assert_msg(again.status == 0, "%s", again.err);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("extends");

    tcase_add_checked_fixture(tcase, make_root, remove_root);
    tcase_add_test(tcase, naming_one_key_keeps_the_rest_of_the_base);
    tcase_add_test(tcase, what_a_base_cannot_be_is_told_with_file_and_pointer);
    tcase_add_test(tcase, a_base_need_not_be_complete);
    tcase_add_test(tcase, names_of_files_and_profiles_of_a_base_lead_from_its_folder);
    tcase_add_test(tcase, a_base_may_have_groups_with_traces);
    tcase_add_test(tcase, the_nearest_profile_counts);
    tcase_add_test(tcase, a_users_profile_hides_none_of_tandems);
    tcase_add_test(tcase, a_result_runs_again_without_the_profiles_that_it_names);
    tcase_add_test(tcase, a_sweep_of_a_scenario_that_extends_runs_and_goes_on);
    return check_main("extends", tcase, NULL);
}
