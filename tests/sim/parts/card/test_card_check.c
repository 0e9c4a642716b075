/* Bad input about cards, paths, sessions and their measurement: every message. */
#include "tests/sim/world/worlds.h"

/* ' stands for " */
#define BASE                                                                                                           \
    "{'name': 'card', 'run_until': '10ms', 'hosts': [{'name': 'a'}, {'name': 'b'}],"                                   \
    " 'links': [{'name': 'l', 'ends': ['a', 'b']}],"                                                                   \
    " 'guests': [{'name': 'vm1', 'host': 'a'}, {'name': 'vm2', 'host': 'a'}],"                                         \
    " 'cards': [{'name': 'hsm', 'host': 'a', 'profile': 'sjk1828'}, {'name': 'soft', 'host': 'b',"                     \
    "            'profile': 'software-gmssl'}],"                                                                       \
    " 'card_paths': [{'name': 'iv', 'profile': 'ivshmem'}, {'name': 'vf', 'profile': 'sriov'},"                        \
    "                {'name': 'pt', 'profile': 'passthrough'},"                                                        \
    "                {'name': 'own', 'stations': [{'name': 'go', 'place': 'guest', 'direction': 'forward',"            \
    "                 'fixed': '1us'}, {'name': 'back', 'place': 'guest', 'direction': 'return'}]}],"                  \
    " 'card_sessions': [{'name': 's1', 'guest': 'vm1', 'card': 'hsm', 'path': 'iv',"                                   \
    "   'workload': {'kind': 'closed', 'mix': [{'algorithm': 'sm4'}, {'algorithm': 'sm1'}]}},"                         \
    "  {'name': 's2', 'card': 'hsm', 'path': 'own',"                                                                   \
    "   'workload': {'kind': 'poisson', 'rate': '10/s', 'mix': [{'algorithm': 'sm3'}]}}]}"

typedef struct {
    const char *setting;
    const char *message; /* after the file's name */
} BadSetting;

static const BadSetting bad_settings[] = {
    {"/card_sessions/0/workload/mix/0/algorithm=sm5",
     "/card_sessions/0/workload/mix/0/algorithm: is \"sm5\", expected one of sm1, sm2-sign, sm2-verify, "
     "sm2-encrypt, sm2-decrypt, sm3, sm4, deflate, inflate, echo (did you mean \"sm1\"?)"},
    {"/card_sessions/0/path=ivshm", "/card_sessions/0/path: no \"ivshm\" in /card_paths"},
    {"/card_paths/0/profile=ivshmen",
     "/card_paths/0/profile: no profile \"ivshmen\" in configs/paths, expected one of "},
    {"/card_paths/3/stations/0/held_until=bak",
     "/card_paths/3/stations: station go: held until a station that is not on the path, expected stations that a "
     "request can walk"},
    {"/card_paths/3/stations/1/name=go",
     "/card_paths/3/stations: station go: the name is there twice, expected stations that a request can walk"},
    {"/card_paths/3/stations/1/name=engine",
     "/card_paths/3/stations: station engine: the name is one of the card's own "
     "stations, expected stations that a request can walk"},
    {"/card_paths/3/stations/0/name=a,b", "/card_paths/3/stations/0/name: is no name, expected letters, digits, . _ -"},
    {"/card_paths/3/stations/0/fixed=-1us", "/card_paths/3/stations/0/fixed: "},
    {"/cards/0/engines/symmetric=0", "/cards/0/engines/symmetric: "},
    {"/cards/0/interrupt=-1us", "/cards/0/interrupt: "},
    {"/cards/0/processors=-1", "/cards/0/processors: "},
    {"/cards/0/processors=4097", "/cards/0/processors: "},
    {"/cards/0/processor_switch=-1us", "/cards/0/processor_switch: "},
    {"/cards/0/processor_switch=1us",
     "/cards/0: processors is 0 (always enough), expected 1 or more where they run guests, halt, or switches cost time, "
     "expected a card that works"},
    {"/cards/0/processors_run_guests=true", "/cards/0: processors is 0 (always enough), expected 1 or more"},
    {"/cards/0/host=b", "/card_sessions/0/card: is on host \"b\", expected a card on \"a\", where \"vm1\" is"},
    {"/cards/0/keys=[{\"slot\": 65, \"owner\": \"s1\"}]",
     "/cards/0/keys/0/slot: is 65, expected at most the card's 64 key slots"},
    {"/cards/0/keys=[{\"slot\": 1, \"owner\": \"s1\"}, {\"slot\": 1, \"owner\": \"s2\"}]",
     "/cards/0/keys/1/slot: has an owner already, expected another slot"},
    {"/cards/0/keys=[{\"slot\": 1, \"owner\": \"s3\"}]",
     "/cards/0/keys/0/owner: there is no such session, expected the name of one"},
    {"/card_sessions/0/workload/mix/0/key=65",
     "/card_sessions/0/workload/mix/0/key: is 65, expected at most the card's 64 key slots"},
    {"/card_sessions/1/guest=vm1",
     "/card_sessions/1/guest: \"vm1\" has a session already, expected a guest without one"},
    {"/card_sessions/0/copies=2", "/card_sessions/0/copies: the session is that of a guest, expected 1"},
    {"/card_sessions/1/card=soft", NULL},
    {"/card_sessions/1/workload/mix/0/bytes=16385B",
     "/card_sessions/1/workload/mix/0/bytes: is above the limit of 16384 bytes of card \"hsm\", expected a packet that "
     "it takes"},
    {"/card_sessions/1/workload/rate=0/s", "/card_sessions/1/workload/rate: "},
    {"/run_until=0s", "/run_until: the run has no length, expected how long the card sessions last"},
    {"/card_measurement/batch=0s", "/card_measurement/batch: "},
    {"/card_measurement/warm_up=10ms", "/card_measurement/warm_up: lasts to the end of the run, expected less"},
};

