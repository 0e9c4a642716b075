/* What must hold in every world is held to faults: one function of the copying is made wrong (the linker puts the
 * wrapper of that name in its place, tests/CMakeLists.txt), and an invariant of the run has to say so. Faults of
 * copying a VM alone are made twice, where each page is drawn and where they are counted. */
#include "models/memory/bitmap.h"
#include "models/migration/backlog.h"
#include "models/migration/qemu.h"
#include "models/migration/round_robin.h"
#include "models/vtpm/cump.h"
#include "tests/sim/world/worlds.h"

typedef enum {
    NO_FAULT,
    VTPM_FORGOTTEN,      /* no page set has it */
    VM_FORGOTTEN,        /* the same */
    UNION_CARRIES_VM,    /* a union page without the vTPM's page */
    UNION_CARRIES_VTPM,  /* or without the VM's */
    FETCHES_VM,          /* to_send is the VM's alone, and both logs are cleared */
    PEEKS_VM,            /* to_skip is the VM's alone */
    PEEKS_TOO_MUCH,      /* to_skip names a page that is in no log */
    NO_LAST_FETCH,       /* what was written between the last round and the stop */
    LAST_ROUND_DROPPED,  /* the guest stops, and nothing is sent after it */
    PAGE_DROPPED,        /* of each batch's round the next page to send */
    SKIPPED_LOST,        /* a page that is dirty again is skipped, and leaves the log */
    RENEWAL_DROPPED,     /* fetched, and not kept */
    LOG_NEVER_MERGED,    /* QEMU's synchronizations */
    LOG_DROPPED,         /* fetched, and not kept */
    LAST_SYNC_FORGOTTEN, /* the one after the guest has stopped */
    NO_VTPM_STATE,       /* of the device state under QEMU */
    PULL_ENDS_EARLY      /* post-copy */
} Fault;

static Fault fault; /* of this process; a run is a child of it */

void __real_cump_create(PageSet *set, const PageSetMember *vm, const PageSetMember *vtpm);
void __wrap_cump_create(PageSet *set, const PageSetMember *vm, const PageSetMember *vtpm);
void __real_cump_create_concatenated(PageSet *set, const PageSetMember *vm, const PageSetMember *vtpm);
void __wrap_cump_create_concatenated(PageSet *set, const PageSetMember *vm, const PageSetMember *vtpm);
void __real_page_set_send(const PageSet *set, double now_s, gsize first_word, gsize n_words, const guint64 *mask,
                          PageSetSent *sent);
void __wrap_page_set_send(const PageSet *set, double now_s, gsize first_word, gsize n_words, const guint64 *mask,
                          PageSetSent *sent);
guint64 __real_page_set_fetch_and_clear(const PageSet *set, double now_s, guint64 *out);
guint64 __wrap_page_set_fetch_and_clear(const PageSet *set, double now_s, guint64 *out);
void __real_page_set_peek(const PageSet *set, double now_s, gsize first_word, gsize n_words, guint64 *out);
void __wrap_page_set_peek(const PageSet *set, double now_s, gsize first_word, gsize n_words, guint64 *out);
void __real_backlog_complete(Backlog *backlog, double now_s);
PageSetSent __real_backlog_take(Backlog *backlog, double now_s, guint room, BacklogTurn turn);
PageSetSent __wrap_backlog_take(Backlog *backlog, double now_s, guint room, BacklogTurn turn);
gboolean __real_backlog_has_more(const Backlog *backlog);
gboolean __wrap_backlog_has_more(const Backlog *backlog);
guint64 __real_backlog_renew(Backlog *backlog, double now_s);
guint64 __wrap_backlog_renew(Backlog *backlog, double now_s);
void __wrap_backlog_complete(Backlog *backlog, double now_s);
guint64 __real_round_robin_merge_log(RoundRobin *robin, double t_s);
guint64 __wrap_round_robin_merge_log(RoundRobin *robin, double t_s);
Qemu *__real_qemu_new(const PageSet *set, const QemuRules *rules);
Qemu *__wrap_qemu_new(const PageSet *set, const QemuRules *rules);
guint64 __real_qemu_pages_left(const Qemu *qemu);
guint64 __wrap_qemu_pages_left(const Qemu *qemu);

