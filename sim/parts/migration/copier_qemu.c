#include "sim/parts/migration/copier_qemu.h"

#include "models/migration/qemu.h"
#include "models/migration/qemu_file.h"
#include "sim/specs/reject.h"

#include <math.h>

/* ---- its keys ---- */

/* A limit of no downtime at all ends QEMU's pre-copy after one pass over memory, without a look at the log at whose
 * end other rules would be asked (docs/models/qemu.md, "At the edges"). */
static gboolean
check_rules_are_asked(const HypervisorSpec *spec, guint index, GError **error)
{
    const char *key = policy_other_rule(&spec->policy);

    if (!key || spec->policy.downtime_limit_s > 0 || spec->policy.downtime_step_s > 0)
        return TRUE;
    return reject(
        error,
        "/timeline/%u/hypervisor/%s: is never looked at, as a downtime_limit of 0s ends QEMU's pre-copy after "
        "one pass, expected no such rule or a longer limit",
        index, key);
}

/* What only multifd has, and several channels. */
static gboolean
check_multifd(const HypervisorSpec *spec, guint index, GError **error)
{
    const StreamRules *stream = &spec->stream;

    if (stream->packet_pages > 0 && stream->channels == 0)
        return reject(error, "/timeline/%u/hypervisor/packet_pages: is multifd's, expected channels", index);
    if (spec->qemu.rules.zero_pages == ZERO_PAGES_MAIN || stream_sends_apart(stream))
        return TRUE;
    return reject(error,
                  "/timeline/%u/hypervisor/zero_pages: is multifd's, expected channels of at least 2, or packet_pages",
                  index);
}

/* migrate_caps_check, since 8.1: dirty-limit wants KVM's dirty ring, and no auto-converge. */
static gboolean
check_dirty_limit(const QemuKeys *keys, guint index, GError **error)
{
    if (!keys->dirty_limit)
        return TRUE;
    if (keys->auto_converge)
        return reject(error,
                      "/timeline/%u/hypervisor/dirty_limit: beside auto_converge, whose place it takes, "
                      "expected one of them",
                      index);
    return !keys->rules.sync_waits ||
           reject(error,
                  "/timeline/%u/hypervisor/dirty_limit: is of KVM's dirty ring, expected no TCG (sync_waits false)",
                  index);
}

static gboolean
check(const HypervisorSpec *spec, guint index, GError **error)
{
    const QemuKeys *keys = &spec->qemu;
    const ThrottleRules *throttle = keys->auto_converge;

    if (keys->buffer_most_bytes < keys->buffer_least_bytes)
        return reject(error, "/timeline/%u/hypervisor/buffer_most: is below buffer_least, expected at least that",
                      index);
    if (throttle && throttle->most < throttle->first)
        return reject(error, "/timeline/%u/hypervisor/auto_converge/most: is below first, expected at least that",
                      index);
    return check_multifd(spec, index, error) && check_dirty_limit(keys, index, error) &&
           check_rules_are_asked(spec, index, error);
}

/* By post-copy. */
static gboolean
pulls(const HypervisorSpec *spec)
{
    return !isnan(spec->qemu.rules.postcopy_after_s) || spec->qemu.rules.postcopy_syncs > 0 ||
           spec->at_time_limit == TIME_UP_POSTCOPY;
}

static const char *
pull_key(const HypervisorSpec *spec)
{
    const QemuRules *rules = &spec->qemu.rules;

    return rules->preempt                      ? "postcopy_preempt"
           : rules->postcopy_bandwidth_Bps > 0 ? "postcopy_bandwidth"
           : !isnan(spec->recovery_s)          ? "recovery"
                                               : NULL;
}

/* Dirty-limit takes what it sees out of the log. */
static gboolean
watches_pages(const HypervisorSpec *spec)
{
    return spec->qemu.dirty_limit != NULL;
}

/* Of TCG before 9.0. */
static guint
unlogged_entries(const HypervisorSpec *spec)
{
    return spec->qemu.translation_entries;
}

static double
page_work_s(const HypervisorSpec *spec, gboolean joint G_GNUC_UNUSED)
{
    return spec->page.work_s;
}

static double
work_s(const HypervisorSpec *spec, gboolean joint G_GNUC_UNUSED, const CopyTotals *totals)
{
    return spec->page.work_s * (double)totals->data_pages +
           spec->qemu.rules.zero_page_work_s * (double)totals->zero_pages;
}

/* Of a page, in the thread that sends it: without multifd the one that looks for pages. */
static double
sending_s(const HypervisorSpec *spec, const PageCost *page, double page_bytes)
{
    const StreamRules *stream = &spec->stream;

    return stream_send_spB(stream) * page_cost_bytes(page, page_bytes) + stream_compress_s(stream, page_bytes);
}

/* ---- its machine ---- */

