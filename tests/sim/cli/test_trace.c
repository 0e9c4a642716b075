#include "sim/output/trace.h"
#include "sim/scenario/json_text.h"
#include "tests/check_main.h"
#include "tests/program.h"

#include <math.h>
#include <string.h>

#ifdef TANDEM_SANITIZED /* where each test's fork copies the tree, and seven times as much for the sanitizer */
#define PLATFORM_BATCH "100ms"
#else
#define PLATFORM_BATCH "1ms"
#endif

static char *folder;
static cJSON *platform; /* the trace of one-platform.json with 27,000 batches, run once; sanitized with 270 */

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
trace_of_file(const char *scenario, const char *options)
{
    g_auto(Ended) ended = program_run("run %s --trace %s/t.json %s", scenario, folder, options);
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
    return trace_of_file(TANDEM_SOURCE_DIR "/scenarios/papers/vm-vtpm/testbed.json", options);
}

static void
run_platform(void)
{
    set_up();
    platform = trace_of_file(TANDEM_SOURCE_DIR "/scenarios/papers/inter-vm-sockets/one-platform.json",
                             "--set /card_measurement/batch=" PLATFORM_BATCH);
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

/* ---- what a viewer does ---- */

typedef struct {
    const cJSON *event;
    guint track;
    gint64 start_ns, end_ns;
} Slice;

static gint64
nanoseconds(const cJSON *event, const char *key)
{
    return llround(number(event, key) * 1000);
}

static int
compare_starts(gconstpointer one, gconstpointer other)
{
    const Slice *a = one, *b = other;

    return (a->start_ns > b->start_ns) - (a->start_ns < b->start_ns);
}

/* Slices and instants, which are slices of no length, by date; those of one date stay in the file's order. */
static GArray *
slices_of(const cJSON *events)
{
    GArray *slices = g_array_new(FALSE, FALSE, sizeof(Slice));
    const cJSON *event;

    cJSON_ArrayForEach(event, events)
    {
        const char phase = *text(event, "ph");
        if (phase != 'X' && phase != 'i')
            continue;
        const gint64 start_ns = nanoseconds(event, "ts");
        const Slice slice = {event, (guint)number(event, "tid"), start_ns,
                             start_ns + (phase == 'X' ? nanoseconds(event, "dur") : 0)};
        g_array_append_val(slices, slice);
    }
    g_array_sort(slices, compare_starts); /* stable */
    return slices;
}

static gboolean
has_ended(const Slice *open, const Slice *next)
{
    const gboolean both_empty = open->end_ns == open->start_ns && next->end_ns == next->start_ns;

    return open->end_ns < next->start_ns || (open->end_ns == next->start_ns && !both_empty);
}

/* As Perfetto's SliceTracker does: slices that have ended are closed, and one that would end later than the one that it
 * begins in is dropped. TRUE: this one is. */
static gboolean
viewer_drops(GArray *open, const Slice *slice)
{
    while (open->len > 0 && has_ended(&g_array_index(open, Slice, open->len - 1), slice))
        g_array_set_size(open, open->len - 1);
    if (open->len > 0 && slice->end_ns > g_array_index(open, Slice, open->len - 1).end_ns)
        return TRUE;
    g_array_append_val(open, *slice);
    return FALSE;
}

static void
expect_no_dropped_slice(const cJSON *trace, const char *of)
{
    g_autoptr(GArray) slices = slices_of(cJSON_GetObjectItemCaseSensitive(trace, "traceEvents"));
    g_autoptr(GHashTable) tracks = g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_array_unref);

    for (guint i = 0; i < slices->len; i++) {
        const Slice *slice = &g_array_index(slices, Slice, i);
        GArray *open = g_hash_table_lookup(tracks, GUINT_TO_POINTER(slice->track));
        if (!open) {
            open = g_array_new(FALSE, FALSE, sizeof(Slice));
            g_hash_table_insert(tracks, GUINT_TO_POINTER(slice->track), open);
        }
        ck_assert_msg(!viewer_drops(open, slice), "%s: %s at %" G_GINT64_FORMAT " ns overlaps another slice", of,
                      text(slice->event, "name"), slice->start_ns);
    }
}

