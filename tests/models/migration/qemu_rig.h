/* One guest, its image at the destination and QEMU's machine, over a link of constant rate. */
#ifndef TANDEM_TESTS_MODELS_MIGRATION_QEMU_RIG_H
#define TANDEM_TESTS_MODELS_MIGRATION_QEMU_RIG_H

#include "models/migration/qemu.h"
#include "tests/models/migration/plain_qemu.h"

#define PAGE 4096.0

typedef struct {
    DirtyLog *log;
    Image *image;
    PageSet set;
    Qemu *qemu;
    double now_s, rate_Bps, latency_s;
    double sent_bytes;
    guint suspends, hand_overs;
    double handed_over_s;
    double slowest; /* speed it was told */
} Rig;

static inline QemuRules
qemu_rig_rules(void)
{
    const Policy policy = {.max_rounds = 1000000, .downtime_limit_s = 0.3};
    QemuRules made = plain_qemu_rules(&policy);

    made.state_bytes = 100e3;
    made.page.work_s = 2e-6;
    made.zero_page_work_s = 0.55e-6;
    made.sync_s = 0.5e-3;
    made.throttle = (ThrottleRules){FALSE, 0.5, 0.2, 0.1, 0.99, 0.01, FALSE};
    return made;
}

static inline void
rig_begin(Rig *rig, guint64 pages, guint64 used_pages, const Workload *workload, const QemuRules *how)
{
    RandomStream random;

    random_init(&random, 1, "dirty", "guest");
    *rig = (Rig){.rate_Bps = 12e6, .latency_s = 1e-4, .slowest = 1};
    rig->log = dirty_new(pages, &random, 0);
    rig->image = image_new(rig->log);
    if (workload)
        dirty_set_workload(rig->log, 0, workload);
    page_set_init(&rig->set, PAGE);
    page_set_add(&rig->set, rig->log, rig->image, 0, used_pages);
    rig->qemu = qemu_new(&rig->set, how);
}

static inline void
rig_clear(Rig *rig)
{
    qemu_free(rig->qemu);
    image_free(rig->image);
    dirty_free(rig->log);
}

static inline CopyKind
rig_step(Rig *rig)
{
    const CopyReach reach = {.rate_Bps = rig->rate_Bps,
                             .alone_Bps = rig->rate_Bps,
                             .max_batches = 16,
                             .until_s = INFINITY,
                             .latency_s = rig->latency_s};
    const CopyAction action = qemu_next(rig->qemu, rig->now_s, &reach);

    if (action.kind == COPY_SEND) {
        rig->sent_bytes += action.bytes;
        rig->now_s = MAX(rig->now_s + action.bytes / rig->rate_Bps, action.until_s);
    }
    if (action.kind == COPY_SUSPEND) {
        rig->suspends++;
        dirty_set_speed(rig->log, rig->now_s, 0);
    }
    if (action.kind == COPY_SPEED) {
        rig->slowest = MIN(rig->slowest, action.speed);
        dirty_set_speed(rig->log, rig->now_s, action.speed);
    }
    if (action.kind == COPY_HAND_OVER) {
        rig->hand_overs++;
        rig->handed_over_s = rig->now_s;
        /* what is missing is as it will arrive: nothing has run yet at the destination */
        ck_assert_uint_eq(page_set_differing_pages(&rig->set, rig->now_s), 0);
        dirty_set_speed(rig->log, rig->now_s, 1);
    }
    return action.kind;
}

/* To the end, or as long as limit_s. */
static inline gboolean
rig_run(Rig *rig, double limit_s)
{
    while (rig->now_s < limit_s)
        if (rig_step(rig) == COPY_FINISHED)
            return TRUE;
    return FALSE;
}

#endif
