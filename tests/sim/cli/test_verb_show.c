/* `tandem show`: what a profile holds, what a scenario becomes, and where each value comes from. */
#include "tests/check_main.h"
#include "tests/program.h"

#include <string.h>

static char *root;

static void
put(const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(root, name, NULL);
    g_autofree char *folder = g_path_get_dirname(path);

    ck_assert_int_eq(g_mkdir_with_parents(folder, 0700), 0);
    ck_assert(g_file_set_contents(path, text, -1, NULL));
}

static void
make_root(void)
{
    root = program_folder();
    ck_assert_int_eq(chdir(root), 0);
    g_setenv("TANDEM_DATA", TANDEM_SOURCE_DIR, TRUE);
    g_setenv("XDG_CONFIG_HOME", "/nonexistent", TRUE);
    put("base.json",
        "{\"name\": \"s\", \"title\": \"Two hosts\", \"hosts\": [{\"name\": \"a\"}, {\"name\": \"b\", \"cores\": 2}], "
        "\"links\": [{\"name\": \"l\", \"ends\": [\"a\", \"b\"], \"profile\": \"mine\"}], \"guests\": [{\"name\": "
        "\"g\", \"host\": \"a\"}], \"timeline\": [{\"at\": \"1s\", \"do\": \"migrate\", \"vm\": \"g\", \"to\": "
        "\"b\", \"hypervisor\": {\"max_rounds\": 5}}]}");
    put("s.json", "{\"extends\": \"base.json\", \"seed\": 3}");
    put("configs/links/mine.json", "{\"description\": \"Mine\", \"sources\": {\"latency\": \"as measured\"}, "
                                   "\"profile\": \"ethernet-1000\", \"latency\": \"2ms\"}");
}

static void
remove_root(void)
{
    ck_assert_int_eq(chdir("/"), 0);
    program_remove(root);
    g_free(root);
}

/* The line of a pointer, its columns one blank apart. */
static char *
row(const char *said, const char *pointer)
{
    g_auto(GStrv) lines = g_strsplit(said, "\n", -1);

    for (char **line = lines; *line; line++) {
        g_autoptr(GString) text = g_string_new(*line);
        while (g_string_replace(text, "  ", " ", 0) > 0)
            ;
        if (g_str_has_prefix(text->str, pointer) && text->str[strlen(pointer)] == ' ')
            return g_strdup(text->str);
    }
    return g_strdup("");
}

static void
expect(const char *words, const char *const (*rows)[2], gsize n)
{
    g_auto(Ended) ended = program_run("%s", words);

    ck_assert_msg(ended.status == 0, "tandem %s: %s", words, ended.err);
    for (gsize i = 0; i < n; i++) {
        g_autofree char *line = row(ended.out, rows[i][0]);
        g_autofree char *start = g_strdup_printf("%s %s", rows[i][0], rows[i][1]);
        ck_assert_msg(g_str_has_prefix(line, start), "tandem %s: \"%s\", expected \"%s\"", words, line, start);
    }
}

/* From the file itself, what it extends, a profile with its source, the profile's own profile, --set, a default, a
 * default's profile, and what was laid over that. */
START_TEST(each_value_of_a_scenario_says_where_it_comes_from)
{
    static const char *const rows[][2] = {
        {"/seed", "3 s.json of every random stream"},
        {"/name", "s base.json "},
        {"/hosts/1/cores", "2 base.json "},
        {"/hosts/0/cores", "16 --set "},
        {"/hosts/0/memory", "64GiB default "},
        {"/links/0/profile", "mine base.json "},
        {"/links/0/ends", "[\"a\",\"b\"] base.json "},
        {"/links/0/latency", "2ms links/mine as measured"},
        {"/links/0/bandwidth", "1Gbps links/ethernet-1000"},
        {"/links/0/efficiency", "0.9415 links/ethernet-1000 1448 bytes of TCP payload"},
        {"/timeline/0/hypervisor/profile", "xen-4.5 default "},
        {"/timeline/0/hypervisor/max_rounds", "5 base.json "},
        {"/timeline/0/hypervisor/costs/suspend", "30ms hypervisors/xen-4.5 fitted: their sum"},
        {"/timeline/0/hypervisor/costs/variation", "0.02 hypervisors/xen-4.5 chosen: below the spread"},
        {"/timeline/0/do", "migrate base.json "},
        {"/guests/0/workload/kind", "idle default "},
    };

    expect("show s.json --set /hosts/0/cores=16", rows, G_N_ELEMENTS(rows));
}
END_TEST