/* ---- what a trace has ---- */

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
            ck_assert(strchr("Xisf", *phase) && phase[1] == '\0');
            ck_assert(number(event, "ts") >= 0 && (*phase != 'X' || number(event, "dur") >= 0));
            ck_assert(*phase == 'X' || *phase == 'i' || number(event, "id") >= 1);
            ck_assert(g_hash_table_contains(named, GUINT_TO_POINTER(tid)));
        }
    }
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

/* The examples and the papers' scenarios; each takes seconds at most. */
static GPtrArray *scenarios;

static void
find_scenarios(const char *below)
{
    g_autoptr(GDir) dir = g_dir_open(below, 0, NULL);

    for (const char *name = dir ? g_dir_read_name(dir) : NULL; name; name = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(below, name, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR))
            find_scenarios(path);
        else if (g_str_has_suffix(name, ".json"))
            g_ptr_array_add(scenarios, g_steal_pointer(&path));
    }
}

START_TEST(no_viewer_drops_a_slice)
{
    const char *scenario = g_ptr_array_index(scenarios, _i);
    g_autoptr(cJSON) trace = trace_of_file(scenario, "");

    expect_no_dropped_slice(trace, scenario);
}
END_TEST

/* Two ways to the same date may differ in the last digit, and one of them is rounded up where the other is rounded
 * down: half a nanosecond, and the number below it. */
START_TEST(dates_that_are_rounded_apart_do_not_overlap)
{
    const double at_s = 5e-10, before_s = nextafter(at_s, 0);
    g_autoptr(Trace) made = trace_new();
    TraceTrack *track = trace_track(made, "group", "track");

    trace_slice(track, "one", 0, at_s);
    trace_begin(track, "outer", before_s);
    trace_slice(track, "inner", before_s, 2);
    trace_end(track, nextafter(2, 0));
    g_autofree char *text = trace_finish(made, 3);
    g_autoptr(cJSON) trace = cJSON_Parse(text);
    ck_assert_ptr_nonnull(trace);
    ck_assert(has(trace, "X", "one") && has(trace, "X", "outer") && has(trace, "X", "inner"));
    expect_no_dropped_slice(trace, "what was made here");
}
END_TEST

START_TEST(what_is_open_ends_with_the_run_and_a_name_is_quoted)
{
    g_autoptr(Trace) made = trace_new();
    const TraceTrack *other = trace_track(made, "other", "a \"track\"");
    TraceTrack *track = trace_track(made, "group", "a \"track\"");
    double start_s = NAN, end_s = NAN;

    ck_assert_ptr_eq(track, trace_track(made, "group", "a \"track\""));
    ck_assert_ptr_ne(track, other);
    trace_begin(track, "outer", 1);
    trace_begin(track, "inner", 2.0000000014);
    g_autofree char *text = trace_finish(made, 3.5);
    g_autoptr(cJSON) trace = cJSON_Parse(text);
    ck_assert_ptr_nonnull(trace);
    lasting(trace, "a \"track\"", "outer", &start_s, &end_s);
    ck_assert(start_s == 1 && end_s == 3.5);
    ck_assert_ptr_nonnull(strstr(text, "\"ts\":2000000.001,\"dur\":1499999.999"));
}
END_TEST

/* In the example `sockets` VM a stays where it is, b goes away and comes back. */
START_TEST(every_vm_has_its_track_from_the_beginning)
{
    g_autoptr(cJSON) trace = trace_of_file(TANDEM_SOURCE_DIR "/scenarios/examples/sockets.json", "");
    double start_s = NAN, end_s = NAN;

    lasting(trace, "a on left", "running", &start_s, &end_s);
    ck_assert(start_s == 0 && end_s == 25);
    const double stopped_s = lasting(trace, "b on right", "suspended", &start_s, &end_s);
    ck_assert_msg(stopped_s < 5, "an instance that was given up is shown for %g s", stopped_s);
}
END_TEST

