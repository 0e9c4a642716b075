#include "sim/parts/migration/hypervisor_keys.h"

#include "sim/parts/migration/compression_keys.h"
#include "sim/parts/migration/stream_card_keys.h"

static const Field costs_fields[] = {
    {"pre_migration", FIELD_TIME(StepCosts, pre_migration_s), .preset = "0s", .help = "connecting and hand-shake"},
    {"reservation", FIELD_TIME(StepCosts, reservation_s), .preset = "0s",
     .help = "creating the empty domain at the destination"},
    {"suspend", FIELD_TIME(StepCosts, suspend_s), .preset = "0s", .help = "stopping the guest; downtime"},
    {"suspend_per_vcpu", FIELD_TIME(StepCosts, suspend_vcpu_s), .preset = "0s",
     .help = "more of it for each virtual processor"},
    {"commitment", FIELD_TIME(StepCosts, commitment_s), .preset = "0s",
     .help = "the destination confirms that it has everything; downtime"},
    {"resume", FIELD_TIME(StepCosts, resume_s), .preset = "0s", .help = "starting the guest; downtime"},
    {"live", FIELD_TIME(StepCosts, live_s),
     .help =
         "of resume, the last part: the devices are live and keep the frames that come, which the guest answers when it "
         "runs; absent: none, what comes is lost until then"},
    {"resume_per_vcpu", FIELD_TIME(StepCosts, resume_vcpu_s), .preset = "0s",
     .help = "more of it for each virtual processor"},
    {"activation", FIELD_TIME(StepCosts, activation_s), .preset = "0s",
     .help = "after the guest runs again: devices, clean-up"},
    {"variation", FIELD_NUMBER(StepCosts, variation), .preset = "0", .min = "0", .max = "0.3",
     .help = "standard deviation of each of these costs over its mean"},
    {"overlap", FIELD_BOOLEAN(StepCosts, overlap), .preset = "false",
     .help =
         "a VM and its vTPM that migrate as one spend each of these costs at the same time, not one after the other"},
    {NULL},
};
static const FieldTable costs_table = {"costs", sizeof(StepCosts), costs_fields,
                                       .help = "what a domain's migration costs whatever its size"};

static const Field valid_fields[] = {
    {"rate_least", FIELD_DATA_RATE(ValiditySpec, rate_least_Bps), .help = "the slowest cables; absent: any"},
    {"rate_most", FIELD_DATA_RATE(ValiditySpec, rate_most_Bps), .help = "the fastest cables; absent: any"},
    {"memory_most", FIELD_SIZE(ValiditySpec, memory_most_bytes), .help = "the largest guest; absent: any"},
    {NULL},
};
static const FieldTable valid_table = {
    "valid", sizeof(ValiditySpec), valid_fields,
    .help = "for what the constants were measured or derived: `tandem check` warns of a migration that is out of it"};

static const char *const cump_sends_words[] = {[CUMP_SENDS_BOTH] = "both", [CUMP_SENDS_DIRTY] = "dirty", NULL};
const char *const time_up_words[] = {
    [TIME_UP_GIVE_UP] = "give-up", [TIME_UP_SUSPEND] = "suspend", [TIME_UP_POSTCOPY] = "post-copy", NULL};
static const char *const zero_pages_words[] = {[ZERO_PAGES_MAIN] = "main", [ZERO_PAGES_CHANNELS] = "channels", NULL};
static const char *const few_words[] = {[FEW_OF_ROUND] = "sent-and-skipped", [FEW_DIRTY] = "dirty", NULL};

