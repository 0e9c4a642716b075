#include "sim/output/metric.h"

const Metric metrics[] = {
    {"run.end_s", "when the run ended, in simulated time"},

    {"migration.NAME.outcome", "\"completed\", or why not, as a word"},
    {"migration.NAME.outcome_text", "the same as a sentence; Algorithms 1 and 2 give their own texts"},
    {"migration.NAME.start_s", "when it began"},
    {"migration.NAME.total_s", "from its begin to its end, both legs of a sequential method"},
    {"migration.NAME.downtime_s", "how long the VM ran nowhere"},
    {"migration.NAME.source", "host"},
    {"migration.NAME.destination", "host"},

    {"migration.NAME.LEG.outcome", "as of the migration"},
    {"migration.NAME.LEG.total_s", "from the leg's begin to its end"},
    {"migration.NAME.LEG.downtime_s", "how long the leg's domains ran nowhere"},
    {"migration.NAME.LEG.live_rounds", "rounds sent while the domains ran"},
    {"migration.NAME.LEG.stopped_by", "which rule ended the live rounds"},
    {"migration.NAME.LEG.pages_drawn", "\"counted\": how many pages are dirty was drawn; \"each\": which"},
    {"migration.NAME.LEG.sent_pages", "in all rounds; a CUMP page counts once"},
    {"migration.NAME.LEG.data_pages", "pages of domains among them, sent with content"},
    {"migration.NAME.LEG.zero_pages", "pages of domains that were never written, sent as such"},
    {"migration.NAME.LEG.page_bytes", "on the wire for pages, with headers"},
    {"migration.NAME.LEG.pre_migration_s", "step 1: connecting, hand-shake, Algorithm 1's check"},
    {"migration.NAME.LEG.reservation_s", "step 2: memory and an empty domain at the destination, Algorithm 2's check"},
    {"migration.NAME.LEG.precopy_s", "step 3: the live rounds"},
    {"migration.NAME.LEG.stop_and_copy_s", "step 4: suspend, last round, device state"},
    {"migration.NAME.LEG.commitment_s", "step 5: the destination has everything and may go"},
    {"migration.NAME.LEG.pull_s", "post-copy: the guest runs at the destination and lacks pages"},
    {"migration.NAME.LEG.activation_s", "step 6: resume, then devices and clean-up"},
    {"migration.NAME.LEG.downtime.suspend_s", "of the downtime: stopping the domains"},
    {"migration.NAME.LEG.downtime.pages_s", "of the downtime: the last round"},
    {"migration.NAME.LEG.downtime.device_state_s", "of the downtime: processor and device state"},
    {"migration.NAME.LEG.downtime.commitment_s", "of the downtime: step 5"},
    {"migration.NAME.LEG.downtime.resume_s", "of the downtime: starting the domains"},

    {"migration.NAME.LEG.reported_total_s", "QEMU: total-time, until the last byte is in the source's socket"},
    {"migration.NAME.LEG.reported_downtime_s", "QEMU: downtime, until then; downtime_s is what the guest sees"},
    {"migration.NAME.LEG.syncs", "QEMU: dirty-sync-count"},
    {"migration.NAME.LEG.transferred_bytes", "QEMU: ram.transferred"},
    {"migration.NAME.LEG.throttle", "QEMU: share of the processor taken by auto-converge at the end"},
    {"migration.NAME.LEG.left_pages", "QEMU: pages still to send when it decided to stop"},
    {"migration.NAME.LEG.unlogged_pages", "QEMU: pages that differ because a write was not logged (TCG before 9.0)"},
    {"migration.NAME.LEG.fault_requests", "post-copy: pages that the guest asked for"},
    {"migration.NAME.LEG.fault_wait_s", "post-copy: how long it waited for them, in all"},
    {"migration.NAME.LEG.fault_wait_max_s", "post-copy: the longest wait for a page"},

    {"vtpm.NAME.commands_done", "commands answered"},
    {"vtpm.NAME.commands_failed", "commands that waited longer than the command timeout"},
    {"vtpm.NAME.unavailable_s", "while the VM ran and its vTPM could not serve it, in all"},
    {"vtpm.NAME.unavailable_max_s", "the longest such time"},
    {"vtpm.NAME.latency_p50_s", "half of the answered commands took no longer"},
    {"vtpm.NAME.latency_p99_s", "99 % of them took no longer"},
    {"vtpm.NAME.latency_max_s", "the longest answered command"},
    {"vtpm.NAME.pcr", "the register's content at the end"},
    {"vtpm.NAME.place", "at the end: with-vm, apart, lost, or vm-lost"},

    {"card.NAME.requests_per_s", "requests answered per second of the measured time"},
    {"card.NAME.throughput_bps", "their input, in bits per second"},
    {"card.NAME.done", "requests answered"},
    {"card.NAME.rejected", "requests above the card's packet limit"},
    {"card.NAME.refused", "requests that named another session's key"},
    {"card.NAME.dropped", "requests of open loads that found their queue full"},
    {"card.NAME.discarded", "requests computed for a session that had left"},
    {"card.NAME.latency_mean_s", "mean latency of an answered request, from asked to answered"},
    {"card.NAME.latency_p50_s", "half took no longer"},
    {"card.NAME.latency_p90_s", "90 % took no longer"},
    {"card.NAME.latency_p99_s", "99 % took no longer"},
    {"card.NAME.latency_p999_s", "99.9 % took no longer"},
    {"card.NAME.latency_max_s", "the longest"},
    {"card.NAME.fairness", "Jain's index over the sessions' rates: 1 when all are equal, 1/n when one has all"},
    {"card.NAME.bottleneck", "station with the highest utilization"},
    {"card.NAME.bottleneck_utilization", "its utilization; of a station that every VM has, the busiest VM's"},
    {"card.NAME.processors_utilization", "of the host's processors that the paths' software shares, when counted"},
    {"card.NAME.processors_queue_mean", "mean number of servers that wait for one of them"},
    {"card.NAME.stable", "\"no\": open loads ask some station for more than it can do"},
    {"card.NAME.offered_utilization", "the most that open loads ask of a station"},
    {"card.NAME.offered_station", "that station"},
    {"card.NAME.measured_s", "how long, after the warm-up"},
    {"card.NAME.warm_up_s", "what was not counted before that"},
    {"card.NAME.requests_per_s_mean", "mean of the batches"},
    {"card.NAME.requests_per_s_half_width", "half the width of its confidence interval"},
    {"card.NAME.latency_s_mean", "mean of the batches"},
    {"card.NAME.latency_s_half_width", "half the width of its confidence interval"},
    {"card.NAME.steady", "measured until narrow: whether MSER-5 saw a steady state"},
    {"card.NAME.narrow", "measured until narrow: whether both intervals became narrow enough"},

    {"card_session.NAME.state", "at the end: open, waiting, travelling, crashed, lost, or refused-… with why"},
    {"card_session.NAME.reason", "why it was refused or crashed, as a sentence"},
    {"card_session.NAME.card", "where it is open, or was last"},
    {"card_session.NAME.requests_per_s", "requests answered per second of the measured time, on all cards"},
    {"card_session.NAME.throughput_bps", "their input, in bits per second"},
    {"card_session.NAME.done", "requests answered"},
    {"card_session.NAME.rejected", "requests above the card's packet limit"},
    {"card_session.NAME.refused", "requests that named another session's key"},
    {"card_session.NAME.dropped", "requests of an open load that found its queue full"},
    {"card_session.NAME.latency_mean_s", "mean latency of an answered request, from asked to answered"},
    {"card_session.NAME.latency_p50_s", "half took no longer"},
    {"card_session.NAME.latency_p90_s", "90 % took no longer"},
    {"card_session.NAME.latency_p99_s", "99 % took no longer"},
    {"card_session.NAME.latency_p999_s", "99.9 % took no longer"},
    {"card_session.NAME.latency_max_s", "the longest"},
    {"card_session.NAME.moves", "how often it opened on another card"},
    {"card_session.NAME.resubmitted", "requests asked again there"},
    {"card_session.NAME.drained_s", "how long its VM was kept running to have the last requests answered"},
    {"card_session.NAME.closed_s", "how long it was on no card while its VM was stopped"},

    {"socket.NAME.outcome", "of its connections: open, closed, refused, broken, lost, timed-out; mixed"},
    {"socket.NAME.end_s", "when the last of its connections ended; the run's end when one goes on"},
    {"socket.NAME.received_bytes", "bytes that its receivers got, all connections"},
    {"socket.NAME.messages", "messages received whole; of requests, answers"},
    {"socket.NAME.throughput_Bps", "received bytes over the time from its start to its end"},
    {"socket.NAME.memory_bytes", "of the received bytes, those from shared memory"},
    {"socket.NAME.memory_s", "how long a connection was on shared memory, mean"},
    {"socket.NAME.tcp_s", "how long it was on TCP, mean"},
    {"socket.NAME.path_switches", "changes between the two, all connections"},
    {"socket.NAME.copies_per_byte", "how often a received byte was copied, mean; more than a path's after a resend"},
    {"socket.NAME.vm_switches_per_byte", "switches between guest and VMM over received bytes"},
    {"socket.NAME.broken_in_flight_bytes", "bytes in connections that broke: sent and never received"},
    {"socket.NAME.connections_lost_bytes", "connections in which a byte was lost; 0 but for the literal reading"},
    {"socket.NAME.connections_repeated_bytes", "connections in which a byte came twice; likewise"},
    {"socket.NAME.connections_reordered_bytes", "connections in which a byte came out of order; likewise"},
    {"socket.NAME.connections_stuck", "connections in which both ends wait for ever; likewise"},
    {"socket.NAME.PERIOD.duration_s", "how long the period lasted"},
    {"socket.NAME.PERIOD.throughput_Bps", "bytes received in it over its duration"},
    {"socket.NAME.PERIOD.messages_per_s", "messages received in it over its duration"},
    {"socket.NAME.PERIOD.stall_s", "the longest time without a byte that began in it, pauses included"},
    {"socket.NAME.PERIOD.latency_p50_s",
     "of its messages from the call to the last byte, half took no longer; requests: "
     "to the answer"},
    {"socket.NAME.PERIOD.latency_p99_s", "99 % of them took no longer"},
    {"socket.NAME.PERIOD.latency_max_s", "the longest"},

    {"host.NAME.state", "at the end: up or lost"},
    {"host.NAME.free_bytes", "memory for guests that no domain holds at the end"},

    {"domain.NAME.state", "at the end: running, suspended, lost"},
    {"domain.NAME.host", "at the end"},
    {"domain.NAME.instances", "at the end, on all hosts; 0 when it was lost"},
    {"domain.NAME.layout", "where its used pages lie: linux or prefix; only of a guest with zero pages"},
    {NULL, NULL},
};

