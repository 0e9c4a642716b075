#include "models/memory/layout.h"

#include "models/memory/bitmap.h"
#include "tests/check_main.h"

/* The guest of the validation cases: 256 MiB and 130 pages of firmware, 128 MiB filled. */
static const Layout guest = {.kind = LAYOUT_LINUX,
                             .pages = 65666,
                             .content_pages = 49427,
                             .program_pages = 32768,
                             .rom_pages = 130,
                             .rom_content_pages = 100,
                             .kernel_pages = 538,
                             .scattered = 0.3};

START_TEST(has_as_many_pages_with_content_as_it_should)
{
    static const double scattered[] = {0, 0.3, 1};

    for (gsize i = 0; i < G_N_ELEMENTS(scattered); i++) {
        Layout layout = guest;
        LayoutMap map;
        layout.scattered = scattered[i];
        ck_assert_ptr_null(layout_fault(&layout));
        layout_map(&layout, &map);
        ck_assert_uint_eq(bitmap_count(map.content, bitmap_words(layout.pages)), layout.content_pages);
        for (guint64 page = map.program_first; page < map.program_first + layout.program_pages; page++)
            ck_assert(bitmap_test(map.content, page));
        ck_assert_uint_le(map.program_first + layout.program_pages, map.top_first);
        layout_map_clear(&map);
    }
}
END_TEST

/* Page descriptors are 1/64 of memory, and the very last 30 pages of RAM are zero. */
START_TEST(the_top_of_memory_is_the_kernels)
{
    LayoutMap map;
    const guint64 ram = guest.pages - guest.rom_pages;

    layout_map(&guest, &map);
    ck_assert_uint_eq(map.ram_pages, ram);
    ck_assert_uint_ge(ram - map.top_first, ram / 64 + guest.kernel_pages);
    ck_assert(bitmap_test(map.content, map.top_first));
    ck_assert(!bitmap_test(map.content, map.top_first - 1)); /* the hole */
    ck_assert(!bitmap_test(map.content, ram - 30) && bitmap_test(map.content, ram - 31));
    ck_assert(bitmap_test(map.content, ram) && !bitmap_test(map.content, ram + 100));
    layout_map_clear(&map);
}
END_TEST

/* The boundary between the hole and the top in the dumps: 4 MiB blocks from the top of RAM, for each size. */
START_TEST(the_hole_ends_where_a_block_does)
{
    static const guint64 mib[] = {256, 384, 512, 1024, 2048}, dumped[] = {2048, 3072, 3072, 5120, 10240};

    for (gsize i = 0; i < G_N_ELEMENTS(mib); i++) {
        Layout layout = guest;
        LayoutMap map;
        layout.pages = mib[i] * 256 + layout.rom_pages;
        layout.content_pages = layout.pages / 2 + 10000;
        layout.program_pages = 1000;
        layout_map(&layout, &map);
        ck_assert_uint_eq(map.ram_pages - map.top_first, dumped[i]);
        layout_map_clear(&map);
    }
}
END_TEST

/* When there is no content to fill the block with, it is not filled. */
START_TEST(a_full_guest_has_its_top_without_filling)
{
    Layout layout = guest;
    LayoutMap map;

    layout.content_pages = 35000; /* the program's, the kernel's, the firmware's and some */
    ck_assert_ptr_null(layout_fault(&layout));
    layout_map(&layout, &map);
    ck_assert_uint_eq(bitmap_count(map.content, bitmap_words(layout.pages)), layout.content_pages);
    layout_map_clear(&map);
}
END_TEST

START_TEST(prefix_is_what_is_used_from_the_bottom)
{
    const Layout layout = {.kind = LAYOUT_PREFIX, .pages = 1000, .content_pages = 100};
    LayoutMap map;
    guint64 pages[3];

    layout_map(&layout, &map);
    ck_assert_uint_eq(bitmap_count(map.content, bitmap_words(1000)), 100);
    ck_assert(bitmap_test(map.content, 99) && !bitmap_test(map.content, 100));
    layout_kernel_pages(&map, 3, pages);
    ck_assert_uint_le(pages[2], 999);
    layout_map_clear(&map);
}
END_TEST

START_TEST(parts_that_do_not_fit_are_named)
{
    Layout layout = guest;

    layout.content_pages = 33000;
    ck_assert_ptr_nonnull(layout_fault(&layout));
    layout = guest;
    layout.content_pages = 70000;
    ck_assert_ptr_nonnull(layout_fault(&layout));
    layout = guest;
    layout.rom_content_pages = 131;
    ck_assert_ptr_nonnull(layout_fault(&layout));
    layout = guest;
    layout.pages = 1000;
    layout.content_pages = 900;
    ck_assert_ptr_nonnull(layout_fault(&layout));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("layout");

    tcase_add_test(tcase, has_as_many_pages_with_content_as_it_should);
    tcase_add_test(tcase, the_top_of_memory_is_the_kernels);
    tcase_add_test(tcase, the_hole_ends_where_a_block_does);
    tcase_add_test(tcase, a_full_guest_has_its_top_without_filling);
    tcase_add_test(tcase, prefix_is_what_is_used_from_the_bottom);
    tcase_add_test(tcase, parts_that_do_not_fit_are_named);
    return check_main("layout", tcase, NULL);
}
