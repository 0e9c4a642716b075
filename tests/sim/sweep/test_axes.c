#include "sim/scenario/json_text.h"
#include "sim/scenario/resolve.h"
#include "sim/specs/scenario_spec.h"
#include "sim/sweep/axes.h"
#include "tests/check_main.h"

#include <string.h>

static const char scenario_json[] =
    "{\"name\": \"s\", \"hosts\": [{\"name\": \"a\"}, {\"name\": \"b\"}],"
    " \"links\": [{\"name\": \"l\", \"ends\": [\"a\", \"b\"]}],"
    " \"guests\": [{\"name\": \"vm\", \"host\": \"a\", \"memory\": \"64MiB\"}],"
    " \"timeline\": [{\"at\": \"1s\", \"do\": \"migrate\", \"vm\": \"vm\", \"to\": \"b\"}]}";

/* The axes of "[…]" over the scenario above; NULL with error set. */
static Axes *
make_axes(const char *axes, GError **error)
{
    g_autofree char *text = g_strdup_printf("{\"axes\": [%s]}", axes);
    g_autoptr(cJSON) scenario = json_text_parse(scenario_json, strlen(scenario_json), "s.json", NULL);
    g_autoptr(cJSON) resolved = resolve_tree(scenario_table(), scenario, "s.json", error);
    g_autoptr(cJSON) sweep = json_text_parse(text, strlen(text), "s.json", error);
    ck_assert(resolved && sweep);
    g_autoptr(cJSON) resolved_sweep = resolve_tree(&sweep_table, sweep, "s.json", error);
    SweepSpec spec = {0};

    if (!resolved_sweep)
        return NULL;
    fields_read(&sweep_table, resolved_sweep, &spec);
    Axes *made = axes_new(&spec, resolved, error);
    fields_clear(&sweep_table, &spec);
    return made;
}

static char *
cells_text(const Axes *axes, guint column)
{
    g_autoptr(GPtrArray) cells = g_ptr_array_new();

    for (guint i = 0; i < axes_column(axes, column)->cells->len; i++)
        g_ptr_array_add(cells, g_ptr_array_index(axes_column(axes, column)->cells, i));
    g_ptr_array_add(cells, NULL);
    return g_strjoinv(" ", (char **)cells->pdata);
}

static void
expect_cells(const char *axis, const char *name, const char *cells)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Axes) axes = make_axes(axis, &error);

    ck_assert_msg(axes != NULL, "%s", error ? error->message : "");
    g_autofree char *got = cells_text(axes, 0);
    ck_assert_str_eq(got, cells);
    ck_assert_str_eq(axes_column(axes, 0)->name, name);
}

static void
expect_error(const char *axes_text, const char *message)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Axes) axes = make_axes(axes_text, &error);

    ck_assert_ptr_null(axes);
    ck_assert_msg(strstr(error->message, message) != NULL, "\"%s\" is not in \"%s\"", message, error->message);
}

START_TEST(the_last_axis_changes_fastest)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Axes) axes = make_axes("{\"pointer\": \"/guests/0/memory\", \"values\": [\"1MiB\", \"2MiB\"]},"
                                     "{\"pointer\": \"/guests/0/vcpus\", \"values\": [1, 2, 4]}",
                                     &error);
    static const guint expected[][2] = {{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}};

    ck_assert_uint_eq(axes_points(axes), 6);
    for (guint p = 0; p < 6; p++) {
        ck_assert_uint_eq(axes_value(axes, p, 0), expected[p][0]);
        ck_assert_uint_eq(axes_value(axes, p, 1), expected[p][1]);
    }
}
END_TEST

START_TEST(zipped_axes_step_together)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Axes) axes = make_axes("{\"zip\": [{\"pointer\": \"/guests/0/memory\", \"values\": [\"1MiB\", \"2MiB\"]},"
                                     "{\"pointer\": \"/guests/0/vcpus\", \"from\": 1, \"to\": 2, \"count\": 2}]},"
                                     "{\"pointer\": \"/run_until\", \"values\": [\"1s\", \"2s\"]}",
                                     &error);

    ck_assert_uint_eq(axes_points(axes), 4);
    ck_assert_uint_eq(axes_columns(axes), 3);
    for (guint p = 0; p < 4; p++) {
        ck_assert_uint_eq(axes_value(axes, p, 0), p / 2);
        ck_assert_uint_eq(axes_value(axes, p, 1), p / 2);
        ck_assert_uint_eq(axes_value(axes, p, 2), p % 2);
    }
}
END_TEST