static const Field auto_converge_fields[] = {
    {"trigger", FIELD_NUMBER(ThrottleRules, trigger), .preset = "0.5", .above = "0", .max = "1",
     .help = "throttle when more than this share of the bytes sent in a period was dirtied in it, for the second time"},
    {"first", FIELD_NUMBER(ThrottleRules, first), .preset = "0.2", .above = "0", .below = "1",
     .help = "share of the processors' time taken at first"},
    {"step", FIELD_NUMBER(ThrottleRules, step), .preset = "0.1", .min = "0", .below = "1", .help = "more each time"},
    {"most", FIELD_NUMBER(ThrottleRules, most), .preset = "0.99", .above = "0", .below = "1", .help = "at most"},
    {"tailslow", FIELD_BOOLEAN(ThrottleRules, tailslow),
     .help = "no larger a step than takes the dirty rate to the trigger (cpu-throttle-tailslow); absent: false"},
    {"slice", FIELD_TIME(ThrottleRules, slice_s), .preset = "10ms", .above = "0s",
     .help = "a throttled processor runs so long, then sleeps slice p / (1 - p)"},
    {NULL},
};
static const FieldTable auto_converge_table = {"auto_converge", sizeof(ThrottleRules), auto_converge_fields,
                                               .help = "slow a guest down that dirties memory too fast"};

static const Field dirty_limit_fields[] = {
    {"rate", FIELD_DATA_RATE(DirtyLimitRules, rate_Bps), .preset = "8Mbps", .above = "0bps",
     .help = "what each virtual processor may dirty (vcpu-dirty-limit, 1 MB/s)"},
    {"trigger", FIELD_NUMBER(DirtyLimitRules, trigger), .preset = "0.5", .above = "0", .max = "1",
     .help = "begin when more than this share of the bytes sent in a period was dirtied in it, for the second time"},
    {"period", FIELD_TIME(DirtyLimitRules, period_s), .preset = "1s", .min = "1ms",
     .help = "between two adjustments (x-vcpu-dirty-limit-period)"},
    {"ring", FIELD_COUNT(DirtyLimitRules, ring_pages), .preset = "4096", .min = "1024", .max = "65536",
     .help = "pages that a processor dirties between two sleeps (KVM's dirty-ring-size)"},
    {NULL},
};
static const FieldTable dirty_limit_table = {
    "dirty_limit", sizeof(DirtyLimitRules), dirty_limit_fields,
    .help =
        "hold each virtual processor of a guest that dirties memory too fast to a rate (QEMU 8.1 and later, KVM with "
        "a dirty ring)"};

/* The stop rules are keys of either hypervisor: each gives them its own defaults. */
#define MOST_ROUNDS "1000000"
static const char max_rounds_help[] =
    "live rounds at most; 0 is stop-and-copy (a round of QEMU's ends with a synchronization)";
static const char min_pages_help[] = "stop when fewer pages than this are left";
static const char few_pages_of_help[] =
    "which number min_pages looks at: the last round's sent and skipped pages, or the pages now dirty";
static const char max_factor_help[] = "stop when more than so many times the memory was sent; 0: never";
static const char stall_rounds_help[] = "stop after so many rounds without fewer pages left than ever before; 0: never";
static const char downtime_step_help[] = "the downtime limit grows so much with each round, or each downtime_every, …";
static const char downtime_most_help[] = "… up to this";
static const char downtime_every_help[] =
    "it grows each time that so long has passed since it last did; 0s: with each round";
static const char downtime_after_help[] = "it does not grow before so many rounds";

#define TIME_LIMIT_HELP "of the live rounds: then at_time_limit says what is done"
/* The defaults of operators' tools in the sources are remembered, not looked up: nova's
 * live_migration_completion_timeout 800 s and KubeVirt's completionTimeoutPerGiB 150 s. */
static const char time_limit_per_GiB_help[] =
    "in place of time_limit: so long for each GiB of the guest's memory (nova: 800 s, KubeVirt: 150 s, as remembered); "
    "absent: time_limit holds";
static const char at_time_limit_help[] =
    "give-up, also when absent: the guest stays; suspend: it is stopped and the rest is sent (libvirt's --timeout-suspend, nova's "
    "force_complete); post-copy: it goes on at the destination (nova's with post-copy, KubeVirt's allowPostCopy)";

