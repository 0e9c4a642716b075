/* What a dirty log misses when the processor's translation buffer is not reset with it: QEMU's TCG before 9.0.
 *
 * Source: QEMU commit 03bfc2188f06 ("physmem: Fix migration dirty bitmap coherency with TCG memory access"); accel/tcg
 * cputlb.c. A write through an entry that is writable already is not logged until that entry is replaced. The buffer is
 * direct mapped: page p lives in slot p mod entries, so a write is logged when its page is not the slot's page, and
 * then becomes it. Such unlogged writes are lost at the destination: a defect of QEMU, not of this model.
 *
 * Scope: the guest's reads replace entries as well; they are not modelled. KVM logs every write: no buffer (entries 0).
 */
#ifndef TANDEM_MODELS_MEMORY_TRANSLATION_H
#define TANDEM_MODELS_MEMORY_TRANSLATION_H

#include <glib.h>

typedef struct {
    guint entries;
    guint64 *slots; /* owned; page + 1, 0: empty */
} Translation;

static inline void
translation_clear(Translation *translation)
{
    g_clear_pointer(&translation->slots, g_free);
    translation->entries = 0;
}

/* Empty, as after the flush that starts the dirty log; 0 entries: none. */
static inline void
translation_init(Translation *translation, guint entries)
{
    translation_clear(translation);
    translation->entries = entries;
    if (entries > 0)
        translation->slots = g_new0(guint64, entries);
}

/* A write to page; FALSE: the log does not see it. */
static inline gboolean
translation_write(Translation *translation, guint64 page)
{
    guint64 *slot = &translation->slots[page % translation->entries];
    const gboolean logged = *slot != page + 1;

    *slot = page + 1;
    return logged;
}

#endif