/* A group is shown as it is written, with the laws by which its members differ. */
START_TEST(a_groups_keys_and_laws_say_where_they_come_from)
{
    static const char *const rows[][2] = {
        {"/hosts/0/count", "2 g.json a group"},
        {"/hosts/0/by", "drawn g.json "},
        {"/hosts/0/cores/law", "cycle g.json the values one after the other"},
        {"/hosts/0/cores/values", "[2,4] g.json what the key is, in order"},
        {"/hosts/0/memory", "8GiB --set physical memory"},
        {"/hosts/1/memory", "8GiB --set physical memory"},
    };

    put("g.json", "{\"name\": \"g\", \"hosts\": [{\"name\": \"h\", \"count\": 2, \"by\": \"drawn\", "
                  "\"cores\": {\"law\": \"cycle\", \"values\": [2, 4]}}, {\"name\": \"one\"}]}");
    expect("show g.json --set /hosts/*/memory=8GiB", rows, G_N_ELEMENTS(rows));
}
END_TEST

START_TEST(a_pointer_shows_only_what_stands_there)
{
    g_auto(Ended) ended = program_run("show s.json /hosts/1");

    ck_assert_int_eq(ended.status, 0);
    ck_assert_ptr_nonnull(strstr(ended.out, "\n/hosts/1/cores "));
    ck_assert_ptr_null(strstr(ended.out, "/hosts/0"));
    ck_assert_ptr_null(strstr(ended.out, "/links"));
    program_expect(2, "show: s.json: has nothing at /hosts/7, expected a JSON Pointer such as /hosts/0",
                   "show s.json /hosts/7");
    program_expect(2, "show: hosts: is no JSON Pointer, expected one such as /hosts/0", "show s.json hosts");
}
END_TEST

START_TEST(a_profile_is_shown_with_sources_and_with_what_its_user_gets_by_default)
{
    static const char *const rows[][2] = {
        {"/latency", "2ms links/mine as measured"},
        {"/bandwidth", "1Gbps links/ethernet-1000"},
    };
    static const char *const other[][2] = {{"/bandwidth", "5Mbps links/mine line rate"}};
    static const char *const tagged[][2] = {
        {"/mechanism", "xen default "},
        {"/max_rounds", "29 hypervisors/xen-4.5 xc_domain_save.c"},
        {"/costs/suspend", "30ms hypervisors/xen-4.5 fitted"},
    };
    g_auto(Ended) ended = program_run("show links/mine");

    expect("show links/mine", rows, G_N_ELEMENTS(rows));
    expect("show configs/links/mine.json", rows, G_N_ELEMENTS(rows));
    put("other/configs/links/mine.json", "{\"bandwidth\": \"5Mbps\", \"latency\": \"1ms\"}");
    expect("show other/configs/links/mine.json", other, G_N_ELEMENTS(other));
    ck_assert(g_str_has_prefix(ended.out, "links/mine: Mine\nconfigs/links/mine.json\n\n"));
    expect("show hypervisors/xen-4.5", tagged + 1, G_N_ELEMENTS(tagged) - 1);
}
END_TEST

/* What a scenario becomes is a scenario that becomes itself. */
START_TEST(as_json_a_scenario_has_all_its_values)
{
    g_auto(Ended) first = program_run("show s.json --json");

    ck_assert_int_eq(first.status, 0);
    put("whole.json", first.out);
    g_auto(Ended) again = program_run("show whole.json --json");
    ck_assert_str_eq(first.out, again.out);
    ck_assert_ptr_nonnull(strstr(first.out, "\"memory\":\t\"64GiB\""));
}
END_TEST

START_TEST(what_cannot_be_shown_is_said)
{
    program_expect(2, "links/minne: no profile \"minne\" in configs/links, expected", "show links/minne");
    program_expect(2,
                   "show: no folder \"cables\" in configs/ has profiles, expected one that tandem list profiles shows",
                   "show cables/x");
    program_expect(2, "none.json: no such file", "show none.json");
    program_expect(2, "show: --set is for scenarios", "show links/mine --set /latency=1s");
    program_expect(2, "show: 0 words given", "show");
    put("bad.json", "{\"name\": \"x\", \"hosts\": []}");
    program_expect(2, "bad.json: /hosts: has 0 elements, expected at least 1", "show bad.json");
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("verb_show");

    tcase_add_checked_fixture(tcase, make_root, remove_root);
    tcase_add_test(tcase, each_value_of_a_scenario_says_where_it_comes_from);
    tcase_add_test(tcase, a_groups_keys_and_laws_say_where_they_come_from);
    tcase_add_test(tcase, a_pointer_shows_only_what_stands_there);
    tcase_add_test(tcase, a_profile_is_shown_with_sources_and_with_what_its_user_gets_by_default);
    tcase_add_test(tcase, as_json_a_scenario_has_all_its_values);
    tcase_add_test(tcase, what_cannot_be_shown_is_said);
    return check_main("verb_show", tcase, NULL);
}
