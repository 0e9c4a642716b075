/* Every rule of the core across keys: one scenario that keeps it, one setting that breaks it, and what is said. */
#include "tests/sim/world/worlds.h"

#define CURVE(first_s, first, second_s, second)                                                                        \
    "/guests/0/workload={\"kind\":\"curve\",\"points\":[{\"interval\":\"" first_s "\",\"unique\":\"" first             \
    "\"},{\"interval\":\"" second_s "\",\"unique\":\"" second "\"}]}"

/* Settings come first to last; the last one breaks the rule. */
static const struct {
    const char *settings[4];
    const char *message; /* after the file's name */
} rows[] = {
    {{"/links/0/ends=[\"a\",\"a\"]"}, "/links/0/ends: both ends are \"a\", expected two different ones"},
    {{"/links/-={\"name\":\"second\",\"ends\":[\"s\",\"a\"]}"},
     "/links/3/ends: \"la\" joins the same two already, expected one cable between them"},
    {{"/switches/-={\"name\":\"a\"}"}, "/switches/1/name: \"a\" is a host already, expected another name"},
    {{"/guests/0/workload/working_set=5MiB"},
     "/guests/0/workload/working_set: ends beyond the guest's used memory of 4194304 bytes, expected less"},
    {{"/guests/0/used=1MiB", "/guests/0/layout={\"kind\":\"prefix\"}", "/guests/0/workload/first=4KiB"},
     "/guests/0/workload/working_set: ends beyond the guest's used memory of 1048576 bytes, expected less"},
    {{"/guests/0/workload={\"kind\":\"hot-cold\",\"working_set\":\"1MiB\",\"hot_set\":\"1MiB\",\"hot_share\":0.5,"
      "\"rate\":\"1/s\"}"},
     "/guests/0/workload/hot_set: is not smaller than the working set, expected less"},
    {{CURVE("1s", "1MiB", "1s", "2MiB")},
     "/guests/0/workload/points/1/interval: is not longer than the one before, expected longer"},
    {{CURVE("1s", "1MiB", "2s", "0.5MiB")},
     "/guests/0/workload/points/1/unique: is less than of the shorter interval before, expected as much"},
    {{CURVE("1s", "0.1MiB", "10s", "3MiB")},
     "/guests/0/workload/points/1/unique: no pages written at steady rates meet it and the others within 5 %, "
     "expected a curve that grows ever more slowly"},
    {{CURVE("1s", "1MiB", "10s", "5MiB")},
     "/guests/0/workload/points: its pages, of which the longest interval sees a part, end beyond the guest's used "
     "memory of 4194304 bytes, expected less"},
    {{"/guests/0/workload={\"kind\":\"curve\",\"points\":[]}"},
     "/guests/0/workload/points: has 0 elements, expected at least 1"},
    {{"/guests/0/phases=[{\"kind\":\"idle\"},{\"kind\":\"idle\"}]"},
     "/guests/0/phases/0: has no \"lasts\" but is not the last phase, expected how long it lasts"},
    {{"/guests/0/phases=[{\"kind\":\"sweep\",\"working_set\":\"8MiB\",\"rate\":\"1/s\"}]"},
     "/guests/0/phases/0/working_set: ends beyond the guest's used memory of 4194304 bytes, expected less"},
    {{"/guests/0/used=5MiB"}, "/guests/0/used: is more than the guest's memory, expected at most that"},
    {{"/guests/0/host_page=5KiB"}, "/guests/0/host_page: is 5120 bytes, expected a power of two"},
    {{"/guests/0/page=8KiB", "/guests/0/host_page=4KiB"},
     "/guests/0/host_page: is 4096 bytes, expected a multiple of page, 8192 bytes"},
    {{"/guests/0/host_page=8MiB"},
     "/guests/0/host_page: is 8388608 bytes, expected a size that divides memory, 4194304 bytes"},
    {{"/guests/0/kernel={\"pages\":1000000,\"interval\":\"1ms\"}"},
     "/guests/0/kernel/interval: makes more than 100000000 page writes a second, expected a longer one"},
    {{"/guests/0/page=5000B"}, "/guests/0/page: is 5000 bytes, expected a power of two"},
    {{"/guests/0/name=Domain-0", "/vtpms/0/vm=Domain-0", "/timeline/0/vm=Domain-0"},
     "/guests/0/name: is \"Domain-0\", a host's own domain, expected another name"},
    {{"/vtpms/0/name=vm"}, "/vtpms/0/name: \"vm\" is a guest already, expected another name"},
    {{"/guests/0/uuid=u", "/vtpms/0/uuid=u"}, "/vtpms/0/uuid: is that of \"vm\" already, expected one of its own"},
    {{"/hosts/0/dom0_memory=1GiB"}, "/hosts/0/dom0_memory: is more than the host's memory, expected at most that"},
    {{"/hosts/0/dom0_memory=125MiB"},
     "/guests/0/memory: the guests of \"a\" do not fit its memory, expected 1048576 bytes less"},
    {{"/hosts/0/dom0_memory=124MiB"},
     "/vtpms/0/memory: the guests of \"a\" do not fit its memory, expected 1048576 bytes less"},
    {{"/hosts/0/cores=4", "/hosts/0/vcpus_per_core=1.5", "/guests/0/vcpus=7"},
     "/guests/0/host: the virtual processors on \"a\" are more than its vcpus_per_core times its cores, expected at "
     "most 6"},
    {{"/hosts/0/processors_of=b", "/hosts/1/processors_of=a"},
     "/hosts/0/processors_of: \"b\" has those of \"a\" itself, expected a host of its own"},
    {{"/hosts/0/processors_of=a"},
     "/hosts/0/processors_of: \"a\" has those of \"a\" itself, expected a host of its own"},
    {{"/timeline/0/hypervisor/costs={\"resume\":\"10ms\",\"live\":\"20ms\"}"},
     "/timeline/0/hypervisor/costs/live: is longer than resume, whose last part it is, expected at most 0.01 s"},
    {{"/hosts/0/cores=1", "/hosts/0/vcpus_per_core=1"},
     "/vtpms/0/host: the virtual processors on \"a\" are more than its vcpus_per_core times its cores, expected at "
     "most 1"},
    {{"/timeline/-={\"at\":\"2s\",\"do\":\"set-workload\",\"guest\":\"tpm\",\"workload\":{\"kind\":\"uniform\","
      "\"working_set\":\"2MiB\",\"rate\":\"1/s\"}}"},
     "/timeline/1/workload/working_set: ends beyond the guest's used memory of 1048576 bytes, expected less"},
};

