#include "sim/scenario/json_text.h"
#include "sim/scenario/reader.h"
#include "sim/scenario/resolve.h"
#include "tests/check_main.h"
#include "tests/sim/scenario/toy_table.h"

#include <math.h>
#include <string.h>

#define DATA  TANDEM_SOURCE_DIR "/tests/data"
#define HOSTS "\"hosts\": [{\"name\": \"h1\", \"memory\": \"1GiB\"}, {\"name\": \"h2\", \"memory\": \"1GiB\"}]"

static void
setup(void)
{
    g_setenv("TANDEM_DATA", DATA, TRUE);
}

static cJSON *
resolved(const char *text, GError **error)
{
    g_autoptr(cJSON) tree = json_text_parse(text, strlen(text), "s.json", error);

    return tree ? resolve_tree(&toy_world_table, tree, "s.json", error) : NULL;
}

static void
rejects(const char *text, const char *message)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(cJSON) tree = resolved(text, &error);

    ck_assert_msg(!tree, "accepted: %s", text);
    ck_assert_str_eq(error->message, message);
}

/* again: whether the result must resolve to itself, as it must unless a null took a profile's value away. */
static void
gives_tree(const char *text, const char *expected, gboolean again)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(cJSON) tree = resolved(text, &error);

    ck_assert_msg(tree != NULL, "%s", error ? error->message : "");
    char *printed = cJSON_PrintUnformatted(tree);
    ck_assert_str_eq(printed, expected);
    g_autoptr(cJSON) second = resolved(printed, NULL);
    ck_assert_msg(!again || cJSON_Compare(tree, second, TRUE), "does not resolve to itself: %s", printed);
    cJSON_free(printed);
}

static void
gives(const char *text, const char *expected)
{
    gives_tree(text, expected, TRUE);
}

#define HOST(members)  "{\"hosts\": [{\"name\": \"h1\"" members "}]}"
#define GUEST(members) "{" HOSTS ", \"guests\": [{\"name\": \"v\"" members "}]}"
#define RUNS           ", \"host\": \"h1\""
#define LINK(members)  "{" HOSTS ", \"links\": [{\"name\": \"l\"" members "}]}"

