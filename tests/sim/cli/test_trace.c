#include "sim/scenario/json_text.h"
#include "tests/check_main.h"
#include "tests/program.h"

#include <string.h>

static char *folder;
static cJSON *platform; /* the trace of one-platform.json with 27,000 batches, run once */

static void
set_up(void)
{
    folder = program_folder();
}

static void
tear_down(void)
{
    program_remove(folder);
    g_free(folder);
}

static cJSON *
trace_of_scenario(const char *scenario, const char *options)
{
    g_auto(Ended) ended = program_run("run %s/scenarios/papers/%s.json --trace %s/t.json %s", TANDEM_SOURCE_DIR,
                                      scenario, folder, options);
    g_autofree char *path = g_build_filename(folder, "t.json", NULL);
    g_autoptr(GError) error = NULL;

    ck_assert_msg(ended.status == 0, "%s", ended.err);
    cJSON *trace = json_text_load(path, &error);
    ck_assert_msg(trace != NULL, "%s", error ? error->message : "");
    return trace;
}

static cJSON *
trace_of(const char *options)
{
    return trace_of_scenario("vm-vtpm/testbed", options);
}

static void
run_platform(void)
{
    set_up();
    platform = trace_of_scenario("inter-vm-sockets/one-platform", "--set /card_measurement/batch=1ms");
    tear_down();
}

static void
forget_platform(void)
{
    cJSON_Delete(platform);
}

static double
number(const cJSON *event, const char *key)
{
    const cJSON *value = cJSON_GetObjectItemCaseSensitive(event, key);

    ck_assert_msg(cJSON_IsNumber(value), "no %s in an event", key);
    return value->valuedouble;
}

static const char *
text(const cJSON *event, const char *key)
{
    const char *value = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(event, key));

    ck_assert_msg(value != NULL, "no %s in an event", key);
    return value;
}

static gboolean
has(const cJSON *trace, const char *phase, const char *name)
{
    const cJSON *event;

    cJSON_ArrayForEach(event, cJSON_GetObjectItemCaseSensitive(trace, "traceEvents"))
    {
        const cJSON *args = cJSON_GetObjectItemCaseSensitive(event, "args");
        const char *named = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(args, "name"));
        if (g_str_equal(text(event, "ph"), phase) &&
            (g_str_equal(text(event, "name"), name) || g_strcmp0(named, name) == 0))
            return TRUE;
    }
    return FALSE;
}

typedef struct {
    const cJSON *event;
    double tid, start, end; /* µs */
} Slice;

#define HAIR 0.02 /* µs: dates have ten digits */

/* By track, then by beginning; of two that begin together the longer one first. */
static int
compare_slices(gconstpointer one, gconstpointer other)
{
    const Slice *a = one, *b = other;

    if (a->tid != b->tid)
        return a->tid < b->tid ? -1 : 1;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    return (a->end < b->end) - (a->end > b->end);
}

static GArray *
sorted_slices(const cJSON *events)
{
    GArray *slices = g_array_new(FALSE, FALSE, sizeof(Slice));
    const cJSON *event;

    cJSON_ArrayForEach(event, events)
    {
        if (*text(event, "ph") != 'X')
            continue;
        const double start = number(event, "ts");
        const Slice slice = {event, number(event, "tid"), start, start + number(event, "dur")};
        g_array_append_val(slices, slice);
    }
    g_array_sort(slices, compare_slices);
    return slices;
}

/* Puts a slice onto those that are open at its beginning, each within the one below it. */
static void
open_slice(GArray *open, const Slice *slice)
{
    guint at;

    while (open->len > 0 && g_array_index(open, Slice, open->len - 1).end <= slice->start + HAIR)
        g_array_set_size(open, open->len - 1);
    for (at = open->len; at > 0; at--) {
        const Slice *outer = &g_array_index(open, Slice, at - 1);
        if (slice->end <= outer->end + HAIR)
            break;
        ck_assert_msg(slice->start <= outer->start + HAIR, "%s and %s overlap", text(outer->event, "name"),
                      text(slice->event, "name")); /* else they begin together, and this one is the outer one */
    }
    g_array_insert_val(open, at, *slice);
}

/* Two slices of a track are nested or apart. One look at each, for there are tens of thousands. */
static void
expect_slices_to_nest(const cJSON *events)
{
    g_autoptr(GArray) slices = sorted_slices(events), open = g_array_new(FALSE, FALSE, sizeof(Slice));

    for (guint i = 0; i < slices->len; i++) {
        const Slice *slice = &g_array_index(slices, Slice, i);
        if (i > 0 && slice->tid != g_array_index(slices, Slice, i - 1).tid)
            g_array_set_size(open, 0);
        open_slice(open, slice);
    }
}

