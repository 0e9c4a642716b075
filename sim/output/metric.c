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

    {"host.NAME.state", "at the end: up or lost"},
    {"host.NAME.free_bytes", "memory for guests that no domain holds at the end"},

    {"domain.NAME.state", "at the end: running, suspended, lost"},
    {"domain.NAME.host", "at the end"},
    {"domain.NAME.instances", "at the end, on all hosts; 0 when it was lost"},
    {NULL, NULL},
};

#define NAME_PATTERN "[A-Za-z0-9][A-Za-z0-9._-]*"
#define LEG_PATTERN  "(vm|vtpm|joint)"

static gboolean
matches(const Metric *metric, const char *name)
{
    g_autoptr(GString) pattern = g_string_new(metric->name);

    g_string_replace(pattern, ".", "\\.", 0);
    g_string_replace(pattern, "NAME", NAME_PATTERN, 0);
    g_string_replace(pattern, "LEG", LEG_PATTERN, 0);
    g_string_prepend(pattern, "^");
    g_string_append(pattern, "$");
    return g_regex_match_simple(pattern->str, name, 0, 0);
}

static gboolean
is_of_leg(const Metric *metric)
{
    return g_strrstr(metric->name, ".LEG.") != NULL;
}

const Metric *
metric_find(const char *name)
{
    const Metric *found = NULL;

    for (const Metric *metric = metrics; metric->name; metric++)
        if (matches(metric, name) && (!found || is_of_leg(metric)))
            found = metric;
    return found;
}