static const Field xen_fields[] = {
    {"max_rounds", FIELD_COUNT(HypervisorSpec, policy.max_rounds), .preset = "29", .min = "0", .max = MOST_ROUNDS,
     .help = max_rounds_help},
    {"min_pages", FIELD_COUNT(HypervisorSpec, policy.min_pages), .preset = "50", .min = "0", .help = min_pages_help},
    {"few_pages_of", FIELD_ENUM(HypervisorSpec, policy.few_basis), .words = few_words, .preset = "sent-and-skipped",
     .help = few_pages_of_help},
    {"max_factor", FIELD_NUMBER(HypervisorSpec, policy.max_factor), .preset = "3", .min = "0", .help = max_factor_help},
    {"stall_rounds", FIELD_COUNT(HypervisorSpec, policy.stall_rounds), .preset = "0", .min = "0", .max = MOST_ROUNDS,
     .help = stall_rounds_help},
    {"downtime_step", FIELD_TIME(HypervisorSpec, policy.downtime_step_s), .preset = "0s", .help = downtime_step_help},
    {"downtime_most", FIELD_TIME(HypervisorSpec, policy.downtime_most_s), .preset = "0s", .help = downtime_most_help},
    {"downtime_every", FIELD_TIME(HypervisorSpec, policy.downtime_every_s), .preset = "0s",
     .help = downtime_every_help},
    {"downtime_after", FIELD_COUNT(HypervisorSpec, policy.downtime_after), .preset = "0", .min = "0",
     .max = MOST_ROUNDS, .help = downtime_after_help},
    {"time_limit", FIELD_TIME(HypervisorSpec, time_limit_s), .above = "0s", .help = TIME_LIMIT_HELP "; absent: none"},
    {"time_limit_per_GiB", FIELD_TIME(HypervisorSpec, time_limit_per_GiB_s), .above = "0s",
     .help = time_limit_per_GiB_help},
    {"at_time_limit", FIELD_ENUM(HypervisorSpec, at_time_limit), .words = time_up_words, .help = at_time_limit_help},
    {"downtime_limit", FIELD_TIME(HypervisorSpec, policy.downtime_limit_s), .above = "0s",
     .help = "stop when the pages left are expected to take less, at the last round's rate; absent: no such rule"},
    {"rate_first", FIELD_DATA_RATE(HypervisorSpec, policy.rate_first_Bps), .above = "0bps",
     .help = "NSDI 2005's adaptive rate: of round 1; absent: as fast as the link lets it"},
    {"rate_step", FIELD_DATA_RATE(HypervisorSpec, policy.rate_step_Bps), .preset = "50Mbps",
     .help = "a later round's is the last one's dirty rate and this"},
    {"rate_most", FIELD_DATA_RATE(HypervisorSpec, policy.rate_most_Bps), .preset = "500Mbps", .above = "0bps",
     .help = "stop when it would be above this, which is the last round's rate"},
    {"batch_pages", FIELD_COUNT(HypervisorSpec, xen.rules.batch_pages), .preset = "1024", .min = "1", .max = "1048576",
     .help = "pages sent between two looks at the dirty log"},
    {"sync_work", FIELD_TIME(HypervisorSpec, xen.rules.sync_s), .preset = "0s",
     .help = "serial work of a look at the whole dirty log: at the end of each live round, and at the stop"},
    {"skip_redirtied", FIELD_BOOLEAN(HypervisorSpec, xen.rules.peek_skip), .preset = "true",
     .help = "leave out pages that are dirty again when their turn comes (Xen 4.5's to_skip)"},
    {"batch_header", FIELD_SIZE(HypervisorSpec, xen.rules.batch_header_bytes), .preset = "4B", .max = "16TiB",
     .help = "with a batch"},
    {"cump_page_work", FIELD_TIME(HypervisorSpec, xen.cump_page_s), .preset = "0s",
     .help = "serial work per page of a joint migration: union copy at the source, separation copy at the destination"},
    {"cump_work", FIELD_TIME(HypervisorSpec, xen.cump_once_s), .preset = "0s",
     .help = "work of a joint migration whatever its size: the CUMP is put together once, before the first round"},
    {"cump_lookup", FIELD_TIME(HypervisorSpec, xen.cump_look_up_s),
     .help = "work of looking whether the pair has a CUMP on this host already; absent, as of the two below: nothing"},
    {"cump_update_work", FIELD_TIME(HypervisorSpec, xen.cump_update_s),
     .help = "work of updating a CUMP that is found, instead of cump_work"},
    {"cump_update_page_work", FIELD_TIME(HypervisorSpec, xen.cump_update_page_s),
     .help = "serial work of the CUMP's update entry per page: of those that are out of date in one that is found, and "
             "of those found dirty after each round and at the stop"},
    {"cump_page_header", FIELD_SIZE(HypervisorSpec, xen.rules.entry_bytes), .preset = "0B", .max = "16TiB",
     .help = "on the wire with each page of a joint migration, if the CUMP itself is copied: its entry for that page"},
    {"cump_sends", FIELD_ENUM(HypervisorSpec, xen.cump_sends), .words = cump_sends_words, .preset = "both",
     .help = "a page of a joint migration carries both domains' pages of its number, or only those that are dirty"},
    {NULL},
};