static gboolean
forgets(PageSet *set, const PageSetMember *vm, const PageSetMember *vtpm)
{
    const PageSetMember *only = fault == VTPM_FORGOTTEN ? vm : vtpm;

    if (fault != VTPM_FORGOTTEN && fault != VM_FORGOTTEN)
        return FALSE;
    page_set_add(set, only->log, only->image, 0, only->used_pages);
    return TRUE;
}

void
__wrap_cump_create(PageSet *set, const PageSetMember *vm, const PageSetMember *vtpm)
{
    if (!forgets(set, vm, vtpm))
        __real_cump_create(set, vm, vtpm);
}

void
__wrap_cump_create_concatenated(PageSet *set, const PageSetMember *vm, const PageSetMember *vtpm)
{
    if (!forgets(set, vm, vtpm))
        __real_cump_create_concatenated(set, vm, vtpm);
}

void
__wrap_page_set_send(const PageSet *set, double now_s, gsize first_word, gsize n_words, const guint64 *mask,
                     PageSetSent *sent)
{
    PageSet wrong = *set;

    if (fault == UNION_CARRIES_VM || fault == UNION_CARRIES_VTPM)
        wrong.members[fault == UNION_CARRIES_VM ? 1 : 0].image = NULL;
    __real_page_set_send(&wrong, now_s, first_word, n_words, mask, sent);
}

/* Only one member of the set, by itself. */
static PageSet
alone(const PageSet *set, guint member)
{
    PageSet one = *set;

    one.members[0] = set->members[member];
    one.members[0].first_page = 0;
    one.n_members = 1;
    one.words = dirty_words(one.members[0].log);
    return one;
}

guint64
__wrap_page_set_fetch_and_clear(const PageSet *set, double now_s, guint64 *out)
{
    if (fault == FETCHES_VM && set->n_members == 2) {
        const PageSet vtpm = alone(set, 1);
        g_autofree guint64 *lost = g_new(guint64, vtpm.words);
        __real_page_set_fetch_and_clear(&vtpm, now_s, lost);
    }
    return __real_page_set_fetch_and_clear(set, now_s, out);
}

void
__wrap_page_set_peek(const PageSet *set, double now_s, gsize first_word, gsize n_words, guint64 *out)
{
    const PageSet vm = alone(set, 0);

    __real_page_set_peek(fault == PEEKS_VM ? &vm : set, now_s, first_word, n_words, out);
    if (fault == SKIPPED_LOST) {
        g_autofree guint64 *lost = g_new(guint64, set->words);
        __real_page_set_fetch_and_clear(set, now_s, lost);
    }
    if (fault == PEEKS_TOO_MUCH && first_word == 0)
        out[0] |= 1u << 9; /* of both domains, and written by neither */
}

void
__wrap_backlog_complete(Backlog *backlog, double now_s)
{
    if (fault != NO_LAST_FETCH)
        __real_backlog_complete(backlog, now_s);
}

/* Of what is to be sent still. */
static void
drop_page(Backlog *backlog)
{
    guint64 page = 0;

    if (!backlog->set->tally && bitmap_next(backlog->to_send, backlog->set->words, &page))
        backlog->to_send[page / 64] &= ~(G_GUINT64_CONSTANT(1) << page % 64);
    for (guint i = 0; backlog->set->tally && i < backlog->set->tally->n_pieces; i++)
        if (backlog->set->tally->pieces[i].to_send > 0) {
            backlog->set->tally->pieces[i].to_send--;
            return;
        }
}