/* The event of that phase and name on the track; it must be the only one. */
static const cJSON *
only(const cJSON *trace, const char *track, const char *phase, const char *name)
{
    const cJSON *event, *found = NULL;
    double tid = -1;

    cJSON_ArrayForEach(event, cJSON_GetObjectItemCaseSensitive(trace, "traceEvents"))
    {
        const cJSON *args = cJSON_GetObjectItemCaseSensitive(event, "args");
        if (g_strcmp0(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(args, "name")), track) == 0)
            tid = number(event, "tid");
        if (number(event, "tid") != tid || !g_str_equal(text(event, "ph"), phase) ||
            !g_str_equal(text(event, "name"), name))
            continue;
        ck_assert_msg(!found, "two of %s on %s", name, track);
        found = event;
    }
    ck_assert_msg(found != NULL, "no %s on %s", name, track);
    return found;
}

START_TEST(an_arrow_leads_from_where_a_vm_stops_to_where_it_resumes)
{
    const cJSON *stop = only(platform, "mig-vm1 on left", "i", "stop");
    const cJSON *resume = only(platform, "mig-vm1 on right", "i", "resume");
    const cJSON *from = only(platform, "mig-vm1 on left", "s", "mig-vm1");
    const cJSON *to = only(platform, "mig-vm1 on right", "f", "mig-vm1");

    ck_assert(number(from, "ts") == number(stop, "ts") && number(to, "ts") == number(resume, "ts"));
    ck_assert(number(from, "id") == number(to, "id"));
    ck_assert(number(to, "ts") > number(from, "ts"));
}
END_TEST

START_TEST(failures_are_instants)
{
    g_autoptr(cJSON) trace = trace_of_file(TANDEM_SOURCE_DIR "/scenarios/examples/link-failure.json", "");
    const char *lost = "the connection between source and destination was lost";
    double start_s = NAN, end_s = NAN;

    ck_assert(number(only(trace, "lan", "i", "failure"), "ts") == 8e6);
    ck_assert(number(only(trace, "lan", "i", "repair"), "ts") == 20e6);
    ck_assert(number(only(trace, "first-try vm", "i", lost), "ts") == 8e6);
    lasting(trace, "lan", "down", &start_s, &end_s);
    ck_assert(start_s == 8 && end_s == 20);
    lasting(trace, "first-try vm", "to right", &start_s, &end_s);
    ck_assert(start_s == 0 && end_s == 8);
}
END_TEST

/* In the example, the second VM finds room when the first one has gone; a vTPM comes with it. */
START_TEST(a_track_begins_and_ends_with_its_guest)
{
    g_autoptr(cJSON) trace = trace_of_file(TANDEM_SOURCE_DIR "/scenarios/examples/guests-come-and-go.json", "");
    double start_s = NAN, end_s = NAN;

    ck_assert(number(only(trace, "first on left", "i", "destroyed"), "ts") == 4e6);
    lasting(trace, "first on left", "running", &start_s, &end_s);
    ck_assert(start_s == 3 && end_s == 4); /* the last time, after it was stopped for a second */
    ck_assert(number(only(trace, "second on left", "i", "created"), "ts") == 5e6);
    ck_assert(number(only(trace, "second-vtpm on left", "i", "created"), "ts") == 5e6);
    lasting(trace, "second on left", "running", &start_s, &end_s);
    ck_assert(start_s == 5);
}
END_TEST