/* What a run draws of its socket. */
static void
draw_socket(const QemuKeys *keys, const CopierGuest *guest, QemuRules *rules)
{
    RandomStream stream;

    random_init(&stream, guest->seed, "stream", guest->name);
    rules->buffer_bytes =
        keys->buffer_least_bytes + (keys->buffer_most_bytes - keys->buffer_least_bytes) * random_unit(&stream);
    rules->throttle_phase = random_unit(&stream);
    rules->burst_s = keys->burst_least_s + (keys->burst_most_s - keys->burst_least_s) * random_unit(&stream);
    rules->phases = stream;
}

static XbzrleRules
xbzrle_rules(const Compression *compression, const CopierGuest *guest, double page_bytes)
{
    XbzrleRules rules = {.slots = 0};

    if (!compression || compression->method != COMPRESSION_XBZRLE)
        return rules;
    rules.slots = (guint64)(compression->cache_bytes / page_bytes);
    rules.write_bytes = (guint)(isnan(guest->write_bytes) ? page_bytes : guest->write_bytes);
    rules.encode_s = isnan(compression->rate_Bps) ? 0 : page_bytes / compression->rate_Bps;
    random_init(&rules.random, guest->seed, "xbzrle", guest->name);
    return rules;
}

static gpointer new (const HypervisorSpec *spec, const CopierGuest *guest, const PageSet *pages)
{
    const QemuKeys *keys = &spec->qemu;
    QemuRules rules = keys->rules;

    rules.policy = spec->policy;
    if (guest->stopped)
        rules.policy.max_rounds = 0;
    rules.page = spec->page;
    rules.page.ratio = stream_compresses_pages(&spec->stream) ? guest->ratio : 1;
    const double send_s = sending_s(spec, &rules.page, pages->page_bytes);
    *(stream_sends_apart(&spec->stream) ? &rules.channel_work_s : &rules.page.work_s) += send_s;
    rules.channel_least_bytes = keys->buffer_least_bytes;
    rules.channel_most_bytes = keys->buffer_most_bytes;
    rules.xbzrle = xbzrle_rules(spec->stream.compression, guest, pages->page_bytes);
    rules.channels = stream_channels(&spec->stream);
    rules.packet_pages = spec->stream.packet_pages;
    rules.state_bytes = spec->device_state_bytes + guest->state_bytes + (guest->with_vtpm ? keys->vtpm_state_bytes : 0);
    if (keys->auto_converge)
        rules.throttle = *keys->auto_converge;
    rules.throttle.on = keys->auto_converge != NULL;
    if (keys->dirty_limit)
        rules.dirty_limit = *keys->dirty_limit;
    rules.vcpus = guest->vcpus;
    rules.catch_up_s = guest->catches_up_s;
    rules.host_pages = guest->host_pages;
    rules.fault_processors = guest->fault_processors;
    rules.sync_s += hypervisor_sync_s(spec, guest->memory_bytes);
    draw_socket(keys, guest, &rules);
    random_init(&rules.random, guest->seed, "faults", guest->name);
    return qemu_new(pages, &rules);
}

static void
free_machine(gpointer machine)
{
    qemu_free(machine);
}

static void
release_pages(gpointer machine)
{
    qemu_release_pages(machine);
}

static CopyAction
next(gpointer machine, double now_s, const CopyReach *reach)
{
    return qemu_next(machine, now_s, reach);
}

static gboolean
command(gpointer machine, double now_s G_GNUC_UNUSED, const CopyCommand *command)
{
    return qemu_command(machine, command);
}

static double
pause_pull(gpointer machine, double now_s)
{
    return qemu_pause(machine, now_s);
}

static CopyTotals
totals(gconstpointer machine)
{
    return qemu_totals(machine);
}

static guint64
pages_left(gconstpointer machine)
{
    return qemu_pages_left(machine);
}

static gboolean
vtpm_has_gone(gconstpointer machine, const HypervisorSpec *spec)
{
    return qemu_report(machine).state_bytes >= spec->device_state_bytes + spec->qemu.vtpm_state_bytes;
}

static CopierRounds
rounds(gconstpointer machine, const HypervisorSpec *spec, double page_bytes)
{
    const QemuKeys *keys = &spec->qemu;
    const QemuRules *rules = &keys->rules;
    const QemuRules *used = qemu_rules(machine);
    const ThrottleRules *throttle = keys->auto_converge;
    const guint channels = stream_channels(&spec->stream) + (used->packet_pages > 0); /* and the main one */
    const double longest_pause_s =
        rules->sync_waits && throttle ? throttle->slice_s * throttle->most / (1 - throttle->most) : 0;

    return (CopierRounds){
        .by_sync = TRUE,
        .syncs = qemu_report(machine).syncs,
        .sync_s = qemu_rules(machine)->sync_s + longest_pause_s,
        /* full sockets to their last segments, a write that waits for room in each of them, the device state behind
         * that, and zero pages that no write has taken with it yet */
        .ahead_bytes =
            channels * MAX(keys->buffer_most_bytes, rules->buffer_most_bytes) + rules->segment_bytes +
            channels * (double)MAX(used->flush_pages, used->packet_pages) * (page_bytes + used->page.header_bytes) +
            QEMU_FILE_SMALL_BYTES + qemu_rules(machine)->state_bytes + keys->vtpm_state_bytes +
            (double)qemu_totals(machine).zero_pages * used->page.zero_bytes,
    };
}

