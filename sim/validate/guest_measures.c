#include "sim/validate/guest_measures.h"

#define VTPM    GUEST_WATCH_VTPM
#define CLIENTS GUEST_WATCH_CLIENTS
#define BOTH    (GUEST_WATCH_VTPM | GUEST_WATCH_CLIENTS)

/* A retransmission's time-out doubles: what is nearer to this step than to its neighbours is within a root of two. */
#define STEP_PERCENT 41

const GuestMeasure guest_measures[N_GUEST_MEASURES] = {
    [COUNTER_TOTAL] = {"total_ms", "total ms", BOTH, .percent = 2},
    [COUNTER_PAGES] = {"pages", "pages", BOTH, .percent = 2},
    [COUNTER_DOWNTIME] = {"downtime_ms", "downtime ms", BOTH, .percent = 15, .off = 50},
    [COUNTER_SYNCS] = {"syncs", "syncs", BOTH, .off = 1},
    /* from the source's stop to the destination's resume, by QEMU's events and the host's clock */
    [GUEST_STOPPED] = {"stopped_ms", "stopped ms", BOTH, "stamps", "stopped_ms", NULL, "migration.guest.stopped_s",
                       NULL, 1e3, 5, 20},
    [GUEST_GAP] = {"longest_gap_ms", "longest gap ms", VTPM, "called", "longest_gap_ms", NULL,
                   "application.program.response_max_s", NULL, 1e3, 5, 20},
    [GUEST_DELAYED] = {"delayed_calls", "calls delayed", VTPM, "called", "calls_delayed", NULL,
                       "application.program.delayed", NULL, 1, 0, 1},
    [GUEST_WITHOUT] = {"without_s", "without vTPM s", VTPM, "called", "without_s", NULL,
                       "application.program.delayed_s", NULL, 1, 5, 0.02},
    [GUEST_BLACKOUT] = {"blackout_ms", "blackout ms", CLIENTS, "felt/ping", "blackout_ms", NULL,
                        "probe.ping.blackout_s", NULL, 1e3, 10, 20},
    [GUEST_UDP_LOST] = {"udp_lost", "UDP requests lost", CLIENTS, "felt/udp/all", "lost", NULL,
                        "application.server.lost", NULL, 1, 10, 5},
    [GUEST_P99_BEFORE] = {"udp_p99_before_ms", "p99 before ms", CLIENTS, "felt/udp/before", "p99_ms", NULL,
                          "application.server.before.response_p99_s", NULL, 1e3, 30, 0},
    [GUEST_P99_DURING] = {"udp_p99_during_ms", "p99 during ms", CLIENTS, "felt/udp/during", "p99_ms", NULL,
                          "application.server.during.response_p99_s", NULL, 1e3, 30, 0},
    [GUEST_P99_RISE] = {"udp_p99_rise_ms", "rise of p99 ms", CLIENTS, "felt/udp/during", "p99_ms", "felt/udp/before",
                        "application.server.during.response_p99_s", "application.server.before.response_p99_s", 1e3, 30,
                        0},
    [GUEST_TCP_STEP] = {"tcp_step_ms", "TCP's step ms", CLIENTS, "felt/tcp", "step_ms", NULL, "probe.tcp.longest_s",
                        NULL, 1e3, STEP_PERCENT, 0},
    [GUEST_CONNECT_STEP] = {"connect_step_ms", "connecting ms", CLIENTS, "felt/connect", "step_ms", NULL,
                            "probe.connect.longest_s", NULL, 1e3, STEP_PERCENT, 0},
};
