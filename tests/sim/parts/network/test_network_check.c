/* What is refused of a client network, and in which words. */
#include "tests/sim/world/worlds.h"

#define BASE                                                                                                           \
    "{'name': 'bad', 'run_until': '10s', 'hosts': [{'name': 'a'}, {'name': 'b'}],"                                     \
    " 'guests': [{'name': 'vm', 'host': 'a', 'memory': '4MiB'}, {'name': 'other', 'host': 'a', 'memory': '4MiB'}],"    \
    " 'client_network': {'switches': [{'name': 's', 'attached': ['a', 't']}, {'name': 't', 'attached': ['b']}],"       \
    "   'addresses': [{'guest': 'vm', 'address': '52:54:00:00:00:0a'}, {'guest': 'other'}],"                           \
    "   'probes': [{'name': 'p', 'kind': 'tcp', 'guest': 'vm', 'interval': '10ms'}]}}"

typedef struct {
    const char *set;
    const char *message; /* part of it */
} Bad;

#define NET "/client_network/"

static const Bad bad[] = {
    {NET "switches/0/name=a", "/client_network/switches/0/name: \"a\" is a host already"},
    {NET "switches/1/attached=[\"b\",\"a\"]",
     "/client_network/switches/1/attached/1: \"a\" is attached to \"s\" already"},
    {NET "switches/1/attached=[\"b\",\"s\"]", "/client_network/switches/1/attached/1: \"s\" closes a ring"},
    {NET "switches/1/attached=[\"b\",\"t\"]", "/client_network/switches/1/attached/1: \"t\" closes a ring"},
    {NET "switches/0/attached=[\"a\"]", "/client_network/switches/1: no way leads to \"s\""},
    {NET "switches/1/attached=[]", "/client_network/switches: host \"b\" is attached to none"},
    {NET "switches/0/attached=[\"a\",\"x\"]", "/client_network/switches/0/attached/1: no \"x\" in"},
    {NET "switches/0/ageing=0s", "/client_network/switches/0/ageing: "},
    {NET "addresses/1/address=52:54:00:00:00:0A", "/client_network/addresses/1/address: is that of \"vm\" already"},
    {NET "addresses/1/address=52:54:00:00:00:0", "/client_network/addresses/1/address: is no address"},
    {NET "addresses/1/address=52:54:00:00:00:0a:1", "/client_network/addresses/1/address: is no address"},
    {NET "addresses/1/guest=vm", "/client_network/addresses/1/guest: \"vm\" has an entry already"},
    {NET "addresses/0/speaks_every=1s", "/client_network/addresses/0/speaks_every: there is no \"speaks_after\""},
    {NET "announce={\"initial\":\"0s\"}", "/client_network/announce/initial: "},
    {NET "announce={\"initial\":\"1s\"}", "/client_network/announce/max: is less than \"initial\""},
    {NET "announce={\"rounds\":0}", "/client_network/announce/rounds: "},
    {NET "announce={\"loss\":1.5}", "/client_network/announce/loss: "},
    {NET "announce={\"kind\":\"list\",\"at\":[]}", "/client_network/announce/at: "},
    {NET "announce={\"kind\":\"list\",\"at\":[\"1s\",\"1s\"]}", "/client_network/announce/at/1: is not later"},
    {NET "overlay={\"delay_is\":\"uniform\",\"from\":\"2s\",\"to\":\"1s\"}",
     "/client_network/overlay/to: is less than"},
    {NET "overlay={\"delay_is\":\"constant\"}", "delay"},
    {NET "probes/0/guest=nobody", "/client_network/probes/0/guest: no \"nobody\" in /guests"},
    {NET "probes/0/at=nowhere", "/client_network/probes/0/at: no \"nowhere\" in /hosts or /client_network/switches"},
    {NET "probes/0/kind=icmp", "/client_network/probes/0/kind: "},
    {NET "probes/0/interval=0s", "/client_network/probes/0/interval: "},
    {NET "probes/0/until=0s", "/client_network/probes/0/until: is not after \"start\""},
    {NET "probes/0/tcp/rto_min=10s", "/client_network/probes/0/tcp/rto_max: is less than \"rto_min\""},
    {"/run_until=100000s", "/client_network/probes/0/interval: makes 1e+09 requests"},
};

START_TEST(is_refused_in_one_line)
{
    const Bad *it = &bad[_i];
    const char *const sets[] = {it->set,
                                g_str_has_suffix(it->set, "rto_min=10s") ? NET "probes/0/tcp/rto_max=1s" : NULL, NULL};
    const char *const longer[] = {it->set, NET "probes/0/interval=100us", NULL};
    g_autoptr(GError) error = NULL;
    const Scenario *scenario = worlds_load(BASE, g_str_has_prefix(it->set, "/run") ? longer : sets, &error);

    ck_assert_msg(!scenario, "%s was taken", it->set);
    ck_assert_msg(strstr(error->message, it->message) && !strchr(error->message, '\n'), "%s: %s", it->set,
                  error->message);
}
END_TEST

START_TEST(the_base_is_fine)
{
    g_autoptr(Scenario) scenario = worlds_load(BASE, NULL, NULL);

    ck_assert_ptr_nonnull(scenario);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("network_check");

    tcase_add_test(tcase, the_base_is_fine);
    tcase_add_loop_test(tcase, is_refused_in_one_line, 0, G_N_ELEMENTS(bad));
    return check_main("network_check", tcase, NULL);
}