/* The format's rules: known phases, numbers where they belong, each track named, slices of a track nested or apart. */
START_TEST(every_event_follows_the_formats_rules)
{
    g_autoptr(cJSON) own = _i == 0 ? trace_of("") : NULL;
    const cJSON *trace = own ? own : platform;
    const cJSON *events = cJSON_GetObjectItemCaseSensitive(trace, "traceEvents"), *event;
    g_autoptr(GHashTable) named = g_hash_table_new(NULL, NULL);

    ck_assert_int_gt(cJSON_GetArraySize(events), 50);
    cJSON_ArrayForEach(event, events)
    {
        const char *phase = text(event, "ph");
        const guint tid = (guint)number(event, "tid");
        ck_assert(number(event, "pid") >= 1 && *text(event, "name"));
        if (g_str_equal(phase, "M")) {
            ck_assert(g_str_equal(text(event, "name"), "process_name") ||
                      g_str_equal(text(event, "name"), "thread_name"));
            ck_assert(*text(cJSON_GetObjectItemCaseSensitive(event, "args"), "name"));
            g_hash_table_add(named, GUINT_TO_POINTER(tid));
        } else if (g_str_equal(phase, "C")) {
            ck_assert(number(event, "ts") >= 0);
            ck_assert(cJSON_IsNumber(cJSON_GetObjectItemCaseSensitive(event, "args")->child));
        } else {
            ck_assert_str_eq(phase, "X");
            ck_assert(number(event, "ts") >= 0 && number(event, "dur") >= 0);
            ck_assert(g_hash_table_contains(named, GUINT_TO_POINTER(tid)));
        }
    }
    expect_slices_to_nest(events);
}
END_TEST

START_TEST(vms_vtpms_migrations_and_links_have_tracks)
{
    static const char *const tracks[] = {"VMs",
                                         "vTPMs",
                                         "migrations",
                                         "links",
                                         "mig-vm1 joint",
                                         "mig-vm1 joint rounds",
                                         "t1-switch",
                                         "mig-vm1-vtpm commands",
                                         "mig-vm1 on t2-cs-sicnu"};
    g_autoptr(cJSON) trace = trace_of("");

    for (gsize i = 0; i < G_N_ELEMENTS(tracks); i++)
        ck_assert_msg(has(trace, "M", tracks[i]), "no track %s", tracks[i]);
    ck_assert(has(trace, "X", "precopy") && has(trace, "X", "round 1") && has(trace, "X", "last round, stopped"));
    ck_assert(has(trace, "X", "suspended") && has(trace, "C", "mig-vm1 joint throughput"));
}
END_TEST

START_TEST(cards_and_sockets_have_tracks_and_counters)
{
    static const char *const tracks[] = {"crypto cards",        "sockets", "hsm-left ivshmem slot",
                                         "hsm-right card ring", "stream",  "stream connection 1",
                                         "to-peer connection 1"};
    static const char *const counters[] = {"signing rate", "signing mean latency", "stream throughput",
                                           "to-peer throughput"};

    for (gsize i = 0; i < G_N_ELEMENTS(tracks); i++)
        ck_assert_msg(has(platform, "M", tracks[i]), "no track %s", tracks[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(counters); i++)
        ck_assert_msg(has(platform, "C", counters[i]), "no counter %s", counters[i]);
    ck_assert_msg(!has(platform, "M", "hsm-left card engine-hash"), "a track of a station that nothing visited");
}
END_TEST

/* The sum of the lasting of the track's slices of that name, in seconds; the last one's start and end. */
static double
lasting(const cJSON *trace, const char *track, const char *name, double *start_s, double *end_s)
{
    const cJSON *event;
    double tid = -1, sum_s = 0;

    cJSON_ArrayForEach(event, cJSON_GetObjectItemCaseSensitive(trace, "traceEvents"))
    {
        const cJSON *args = cJSON_GetObjectItemCaseSensitive(event, "args");
        if (g_strcmp0(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(args, "name")), track) == 0)
            tid = number(event, "tid");
        if (number(event, "tid") != tid || *text(event, "ph") != 'X' || !g_str_equal(text(event, "name"), name))
            continue;
        *start_s = number(event, "ts") / 1e6;
        *end_s = *start_s + number(event, "dur") / 1e6;
        sum_s += *end_s - *start_s;
    }
    return sum_s;
}

