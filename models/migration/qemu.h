/* QEMU's live migration: pre-copy by dirty bitmap, auto-converge, post-copy, over one TCP stream or several.
 *
 * Source: QEMU 7.2.22; docs/models/qemu.md tells the algorithm function by function. Its parameters: qemu_rules.h.
 *
 * Actions: COPY_SEND moves what the wire takes out of the socket meanwhile (the writer is ahead by what the socket
 * holds, send_buffer.h); COPY_SUSPEND, COPY_SPEED, COPY_HAND_OVER, COPY_FINISHED as in copy.h. Between two
 * looks at the dirty log nothing depends on the guest, so one COPY_SEND may hold many steps of the writer.
 *
 * Scope: compressed pages are shorter (copy.h), who compresses is their owner's affair (stream_limits.h); no RDMA,
 * post-copy preemption, max-postcopy-bandwidth; the destination keeps up, or what it can take is its owner's limit
 * (copy.h).
 */
#ifndef TANDEM_MODELS_MIGRATION_QEMU_H
#define TANDEM_MODELS_MIGRATION_QEMU_H

#include "models/migration/copy.h"
#include "models/migration/faults.h"
#include "models/migration/page_set.h"
#include "models/migration/qemu_rules.h"

/* As query-migrate tells it. */
typedef struct {
    guint syncs; /* dirty-sync-count */
    double total_s;
    double downtime_s; /* until the last byte is in the source's socket */
    double transferred_bytes;
    double state_bytes; /* of device state, put into the stream; 0 until then */
    double throttle;
    guint64 left_pages; /* when it decided to stop */
    FaultCounts faults;
} QemuReport;

typedef struct Qemu Qemu;

/* set is borrowed and has one member; rules are copied. */
Qemu *qemu_new(const PageSet *set, const QemuRules *rules);
void qemu_free(Qemu *qemu);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Qemu, qemu_free)
/* Frees what the copying needs; what the functions below qemu_next tell stays. No qemu_next after it. */
void qemu_release_pages(Qemu *qemu);

/* From now on; what stops the guest is seen between two iterations. FALSE: it has been stopped. */
gboolean qemu_command(Qemu *qemu, const CopyCommand *command);

CopyAction qemu_next(Qemu *qemu, double now_s, const CopyReach *reach);

/* Those that it keeps to, of this guest and this run. */
const QemuRules *qemu_rules(const Qemu *qemu);
CopyTotals qemu_totals(const Qemu *qemu);
QemuReport qemu_report(const Qemu *qemu);
/* Pages that the destination still lacks; 0 at the end. */
guint64 qemu_pages_left(const Qemu *qemu);

#endif
