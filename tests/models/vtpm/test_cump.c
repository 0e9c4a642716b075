#include "models/migration/precopy.h"
#include "models/vtpm/cump.h"
#include "tests/check_main.h"

#include <math.h>

/* Table 1: CUMP.to_send as VM.to_send and vTPM.to_send. */
START_TEST(table_1_row_by_row)
{
    const gboolean rows[4][3] = {{0, 0, 0}, {0, 1, 1}, {1, 0, 1}, {1, 1, 1}};

    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(cump_to_send(&(CumpInfo){.vm_to_send = rows[i][0], .vtpm_to_send = rows[i][1]}), rows[i][2]);
}
END_TEST

START_TEST(table_2_row_by_row)
{
    const gboolean rows[4][3] = {{0, 0, 0}, {0, 1, 1}, {1, 0, 1}, {1, 1, 1}};

    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(cump_to_skip(&(CumpInfo){.vm_to_skip = rows[i][0], .vtpm_to_skip = rows[i][1]}), rows[i][2]);
}
END_TEST

/* Table 3; the prose under it contradicts its third column, see models/vtpm/cump.h. */
START_TEST(table_3_row_by_row)
{
    const gboolean rows[4][3] = {{0, 0, 0}, {0, 1, 0}, {1, 0, 1}, {1, 1, 0}};

    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(cump_is_sent(&(CumpInfo){.vm_to_send = rows[i][0], .vm_to_skip = rows[i][1]}), rows[i][2]);
}
END_TEST

static DirtyLog *
new_log(guint64 pages, const char *name)
{
    RandomStream random;

    random_init(&random, 1, "dirty", name);
    return dirty_new(pages, &random, 0);
}

static void
write_if(DirtyLog *log, double at_s, gboolean written)
{
    if (written)
        dirty_write(log, at_s, 7);
}

/* A guest that could still write keeps the machine from looking ahead over the whole round; it never does write. */
static void
keep_active(DirtyLog *log, double at_s)
{
    dirty_set_workload(log, at_s,
                       &(Workload){.kind = WORKLOAD_UNIFORM, .first_page = 2047, .pages = 1, .rate_pages_s = 1e-12});
}

/* The page set under the pre-copy machine obeys the tables: page 7 has its to_send bits from writes during round 1 and
 * its to_skip bits from writes during round 2 before its turn; it is sent exactly when Table 3 says so. Batches of one
 * page give page 0 a turn of its own before page 7; page 2000 ends the round. */