/* The migration takes the VM from its neighbour (stream: memory, then tcp) to the other host (to-peer: the reverse). */
START_TEST(a_connections_paths_follow_each_other_and_its_stall_is_in_the_stop)
{
    double memory_s[2] = {0}, tcp_s[2] = {0}, stop_s[2] = {0}, silent_s[2] = {0};

    lasting(platform, "stream connection 1", "memory", &memory_s[0], &memory_s[1]);
    lasting(platform, "stream connection 1", "tcp", &tcp_s[0], &tcp_s[1]);
    ck_assert_double_gt(lasting(platform, "mig-vm1 joint", "stop_and_copy", &stop_s[0], &stop_s[1]), 0);
    ck_assert_double_eq_tol(memory_s[0], 0, 1e-9);
    ck_assert_double_eq_tol(memory_s[1], tcp_s[0], 1e-8); /* dates are rounded to a nanosecond */
    ck_assert(tcp_s[0] >= stop_s[1] && tcp_s[1] > 27 && tcp_s[1] < 28);
    const double sum_s = lasting(platform, "stream", "nothing received", &silent_s[0], &silent_s[1]);
    ck_assert_double_eq_tol(sum_s, 0.2841, 2 * 0.064); /* result.json's stall, less at most a bin at each end */
    ck_assert(silent_s[0] <= stop_s[1] && silent_s[1] >= stop_s[1]);
    lasting(platform, "to-peer connection 1", "tcp", &tcp_s[0], &tcp_s[1]);
    lasting(platform, "to-peer connection 1", "memory", &memory_s[0], &memory_s[1]);
    ck_assert_double_eq_tol(tcp_s[1], memory_s[0], 1e-8);
}
END_TEST

START_TEST(many_batches_of_a_session_are_sampled)
{
    const cJSON *event;
    guint values = 0;

    cJSON_ArrayForEach(event, cJSON_GetObjectItemCaseSensitive(platform, "traceEvents")) values +=
        g_str_equal(text(event, "name"), "signing rate");
    ck_assert_uint_gt(values, 5000);
    ck_assert_uint_le(values, 20001); /* and the zero at the end */
}
END_TEST

START_TEST(a_cut_cable_is_a_slice)
{
    g_autoptr(cJSON) trace = trace_of("--set "
                                      "/timeline/-={\\\"at\\\":\\\"20s\\\",\\\"do\\\":\\\"fail-link\\\",\\\"link\\\":"
                                      "\\\"iscsi-switch\\\"}");

    ck_assert(has(trace, "X", "down"));
}
END_TEST

/* 1 ms between calls for 120 s: more commands than may be shown. */
START_TEST(many_commands_are_sampled_and_the_file_stays_bounded)
{
    g_autoptr(cJSON) trace =
        trace_of("--set /vtpms/0/script/interval=1ms --set /vtpms/0/service_time=1ms --set /run_until=130s");
    const cJSON *event;
    guint commands = 0;

    cJSON_ArrayForEach(event, cJSON_GetObjectItemCaseSensitive(trace, "traceEvents")) commands +=
        g_str_equal(text(event, "name"), "command");
    ck_assert_uint_gt(commands, 5000);
    ck_assert_uint_le(commands, 20000);
    g_autofree char *written = program_read(folder, "t.json");
    ck_assert_uint_lt(strlen(written), 5 << 20);
}
END_TEST

START_TEST(a_file_that_cannot_be_written_is_refused)
{
    g_autofree char *words =
        g_strdup_printf("run %s/scenarios/papers/vm-vtpm/testbed.json --trace %s/no/t.json", TANDEM_SOURCE_DIR, folder);

    program_expect(2, "cannot be written: its folder is not there", words);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("trace");

    g_setenv("TANDEM_DATA", TANDEM_SOURCE_DIR, TRUE);
    tcase_add_unchecked_fixture(tcase, run_platform, forget_platform);
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_loop_test(tcase, every_event_follows_the_formats_rules, 0, 2);
    tcase_add_test(tcase, vms_vtpms_migrations_and_links_have_tracks);
    tcase_add_test(tcase, cards_and_sockets_have_tracks_and_counters);
    tcase_add_test(tcase, a_connections_paths_follow_each_other_and_its_stall_is_in_the_stop);
    tcase_add_test(tcase, many_batches_of_a_session_are_sampled);
    tcase_add_test(tcase, a_cut_cable_is_a_slice);
    tcase_add_test(tcase, many_commands_are_sampled_and_the_file_stays_bounded);
    tcase_add_test(tcase, a_file_that_cannot_be_written_is_refused);
    return check_main("trace", tcase, NULL);
}
