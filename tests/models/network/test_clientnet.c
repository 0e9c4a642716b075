/* What clients see of a guest that moves, held to closed forms. */
#include "models/network/clientnet.h"
#include "tests/check_main.h"

#include <math.h>

/* Hosts A and B, and C without the guest, at one switch, where the client is. */
enum { A, B, C, SWITCH, NODES };

#define STOP_S 10.0
#define DOWN_S 0.3
#define RUN_S  (STOP_S + DOWN_S)
#define LONG_S 1000.0

typedef struct {
    Announcement announcement;
    const Controller *controller;
    double ageing_s, delay_s;
    double speaks_after_s;
    guint64 seed;
} Setting;

static Setting
usual(void)
{
    return (Setting){announcement_default(), NULL, 300, 0, INFINITY, 1};
}

static Fabric *
star(const Setting *setting)
{
    Fabric *fabric = fabric_new(NODES);

    for (guint node = 0; node < NODES; node++)
        fabric_set_table(fabric, node, setting->ageing_s, setting->delay_s);
    for (guint host = A; host <= C; host++)
        ck_assert(fabric_join(fabric, SWITCH, host));
    return fabric;
}

static ClientNet *
net_on(Fabric *fabric, const Setting *setting)
{
    ClientNet *net = clientnet_new(fabric, &setting->announcement, setting->controller);
    WhereaboutsGuest guest = {setting->speaks_after_s, INFINITY};

    random_init(&guest.losses, setting->seed, "announcements", "vm");
    random_init(&guest.delays, setting->seed, "controller", "vm");
    clientnet_add_guest(net, &guest);
    return net;
}

static ClientNet *
net_of(const Setting *setting)
{
    return net_on(star(setting), setting);
}

/* The guest moves from A to B, where for so long it only keeps what comes. */
static void
move_and_keep(ClientNet *net, double keeps_s)
{
    clientnet_guest_runs(net, 0, A, 0, 0);
    ck_assert(clientnet_advance(net, STOP_S));
    clientnet_guest_stops(net, 0, STOP_S);
    ck_assert(clientnet_advance(net, RUN_S));
    clientnet_guest_runs(net, 0, B, RUN_S, RUN_S + keeps_s);
    ck_assert(clientnet_advance(net, LONG_S));
    clientnet_finish(net, LONG_S);
}

static void
move(ClientNet *net)
{
    move_and_keep(net, 0);
}

static const WhereaboutsMove *
the_move(const ClientNet *net)
{
    ck_assert_uint_eq(clientnet_moves(net)->len, 1);
    return &g_array_index(clientnet_moves(net), WhereaboutsMove, 0);
}

/* A ping each 10 ms, the first one half an interval from any round date: 7 µs to the guest and back. */
static ProbeConfig
ping(void)
{
    return (ProbeConfig){.kind = PROBE_PING,
                         .start_s = 0.005,
                         .end_s = INFINITY,
                         .interval_s = 0.01,
                         .timeout_s = INFINITY,
                         .rtt_s = 7e-6,
                         .timer = tcp_timer_default(7e-6)};
}

typedef struct {
    const char *what;
    Setting setting;
    double reachable_s; /* after it runs at B; NAN: never */
    WhereaboutsCause cause;
} Case;

static const double second_only[] = {1.5};
static const Controller slow = {.begins = CONTROLLER_AT_RESUME, .law = CONTROLLER_CONSTANT, .low_s = 18};
static const Controller slow_at_frame = {.begins = CONTROLLER_AT_FRAME, .law = CONTROLLER_CONSTANT, .low_s = 18};

#define QEMU                                                                                                           \
    {                                                                                                                  \
        .kind = ANNOUNCEMENT_QEMU, .initial_s = 0.05, .step_s = 0.1, .max_s = 0.55, .rounds = 5                        \
    }
#define NONE                                                                                                           \
    {                                                                                                                  \
        .kind = ANNOUNCEMENT_NONE                                                                                      \
    }
#define AT                                                                                                             \
    {                                                                                                                  \
        .kind = ANNOUNCEMENT_LIST, .at_s = second_only, .n_at = 1                                                      \
    }

/* The last frame that the switch heard from A is the answer to the ping at 9.995 s. */
#define AGES_S (9.995 + 3.5e-6 + 300 - RUN_S)