START_TEST(the_mechanism_obeys_the_tables_for_all_sixteen_cases)
{
    const PrecopyRules rules = {
        .policy.max_rounds = 29, .batch_pages = 1, .peek_skip = TRUE, .first_round_skips = TRUE};
    const CopyReach whole_round = {.rate_Bps = 1e9, .alone_Bps = 1e9, .max_batches = G_MAXUINT, .until_s = INFINITY};
    const CopyReach one_batch = {.rate_Bps = 1e9, .alone_Bps = 1e9, .max_batches = 1, .until_s = INFINITY};

    for (guint bits = 0; bits < 16; bits++) {
        const CumpInfo info = {(bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0};
        g_autoptr(DirtyLog) vm = new_log(2048, "vm");
        g_autoptr(DirtyLog) vtpm = new_log(512, "vtpm");
        PageSet set;
        page_set_init(&set, 4096);
        cump_create(&set, &(PageSetMember){vm, NULL, 0, 2048, NULL}, &(PageSetMember){vtpm, NULL, 0, 512, NULL});
        g_autoptr(Precopy) precopy = precopy_new(&set, &rules);

        ck_assert_double_eq(precopy_next(precopy, 0, &whole_round).bytes, (2048 + 512) * 4096.0);
        dirty_write(vm, 100, 0);
        dirty_write(vm, 100, 2000);
        write_if(vm, 100, info.vm_to_send);
        write_if(vtpm, 100, info.vtpm_to_send);
        keep_active(vm, 100);
        precopy_next(precopy, 100, &one_batch); /* round 2 begins: page 0, of both domains */
        write_if(vm, 101, info.vm_to_skip);
        write_if(vtpm, 101, info.vtpm_to_skip);
        while (precopy_totals(precopy).rounds->len < 2)
            precopy_next(precopy, 102, &one_batch);

        const CopyRound *second = &g_array_index(precopy_totals(precopy).rounds, CopyRound, 1);
        ck_assert_uint_eq(second->sent, 2u + cump_is_sent(&info));
        ck_assert_uint_eq(second->skipped, cump_to_send(&info) && cump_to_skip(&info));
    }
}
END_TEST

START_TEST(a_union_page_carries_both_domains_page)
{
    g_autoptr(DirtyLog) vm = new_log(2048, "vm");
    g_autoptr(DirtyLog) vtpm = new_log(512, "vtpm");
    g_autoptr(Image) vm_image = image_new(vm);
    g_autoptr(Image) vtpm_image = image_new(vtpm);
    PageSet set;
    PageSetSent sent = {0};
    const guint64 mask[1] = {1u << 7};

    page_set_init(&set, 4096);
    cump_create(&set, &(PageSetMember){vm, vm_image, 0, 2048, NULL}, &(PageSetMember){vtpm, vtpm_image, 0, 512, NULL});
    ck_assert_uint_eq(set.pages, 2048);
    page_set_send(&set, 0, 0, 1, mask, &sent);
    ck_assert_uint_eq(sent.set_pages, 1);
    ck_assert_uint_eq(sent.data_pages, 2);
    page_set_send(&set, 0, 8, 1, mask, &sent); /* page 519: beyond the vTPM */
    ck_assert_uint_eq(sent.data_pages, 3);
    ck_assert_uint_eq(image_differing_pages(vm_image, 0), 2046);
    ck_assert_uint_eq(image_differing_pages(vtpm_image, 0), 511);
}
END_TEST

/* The other reading of step 5: page 7 goes for the domain whose log has it. What the union leaves out, since the other
 * domain has written its page again, stays due. */
START_TEST(where_only_dirty_pages_go_each_domain_sends_its_own)
{
    g_autoptr(DirtyLog) vm = new_log(2048, "vm");
    g_autoptr(DirtyLog) vtpm = new_log(512, "vtpm");
    g_autoptr(Image) vm_image = image_new(vm);
    g_autoptr(Image) vtpm_image = image_new(vtpm);
    guint64 vm_due[32] = {0}, vtpm_due[8] = {0}, caught[32];
    const guint64 all = G_MAXUINT64, seventh[1] = {1u << 7}, sixth[1] = {1u << 6};
    PageSet set;
    PageSetSent sent = {0};

    page_set_init(&set, 4096);
    cump_create(&set, &(PageSetMember){vm, vm_image, 0, 2048, NULL}, &(PageSetMember){vtpm, vtpm_image, 0, 512, NULL});
    page_set_track_due(&set, 0, vm_due);
    page_set_track_due(&set, 1, vtpm_due);
    page_set_fill(&set, caught);
    page_set_send(&set, 0, 0, 1, &all, &sent); /* round 1: every page is due, of both */
    ck_assert_uint_eq(sent.data_pages, 128);
    dirty_write(vtpm, 1, 7);
    dirty_write(vm, 1, 6);
    page_set_fetch_and_clear(&set, 2, caught);
    page_set_send(&set, 2, 0, 1, seventh, &sent);
    ck_assert_uint_eq(sent.set_pages, 65);
    ck_assert_uint_eq(sent.data_pages, 129);
    dirty_write(vtpm, 3, 6);
    page_set_fetch_and_clear(&set, 4, caught); /* the VM's page 6 was not sent: it is due still */
    page_set_send(&set, 4, 0, 1, sixth, &sent);
    ck_assert_uint_eq(sent.data_pages, 131);
    ck_assert_uint_eq(image_differing_pages(vm_image, 4), 2048 - 64);
    ck_assert_uint_eq(image_differing_pages(vtpm_image, 4), 512 - 64);
}
END_TEST

/* Step 5, "copy CUMP": its entry goes with each page of the union, also with one that both domains send. */
START_TEST(the_unions_own_entries_travel_once_a_page)
{
    const PrecopyRules rules = {.policy.max_rounds = 29, .batch_pages = 1024, .entry_bytes = 32};
    const CopyReach reach = {.rate_Bps = 1e9, .alone_Bps = 1e9, .max_batches = G_MAXUINT, .until_s = INFINITY};
    g_autoptr(DirtyLog) vm = new_log(2048, "vm");
    g_autoptr(DirtyLog) vtpm = new_log(512, "vtpm");
    PageSet set;

    page_set_init(&set, 4096);
    cump_create(&set, &(PageSetMember){vm, NULL, 0, 2048, NULL}, &(PageSetMember){vtpm, NULL, 0, 512, NULL});
    keep_active(vm, 0);
    g_autoptr(Precopy) precopy = precopy_new(&set, &rules);
    ck_assert_double_eq(precopy_next(precopy, 0, &reach).bytes, (2048 + 512) * 4096.0 + 2048 * 32.0);
}
END_TEST

START_TEST(concatenation_does_not_overlap)
{
    g_autoptr(DirtyLog) vm = new_log(1000, "vm"); /* not a multiple of 64 */
    g_autoptr(DirtyLog) vtpm = new_log(512, "vtpm");
    PageSet set;

    page_set_init(&set, 4096);
    cump_create_concatenated(&set, &(PageSetMember){vm, NULL, 0, 1000, NULL},
                             &(PageSetMember){vtpm, NULL, 0, 512, NULL});
    g_autofree guint64 *bits = g_new(guint64, set.words);
    guint64 count = 0;
    page_set_fill(&set, bits);
    for (gsize w = 0; w < set.words; w++)
        count += (guint)__builtin_popcountll(bits[w]);
    ck_assert_uint_eq(count, 1512);
    ck_assert_uint_eq(set.members[1].first_page, 1024);
}
END_TEST

START_TEST(algorithm_1_refuses_what_is_not_bound)
{
    ck_assert_int_eq(cump_check_union(&(CumpBinding){"vm", "t1", "t1"}), CUMP_OK);
    ck_assert_int_eq(cump_check_union(&(CumpBinding){"vm", "t1", "t2"}), CUMP_MISMATCH);
    ck_assert_int_eq(cump_check_union(&(CumpBinding){"vm", NULL, "t2"}), CUMP_MISMATCH);
    ck_assert_int_eq(cump_check_union(&(CumpBinding){"vm", "t1", NULL}), CUMP_INCOMPLETE);
    ck_assert_int_eq(cump_check_union(&(CumpBinding){NULL, "t1", "t1"}), CUMP_INCOMPLETE);
    ck_assert_str_eq(cump_result_text(CUMP_MISMATCH), "domu | vTPM don't match");
}
END_TEST

START_TEST(algorithm_2_wants_both_configurations)
{
    ck_assert_int_eq(cump_check_separation(TRUE, TRUE), CUMP_OK);
    ck_assert_int_eq(cump_check_separation(TRUE, FALSE), CUMP_NO_CONFIG);
    ck_assert_int_eq(cump_check_separation(FALSE, TRUE), CUMP_NO_CONFIG);
    ck_assert_str_eq(cump_result_text(CUMP_NO_CONFIG), "migration false");
}
END_TEST

/* The same on both sides, whether or not it is a pair; and not when one of the three is another. */
START_TEST(definition_3_wants_the_association_of_the_source)
{
    const CumpBinding pair = {"vm", "tpm", "tpm"}, stranger = {"vm", "other", "tpm"};
    const CumpBinding others[] = {
        {"vm", "other", "tpm"}, {"vm", "tpm", "other"}, {"other", "tpm", "tpm"}, {"vm", NULL, "tpm"}};

    ck_assert_int_eq(cump_check_association(&pair, &pair), CUMP_OK);
    ck_assert_int_eq(cump_check_association(&stranger, &stranger), CUMP_OK);
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
        ck_assert_int_eq(cump_check_association(&pair, &others[i]), CUMP_OTHER_PAIR);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("cump");

    tcase_add_test(tcase, table_1_row_by_row);
    tcase_add_test(tcase, table_2_row_by_row);
    tcase_add_test(tcase, table_3_row_by_row);
    tcase_add_test(tcase, the_mechanism_obeys_the_tables_for_all_sixteen_cases);
    tcase_add_test(tcase, a_union_page_carries_both_domains_page);
    tcase_add_test(tcase, where_only_dirty_pages_go_each_domain_sends_its_own);
    tcase_add_test(tcase, the_unions_own_entries_travel_once_a_page);
    tcase_add_test(tcase, concatenation_does_not_overlap);
    tcase_add_test(tcase, algorithm_1_refuses_what_is_not_bound);
    tcase_add_test(tcase, algorithm_2_wants_both_configurations);
    tcase_add_test(tcase, definition_3_wants_the_association_of_the_source);
    return check_main("cump", tcase, NULL);
}