START_TEST(bad_input_is_named)
{
    const BadSetting *bad = &bad_settings[_i];
    const char *const settings[] = {bad->setting, NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(Scenario) scenario = worlds_load(BASE, settings, &error);

    if (!bad->message) {
        ck_assert_msg(scenario, "%s", error ? error->message : "");
        return;
    }
    ck_assert_ptr_null(scenario);
    const char *message = strstr(error->message, ".json: ");
    ck_assert_msg(message && g_str_has_prefix(message + 7, bad->message), "%s", error->message);
    ck_assert_msg(strstr(error->message, "expected"), "%s", error->message);
}
END_TEST

typedef struct {
    const char *const settings[4];
    const char *message;
} BadSettings;

static const BadSettings bad_pairs[] = {
    {{"/card_sessions/1/path=vf", "/card_sessions/1/copies=17"},
     "/card_sessions/1/path: more VMs than the 16 virtual functions of card \"hsm\", expected at most one for each"},
    {{"/card_sessions/1/path=pt", "/card_sessions/1/copies=2"},
     "/card_sessions/1/path: more VMs than path \"pt\" can serve, expected at most 1 on a card"},
    {{"/card_sessions/1/card=soft", "/card_sessions/1/workload/mix/0/algorithm=sm1"},
     "/card_sessions/1/workload/mix/0/algorithm: card \"soft\" has no sm1, expected an algorithm that it computes"},
    {{"/card_sessions/0/name=s2-1", "/card_sessions/1/copies=2"},
     "/card_sessions/1/name: \"s2\" is another session's, expected a name of its own"},
    {{"/card_measurement/until=narrow", "/card_sessions/1/start=1ms"},
     "/card_sessions/1/start: is above 0 beside \"narrow\", expected \"0s\""},
    {{"/card_measurement/until=narrow", "/timeline=[{\"at\": \"0s\", \"do\": \"fail-link\", \"link\": \"l\"}]"},
     "/card_measurement/until: is \"narrow\" beside a time line, expected \"run\""},
    {{"/card_measurement/batch=1ms", "/run_until=3h"},
     "/card_measurement/batch: makes more than 1000000 batches of the run, expected a longer one"},
};

START_TEST(parts_that_do_not_fit_are_named)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Scenario) scenario = worlds_load(BASE, bad_pairs[_i].settings, &error);

    ck_assert_msg(!scenario, "%s", bad_pairs[_i].message);
    const char *message = strstr(error->message, ".json: ");
    ck_assert_msg(message, "%s", error->message);
    ck_assert_str_eq(message + 7, bad_pairs[_i].message);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("card_check");

    g_setenv("TANDEM_DATA", TANDEM_SOURCE_DIR, TRUE);
    tcase_add_loop_test(tcase, bad_input_is_named, 0, G_N_ELEMENTS(bad_settings));
    tcase_add_loop_test(tcase, parts_that_do_not_fit_are_named, 0, G_N_ELEMENTS(bad_pairs));
    return check_main("card_check", tcase, NULL);
}