START_TEST(what_does_not_fit_is_refused_with_its_pointer)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Scenario) scenario = worlds_load(WORLDS_BASE, rows[_i].settings, &error);

    ck_assert_msg(!scenario, "%s is let through", rows[_i].message);
    ck_assert_msg(g_str_has_suffix(error->message, rows[_i].message), "%s\nexpected %s", error->message,
                  rows[_i].message);
}
END_TEST

/* At its very bounds each rule lets through. */
START_TEST(what_just_fits_is_let_through)
{
    static const char *const settings[][3] = {
        {"/guests/0/workload/working_set=4MiB"},
        {"/guests/0/used=4MiB"},
        {"/guests/0/host_page=4MiB"},
        {"/hosts/0/dom0_memory=123MiB"},
        {"/guests/0/phases=[{\"kind\":\"idle\",\"lasts\":\"1s\"},{\"kind\":\"idle\"}]"},
        {"/guests/0/kernel={\"pages\":100000,\"interval\":\"1ms\"}"},
        {"/switches/-={\"name\":\"t\"}", "/links/-={\"name\":\"st\",\"ends\":[\"s\",\"t\"]}"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(settings); i++) {
        g_autoptr(Scenario) scenario = worlds_load(WORLDS_BASE, settings[i], NULL);
        ck_assert_ptr_nonnull(scenario);
    }
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("scenario_check");

    tcase_add_loop_test(tcase, what_does_not_fit_is_refused_with_its_pointer, 0, G_N_ELEMENTS(rows));
    tcase_add_test(tcase, what_just_fits_is_let_through);
    return check_main("scenario_check", tcase, NULL);
}