START_TEST(ranges_run_by_count_and_by_step_linear_and_logarithmic)
{
    expect_cells("{\"pointer\": \"/guests/0/memory\", \"from\": \"1MiB\", \"to\": \"4MiB\", \"count\": 4}",
                 "guests.vm.memory_bytes", "1048576 2097152 3145728 4194304");
    expect_cells("{\"pointer\": \"/links/0/bandwidth\", \"from\": \"100Mbps\", \"to\": \"10Gbps\", \"count\": 3,"
                 " \"scale\": \"logarithmic\"}",
                 "links.l.bandwidth_Bps", "12500000 125000000 1250000000");
    expect_cells("{\"pointer\": \"/links/0/latency\", \"from\": \"0s\", \"to\": \"1s\", \"step\": \"100ms\"}",
                 "links.l.latency_s", "0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1");
    expect_cells("{\"pointer\": \"/guests/0/vcpus\", \"from\": 1, \"to\": 20, \"step\": 2, \"scale\": \"logarithmic\"}",
                 "guests.vm.vcpus", "1 2 4 8 16");
    expect_cells("{\"pointer\": \"/guests/0/vcpus\", \"from\": 8, \"to\": 2, \"count\": 4}", "guests.vm.vcpus",
                 "8 6 4 2");
    expect_cells("{\"pointer\": \"/guests/0/vcpus\", \"from\": 1, \"to\": 3, \"count\": 9, \"name\": \"n\"}", "n",
                 "1 2 3"); /* whole numbers once each */
}
END_TEST

START_TEST(values_without_a_unit_and_labels_stand_as_they_are)
{
    expect_cells("{\"pointer\": \"/timeline/0/method\", \"values\": [\"vm\", \"joint\"]}", "timeline.0.method",
                 "vm joint");
    expect_cells("{\"pointer\": \"/guests/0/workload\", \"values\": [{\"kind\": \"idle\"}]}", "guests.vm.workload",
                 "\"{\"\"kind\"\":\"\"idle\"\"}\"");
    expect_cells("{\"pointer\": \"/guests/0/workload\", \"values\": [{\"kind\": \"idle\"}], \"labels\": [\"none\"]}",
                 "guests.vm.workload", "none");
    /* a value that only a profile or a default gives */
    expect_cells("{\"pointer\": \"/timeline/0/hypervisor/max_rounds\", \"values\": [3]}",
                 "timeline.0.hypervisor.max_rounds", "3");
}
END_TEST

START_TEST(a_pattern_is_one_column_and_clashes_with_what_it_names)
{
    expect_cells("{\"pointer\": \"/hosts/*/cores\", \"values\": [2, 4]}", "hosts.*.cores", "2 4");
    expect_error(
        "{\"pointer\": \"/hosts/*/cores\", \"values\": [2]}, {\"pointer\": \"/hosts/1/cores\", \"values\": [4]}",
        "/sweep/axes/1: /hosts/1/cores is the pointer of /sweep/axes/0 too");
    expect_error("{\"pointer\": \"/guests/web*/vcpus\", \"values\": [2]}",
                 "/sweep/axes/0: /guests/web*/vcpus leads nowhere: nothing in /guests is named like \"web*\"");
}
END_TEST

START_TEST(pointers_that_address_nothing_are_refused)
{
    expect_error("{\"pointer\": \"/guests/0/memroy\", \"values\": [1]}",
                 "/sweep/axes/0: /guests/0/memroy leads nowhere: no key \"memroy\"");
    expect_error("{\"pointer\": \"/guests/0/memroy\", \"values\": [1]}", "did you mean \"memory\"?");
    expect_error("{\"pointer\": \"/guests/1/memory\", \"values\": [1]}",
                 "the list has 1 element, expected an index below 1");
    expect_error("{\"pointer\": \"/guests/0/memory/x\", \"values\": [1]}", "\"memory\" holds no keys");
    expect_error("{\"pointer\": \"guests\", \"values\": [1]}", "is not a JSON Pointer");
    expect_error("{\"pointer\": \"\", \"values\": [1]}", "is the whole scenario");
    expect_error("{\"pointer\": \"/seed\", \"values\": [1]}", "expected \"repeats\"");
    expect_error("{\"pointer\": \"/name\", \"values\": [\"x\"]}", "changes no run");
    expect_error("{\"values\": [1]}", "has no pointer");
}
END_TEST

START_TEST(a_profiles_inside_is_no_place_for_an_axis)
{
    expect_error("{\"pointer\": \"/guests/0/profile/memory\", \"values\": [\"1MiB\"]}",
                 "/guests/0/profile/memory leads into a profile, expected a key beside \"profile\"");
}
END_TEST