static const Field qemu_fields[] = {
    {"max_rounds", FIELD_COUNT(HypervisorSpec, policy.max_rounds), .preset = "1000000", .min = "0", .max = MOST_ROUNDS,
     .help = max_rounds_help},
    {"min_pages", FIELD_COUNT(HypervisorSpec, policy.min_pages), .preset = "0", .min = "0", .help = min_pages_help},
    {"few_pages_of", FIELD_ENUM(HypervisorSpec, policy.few_basis), .words = few_words, .preset = "dirty",
     .help = few_pages_of_help},
    {"max_factor", FIELD_NUMBER(HypervisorSpec, policy.max_factor), .preset = "0", .min = "0", .help = max_factor_help},
    {"stall_rounds", FIELD_COUNT(HypervisorSpec, policy.stall_rounds), .preset = "0", .min = "0", .max = MOST_ROUNDS,
     .help = stall_rounds_help},
    {"downtime_step", FIELD_TIME(HypervisorSpec, policy.downtime_step_s), .preset = "0s", .help = downtime_step_help},
    {"downtime_most", FIELD_TIME(HypervisorSpec, policy.downtime_most_s), .preset = "0s", .help = downtime_most_help},
    {"downtime_every", FIELD_TIME(HypervisorSpec, policy.downtime_every_s), .preset = "0s",
     .help = downtime_every_help},
    {"downtime_after", FIELD_COUNT(HypervisorSpec, policy.downtime_after), .preset = "0", .min = "0",
     .max = MOST_ROUNDS, .help = downtime_after_help},
    {"time_limit", FIELD_TIME(HypervisorSpec, time_limit_s), .preset = "1h", .above = "0s", .help = TIME_LIMIT_HELP},
    {"time_limit_per_GiB", FIELD_TIME(HypervisorSpec, time_limit_per_GiB_s), .above = "0s",
     .help = time_limit_per_GiB_help},
    {"at_time_limit", FIELD_ENUM(HypervisorSpec, at_time_limit), .words = time_up_words, .help = at_time_limit_help},
    {"downtime_limit", FIELD_TIME(HypervisorSpec, policy.downtime_limit_s), .preset = "300ms",
     .help = "stop when less is left than the measured bandwidth carries in this time; 0s: when nothing is left"},
    {"max_bandwidth", FIELD_DATA_RATE(HypervisorSpec, qemu.rules.max_bandwidth_Bps), .above = "0bps",
     .help = "QEMU's own limit of pre-copy; absent: none"},
    {"window", FIELD_TIME(HypervisorSpec, qemu.rules.window_s), .preset = "100ms", .min = "1ms",
     .help = "bandwidth is measured and limited in windows of so long"},
    {"limit_sees_flushes", FIELD_BOOLEAN(HypervisorSpec, qemu.rules.limit_sees_flushes), .preset = "false",
     .help = "max_bandwidth counts what was written to the socket, not what is collected for it (QEMU 8.2 and later)"},
    {"iteration", FIELD_TIME(HypervisorSpec, qemu.rules.iteration_s), .preset = "50ms", .min = "1ms",
     .help = "an iteration over memory ends after so long"},
    {"period", FIELD_TIME(HypervisorSpec, qemu.rules.period_s), .preset = "1s",
     .help = "of dirty rates and throttling"},
    {"check_pages", FIELD_COUNT(HypervisorSpec, qemu.rules.check_pages), .preset = "64", .min = "1", .max = "1048576",
     .help = "pages between two looks at the clock"},
    {"flush_pages", FIELD_COUNT(HypervisorSpec, qemu.rules.flush_pages), .preset = "32", .min = "1", .max = "1048576",
     .help = "pages in one write to the socket"},
    {"packet_pages", FIELD_COUNT(HypervisorSpec, stream.packet_pages), .min = "1", .max = "1048576",
     .help =
         "of channels, 1 or more: pages are handed to a channel so many at a time, with a packet's header and 8 bytes "
         "for each of them (multifd: 128 of 4 KiB, multifd_ram_page_count), in place of page_header and flush_pages, "
         "and are held by it until it has written them; absent: they are written as without multifd"},
    {"zero_pages", FIELD_ENUM(HypervisorSpec, qemu.rules.zero_pages), .words = zero_pages_words,
     .help =
         "who reads pages to see that they are zero: main, also when absent, the thread that looks for them; channels, "
         "all of their threads at the same time (QEMU's zero-page-detection multifd, its default since 9.0)"},
    {"section", FIELD_SIZE(HypervisorSpec, qemu.rules.section_bytes), .preset = "18B", .max = "16TiB",
     .help = "of each iteration"},
    {"zero_page_work", FIELD_TIME(HypervisorSpec, qemu.rules.zero_page_work_s), .preset = "0.14us",
     .help = "processor time of a zero page"},
    {"sync_work", FIELD_TIME(HypervisorSpec, qemu.rules.sync_s), .preset = "0.5ms",
     .help = "processor time of a synchronization"},
    {"sync_waits", FIELD_BOOLEAN(HypervisorSpec, qemu.rules.sync_waits), .preset = "false",
     .help = "a synchronization waits for throttled processors (TCG)"},
    {"buffer_least", FIELD_SIZE(HypervisorSpec, qemu.buffer_least_bytes), .preset = "1.27MB", .min = "4KiB",
     .max = "16TiB", .help = "the socket's send buffer at TCP's start is drawn for each run from here …"},
    {"buffer_most", FIELD_SIZE(HypervisorSpec, qemu.buffer_most_bytes), .preset = "1.75MB", .min = "4KiB",
     .max = "16TiB", .help = "… to here"},
    {"buffer_ceiling", FIELD_SIZE(HypervisorSpec, qemu.rules.buffer_most_bytes), .preset = "4.14MB", .max = "16TiB",
     .help = "it grows no further"},
    {"burst_least", FIELD_TIME(HypervisorSpec, qemu.burst_least_s), .preset = "0s",
     .help = "the most acknowledged at once, as time of the wire, is drawn from here …"},
    {"burst_most", FIELD_TIME(HypervisorSpec, qemu.burst_most_s), .preset = "0s",
     .help = "… to here: the buffer grows with it"},
    {"segment", FIELD_SIZE(HypervisorSpec, qemu.rules.segment_bytes), .preset = "0B", .max = "16TiB",
     .help = "the buffer is filled and emptied by so many bytes; 0B: by any number"},
    {"buffer_wake", FIELD_NUMBER(HypervisorSpec, qemu.rules.buffer_wake), .preset = "0.667", .min = "0", .below = "1",
     .help = "a sleeping writer wakes when the buffer is down at this share"},
    {"translation_entries", FIELD_COUNT(HypervisorSpec, qemu.translation_entries), .preset = "0", .min = "0",
     .max = "1048576", .help = "writes through so many translation entries are not logged (TCG before 9.0); 0: KVM"},
    {"vtpm_state", FIELD_SIZE(HypervisorSpec, qemu.vtpm_state_bytes), .preset = "177kB", .max = "16TiB",
     .help = "swtpm's state, sent with the device state when VM and vTPM migrate jointly"},
    {"postcopy_after", FIELD_TIME(HypervisorSpec, qemu.rules.postcopy_after_s),
     .help = "switch to post-copy so long after the beginning; absent: never"},
    {"postcopy_rounds", FIELD_COUNT(HypervisorSpec, qemu.rules.postcopy_syncs), .preset = "0", .min = "0",
     .max = "1000000", .help = "switch to post-copy when so many synchronizations were done (1: at once); 0: never"},
    {"postcopy_bandwidth", FIELD_DATA_RATE(HypervisorSpec, qemu.rules.postcopy_bandwidth_Bps), .above = "0bps",
     .help =
         "of post-copy's pages that nobody has asked for (QEMU's max-postcopy-bandwidth); requests are not held to it; "
         "absent: none"},
    {"postcopy_preempt", FIELD_BOOLEAN(HypervisorSpec, qemu.rules.preempt),
     .help =
         "pages that the guest asks for have a connection of their own (QEMU's postcopy-preempt, as of 8.0); absent: "
         "false"},
    {"recovery", FIELD_TIME(HypervisorSpec, recovery_s), .min = "0s",
     .help = "post-copy that loses its link pauses, and goes on over a new connection so long after the link is back "
             "(QEMU's migrate-recover); absent: the guest is lost"},
    {"sync_period", FIELD_TIME(HypervisorSpec, qemu.rules.sync_period_s), .min = "1ms",
     .help =
         "under auto_converge: when so long after the last such look the dirty log was not looked at again, it is, in "
         "the middle of a pass over memory (QEMU 9.2 and later: 5s, cpu_throttle_dirty_sync_timer); absent: never"},
    {"auto_converge", FIELD_OBJECT(HypervisorSpec, qemu.auto_converge), .table = &auto_converge_table,
     .help = "absent: off"},
    {"dirty_limit", FIELD_OBJECT(HypervisorSpec, qemu.dirty_limit), .table = &dirty_limit_table,
     .help = "in place of auto_converge, and of KVM only; absent: off"},
    {NULL},
};