#define NAME_PATTERN   "[A-Za-z0-9][A-Za-z0-9._-]*"
#define LEG_PATTERN    "(vm|vtpm|joint)"
#define PERIOD_PATTERN "(before|during\\." NAME_PATTERN "|after\\." NAME_PATTERN ")"

static gboolean
matches(const Metric *metric, const char *name)
{
    g_autoptr(GString) pattern = g_string_new(metric->name);

    g_string_replace(pattern, ".", "\\.", 0);
    g_string_replace(pattern, "NAME", NAME_PATTERN, 0);
    g_string_replace(pattern, "LEG", LEG_PATTERN, 0);
    g_string_replace(pattern, "PERIOD", PERIOD_PATTERN, 0);
    g_string_prepend(pattern, "^");
    g_string_append(pattern, "$");
    return g_regex_match_simple(pattern->str, name, 0, 0);
}

static gboolean
is_of_part(const Metric *metric)
{
    return g_strrstr(metric->name, ".LEG.") != NULL || g_strrstr(metric->name, ".PERIOD.") != NULL;
}

const Metric *
metric_find(const char *name)
{
    const Metric *found = NULL;

    for (const Metric *metric = metrics; metric->name; metric++)
        if (matches(metric, name) && (!found || is_of_part(metric)))
            found = metric;
    return found;
}