static void
forget_waiting(const Tally *tally)
{
    for (guint i = 0; i < tally->n_pieces; i++)
        tally->pieces[i].waiting = 0;
}

/* The turn of the present round, which has_more is not told. */
static gboolean takes_last;

PageSetSent
__wrap_backlog_take(Backlog *backlog, double now_s, guint room, BacklogTurn turn)
{
    takes_last = turn == BACKLOG_LAST;
    if (fault == LAST_ROUND_DROPPED && takes_last)
        return (PageSetSent){0};
    const PageSetSent sent = __real_backlog_take(backlog, now_s, room, turn);
    if (fault == PAGE_DROPPED && !takes_last)
        drop_page(backlog);
    if (fault == SKIPPED_LOST && backlog->set->tally)
        forget_waiting(backlog->set->tally);
    return sent;
}

gboolean
__wrap_backlog_has_more(const Backlog *backlog)
{
    return !(fault == LAST_ROUND_DROPPED && takes_last) && __real_backlog_has_more(backlog);
}

static void
drop_all(Tally *tally)
{
    for (guint i = 0; i < tally->n_pieces; i++)
        tally->pieces[i].to_send = 0;
}

guint64
__wrap_backlog_renew(Backlog *backlog, double now_s)
{
    const guint64 pages = __real_backlog_renew(backlog, now_s);

    if (fault != RENEWAL_DROPPED)
        return pages;
    if (backlog->set->tally)
        drop_all(backlog->set->tally);
    else
        memset(backlog->to_send, 0, backlog->set->words * sizeof *backlog->to_send);
    return 0;
}

/* What a synchronization has just found is lost again; what was to be sent before it may be as well. */
static void
drop_log(RoundRobin *robin, guint64 fresh)
{
    if (robin->set->tally) {
        robin->remaining -= MIN(fresh, robin->remaining);
        for (guint i = 0; i < robin->set->tally->n_pieces; i++) {
            TallyPiece *piece = &robin->set->tally->pieces[i];
            const guint64 dropped = MIN(fresh, piece->to_send);
            piece->to_send -= dropped;
            fresh -= dropped;
        }
        return;
    }
    for (gsize w = 0; w < robin->set->words; w++) {
        robin->remaining -= (guint)__builtin_popcountll(robin->dirty[w] & robin->log[w]);
        robin->dirty[w] &= ~robin->log[w];
    }
}

guint64
__wrap_round_robin_merge_log(RoundRobin *robin, double t_s)
{
    if (fault == LOG_NEVER_MERGED || (fault == LAST_SYNC_FORGOTTEN && !page_set_is_active(robin->set, t_s)))
        return 0;
    const guint64 fresh = __real_round_robin_merge_log(robin, t_s);
    if (fault == LOG_DROPPED)
        drop_log(robin, fresh);
    return fresh;
}

Qemu *
__wrap_qemu_new(const PageSet *set, const QemuRules *rules)
{
    QemuRules wrong = *rules;

    if (fault == NO_VTPM_STATE)
        wrong.state_bytes -= 177e3;
    return __real_qemu_new(set, &wrong);
}

guint64
__wrap_qemu_pages_left(const Qemu *qemu)
{
    return __real_qemu_pages_left(qemu) + (fault == PULL_ENDS_EARLY);
}

/* ---- runs ---- */

#define CUMP         "/timeline/0/method=joint"
#define CONCATENATED "/timeline/0/method=concatenated"
#define QEMU         "/timeline/0/hypervisor=qemu-kvm"
#define POSTCOPY                                                                                                       \
    "/timeline/0/hypervisor={\"profile\":\"qemu-kvm\",\"postcopy_rounds\":1,\"costs\":"                                \
    "{\"pre_migration\":\"60ms\"}}"
