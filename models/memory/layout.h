/* Where a guest's pages that hold something lie, for senders that look at a page's content (QEMU sends a zero page as 9
 * bytes). The order matters at the end of a migration: what lies last is what is left when the guest stops.
 *
 * LAYOUT_PREFIX: from the bottom. LAYOUT_LINUX: a Linux 6.1 guest on QEMU's "pc" machine some seconds after boot, read
 * from memory dumps of guests of 128 to 2048 MiB, in address order:
 *   low      kernel and early allocations, in pieces of PIECE pages between as many zero pages
 *   program  what user programs filled
 *   hole     free memory
 *   top      page descriptors (64 bytes a page) and the kernel's own pages; zero pages between them and the last used
 *            ones, a part that grows with memory; the rest of its lowest 4 MiB filled by programs
 *   rom      firmware and tables, after RAM (QEMU's further RAM blocks)
 *
 * Symbols: none in the sources; every constant is from those dumps (docs/models/qemu.md).
 * Scope: the kernel's place is random at each boot; this is the one seen in 25 of 26 boots.
 */
#ifndef TANDEM_MODELS_MEMORY_LAYOUT_H
#define TANDEM_MODELS_MEMORY_LAYOUT_H

#include <glib.h>

typedef enum { LAYOUT_PREFIX, LAYOUT_LINUX } LayoutKind;

typedef struct {
    LayoutKind kind;
    guint64 pages;         /* of the guest, with firmware */
    guint64 content_pages; /* that are not zero */
    guint64 program_pages; /* LINUX: of them, filled by programs */
    guint64 rom_pages;     /* LINUX: firmware, after RAM */
    guint64 rom_content_pages;
    guint64 kernel_pages; /* LINUX: at the top of RAM, besides page descriptors */
    double scattered;     /* LINUX: share of the zero pages that lies between the low pieces */
} Layout;

typedef struct {
    guint64 *content;      /* owned; bitmap of layout->pages */
    guint64 program_first; /* where the programs' memory begins */
    guint64 body_end;      /* end of what lies below the hole */
    guint64 top_first;     /* where the top begins */
    guint64 ram_pages;
} LayoutMap;

const char *layout_word(LayoutKind kind);

/* NULL when the parts fit into the guest, else what does not, as half a sentence. */
const char *layout_fault(const Layout *layout);

/* LINUX: gives programs so many pages, or as many as the kernel leaves of the content; a workload on them may then go
 * on into free memory. FALSE: the guest is too small for a kernel, or the workload would reach its pages at the top. */
gboolean layout_give_programs(Layout *layout, guint64 pages);

/* How many pages lie below the hole; of a sound layout (layout_fault), as the next. */
guint64 layout_body_pages(const Layout *layout);

void layout_map(const Layout *layout, LayoutMap *map);
void layout_map_clear(LayoutMap *map);

/* n pages that an idle kernel keeps writing, evenly over what lies below the hole: the idle guests' 65 to 99 were all
 * new to a bitmap in which the top was still to be sent. */
void layout_kernel_pages(const LayoutMap *map, gsize n, guint64 *pages);

#endif