static const Case cases[] = {
    {"the first announcement", {QEMU, NULL, 300, 0, INFINITY, 1}, 0, WHEREABOUTS_ANNOUNCEMENT},
    {"learning takes its time", {QEMU, NULL, 300, 0.4, INFINITY, 1}, 0.4, WHEREABOUTS_ANNOUNCEMENT},
    {"announced later", {AT, NULL, 300, 0.25, INFINITY, 1}, 1.75, WHEREABOUTS_ANNOUNCEMENT},
    {"its own frame first", {AT, NULL, 300, 0.25, 0.6, 1}, 0.85, WHEREABOUTS_OWN_FRAME},
    {"its own frame", {NONE, NULL, 300, 0, 2.5, 1}, 2.5, WHEREABOUTS_OWN_FRAME},
    {"nobody says anything", {NONE, NULL, 300, 0, INFINITY, 1}, AGES_S, WHEREABOUTS_AGEING},
    {"ageing before its own frame", {NONE, NULL, 300, 0, 400, 1}, AGES_S, WHEREABOUTS_AGEING},
    {"no entry ages", {NONE, NULL, INFINITY, 0, INFINITY, 1}, NAN, WHEREABOUTS_NEVER},
    {"old entries are gone", {NONE, NULL, 0.1, 0, INFINITY, 1}, 0, WHEREABOUTS_AT_ONCE},
    {"a controller", {QEMU, &slow, 300, 0, INFINITY, 1}, 18, WHEREABOUTS_CONTROLLER},
    {"a controller that listens", {AT, &slow_at_frame, 300, 0, INFINITY, 1}, 19.5, WHEREABOUTS_CONTROLLER},
    {"a controller that hears nothing", {NONE, &slow_at_frame, 300, 0, INFINITY, 1}, NAN, WHEREABOUTS_NEVER},
};

/* Pings that come meanwhile are not lost, but answered later than usual: none is missing for longer, and TCP's segment
 * that comes then is answered by its transmission, which is not sent again. */
START_TEST(what_comes_before_it_runs_is_answered_when_it_does)
{
    enum { PINGS = 35 };
    const Setting setting = usual();
    const ProbeConfig config = ping();
    ProbeConfig tcp = {.kind = PROBE_TCP,
                       .end_s = INFINITY,
                       .interval_s = 0.01,
                       .timeout_s = INFINITY,
                       .rtt_s = 7e-6,
                       .timer = tcp_timer_default(7e-6)};
    guint64 lost[2];
    double longest_s[2];

    for (guint i = 0; i < 2; i++) {
        g_autoptr(ClientNet) net = net_of(&setting);
        clientnet_add_probe(net, &config, 0, SWITCH);
        clientnet_add_probe(net, &tcp, 0, SWITCH);
        move_and_keep(net, i * PINGS * 0.01);
        lost[i] = clientnet_seen(net, 0)->lost;
        longest_s[i] = clientnet_seen(net, 1)->longest_s;
        ck_assert_double_eq(the_move(net)->resumed_s, RUN_S);
        ck_assert_double_eq_tol(clientnet_seen(net, 0)->blackout_s, DOWN_S + i * PINGS * 0.01, 0.0101);
        ck_assert_uint_eq(clientnet_seen(net, 0)->answered + lost[i], clientnet_seen(net, 0)->sent);
    }
    ck_assert_uint_eq(lost[1], lost[0]);     /* though it answers so much later */
    ck_assert_double_lt(longest_s[0], 0.45); /* the step of 412 ms */
    ck_assert_double_eq_tol(longest_s[1], DOWN_S + PINGS * 0.01, 0.0101);
}
END_TEST

/* Exactly, and as the pings see it: to one interval. */
START_TEST(blackout_is_downtime_then_announcement_then_learning)
{
    const Case *it = &cases[_i];
    const ProbeConfig config = ping();
    g_autoptr(ClientNet) net = net_of(&it->setting);
    clientnet_add_probe(net, &config, 0, SWITCH);
    move(net);

    const WhereaboutsMove *seen = the_move(net);
    const ProbeSeen *client = clientnet_seen(net, 0);
    const double lasted_s = (isnan(it->reachable_s) ? LONG_S - RUN_S : it->reachable_s) + DOWN_S;
    ck_assert_msg(seen->cause == it->cause, "%s: %d", it->what, seen->cause);
    ck_assert_double_eq(seen->stopped_s, STOP_S);
    ck_assert_double_eq(seen->resumed_s, RUN_S);
    if (isnan(it->reachable_s))
        ck_assert_double_nan(seen->reachable_s);
    else
        ck_assert_double_eq_tol(seen->reachable_s - RUN_S, it->reachable_s, 1e-9);
    ck_assert_msg(fabs(client->blackout_s - lasted_s) <= config.interval_s, "%s: %g s", it->what, client->blackout_s);
    ck_assert_double_eq_tol((double)client->lost, lasted_s / config.interval_s, 1);
    ck_assert_uint_eq(client->sent, client->answered + client->lost);
    ck_assert_uint_eq(client->waits->len, 1);
}
END_TEST