#define UNVERIFIED "/engine/verify_memory=false"
#define ALONE      "/timeline/0/method=vm"
#define BATCHES    "/timeline/0/hypervisor/batch_pages=64"
#define EACH       "/engine/pages=each"
#define COUNTED    "/engine/pages=counted"
#define BUSY       "/guests/0/workload={\"kind\":\"uniform\",\"working_set\":\"3MiB\",\"rate\":\"3000/s\"}"
/* Under Xen the guest writes between the last look at the log and its stop only while a card is drained. */
#define BUSY_CARD                                                                                                      \
    "/cards=[{\"name\":\"ca\",\"host\":\"a\",\"profile\":\"sjk1828\"},{\"name\":\"cb\",\"host\":\"b\","                \
    "\"profile\":\"sjk1828\"}]",                                                                                       \
        "/card_paths=[{\"name\":\"path\",\"profile\":\"ivshmem\"}]",                                                   \
        "/card_sessions=[{\"name\":\"s\",\"guest\":\"vm\",\"card\":\"ca\",\"path\":\"path\",\"workload\":{\"kind\":"   \
        "\"closed\",\"outstanding\":64,\"mix\":[{\"algorithm\":\"sm2-verify\",\"bytes\":\"32B\"}]}}]",                 \
        BUSY

static Result *
run_with(Fault wrong, const char *const *settings)
{
    g_autoptr(Scenario) scenario = worlds_load(WORLDS_BASE, settings, NULL);
    Run run = {.scenario = scenario, .seed = 1};

    fault = wrong;
    run_all(&run, 1, 1);
    fault = NO_FAULT;
    ck_assert_msg(run.result, "%s", run.error);
    return run.result;
}

static const struct {
    Fault fault;
    const char *const settings[8];
    const char *noticed_by; /* how the violation begins */
} faults[] = {
    {VTPM_FORGOTTEN, {CUMP}, "images_equal"},
    {VM_FORGOTTEN, {CUMP}, "images_equal"},
    {VTPM_FORGOTTEN, {CONCATENATED}, "images_equal"},
    {VM_FORGOTTEN, {CONCATENATED}, "images_equal"},
    {VTPM_FORGOTTEN, {CUMP, UNVERIFIED}, "pcr_as_without_migration"},
    /* nobody compares the images: the TPM's state itself has to tell */
    {UNION_CARRIES_VM, {CUMP, UNVERIFIED}, "pcr_as_without_migration"},
    {UNION_CARRIES_VM, {CONCATENATED, UNVERIFIED}, "pcr_as_without_migration"},
    {FETCHES_VM, {CUMP, UNVERIFIED}, "pcr_as_without_migration"},
    {UNION_CARRIES_VM, {CUMP}, "images_equal"},
    {UNION_CARRIES_VTPM, {CUMP}, "images_equal"},
    {UNION_CARRIES_VM, {CONCATENATED}, "images_equal"},
    {FETCHES_VM, {CUMP}, "images_equal"},
    {FETCHES_VM, {CONCATENATED}, "images_equal"},
    {PEEKS_TOO_MUCH, {CUMP}, "images_equal"},
    {NO_LAST_FETCH, {CUMP, BUSY_CARD}, "images_equal"},
    {NO_LAST_FETCH, {ALONE, EACH, BUSY_CARD}, "images_equal"},
    {NO_LAST_FETCH, {ALONE, COUNTED, BUSY_CARD}, "images_equal"},
    {LAST_ROUND_DROPPED, {ALONE, EACH, BUSY}, "images_equal"},
    {LAST_ROUND_DROPPED, {ALONE, COUNTED, BUSY}, "images_equal"},
    {PAGE_DROPPED, {ALONE, EACH, BUSY, BATCHES}, "images_equal"},
    {PAGE_DROPPED, {ALONE, COUNTED, BUSY, BATCHES}, "images_equal"},
    {SKIPPED_LOST, {ALONE, EACH, BUSY, BATCHES}, "images_equal"},
    {SKIPPED_LOST, {ALONE, COUNTED, BUSY, BATCHES}, "images_equal"},
    {RENEWAL_DROPPED, {ALONE, EACH, BUSY}, "images_equal"},
    {RENEWAL_DROPPED, {ALONE, COUNTED, BUSY}, "images_equal"},
    {NO_LAST_FETCH, {"/timeline/0/method=vtpm-then-vm", BUSY_CARD}, "images_equal"},
    {LOG_NEVER_MERGED, {QEMU, EACH}, "images_equal"},
    {LOG_NEVER_MERGED, {QEMU, COUNTED}, "images_equal"},
    {LOG_DROPPED, {QEMU, EACH}, "images_equal"},
    {LOG_DROPPED, {QEMU, COUNTED}, "images_equal"},
    {LAST_SYNC_FORGOTTEN, {QEMU, BUSY, EACH, "/timeline/0/hypervisor/sync_work=10ms"}, "images_equal"},
    {LAST_SYNC_FORGOTTEN, {QEMU, BUSY, COUNTED, "/timeline/0/hypervisor/sync_work=10ms"}, "images_equal"},
    {NO_VTPM_STATE, {QEMU}, "pcr_as_without_migration"},
    {NO_VTPM_STATE, {POSTCOPY}, "pcr_as_without_migration"},
    {PULL_ENDS_EARLY, {POSTCOPY}, "images_equal"},
};