START_TEST(axes_without_sense_are_refused)
{
    expect_error("{\"pointer\": \"/guests/0/memory\", \"values\": []}", "/sweep/axes/0: is empty, expected values");
    expect_error("{\"pointer\": \"/guests/0/memory\", \"values\": [\"1MiB\"], \"from\": \"1MiB\"}",
                 "has both values and a range");
    expect_error("{\"pointer\": \"/guests/0/memory\", \"from\": \"1MiB\"}", "without \"to\"");
    expect_error("{\"pointer\": \"/guests/0/memory\", \"from\": \"1MiB\", \"to\": \"2MiB\"}", "has neither of");
    expect_error("{\"pointer\": \"/guests/0/memory\", \"from\": 1, \"to\": 2, \"count\": 2}", "\"from\" is not a size");
    expect_error("{\"pointer\": \"/run_until\", \"from\": \"2s\", \"to\": \"1s\", \"step\": \"1s\"}",
                 "is above \"to\"");
    expect_error("{\"pointer\": \"/run_until\", \"from\": \"1s\", \"to\": \"2s\", \"step\": \"0s\"}", "leads nowhere");
    expect_error("{\"pointer\": \"/run_until\", \"from\": \"0s\", \"to\": \"2s\", \"count\": 3,"
                 " \"scale\": \"logarithmic\"}",
                 "an end of 0 or less");
    expect_error("{\"pointer\": \"/timeline/0/method\", \"from\": \"vm\", \"to\": \"joint\", \"count\": 2}",
                 "what has no order");
    expect_error("{\"pointer\": \"/run_until\", \"values\": [\"1s\"], \"labels\": [\"a\", \"b\"]}",
                 "has 2 labels for 1 values");
    expect_error("{\"zip\": [{\"pointer\": \"/run_until\", \"values\": [\"1s\"]},"
                 "{\"pointer\": \"/guests/0/vcpus\", \"values\": [1, 2]}]}",
                 "/sweep/axes/0/zip/1: has 2 values, expected 1");
}
END_TEST

START_TEST(axes_that_set_one_value_twice_are_refused)
{
    expect_error(
        "{\"pointer\": \"/run_until\", \"values\": [\"1s\"]}, {\"pointer\": \"/run_until\", \"values\": [\"2s\"]}",
        "/sweep/axes/1: /run_until is the pointer of /sweep/axes/0 too");
    expect_error("{\"pointer\": \"/guests/0/vcpus\", \"values\": [1]},"
                 "{\"pointer\": \"/guests/0\", \"values\": [{\"name\": \"vm\"}]}",
                 "/guests/0 holds what /sweep/axes/0 sets");
    expect_error("{\"pointer\": \"/run_until\", \"values\": [\"1s\"]},"
                 "{\"pointer\": \"/links/0/latency\", \"values\": [\"1s\"], \"name\": \"run_until\"}",
                 "the column run_until_s is that of /sweep/axes/0 too");
}
END_TEST

START_TEST(a_million_million_points_are_refused)
{
    expect_error("{\"pointer\": \"/run_until\", \"from\": \"0s\", \"to\": \"1s\", \"count\": 1000000000000}",
                 "has 1000000000000 values, expected at most 10000000");
    expect_error("{\"pointer\": \"/run_until\", \"from\": \"1s\", \"to\": \"10s\", \"count\": 10000},"
                 "{\"pointer\": \"/links/0/latency\", \"from\": \"1s\", \"to\": \"10s\", \"count\": 10000}",
                 "/sweep: has 100000000 runs (points times repeats), expected at most 10000000");
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("axes");

    g_setenv("TANDEM_DATA", TANDEM_SOURCE_DIR, TRUE);
    tcase_add_test(tcase, the_last_axis_changes_fastest);
    tcase_add_test(tcase, zipped_axes_step_together);
    tcase_add_test(tcase, ranges_run_by_count_and_by_step_linear_and_logarithmic);
    tcase_add_test(tcase, values_without_a_unit_and_labels_stand_as_they_are);
    tcase_add_test(tcase, a_pattern_is_one_column_and_clashes_with_what_it_names);
    tcase_add_test(tcase, pointers_that_address_nothing_are_refused);
    tcase_add_test(tcase, a_profiles_inside_is_no_place_for_an_axis);
    tcase_add_test(tcase, axes_without_sense_are_refused);
    tcase_add_test(tcase, axes_that_set_one_value_twice_are_refused);
    tcase_add_test(tcase, a_million_million_points_are_refused);
    return check_main("axes", tcase, NULL);
}
