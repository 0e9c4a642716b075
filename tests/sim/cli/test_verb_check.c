/* `tandem check --all`: every mistake of a file, once, in the order of the file. */
#include "tests/check_main.h"
#include "tests/program.h"

#include <string.h>

static char *root;

static void
make_root(void)
{
    root = program_folder();
    ck_assert_int_eq(chdir(root), 0);
    g_setenv("TANDEM_DATA", TANDEM_SOURCE_DIR, TRUE);
    g_setenv("XDG_CONFIG_HOME", "/nonexistent", TRUE);
}

static void
remove_root(void)
{
    ck_assert_int_eq(chdir("/"), 0);
    program_remove(root);
    g_free(root);
}

static void
expect(const char *words, const char *complaints)
{
    g_auto(Ended) ended = program_run("%s", words);

    ck_assert_int_eq(ended.status, 2);
    ck_assert_str_eq(ended.out, "");
    ck_assert_str_eq(ended.err, complaints);
}

static const char wrong[] =
    "{\"titel\": \"t\", \"hosts\": [{\"name\": \"a\", \"cores\": 0, \"memory\": \"8Gib\"}, {\"cores\": \"two\"}, {\"name\": \"a\"}],"
    " \"links\": [{\"name\": \"l\", \"ends\": [\"a\", \"c\"], \"profile\": \"none\"}, {\"name\": \"m\", \"ends\": [\"a\"]}],"
    " \"guests\": [{\"name\": \"g\", \"host\": \"a\", \"workload\": {\"kind\": \"unifrom\"}}]}";

/* Of keys, at every depth; a profile that is not there hides what else is wrong with its object, and nothing else. */
START_TEST(all_mistakes_of_keys_are_shown_once_in_the_order_of_the_file)
{
    program_write(root, "wrong.json", wrong);
    g_auto(Ended) ended = program_run("check --all wrong.json"), first = program_run("check wrong.json");
    g_auto(GStrv) lines = g_strsplit(ended.err, "\n", -1);
    static const char *const starts[] = {
        "tandem: wrong.json: /titel: unknown key, expected one of ",
        "tandem: wrong.json: /hosts/0/cores: is 0, expected at least 1",
        "tandem: wrong.json: /hosts/0/memory: \"8Gib\" has the unknown unit ",
        "tandem: wrong.json: /hosts/1/cores: is the text \"two\", expected an integer",
        "tandem: wrong.json: /hosts/1/name: is missing, expected a name ",
        "tandem: wrong.json: /hosts/2/name: \"a\" is taken by element 0, expected a name of its own",
        "tandem: wrong.json: /links/0/profile: no profile \"none\" in configs/links, expected one of ",
        "tandem: wrong.json: /links/1/ends: has 1 element, expected exactly 2",
        "tandem: wrong.json: /guests/0/workload/kind: is \"unifrom\", expected one of ",
        "tandem: wrong.json: /name: is missing, expected a name ",
    };

    ck_assert_int_eq(ended.status, 2);
    ck_assert_msg(g_strv_length(lines) == G_N_ELEMENTS(starts) + 1, "%s", ended.err);
    for (gsize i = 0; i < G_N_ELEMENTS(starts); i++)
        ck_assert_msg(g_str_has_prefix(lines[i], starts[i]), "%s, expected %s", lines[i], starts[i]);
    ck_assert(g_str_has_prefix(ended.err, first.err));
    ck_assert(strchr(first.err, '\n') == first.err + strlen(first.err) - 1);
}
END_TEST

/* What keys come to together is asked when each is right. */
START_TEST(rules_across_keys_are_shown_each)
{
    program_write(root, "rules.json",
                  "{\"name\": \"r\", \"hosts\": [{\"name\": \"a\"}, {\"name\": \"b\"}],"
                  " \"links\": [{\"name\": \"l\", \"ends\": [\"a\", \"a\"]}], \"switches\": [{\"name\": \"b\"}],"
                  " \"guests\": [{\"name\": \"g\", \"host\": \"a\", \"memory\": \"1GiB\", \"used\": \"2GiB\"},"
                  " {\"name\": \"h\", \"host\": \"a\", \"memory\": \"1GiB\", \"used\": \"3GiB\"}]}");
    expect("check --all rules.json",
           "tandem: rules.json: /switches/0/name: \"b\" is a host already, expected another name\n"
           "tandem: rules.json: /links/0/ends: both ends are \"a\", expected two different ones\n"
           "tandem: rules.json: /guests/0/used: is more than the guest's memory, expected at most that\n"
           "tandem: rules.json: /guests/1/used: is more than the guest's memory, expected at most that\n");
}
END_TEST

/* Words of the time line belong to several parts, which do not wait for each other. */
START_TEST(each_parts_rules_are_asked)
{
    program_write(root, "parts.json",
                  "{\"name\": \"p\", \"hosts\": [{\"name\": \"a\"}, {\"name\": \"b\"}],"
                  " \"guests\": [{\"name\": \"g\", \"host\": \"a\"}, {\"name\": \"h\", \"host\": \"b\"}],"
                  " \"flows\": [{\"name\": \"f\", \"from\": \"a\", \"to\": \"b\"}],"
                  " \"timeline\": [{\"at\": \"1s\", \"do\": \"migrate\", \"vm\": \"g\", \"to\": \"b\"}]}");
    g_auto(Ended) ended = program_run("check --all parts.json");
    ck_assert_msg(strstr(ended.err, "/timeline/0/to: ") && strstr(ended.err, "/flows/0/"), "%s", ended.err);
}
END_TEST