START_TEST(each_fault_of_the_copying_breaks_an_invariant)
{
    const char *const *settings = faults[_i].settings;
    g_autoptr(Result) wrong = run_with(faults[_i].fault, settings);
    g_autoptr(Result) right = run_with(NO_FAULT, settings);
    g_autofree char *violation = result_violation(wrong);
    g_autofree char *none = result_violation(right);

    ck_assert_msg(!none, "%s", none);
    ck_assert_word(wrong, "migration.vm.outcome", "completed");
    ck_assert_msg(violation && strstr(violation, faults[_i].noticed_by), "fault %d, expected %s: %s", faults[_i].fault,
                  faults[_i].noticed_by, violation ? violation : "nothing noticed");
}
END_TEST

/* A vTPM that was left behind does not count as arrived because the VM's pages are all there. */
START_TEST(the_register_of_a_forgotten_vtpm_is_not_taken_as_good)
{
    g_autoptr(Result) wrong = run_with(VTPM_FORGOTTEN, (const char *const[]){CUMP, NULL});
    const guint64 calls = (guint64)worlds_number(wrong, "vtpm.tpm.commands_done");
    g_autofree char *pcr = worlds_pcr("vm", calls);

    ck_assert_str_ne(worlds_word(wrong, "vtpm.tpm.pcr"), pcr);
}
END_TEST

/* Without the OR of Table 2 the images still agree, for a page that is dirty goes out again anyway: pages go out in
 * vain, which no invariant of memory can see and the number of pages shows. */
START_TEST(to_skip_of_one_domain_alone_sends_pages_in_vain)
{
    const char *const busy[] = {CUMP,
                                "/vtpms/0/workload={\"kind\":\"uniform\",\"working_set\":\"1MiB\",\"rate\":\"2000/s\"}",
                                "/timeline/0/hypervisor/batch_pages=16", NULL};
    g_autoptr(Result) wrong = run_with(PEEKS_VM, busy);
    g_autoptr(Result) right = run_with(NO_FAULT, busy);

    ck_assert_double_gt(worlds_number(wrong, "migration.vm.joint.sent_pages"),
                        1.02 * worlds_number(right, "migration.vm.joint.sent_pages"));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("mutations");

    tcase_add_loop_test(tcase, each_fault_of_the_copying_breaks_an_invariant, 0, (int)G_N_ELEMENTS(faults));
    tcase_add_test(tcase, the_register_of_a_forgotten_vtpm_is_not_taken_as_good);
    tcase_add_test(tcase, to_skip_of_one_domain_alone_sends_pages_in_vain);
    return check_main("mutations", tcase, NULL);
}