static const char *const encryption_words[] = {
    [ENCRYPTION_IN_CHANNEL] = "channel", [ENCRYPTION_IN_TUNNEL] = "tunnel", [ENCRYPTION_ON_CARD] = "card", NULL};

static const Field encryption_fields[] = {
    {"place", FIELD_ENUM(Encryption, place), .words = encryption_words, .required = TRUE,
     .help =
         "channel: the thread that sends (TLS; kTLS with a faster rate); tunnel: processes of their own at both ends "
         "(stunnel, ssh); card: no processor"},
    {"rate", FIELD_DATA_RATE(Encryption, rate_Bps), .above = "0bps",
     .help = "of a whole core that encrypts, or of the card; required but of a card with its queue"},
    {"receive_rate", FIELD_DATA_RATE(Encryption, receive_rate_Bps), .above = "0bps",
     .help = "the same at the destination; absent: as rate"},
    {"card", FIELD_OBJECT(Encryption, card), .table = &stream_card_encryption_table,
     .help = "of place card: which one, with its queue; absent: a rate"},
    {"tunnels", FIELD_COUNT(Encryption, tunnels), .min = "1", .max = "255",
     .help = "of place tunnel: so many at each end, each with one connection, which the channels share; absent: 1"},
    {"overhead", FIELD_NUMBER(Encryption, overhead), .min = "0", .max = "1",
     .help =
         "bytes more on the wire, as a share of the stream's (TLS 1.3: 22 for a record of 16384, 0.0013); absent: 0"},
    {NULL},
};
static const FieldTable encryption_table = {"encryption", sizeof(Encryption), encryption_fields,
                                            .help = "of a migration's stream, and whose time it takes"};