START_TEST(a_right_file_is_right_and_a_file_that_is_no_json_has_one_mistake)
{
    program_write(root, "no.json", "{");
    expect("check --all no.json",
           "tandem: no.json: line 1, column 2: the text ends too early, expected a key in double quotes\n");
    expect("check --all -", "tandem: check: --all reads a scenario again, expected a file instead of -\n");
    g_auto(Ended) ended = program_run("check --all " TANDEM_SOURCE_DIR "/scenarios/examples/joint.json");
    ck_assert_int_eq(ended.status, 0);
    ck_assert_str_eq(ended.err, "");
}
END_TEST

/* A mistake in a profile that two links name is one mistake, told in the profile's file. */
START_TEST(a_profiles_mistake_is_shown_once)
{
    ck_assert_int_eq(g_mkdir_with_parents("configs/links", 0700), 0);
    program_write(root, "configs/links/mine.json", "{\"latency\": 1, \"bandwith\": \"1Gbps\"}");
    program_write(root, "s.json",
                  "{\"name\": \"s\", \"hosts\": [{\"name\": \"a\"}, {\"name\": \"b\"}, {\"name\": \"c\"}], \"links\": ["
                  "{\"name\": \"l\", \"ends\": [\"a\", \"b\"], \"profile\": \"mine\"},"
                  "{\"name\": \"m\", \"ends\": [\"b\", \"c\"], \"profile\": \"mine\"}]}");
    g_auto(Ended) ended = program_run("check --all s.json");
    g_auto(GStrv) lines = g_strsplit(ended.err, "\n", -1);
    ck_assert_msg(g_strv_length(lines) == 3, "%s", ended.err);
    ck_assert(g_str_has_prefix(lines[0], "tandem: configs/links/mine.json: /latency: is the number 1 without a unit"));
    ck_assert(g_str_has_prefix(lines[1], "tandem: configs/links/mine.json: /bandwith: unknown key"));
}
END_TEST

/* Of keys, those of laws and of groups too; a law that is wrong, and a group of which the count is, are a law and a
 * group nevertheless. */
START_TEST(mistakes_in_groups_are_shown_with_all_others)
{
    program_write(root, "groups.json",
                  "{\"name\": \"g\", \"hosts\": ["
                  "{\"name\": \"h\", \"count\": 2.5, \"cores\": {\"law\": \"cycle\", \"values\": [2, \"x\"]}},"
                  "{\"name\": \"k\", \"count\": 3, \"cores\": {\"law\": \"uniform\", \"from\": 2}},"
                  "{\"name\": \"k-2\", \"by\": \"block\"}, {\"name\": \"k-3\", \"memory\": {\"law\": \"cycle\"}}],"
                  "\"guests\": [{\"name\": \"v\", \"host\": \"k\"}]}");
    expect(
        "check --all groups.json",
        "tandem: groups.json: /hosts/0/count: is the number 2.5, expected an integer\n"
        "tandem: groups.json: /hosts/0/cores/values/1: is the text \"x\", expected an integer\n"
        "tandem: groups.json: /hosts/1/cores/to: is missing, expected any value\n"
        "tandem: groups.json: /hosts/2/by: is of groups, expected a \"count\" beside it, or no \"by\"\n"
        "tandem: groups.json: /hosts/3/memory: is a law, by which the members of a group differ, expected one value, "
        "or a \"count\"\n"
        "tandem: groups.json: /hosts/2/name: \"k-2\" is a member of the group \"k\", element 1, expected a name of its "
        "own\n"
        "tandem: groups.json: /hosts/3/name: \"k-3\" is a member of the group \"k\", element 1, expected a name of its "
        "own\n"
        "tandem: groups.json: /guests/0/host: \"k\" is a group of 3, expected one of its members \"k-1\", \"k-2\", … "
        "here\n");
}
END_TEST

/* Where it was written, of the first member of which it is true. */
START_TEST(a_rule_that_a_groups_members_break_is_shown_once)
{
    program_write(root, "members.json",
                  "{\"name\": \"m\", \"hosts\": [{\"name\": \"h\", \"count\": 2}], \"guests\": ["
                  "{\"name\": \"one\", \"host\": \"h-2\"},"
                  "{\"name\": \"v\", \"count\": 3, \"host\": \"h\", \"memory\": \"1GiB\", \"used\": \"2GiB\"},"
                  "{\"name\": \"w\", \"count\": 4, \"host\": \"h\", \"memory\": \"1GiB\","
                  " \"used\": {\"law\": \"cycle\", \"values\": [\"1GiB\", \"2GiB\"]}}]}");
    expect("check --all members.json",
           "tandem: members.json: /guests/1/used: v-1: is more than the guest's memory, expected at most that\n"
           "tandem: members.json: /guests/2/used: w-2: is more than the guest's memory, expected at most that\n");
    program_write(root, "fabric.json", "{\"name\": \"f\", \"fabric\": {\"kind\": \"fat-tree\", \"ports\": 5}}");
    g_auto(Ended) ended = program_run("check --all fabric.json"), first = program_run("check fabric.json");
    ck_assert_int_eq(ended.status, 2);
    ck_assert_str_eq(ended.err, first.err);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("verb_check");

    tcase_add_checked_fixture(tcase, make_root, remove_root);
    tcase_add_test(tcase, all_mistakes_of_keys_are_shown_once_in_the_order_of_the_file);
    tcase_add_test(tcase, rules_across_keys_are_shown_each);
    tcase_add_test(tcase, each_parts_rules_are_asked);
    tcase_add_test(tcase, a_right_file_is_right_and_a_file_that_is_no_json_has_one_mistake);
    tcase_add_test(tcase, a_profiles_mistake_is_shown_once);
    tcase_add_test(tcase, mistakes_in_groups_are_shown_with_all_others);
    tcase_add_test(tcase, a_rule_that_a_groups_members_break_is_shown_once);
    return check_main("verb_check", tcase, NULL);
}