/* At its date, on the track of the migration to which it came. */
START_TEST(what_is_said_to_a_migration_is_an_instant)
{
    g_autoptr(cJSON) trace = trace_of_file(TANDEM_SOURCE_DIR "/scenarios/examples/time-is-up.json", "");

    ck_assert(number(only(trace, "cancelled vm", "i", "tune: done"), "ts") == 65e6);
    ck_assert(number(only(trace, "cancelled vm", "i", "cancel: done"), "ts") == 70e6);
    ck_assert(number(only(trace, "tuned vm", "i", "tune: done"), "ts") == 90e6);
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
    ck_assert(has(trace, "X", "pre-copy") && has(trace, "X", "round 1") && has(trace, "X", "last round, stopped"));
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

/* The migration takes the VM from its neighbour (stream: memory, then tcp) to the other host (to-peer: the reverse). */
START_TEST(a_connections_paths_follow_each_other_and_its_stall_is_in_the_stop)
{
    double memory_s[2] = {0}, tcp_s[2] = {0}, stop_s[2] = {0}, silent_s[2] = {0};

    lasting(platform, "stream connection 1", "memory", &memory_s[0], &memory_s[1]);
    lasting(platform, "stream connection 1", "tcp", &tcp_s[0], &tcp_s[1]);
    ck_assert_double_gt(lasting(platform, "mig-vm1 joint", "stop-and-copy", &stop_s[0], &stop_s[1]), 0);
    ck_assert_double_eq_tol(memory_s[0], 0, 1e-9);
    ck_assert_double_eq_tol(memory_s[1], tcp_s[0], 1e-12); /* one date; microseconds are a double here */
    ck_assert(tcp_s[0] >= stop_s[1] && tcp_s[1] > 27 && tcp_s[1] < 28);
    const double sum_s = lasting(platform, "stream", "nothing received", &silent_s[0], &silent_s[1]);
    ck_assert_double_eq_tol(sum_s, 0.2841, 2 * 0.064); /* result.json's stall, less at most a bin at each end */
    ck_assert(silent_s[0] <= stop_s[1] && silent_s[1] >= stop_s[1]);
    lasting(platform, "to-peer connection 1", "tcp", &tcp_s[0], &tcp_s[1]);
    lasting(platform, "to-peer connection 1", "memory", &memory_s[0], &memory_s[1]);
    ck_assert_double_eq_tol(tcp_s[1], memory_s[0], 1e-12);
}
END_TEST

#ifndef TANDEM_SANITIZED /* many_commands_are_sampled_… goes through the same code there */
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
#endif

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

/* The first two would be lost without a word, the third was found after the run. */
START_TEST(a_trace_takes_no_other_files_place)
{
    static const char *const lines[][2] = {
        {"run @/x.json --trace @/x.json", "is the scenario, expected another file"},
        {"run @/x.json --out @/o --trace @/o/result.json", "has the name of a file of --out"},
        {"run @/x.json --trace=", "--trace: no name, expected that of a file"},
    };

    program_write(folder, "x.json", "{\"name\":\"x\",\"hosts\":[{\"name\":\"a\"}]}");
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autoptr(GString) words = g_string_new(lines[i][0]);
        g_string_replace(words, "@", folder, 0);
        program_expect(2, lines[i][1], words->str);
    }
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("trace");

    g_setenv("TANDEM_DATA", TANDEM_SOURCE_DIR, TRUE);
    scenarios = g_ptr_array_new_with_free_func(g_free);
    find_scenarios(TANDEM_SOURCE_DIR "/scenarios/examples");
#ifndef TANDEM_SANITIZED /* minutes there, through the code that the examples go through */
    find_scenarios(TANDEM_SOURCE_DIR "/scenarios/papers");
    g_assert(scenarios->len > 25);
#endif
    tcase_add_unchecked_fixture(tcase, run_platform, forget_platform);
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_loop_test(tcase, every_event_follows_the_formats_rules, 0, 2);
    tcase_add_loop_test(tcase, no_viewer_drops_a_slice, 0, (int)scenarios->len);
    tcase_add_test(tcase, dates_that_are_rounded_apart_do_not_overlap);
    tcase_add_test(tcase, what_is_open_ends_with_the_run_and_a_name_is_quoted);
    tcase_add_test(tcase, every_vm_has_its_track_from_the_beginning);
    tcase_add_test(tcase, an_arrow_leads_from_where_a_vm_stops_to_where_it_resumes);
    tcase_add_test(tcase, failures_are_instants);
    tcase_add_test(tcase, a_track_begins_and_ends_with_its_guest);
    tcase_add_test(tcase, what_is_said_to_a_migration_is_an_instant);
    tcase_add_test(tcase, vms_vtpms_migrations_and_links_have_tracks);
    tcase_add_test(tcase, cards_and_sockets_have_tracks_and_counters);
    tcase_add_test(tcase, a_connections_paths_follow_each_other_and_its_stall_is_in_the_stop);
#ifndef TANDEM_SANITIZED
    tcase_add_test(tcase, many_batches_of_a_session_are_sampled);
#endif
    tcase_add_test(tcase, a_cut_cable_is_a_slice);
    tcase_add_test(tcase, many_commands_are_sampled_and_the_file_stays_bounded);
    tcase_add_test(tcase, a_file_that_cannot_be_written_is_refused);
    tcase_add_test(tcase, a_trace_takes_no_other_files_place);
    const int status = check_main("trace", tcase, NULL);
    g_ptr_array_unref(scenarios);
    return status;
}