/* What each kind of client feels of a blackout of so long: measured on Linux 6.18, facts in docs/models/network.md. The
 * client asks each 10 ms, so that it is at most that much later than the stop that it asks. */
typedef struct {
    ProbeKind kind;
    double blackout_s, felt_s;
    guint step;
} Felt;
static const Felt felt[] = {
    {PROBE_TCP, 0.5, 0.84, 3}, {PROBE_TCP, 1.0, 1.68, 4},    {PROBE_TCP, 2.0, 3.34, 5},
    {PROBE_TCP, 3.5, 6.64, 6}, {PROBE_CONNECT, 3.5, 4.1, 4},
};

START_TEST(a_blackout_is_felt_to_the_next_step_of_the_ladder)
{
    const Felt *it = &felt[_i];
    ProbeConfig config = ping();
    Setting setting = usual();
    config.kind = it->kind;
    setting.announcement.delay_s = it->blackout_s - DOWN_S;
    g_autoptr(ClientNet) net = net_of(&setting);
    clientnet_add_probe(net, &config, 0, SWITCH);
    move(net);

    const ProbeSeen *client = clientnet_seen(net, 0);
    ck_assert_double_eq_tol(client->longest_s, it->felt_s, 0.02 * it->felt_s);
    ck_assert_uint_eq(client->longest_step, it->step);
    ck_assert_uint_eq(client->gave_up, 0);
    if (it->kind == PROBE_TCP) {
        ck_assert_double_eq_tol(client->blackout_s, client->longest_s - config.rtt_s, 1e-9);
        ck_assert_uint_eq(client->waits->len, 1);
        ck_assert_uint_eq(client->lost, it->step);
    }
}
END_TEST

/* 1 - loss^k of the moves are announced by the k-th frame. 4,000 moves; 0.05: six standard errors of one half. */
START_TEST(announcements_are_lost_each_by_itself)
{
    enum { MOVES = 4000 };
    const double at_s[] = {0, 0.05, 0.2, 0.45, 0.8};
    guint by[6] = {0};

    for (guint seed = 0; seed < MOVES; seed++) {
        Setting setting = usual();
        setting.announcement.loss = 0.5;
        setting.seed = seed;
        g_autoptr(ClientNet) net = net_of(&setting);
        ProbeConfig config = ping();
        config.interval_s = 70; /* no request as the entries grow too old */
        clientnet_add_probe(net, &config, 0, SWITCH);
        move(net);
        guint k = 0;
        while (k < 5 && !(fabs(the_move(net)->reachable_s - RUN_S - at_s[k]) < 1e-9))
            k++;
        by[k]++;
        ck_assert(k < 5 || the_move(net)->cause == WHEREABOUTS_AGEING);
    }
    for (guint k = 0, sum = 0; k < 5; k++) {
        sum += by[k];
        ck_assert_double_eq_tol((double)sum / MOVES, 1 - pow(0.5, k + 1), 0.05);
    }
}
END_TEST

/* The client at A's own bridge: its port to the guest is gone, the frames go up, and the switch sends none of them back
 * down; one at B has it at home only when B's bridge has heard so. */
START_TEST(clients_at_the_hosts_find_it_when_the_switch_knows)
{
    const guint places[] = {A, B, C};

    for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
        Setting setting = usual();
        setting.announcement.delay_s = 2;
        const ProbeConfig config = ping();
        g_autoptr(ClientNet) net = net_of(&setting);
        clientnet_add_probe(net, &config, 0, places[i]);
        move(net);
        ck_assert_double_eq_tol(the_move(net)->reachable_s, RUN_S + 2, 1e-9);
    }
}
END_TEST

/* A's bridge forgets nothing by itself; that the guest is not behind its own port any more, it knows at once. */
START_TEST(the_host_that_a_guest_has_left_sends_its_frames_on)
{
    Setting setting = usual();
    const ProbeConfig config = ping();
    setting.announcement.kind = ANNOUNCEMENT_NONE;
    setting.ageing_s = 5;
    Fabric *fabric = star(&setting);
    fabric_set_table(fabric, A, INFINITY, 0);
    g_autoptr(ClientNet) net = net_on(fabric, &setting);
    clientnet_add_probe(net, &config, 0, A);
    move(net);
    ck_assert_double_eq(the_move(net)->reachable_s, RUN_S);
}
END_TEST

