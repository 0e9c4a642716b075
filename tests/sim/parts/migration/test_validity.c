/* `tandem check` warns of a migration for which its profile's constants do not hold. */
#include "tests/sim/world/worlds.h"

#define WORLD                                                                                                          \
    "{'name': 'validity',"                                                                                             \
    " 'hosts': [{'name': 'a', 'memory': '4TiB'}, {'name': 'b', 'memory': '4TiB'}],"                                    \
    " 'links': [{'name': 'l', 'ends': ['a', 'b'], 'bandwidth': '1Gbps'}],"                                             \
    " 'guests': [{'name': 'vm', 'host': 'a', 'memory': '8GiB'}],"                                                      \
    " 'timeline': [{'at': '1s', 'do': 'migrate', 'vm': 'vm', 'to': 'b', 'hypervisor': 'qemu-kvm'}]}"

#define KVM_OF_TODAY "/timeline/0/hypervisor=qemu-10-kvm"

#define EVACUATE "/timeline/0={\"at\":\"1s\",\"do\":\"evacuate\",\"host\":\"a\",\"hypervisor\":\"qemu-kvm\"}"

typedef struct {
    const char *settings[3];
    const char *says; /* NULL: nothing */
} ValidityRow;

static const ValidityRow rows[] = {
    {{"/seed=1"}, NULL},
    {{"/links/0/bandwidth=10Gbps"}, "up to 4000 Mb/s, and those of \"vm\" to \"b\" have at least 10000"},
    {{"/links/0/bandwidth=10Gbps", KVM_OF_TODAY}, NULL},
    {{"/links/0/bandwidth=10Gbps", "/links/0/bandwidth=100Mbps"}, NULL},
    {{"/guests/0/memory=32GiB"}, "guests up to 20 GiB, and \"vm\" has 32"},
    {{"/guests/0/memory=2TiB", KVM_OF_TODAY}, "guests up to 1024 GiB, and \"vm\" has 2048"},
    {{"/links/0/bandwidth=100Mbps", KVM_OF_TODAY}, "from 1000 Mb/s on, and those of \"vm\" to \"b\" have at most 100"},
    /* two of them side by side */
    {{"/links/0/bandwidth=500Mbps", "/links/0/cables=2", KVM_OF_TODAY}, NULL},
    {{"/links/0/bandwidth=10Gbps", "/timeline/0/hypervisor=xen-4.5"}, NULL}, /* nobody says where it holds */
    {{EVACUATE}, NULL},
    {{EVACUATE, "/links/0/bandwidth=10Gbps"},
     "up to 4000 Mb/s, and those of \"a\" and where its VMs may go have at least 10000"},
    {{EVACUATE, "/guests/0/memory=32GiB"}, "guests up to 20 GiB, and \"vm\" has 32"},
};

START_TEST(it_warns_where_it_is_certain)
{
    const ValidityRow *row = &rows[_i];
    g_autoptr(GPtrArray) warnings = NULL;
    const char *const settings[] = {row->settings[0], row->settings[1], row->settings[2], NULL};
    g_autoptr(Scenario) scenario = worlds_load_warned(WORLD, settings, &warnings, NULL);

    ck_assert_ptr_nonnull(scenario);
    ck_assert_uint_eq(warnings->len, row->says ? 1 : 0);
    if (!row->says)
        return;
    const char *warning = g_ptr_array_index(warnings, 0);
    ck_assert(g_str_has_prefix(warning, "/timeline/0/hypervisor: its constants hold for "));
    ck_assert_msg(strstr(warning, row->says), "%s", warning);
}
END_TEST

int
main(void)
{
    TCase *tests = tcase_create("validity");

    tcase_add_loop_test(tests, it_warns_where_it_is_certain, 0, G_N_ELEMENTS(rows));
    return check_main("validity", tests, NULL);
}