/* ---- its numbers ---- */

/* As query-migrate would tell it, and what post-copy cost the guest. */
typedef struct {
    QemuReport report;
    double total_s, downtime_s; /* NAN: it did not complete */
    double left_pages;          /* NAN: it never decided to stop */
    double syncs;
    double unlogged_pages;                                 /* NAN: images were not compared */
    double fault_requests, fault_wait_s, fault_wait_max_s; /* NAN: no post-copy */
} QemuNumbers;

static const RecordField qemu_fields[] = {
    {"reported_total_s", RECORD_NUMBER(QemuNumbers, total_s),
     "QEMU: total-time, until the last byte is in the source's socket; null unless the leg completed"},
    {"reported_downtime_s", RECORD_NUMBER(QemuNumbers, downtime_s),
     "QEMU: downtime, until then; downtime_s is what the guest sees; null unless the leg completed"},
    {"syncs", RECORD_NUMBER(QemuNumbers, syncs), "QEMU: dirty-sync-count"},
    {"transferred_bytes", RECORD_NUMBER(QemuNumbers, report.transferred_bytes), "QEMU: ram.transferred"},
    {"throttle", RECORD_NUMBER(QemuNumbers, report.throttle),
     "QEMU: share of the processor taken by auto-converge at the end"},
    {"left_pages", RECORD_NUMBER(QemuNumbers, left_pages),
     "QEMU: pages still to send when it decided to stop; null when it did not"},
    {"unlogged_pages", RECORD_NUMBER(QemuNumbers, unlogged_pages),
     "QEMU: pages that differ because a write was not logged (TCG before 9.0)", .optional = TRUE},
    {"fault_requests", RECORD_NUMBER(QemuNumbers, fault_requests), "post-copy: pages that the guest asked for",
     .optional = TRUE},
    {"fault_wait_s", RECORD_NUMBER(QemuNumbers, fault_wait_s),
     "post-copy: how long it waited for them, in all; of processors that stop by themselves, the sum",
     .optional = TRUE},
    {"fault_wait_max_s", RECORD_NUMBER(QemuNumbers, fault_wait_max_s), "post-copy: the longest wait for a page",
     .optional = TRUE},
    {NULL},
};
const Record copier_qemu_record = {"migration.NAME.LEG", qemu_fields, "a leg under QEMU"};

static void
collect(gconstpointer machine, gboolean completed, double unlogged_pages, const char *prefix, Result *result)
{
    const StopReason stop = qemu_totals(machine).stop;
    const gboolean postcopy = policy_stop_pulls(stop);
    const QemuReport report = qemu_report(machine);
    const QemuNumbers numbers = {.report = report,
                                 .total_s = completed ? report.total_s : NAN,
                                 .downtime_s = completed ? report.downtime_s : NAN,
                                 .left_pages = stop == STOP_NOT_YET ? NAN : (double)report.left_pages,
                                 .syncs = report.syncs,
                                 .unlogged_pages = unlogged_pages,
                                 .fault_requests = postcopy ? (double)report.faults.requests : NAN,
                                 .fault_wait_s = postcopy ? report.faults.waited_s : NAN,
                                 .fault_wait_max_s = postcopy ? report.faults.longest_s : NAN};

    record_add(&copier_qemu_record, &numbers, result, "%s", prefix);
}

const CopierKind copier_qemu = {.name = "QEMU",
                                .streams_state = TRUE,
                                .vtpm_is_state = TRUE,
                                .can_pull = TRUE,
                                .can_limit = TRUE,
                                .has_xbzrle = TRUE,
                                .reads_content = TRUE,
                                .check = check,
                                .pulls = pulls,
                                .pull_key = pull_key,
                                .watches_pages = watches_pages,
                                .unlogged_entries = unlogged_entries,
                                .works_apart = TRUE,
                                .page_work_s = page_work_s,
                                .work_s = work_s,
                                .new = new,
                                .free = free_machine,
                                .release_pages = release_pages,
                                .next = next,
                                .command = command,
                                .pause = pause_pull,
                                .totals = totals,
                                .pages_left = pages_left,
                                .vtpm_has_gone = vtpm_has_gone,
                                .rounds = rounds,
                                .collect = collect};
