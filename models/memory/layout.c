#include "models/memory/layout.h"

#include "models/memory/bitmap.h"

/* Memory dumps: from the top of RAM down. */
#define TOP_ZERO_PAGES   30u
#define TOP_USED_PAGES   212u
#define GAP_PAGES        110u /* zero pages below those, and one for each 8 MiB of memory rounded up to a power of two */
#define GAP_MIB_PER_PAGE 8u
#define DESCRIPTOR_SHARE 64u /* a page descriptor has 64 bytes of a 4096-byte page */
#define PAGES_PER_MIB    256u
#define PIECE            64u
#define BLOCK_PAGES      1024u /* Linux mm/page_alloc.c: the largest block of the buddy allocator (MAX_ORDER 11) */

const char *
layout_word(LayoutKind kind)
{
    static const char *const words[] = {[LAYOUT_PREFIX] = "prefix", [LAYOUT_LINUX] = "linux"};

    return words[kind];
}

typedef struct {
    guint64 ram, gap, tail;
    guint64 filler; /* programs' pages in the kernel's lowest block: a block is used up before the next is broken */
    guint64 top;    /* with all these */
} TopSizes;

/* What may lie in the lowest block besides the kernel's. */
static guint64
filler(const Layout *layout, const TopSizes *sizes)
{
    const guint64 used = sizes->top + layout->rom_content_pages + layout->program_pages;
    const guint64 rest = (BLOCK_PAGES - sizes->top % BLOCK_PAGES) % BLOCK_PAGES;

    return sizes->top + rest < sizes->ram && used + rest <= layout->content_pages ? rest : 0;
}

static TopSizes
top_sizes(const Layout *layout)
{
    TopSizes sizes = {.ram = layout->pages - layout->rom_pages};
    guint64 mib = 1;

    while (mib < sizes.ram / PAGES_PER_MIB)
        mib *= 2;
    sizes.gap = GAP_PAGES + mib / GAP_MIB_PER_PAGE;
    sizes.tail = sizes.gap + TOP_USED_PAGES + TOP_ZERO_PAGES;
    sizes.top = sizes.ram / DESCRIPTOR_SHARE + layout->kernel_pages + sizes.tail;
    sizes.filler = filler(layout, &sizes);
    sizes.top += sizes.filler;
    return sizes;
}

static void
map_top(const TopSizes *sizes, guint64 *content)
{
    const guint64 tail = sizes->ram - sizes->tail;

    bitmap_set_range(content, sizes->ram - sizes->top, tail);
    bitmap_set_range(content, tail + sizes->gap, sizes->ram - TOP_ZERO_PAGES);
}

static guint64
top_content(const TopSizes *sizes)
{
    return sizes->top - sizes->gap - TOP_ZERO_PAGES;
}

const char *
layout_fault(const Layout *layout)
{
    if (layout->content_pages > layout->pages)
        return "more pages hold something than there are";
    if (layout->kind == LAYOUT_PREFIX)
        return NULL;
    if (layout->rom_pages >= layout->pages || layout->rom_content_pages > layout->rom_pages)
        return "the firmware does not fit";
    const TopSizes sizes = top_sizes(layout);
    if (sizes.top >= sizes.ram)
        return "memory is too small for a kernel";
    const guint64 fixed = layout->rom_content_pages + top_content(&sizes);
    if (layout->content_pages < fixed + layout->program_pages)
        return "fewer pages hold something than the kernel, the firmware and the programs need";
    if (layout->content_pages - fixed > sizes.ram - sizes.top)
        return "the pages that hold something do not fit below the kernel's";
    return NULL;
}

gboolean
layout_give_programs(Layout *layout, guint64 pages)
{
    layout->program_pages = layout->content_pages; /* so that the lowest block holds nothing of theirs */
    if (layout->rom_pages >= layout->pages)
        return FALSE;
    const TopSizes sizes = top_sizes(layout);
    const guint64 fixed = layout->rom_content_pages + top_content(&sizes);
    if (sizes.top >= sizes.ram || fixed > layout->content_pages || pages > sizes.ram - sizes.top)
        return FALSE;
    layout->program_pages = MIN(pages, layout->content_pages - fixed);
    return layout_fault(layout) == NULL;
}

/* Pieces of content between pieces of zero pages, so many of each. */
static void
map_pieces(guint64 content_pages, guint64 zero_pages, guint64 *content)
{
    for (guint64 page = 0; content_pages > 0 || zero_pages > 0;) {
        const guint64 used = MIN(zero_pages > 0 ? PIECE : content_pages, content_pages);
        const guint64 zero = MIN(content_pages > used ? PIECE : zero_pages, zero_pages);
        bitmap_set_range(content, page, page + used);
        page += used + zero;
        content_pages -= used;
        zero_pages -= zero;
    }
}

static void
map_linux(const Layout *layout, LayoutMap *map)
{
    const TopSizes sizes = top_sizes(layout);
    const guint64 low = sizes.ram - sizes.top;
    const guint64 need = layout->content_pages - layout->rom_content_pages - top_content(&sizes);

    map_top(&sizes, map->content);
    bitmap_set_range(map->content, sizes.ram, sizes.ram + layout->rom_content_pages);
    map->top_first = low;
    map->body_end = layout_body_pages(layout);
    map->program_first = map->body_end - layout->program_pages;
    const guint64 scattered = map->body_end - need;
    map_pieces(scattered, scattered, map->content);
    bitmap_set_range(map->content, 2 * scattered, map->body_end);
    map->ram_pages = sizes.ram;
}

guint64
layout_body_pages(const Layout *layout)
{
    if (layout->kind == LAYOUT_PREFIX)
        return layout->content_pages;
    const TopSizes sizes = top_sizes(layout);
    const guint64 need = layout->content_pages - layout->rom_content_pages - top_content(&sizes);
    const guint64 zeros = sizes.ram - sizes.top - need;
    return need + MIN((guint64)((double)zeros * layout->scattered), need - layout->program_pages);
}

void
layout_map(const Layout *layout, LayoutMap *map)
{
    g_return_if_fail(layout && map && layout_fault(layout) == NULL);

    *map = (LayoutMap){.content = g_new0(guint64, bitmap_words(layout->pages)), .ram_pages = layout->pages};
    if (layout->kind == LAYOUT_LINUX) {
        map_linux(layout, map);
        return;
    }
    bitmap_set_range(map->content, 0, layout->content_pages);
    map->body_end = map->top_first = layout->content_pages;
}

void
layout_map_clear(LayoutMap *map)
{
    g_clear_pointer(&map->content, g_free);
}

void
layout_kernel_pages(const LayoutMap *map, gsize n, guint64 *pages)
{
    g_return_if_fail(map->body_end > 0);

    for (gsize i = 0; i < n; i++)
        pages[i] = n > 1 ? (map->body_end - 1) * i / (n - 1) : 0;
}