static const Field hypervisor_fields[] = {
    {"page_header", FIELD_SIZE(HypervisorSpec, page.header_bytes), .preset = "8B", .max = "16TiB",
     .help = "on the wire with a page"},
    {"zero_page", FIELD_SIZE(HypervisorSpec, page.zero_bytes), .preset = "0B", .max = "16TiB",
     .help = "a zero page's cost on the wire; 0B: it is sent like any other"},
    {"device_state", FIELD_SIZE(HypervisorSpec, device_state_bytes), .preset = "64KiB", .max = "16TiB",
     .help = "processor and device state, sent while the guest is stopped"},
    {"page_work", FIELD_TIME(HypervisorSpec, page.work_s), .preset = "0s",
     .help = "work per page: serial under Xen, the sender's processor time under QEMU"},
    {"sync_work_per_GiB", FIELD_TIME(HypervisorSpec, sync_GiB_s), .preset = "0s",
     .help = "processor time of a look at the whole dirty log (a synchronization, the end of a round), for each GiB of "
             "the guest's memory"},
    {"channels", FIELD_COUNT(HypervisorSpec, stream.channels), .min = "1", .max = "255",
     .help =
         "connections that pages go over, each with a thread at either end (multifd, vMotion's streams); absent: 1"},
    {"channel_rate", FIELD_DATA_RATE(HypervisorSpec, stream.channel_rate_Bps), .above = "0bps",
     .help = "what a sending thread with a whole core can push; absent: it takes no processor"},
    {"receive_rate", FIELD_DATA_RATE(HypervisorSpec, stream.receive_rate_Bps), .above = "0bps",
     .help = "the same of a receiving thread; absent: it takes no processor"},
    {"encryption", FIELD_OBJECT(HypervisorSpec, stream.encryption), .table = &encryption_table, .help = "absent: none"},
    {"compression", FIELD_OBJECT(HypervisorSpec, stream.compression), .table = &compression_table,
     .help = "absent: none"},
    {"costs", FIELD_OBJECT(HypervisorSpec, costs), .table = &costs_table, .preset = "{}",
     .help = "what a domain's migration costs whatever its size"},
    {"valid", FIELD_OBJECT(HypervisorSpec, valid), .table = &valid_table, .help = "absent: nothing is known of it"},
    {NULL},
};
static const FieldCase mechanisms[] = {
    [MECHANISM_XEN] = {"xen", xen_fields, "rounds of batches, models/migration/precopy.h"},
    [MECHANISM_QEMU] = {"qemu", qemu_fields, "dirty bitmap, pending bytes against bandwidth, models/migration/qemu.h"},
    {NULL},
};
const FieldTable hypervisor_table = {"hypervisor",
                                     sizeof(HypervisorSpec),
                                     hypervisor_fields,
                                     .profiles = "hypervisors",
                                     .tag = "mechanism",
                                     FIELD_TAG(HypervisorSpec, mechanism),
                                     .tag_preset = "xen",
                                     .cases = mechanisms,
                                     .help = "how memory is copied, when it stops, fixed costs"};

#define GIB_BYTES 0x1p30

double
hypervisor_sync_s(const HypervisorSpec *spec, double memory_bytes)
{
    return spec->sync_GiB_s * memory_bytes / GIB_BYTES;
}

double
hypervisor_time_limit_s(const HypervisorSpec *spec, double memory_bytes)
{
    return isnan(spec->time_limit_per_GiB_s) ? spec->time_limit_s
                                             : spec->time_limit_per_GiB_s * memory_bytes / GIB_BYTES;
}
