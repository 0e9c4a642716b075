#include "models/vtpm/tpm_memory.h"
#include "tests/check_main.h"

#include <string.h>

static const gsize areas[TPM_N_AREAS] = {[TPM_VOLATILE] = 9000, [TPM_PERMANENT] = 6144, [TPM_NV] = 100};

static void
note_page(guint64 page, gpointer data)
{
    g_string_append_printf(data, "%" G_GUINT64_FORMAT " ", page);
}

/* Three pages, two and one. */
START_TEST(each_area_begins_on_a_page)
{
    g_autoptr(TpmMemory) memory = tpm_memory_new(4096, areas);
    g_autoptr(GString) written = g_string_new(NULL);
    const guint8 byte = 7;

    ck_assert_uint_eq(tpm_memory_needed(areas), 6 * 4096);
    ck_assert_uint_eq(tpm_memory_pages(memory), 6);
    tpm_memory_write(memory, TPM_VOLATILE, 8999, &byte, 1);
    tpm_memory_write(memory, TPM_PERMANENT, 0, &byte, 1);
    tpm_memory_write(memory, TPM_NV, 99, &byte, 1);
    tpm_memory_take_written(memory, note_page, written);
    ck_assert_str_eq(written->str, "2 3 5 ");
    tpm_memory_take_written(memory, note_page, written);
    ck_assert_str_eq(written->str, "2 3 5 ");
}
END_TEST

START_TEST(a_write_across_a_border_writes_both_pages)
{
    g_autoptr(TpmMemory) memory = tpm_memory_new(4096, areas);
    g_autoptr(GString) written = g_string_new(NULL);

    tpm_memory_write(memory, TPM_VOLATILE, 4095, "ab", 2);
    tpm_memory_take_written(memory, note_page, written);
    ck_assert_str_eq(written->str, "0 1 ");
}
END_TEST

START_TEST(large_pages_hold_several_areas)
{
    g_autoptr(TpmMemory) memory = tpm_memory_new(2 << 20, areas);

    ck_assert_uint_eq(tpm_memory_pages(memory), 1);
}
END_TEST

/* A page that was received before it was written is there as it was; one that never was is blank. */
START_TEST(what_was_not_received_again_is_as_it_was)
{
    g_autoptr(TpmMemory) source = tpm_memory_new(4096, areas);
    g_autoptr(TpmMemory) copy = tpm_memory_blank(source);
    char text[4];

    tpm_memory_write(source, TPM_VOLATILE, 0, "old", 4);
    tpm_memory_write(source, TPM_PERMANENT, 0, "key", 4);
    tpm_memory_receive(copy, source, 0, 1, (guint64[]){1});
    tpm_memory_write(source, TPM_VOLATILE, 0, "new", 4);
    tpm_memory_read(copy, TPM_VOLATILE, 0, text, 4);
    ck_assert_str_eq(text, "old");
    tpm_memory_read(copy, TPM_PERMANENT, 0, text, 4);
    ck_assert_str_eq(text, "");
    ck_assert(!tpm_memory_equal(copy, source));
    tpm_memory_receive(copy, source, 0, 1, (guint64[]){0x3f});
    ck_assert(tpm_memory_equal(copy, source));
}
END_TEST

START_TEST(pages_behind_the_state_are_ignored)
{
    g_autoptr(TpmMemory) source = tpm_memory_new(4096, areas);
    g_autoptr(TpmMemory) copy = tpm_memory_blank(source);

    tpm_memory_write(source, TPM_NV, 0, "x", 2);
    tpm_memory_receive(copy, source, 1, 1, (guint64[]){~(guint64)0});
    ck_assert(!tpm_memory_equal(copy, source));
    tpm_memory_receive(copy, source, 0, 2, (guint64[]){~(guint64)0, ~(guint64)0});
    ck_assert(tpm_memory_equal(copy, source));
}
END_TEST

START_TEST(a_copy_lives_alone)
{
    g_autoptr(TpmMemory) source = tpm_memory_new(4096, areas);
    g_autoptr(TpmMemory) copy = tpm_memory_copy(source);

    ck_assert(tpm_memory_equal(copy, source));
    tpm_memory_write(source, TPM_NV, 0, "x", 2);
    ck_assert(!tpm_memory_equal(copy, source));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("tpm_memory");

    tcase_add_test(tcase, each_area_begins_on_a_page);
    tcase_add_test(tcase, a_write_across_a_border_writes_both_pages);
    tcase_add_test(tcase, large_pages_hold_several_areas);
    tcase_add_test(tcase, what_was_not_received_again_is_as_it_was);
    tcase_add_test(tcase, pages_behind_the_state_are_ignored);
    tcase_add_test(tcase, a_copy_lives_alone);
    return check_main("tpm_memory", tcase, NULL);
}