START_TEST(a_guest_that_moves_on_before_it_was_found_is_not_found)
{
    Setting setting = usual();
    setting.announcement.delay_s = 2;
    const ProbeConfig config = ping();
    g_autoptr(ClientNet) net = net_of(&setting);
    clientnet_add_probe(net, &config, 0, SWITCH);
    clientnet_guest_runs(net, 0, A, 0, 0);
    const guint hosts[] = {B, C};
    for (guint i = 0; i < 2; i++) {
        ck_assert(clientnet_advance(net, 10 + i));
        clientnet_guest_stops(net, 0, 10 + i);
        ck_assert(clientnet_advance(net, 10.5 + i));
        clientnet_guest_runs(net, 0, hosts[i], 10.5 + i, 10.5 + i);
    }
    ck_assert(clientnet_advance(net, 20));
    const GArray *moves = clientnet_moves(net);
    ck_assert_uint_eq(moves->len, 2);
    ck_assert_int_eq(g_array_index(moves, WhereaboutsMove, 0).cause, WHEREABOUTS_NEVER);
    ck_assert_double_nan(g_array_index(moves, WhereaboutsMove, 0).announced_s);
    ck_assert_double_eq_tol(g_array_index(moves, WhereaboutsMove, 1).reachable_s, 13.5, 1e-9);
}
END_TEST

/* A stop without a move: nothing has to be learned. */
START_TEST(a_guest_that_stays_is_found_as_it_runs)
{
    const Setting setting = usual();
    const ProbeConfig config = ping();
    g_autoptr(ClientNet) net = net_of(&setting);
    clientnet_add_probe(net, &config, 0, SWITCH);
    clientnet_guest_runs(net, 0, A, 0, 0);
    ck_assert(clientnet_advance(net, 10));
    clientnet_guest_stops(net, 0, 10);
    ck_assert(clientnet_advance(net, 12));
    clientnet_guest_runs(net, 0, A, 12, 12);
    ck_assert(clientnet_advance(net, 20));
    ck_assert_uint_eq(clientnet_moves(net)->len, 0);
    ck_assert_uint_eq(clientnet_seen(net, 0)->lost, 200);
    ck_assert_double_eq_tol(clientnet_seen(net, 0)->blackout_s, 2, 1e-9);
}
END_TEST

/* A client's own time limit, then a new connection: its SYN finds the guest at 8 s at the earliest, by its ladder
 * 1 2 3 4 5 7 s after the request that began it. */
START_TEST(a_client_that_gives_up_connects_anew)
{
    ProbeConfig config = ping();
    Setting setting = usual();
    config.kind = PROBE_TCP;
    config.timeout_s = 5;
    config.timer.tick_s = 0;
    setting.announcement.delay_s = 8;
    g_autoptr(ClientNet) net = net_of(&setting);
    clientnet_add_probe(net, &config, 0, SWITCH);
    move(net);

    const ProbeSeen *client = clientnet_seen(net, 0);
    ck_assert_uint_eq(client->gave_up, 1);
    ck_assert_uint_eq(client->waits->len, 2);
    const ProbeWait *first = &g_array_index(client->waits, ProbeWait, 0), *then = first + 1;
    ck_assert_int_eq(first->end, PROBE_GAVE_UP);
    ck_assert_double_eq_tol(first->to_s - first->from_s, 5, 1e-9);
    /* the gap to the next request is the interval; asked at about 15 s, the SYN again at 16, 17, 18, 19: found at 18.3
     */
    ck_assert_double_eq_tol(then->from_s, first->to_s + config.interval_s, 1e-9);
    ck_assert_double_eq_tol(then->to_s - then->from_s, 4 + 2 * config.rtt_s, 1e-9);
    ck_assert_uint_eq(then->lost, 4);
    ck_assert_uint_eq(client->longest_step, 0); /* of the request itself, once the connection was open */
    ck_assert_double_eq_tol(client->blackout_s, then->to_s - first->from_s + config.rtt_s - config.rtt_s, 1e-4);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("clientnet");

    tcase_add_loop_test(tcase, blackout_is_downtime_then_announcement_then_learning, 0, G_N_ELEMENTS(cases));
    tcase_add_loop_test(tcase, a_blackout_is_felt_to_the_next_step_of_the_ladder, 0, G_N_ELEMENTS(felt));
    tcase_add_test(tcase, what_comes_before_it_runs_is_answered_when_it_does);
    tcase_add_test(tcase, announcements_are_lost_each_by_itself);
    tcase_add_test(tcase, clients_at_the_hosts_find_it_when_the_switch_knows);
    tcase_add_test(tcase, the_host_that_a_guest_has_left_sends_its_frames_on);
    tcase_add_test(tcase, a_guest_that_moves_on_before_it_was_found_is_not_found);
    tcase_add_test(tcase, a_guest_that_stays_is_found_as_it_runs);
    tcase_add_test(tcase, a_client_that_gives_up_connects_anew);
    return check_main("clientnet", tcase, NULL);
}