START_TEST(each_wrong_value_has_its_message)
{
    static const char *const rows[][2] = {
        {"[]", "s.json: is a list, expected an object"},
        {"{}", "s.json: /hosts: is missing, expected a list, each element an object or the name of a profile"},
        {"{\"hosts\": {}}", "s.json: /hosts: is an object, expected a list"},
        {"{\"hosts\": []}", "s.json: /hosts: has 0 elements, expected at least 1"},
        {"{\"hosts\": [7]}", "s.json: /hosts/0: is the number 7, expected an object or the name of a profile"},
        {HOST(", \"memroy\": \"1GiB\""), "s.json: /hosts/0/memroy: unknown key, expected one of name, memory, cores, "
                                         "shared, load, profile (did you mean \"memory\"?)"},
        {HOST(", \"x/~\\n\": 1"),
         "s.json: /hosts/0/x~1~0\\u000a: unknown key, expected one of name, memory, cores, shared, load, profile"},
        {HOST(""), "s.json: /hosts/0/memory: is missing, expected a size such as \"512MiB\""},
        {HOST(", \"memory\": 512"),
         "s.json: /hosts/0/memory: is the number 512 without a unit, expected a size such as \"512MiB\""},
        {HOST(", \"memory\": \"512\""),
         "s.json: /hosts/0/memory: \"512\" has no unit, expected a size such as \"512MiB\""},
        {HOST(", \"memory\": \"16.4us\""),
         "s.json: /hosts/0/memory: \"16.4us\" is a time, expected a size such as \"512MiB\""},
        {HOST(", \"memory\": \"-1GiB\""),
         "s.json: /hosts/0/memory: \"-1GiB\" is negative, expected a size such as \"512MiB\""},
        {HOST(", \"memory\": \"0MiB\""), "s.json: /hosts/0/memory: is \"0MiB\", expected more than 0B"},
        {HOST(", \"memory\": \"1e30GiB\""), "s.json: /hosts/0/memory: \"1e30GiB\" is too large (the limit is 2^63-1), "
                                            "expected a size such as \"512MiB\""},
        {HOST(", \"memory\": null"), "s.json: /hosts/0/memory: is null, expected a size such as \"512MiB\""},
        {HOST(", \"memory\": \"1GiB\", \"cores\": \"four\""),
         "s.json: /hosts/0/cores: is the text \"four\", expected an integer"},
        {HOST(", \"memory\": \"1GiB\", \"cores\": 1.5"),
         "s.json: /hosts/0/cores: is the number 1.5, expected an integer"},
        {HOST(", \"memory\": \"1GiB\", \"cores\": 0"), "s.json: /hosts/0/cores: is 0, expected at least 1"},
        {HOST(", \"memory\": \"1GiB\", \"cores\": -3"), "s.json: /hosts/0/cores: is -3, expected at least 1"},
        {HOST(", \"memory\": \"1GiB\", \"cores\": 1025"), "s.json: /hosts/0/cores: is 1025, expected at most 1024"},
        {"{\"seed\": 1e300, " HOSTS "}", "s.json: /seed: is the number 1e+300, expected an integer within ±2^53"},
        {HOST(", \"memory\": \"1GiB\", \"load\": 1"), "s.json: /hosts/0/load: is 1, expected less than 1"},
        {HOST(", \"memory\": \"1GiB\", \"shared\": 1"),
         "s.json: /hosts/0/shared: is the number 1, expected true or false"},
        {"{\"hosts\": [{\"name\": \"a b\", \"memory\": \"1GiB\"}]}",
         "s.json: /hosts/0/name: is the text \"a b\", expected a name (1 to 64 letters, digits, '.', '_', '-', first a letter or digit)"},
        {"{\"hosts\": [{\"name\": \"a\", \"memory\": \"1GiB\"}, {\"name\": \"a\", \"memory\": \"1GiB\"}]}",
         "s.json: /hosts/1/name: \"a\" is taken by element 0, expected a name of its own"},
        {LINK(", \"ends\": [\"h1\"]"), "s.json: /links/0/ends: has 1 element, expected exactly 2"},
        {LINK(", \"ends\": [\"h1\", \"hh2\"]"),
         "s.json: /links/0/ends/1: no \"hh2\" in /hosts, expected one of h1, h2 (did you mean \"h2\"?)"},
        {LINK(", \"ends\": [\"h1\", \"h2\"], \"latency\": \"1min\""),
         "s.json: /links/0/latency: is \"1min\", expected at most 10s"},
        {GUEST(", \"host\": \"moon\""), "s.json: /guests/0/host: no \"moon\" in /hosts, expected one of h1, h2"},
        {"{\"hosts\": [\"small\"], \"links\": [{\"name\": \"l\", \"ends\": [\"x\", \"y\"]}]}",
         "s.json: /hosts/0/name: is missing, expected a name (1 to 64 letters, digits, '.', '_', '-', first a letter or digit)"},
        {"{\"guests\": [{\"name\": \"v\", \"host\": \"h\"}]}",
         "s.json: /guests/0/host: no \"h\" in /hosts, expected one that is there, but there is none"},
        {GUEST(RUNS ", \"policy\": \"v3\""),
         "s.json: /guests/0/policy: is \"v3\", expected one of legacy, v2 (did you mean \"v2\"?)"},
        {GUEST(RUNS ", \"workload\": {}"),
         "s.json: /guests/0/workload/kind: is missing, expected one of idle, uniform, zipf"},
        {GUEST(RUNS ", \"workload\": {\"kind\": \"unifrom\"}"),
         "s.json: /guests/0/workload/kind: is \"unifrom\", expected one of idle, uniform, zipf (did you mean "
         "\"uniform\"?)"},
        {GUEST(RUNS ", \"workload\": {\"kind\": \"idle\", \"rate\": \"1/s\"}"),
         "s.json: /guests/0/workload/rate: unknown key, expected one of kind, start, profile"},
        {"{" HOSTS ", \"dates\": [\"1s\", 2]}",
         "s.json: /dates/1: is the number 2 without a unit, expected a time such as \"300ms\""},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        rejects(rows[i][0], rows[i][1]);
}
END_TEST

START_TEST(each_wrong_profile_has_its_message)
{
    static const char *const rows[][2] = {
        {"{\"hosts\": [\"smal\"]}", "s.json: /hosts/0: no profile \"smal\" in configs/hosts, expected one of broken, "
                                    "circle, named, small, small-shared (did you mean \"small\"?)"},
        {HOST(", \"profile\": \"../hosts/small\""),
         "s.json: /hosts/0/profile: no profile \"../hosts/small\" in configs/hosts, expected one of broken, circle, "
         "named, small, small-shared"},
        {HOST(", \"profile\": 1"), "s.json: /hosts/0/profile: is the number 1, expected text"},
        {HOST(", \"profile\": \"broken\""), DATA "/configs/hosts/broken.json: /memory: \"2Gib\" has the unknown unit "
                                                 "\"Gib\", expected a size such as \"512MiB\" (did you mean \"GiB\"?)"},
        {HOST(", \"profile\": \"circle\""), DATA "/configs/hosts/circle.json: /profile: the profile \"circle\" leads "
                                                 "back to itself, expected no circle"},
        {HOST(", \"profile\": \"named\""), DATA "/configs/hosts/named.json: /name: is a name in a profile, expected it "
                                                "where the profile is used"},
        {HOST(", \"profile\": \"small\", \"memory\": null"),
         "s.json: /hosts/0/memory: is missing, expected a size such as \"512MiB\""},
        {LINK(", \"ends\": [\"h1\", \"h2\"], \"profile\": \"x\""),
         "s.json: /links/0/profile: unknown key, expected one of name, ends, bandwidth, latency"},
        {"{\"hosts\": [\"small\"]}",
         "s.json: /hosts/0/name: is missing, expected a name (1 to 64 letters, digits, '.', '_', '-', first a letter or digit)"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        rejects(rows[i][0], rows[i][1]);
}
END_TEST

#define REST ",\"links\":[],\"guests\":[],\"dates\":[]}"

START_TEST(defaults_stand_in_the_tables_order)
{
    gives("{\"hosts\": [{\"cores\": 2, \"memory\": \"1GiB\", \"name\": \"h1\"}], \"$schema\": \"x\", \"title\": \"t\"}",
          "{\"title\":\"t\",\"seed\":1,\"hosts\":[{\"name\":\"h1\",\"memory\":\"1GiB\",\"cores\":2,\"shared\":false,"
          "\"load\":0}]" REST);
}
END_TEST

START_TEST(a_profile_gives_what_the_scenario_does_not)
{
    gives(HOST(", \"profile\": \"small\", \"load\": 0.5"),
          "{\"seed\":1,\"hosts\":[{\"profile\":\"small\",\"name\":\"h1\",\"memory\":\"2GiB\",\"cores\":2,"
          "\"shared\":false,\"load\":0.5}]" REST);
    gives(HOST(", \"profile\": \"small-shared\", \"cores\": 8"),
          "{\"seed\":1,\"hosts\":[{\"profile\":\"small-shared\",\"name\":\"h1\",\"memory\":\"2GiB\",\"cores\":8,"
          "\"shared\":true,\"load\":0}]" REST);
}
END_TEST

#define WITH_WORKLOAD(workload)                                                                                        \
    "{\"seed\":1,\"hosts\":[{\"name\":\"h1\",\"memory\":\"1GiB\",\"cores\":4,\"shared\":false,\"load\":0},"            \
    "{\"name\":\"h2\",\"memory\":\"1GiB\",\"cores\":4,\"shared\":false,\"load\":0}],\"links\":[],"                     \
    "\"guests\":[{\"name\":\"v\",\"host\":\"h1\",\"memory\":\"512MiB\",\"policy\":\"legacy\",\"workload\":" workload   \
    "}],\"dates\":[]}"

START_TEST(a_profile_may_stand_as_its_name_or_be_overridden_up_to_another_case)
{
    gives(GUEST(RUNS), WITH_WORKLOAD("{\"kind\":\"idle\",\"start\":\"0s\"}"));
    gives(GUEST(RUNS ", \"workload\": \"skewed\""),
          WITH_WORKLOAD("{\"profile\":\"skewed\",\"kind\":\"zipf\",\"start\":\"0s\",\"rate\":\"1k/s\",\"exponent\":1.2,"
                        "\"label\":\"skewed\"}"));
    gives_tree(
        GUEST(RUNS ", \"workload\": {\"profile\": \"skewed\", \"exponent\": 2, \"label\": null}"),
        WITH_WORKLOAD("{\"profile\":\"skewed\",\"kind\":\"zipf\",\"start\":\"0s\",\"rate\":\"1k/s\",\"exponent\":2}"),
        FALSE);
    gives(GUEST(RUNS ", \"workload\": {\"profile\": \"skewed\", \"kind\": \"uniform\", \"rate\": \"5/s\"}"),
          WITH_WORKLOAD("{\"profile\":\"skewed\",\"kind\":\"uniform\",\"start\":\"0s\",\"rate\":\"5/s\","
                        "\"set\":\"64MiB\"}"));
}
END_TEST

START_TEST(a_struct_holds_what_the_tree_says)
{
    g_autoptr(cJSON) tree = resolved(
        "{" HOSTS ", \"links\": [{\"name\": \"l\", \"ends\": [\"h1\", \"h2\"]}], \"dates\": [\"1s\", \"2ms\"], "
        "\"guests\": [{\"name\": \"v\", \"host\": \"h2\", \"policy\": \"v2\", \"workload\": \"skewed\"}, "
        "{\"name\": \"w\", \"host\": \"h1\", \"deadline\": \"1h\", \"workload\": {\"kind\": \"uniform\", \"rate\": "
        "\"2k/s\"}}]}",
        NULL);
    ToyWorld world = {0};

    ck_assert_ptr_nonnull(tree);
    fields_read(&toy_world_table, tree, &world);
    ck_assert_ptr_null(world.title);
    ck_assert_int_eq(world.seed, 1);
    ck_assert_uint_eq(world.hosts->len, 2);
    ck_assert_str_eq(g_array_index(world.hosts, ToyHost, 1).name, "h2");
    ck_assert_int_eq(g_array_index(world.hosts, ToyHost, 1).cores, 4);
    const ToyLink *link = &g_array_index(world.links, ToyLink, 0);
    ck_assert_str_eq(g_array_index(link->ends, char *, 1), "h2");
    ck_assert_double_eq(link->bandwidth_Bps, 12.5e6);
    const ToyGuest *v = &g_array_index(world.guests, ToyGuest, 0), *w = v + 1;
    ck_assert_int_eq(v->policy, TOY_V2);
    ck_assert_double_nan(v->deadline_s);
    ck_assert_int_eq(v->workload->kind, TOY_ZIPF);
    ck_assert_double_eq(v->workload->zipf.exponent, 1.2);
    ck_assert_str_eq(v->workload->zipf.label, "skewed");
    ck_assert_double_eq(w->deadline_s, 3600);
    ck_assert_double_eq(w->workload->uniform.set_bytes, 67108864);
    ck_assert_double_eq(g_array_index(world.dates_s, double, 1), 0.002);
    fields_clear(&toy_world_table, &world);
    ck_assert_ptr_null(world.hosts);
}
END_TEST

/* ---- reader: --set ---- */

static cJSON *
set_and_resolve(const char *text, const char *assignment, GError **error)
{
    g_autoptr(cJSON) tree = json_text_parse(text, strlen(text), "s.json", error);

    return reader_set(&toy_world_table, tree, assignment, error) ? resolve_tree(&toy_world_table, tree, "s.json", error)
                                                                 : NULL;
}

START_TEST(set_reaches_into_profiles_and_defaults)
{
    static const char *const rows[][2] = {
        {"/guests/0/workload/exponent=3",
         WITH_WORKLOAD("{\"profile\":\"skewed\",\"kind\":\"zipf\",\"start\":\"0s\",\"rate\":\"1k/s\",\"exponent\":3,"
                       "\"label\":\"skewed\"}")},
        {"/guests/0/workload={\"kind\": \"idle\"}", WITH_WORKLOAD("{\"kind\":\"idle\",\"start\":\"0s\"}")},
        {"/guests/0/workload/start=2s",
         WITH_WORKLOAD("{\"profile\":\"skewed\",\"kind\":\"zipf\",\"start\":\"2s\",\"rate\":\"1k/s\",\"exponent\":1.2,"
                       "\"label\":\"skewed\"}")},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(cJSON) tree = set_and_resolve(GUEST(RUNS ", \"workload\": \"skewed\""), rows[i][0], &error);
        ck_assert_msg(tree != NULL, "%s", error ? error->message : "");
        char *printed = cJSON_PrintUnformatted(tree);
        ck_assert_str_eq(printed, rows[i][1]);
        cJSON_free(printed);
    }
}
END_TEST

START_TEST(each_wrong_set_has_its_message)
{
    static const char *const rows[][2] = {
        {"x", "--set: \"x\" has no '=', expected POINTER=VALUE such as /hosts/0/memory=8GiB"},
        {"hosts=1", "--set hosts: \"hosts\" is not a JSON Pointer, expected one that begins with '/' such as "
                    "\"/hosts/0/memory\""},
        {"/hosts/7/memory=1GiB", "--set /hosts/7/memory: leads nowhere: /hosts is a list of 2 without element \"7\", "
                                 "expected an index below 2"},
        {"/hots/0/memory=1GiB",
         "--set /hots/0/memory: leads nowhere: the top level has no key \"hots\", expected hosts"},
        {"/hosts/0/memory=lots",
         "s.json: /hosts/0/memory: \"lots\" does not begin with a number, expected a size such as \"512MiB\""},
        {"/sed=1", "s.json: /sed: unknown key, expected one of title, seed, hosts, links, guests, dates (did you mean "
                   "\"seed\"?)"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(cJSON) tree = set_and_resolve("{" HOSTS "}", rows[i][0], &error);
        ck_assert_ptr_null(tree);
        ck_assert_str_eq(error->message, rows[i][1]);
    }
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("resolve");

    tcase_add_checked_fixture(tcase, setup, NULL);
    tcase_add_test(tcase, each_wrong_value_has_its_message);
    tcase_add_test(tcase, each_wrong_profile_has_its_message);
    tcase_add_test(tcase, defaults_stand_in_the_tables_order);
    tcase_add_test(tcase, a_profile_gives_what_the_scenario_does_not);
    tcase_add_test(tcase, a_profile_may_stand_as_its_name_or_be_overridden_up_to_another_case);
    tcase_add_test(tcase, a_struct_holds_what_the_tree_says);
    tcase_add_test(tcase, set_reaches_into_profiles_and_defaults);
    tcase_add_test(tcase, each_wrong_set_has_its_message);
    return check_main("resolve", tcase, NULL);
}
