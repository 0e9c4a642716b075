/* Who runs on a host's processors, and how fast. An observer stands in the running world: the linker puts the wrapper
 * below in the place of timeline_start (tests/CMakeLists.txt). */
#include "sim/world/domain.h"
#include "sim/world/processors.h"
#include "sim/world/timeline.h"
#include "tests/sim/world/worlds.h"

#include <simgrid/actor.h>
#include <sys/mman.h>

#define LOOKS 4

/* What was seen; the run is a child process, with which it is shared. */
typedef struct {
    double vm[LOOKS], other[LOOKS]; /* speeds of the two guests at looks_s */
    double worked_until_s[2];
} Seen;

static Seen *seen;
static const double *looks_s; /* LOOKS dates, or NULL: nobody looks */
static const double *works_s; /* of each of two threads: when it enters, and its work; NULL: nobody works */

void __real_timeline_start(World *world);
void __wrap_timeline_start(World *world);

static void
look(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    World *world = sg_actor_self_get_data();

    for (guint i = 0; i < LOOKS; i++) {
        sg_actor_sleep_until(looks_s[i]);
        seen->vm[i] = dirty_speed(world_domain(world, "vm")->log);
        seen->other[i] = dirty_speed(world_domain(world, "other")->log);
    }
}

static void
work_as(World *world, guint i)
{
    sg_actor_sleep_until(works_s[2 * i]);
    ProcessorThread *thread = processors_enter(world, world_host(world, "a"), 1);
    processors_work(thread, works_s[2 * i + 1]);
    processors_leave(thread);
    seen->worked_until_s[i] = world_now();
}

static void
work_first(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    work_as(sg_actor_self_get_data(), 0);
}

static void
work_second(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    work_as(sg_actor_self_get_data(), 1);
}

void
__wrap_timeline_start(World *world)
{
    __real_timeline_start(world);
    if (looks_s)
        world_start_actor("observer", world->hosts[0].sg, look, world, FALSE);
    if (works_s) {
        world_start_actor("first", world->hosts[0].sg, work_first, world, FALSE);
        world_start_actor("second", world->hosts[0].sg, work_second, world, FALSE);
    }
}

static void
setup(void)
{
    seen = mmap(NULL, sizeof *seen, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(seen, MAP_FAILED);
    looks_s = works_s = NULL;
}

static void
teardown(void)
{
    munmap(seen, sizeof *seen);
}

/* Two guests on a; vm migrates to b at 1 s, alone, and is stopped for a moment. */
#define OTHER                                                                                                          \
    "/guests/-={\"name\":\"other\",\"host\":\"a\",\"memory\":\"4MiB\",\"vcpus\":2,\"cpu_share\":1,"                    \
    "\"workload\":{\"kind\":\"uniform\",\"working_set\":\"1MiB\",\"rate\":\"300/s\"}}"
#define ALONE  "/vtpms=[]", "/timeline/0/method=vm"
#define SHARED "/hosts/0/processors=shared", "/hosts/0/cores=2"
#define BUSY   "/guests/0/vcpus=2", "/guests/0/cpu_share=1"

START_TEST(unlimited_processors_give_everybody_what_it_wants)
{
    const double looks[LOOKS] = {0, 0.5, 0.6, 0.7}, works[4] = {0.1, 0.3, 0.2, 0.1};

    looks_s = looks;
    works_s = works;
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, OTHER, ALONE, BUSY, "/hosts/0/cores=1");
    ck_assert_double_eq(seen->vm[1], 1);
    ck_assert_double_eq(seen->other[1], 1);
    ck_assert_double_eq_tol(seen->worked_until_s[0], 0.4, 1e-9);
    ck_assert_double_eq_tol(seen->worked_until_s[1], 0.3, 1e-9);
}
END_TEST

START_TEST(equal_guests_get_equal_shares_and_who_leaves_gives_its_share_back)
{
    const double looks[LOOKS] = {0, 0.5, 0.9, 2.9};

    looks_s = looks;
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, OTHER, ALONE, BUSY, SHARED);
    for (guint i = 0; i < 3; i++) {
        ck_assert_double_eq(seen->vm[i], 0.5); /* four threads on two cores */
        ck_assert_double_eq(seen->other[i], 0.5);
    }
    ck_assert_word(result, "domain.vm.host", "b");
    ck_assert_double_eq(seen->vm[3], 1);
    ck_assert_double_eq(seen->other[3], 1);
}
END_TEST

/* One core: vm's one thread wants a quarter and gets it, the other's two part the rest. */
START_TEST(who_wants_little_gets_all_of_it)
{
    const double looks[LOOKS] = {0, 0.5, 0.6, 0.7};

    looks_s = looks;
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, OTHER, ALONE, "/guests/0/cpu_share=0.25",
                                          "/hosts/0/processors=shared", "/hosts/0/cores=1");
    ck_assert_double_eq(seen->vm[1], 1);
    ck_assert_double_eq(seen->other[1], 0.375);
}
END_TEST

#define BESIDE                                                                                                         \
    "/guests/-={\"name\":\"other\",\"host\":\"b\",\"memory\":\"4MiB\",\"vcpus\":2,\"cpu_share\":1,"                    \
    "\"workload\":{\"kind\":\"uniform\",\"working_set\":\"1MiB\",\"rate\":\"300/s\"}}"

/* As equal guests on one host, but each is on its own; vm's move to the other's host changes nothing. Work at one host
 * takes from the guest on the other. */
START_TEST(hosts_of_one_machine_share_its_cores)
{
    const double looks[LOOKS] = {0, 0.5, 0.9, 2.9}, works[4] = {0.6, 0.1, 0, 0};

    looks_s = looks;
    works_s = works;
    g_autoptr(Result) apart = WORLDS_RUN(WORLDS_BASE, BESIDE, ALONE, BUSY, SHARED);
    ck_assert_double_eq(seen->vm[1], 1);
    ck_assert_double_eq(seen->other[1], 1);
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, BESIDE, ALONE, BUSY, SHARED, "/hosts/1/processors_of=a");
    for (guint i = 0; i < LOOKS; i++) {
        ck_assert_double_eq(seen->vm[i], 0.5); /* four threads on two cores */
        ck_assert_double_eq(seen->other[i], 0.5);
    }
    ck_assert_word(result, "domain.vm.host", "b");
    ck_assert_double_eq_tol(seen->worked_until_s[0], 0.6 + 0.1 * 5 / 2, 1e-6); /* the fifth of five */
}
END_TEST

/* vm is given half of what it wants: its writes need no more, or four fifths. */
START_TEST(writes_that_need_a_part_of_the_share_are_held_back_when_that_is_not_there)
{
    const double looks[LOOKS] = {0, 0.5, 0.6, 0.7};

    looks_s = looks;
    g_autoptr(Result) enough = WORLDS_RUN(WORLDS_BASE, OTHER, ALONE, BUSY, SHARED, "/guests/0/workload_share=0.5");
    ck_assert_double_eq(seen->vm[1], 1);
    ck_assert_double_eq(seen->other[1], 0.5);
    g_autoptr(Result) less = WORLDS_RUN(WORLDS_BASE, OTHER, ALONE, BUSY, SHARED, "/guests/0/workload_share=0.8");
    ck_assert_double_eq(seen->vm[1], 0.625);
}
END_TEST

/* One core, guests that want nothing: the first has done 0.1 s when the second comes, and both need 0.4 s more to do
 * theirs by halves. */
START_TEST(work_takes_longer_while_others_work)
{
    const double works[4] = {0.1, 0.3, 0.2, 0.2};

    works_s = works;
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, ALONE, "/guests/0/cpu_share=0", "/timeline/0/at=2s",
                                          "/hosts/0/processors=shared", "/hosts/0/cores=1");
    ck_assert_double_eq_tol(seen->worked_until_s[0], 0.6, 1e-6);
    ck_assert_double_eq_tol(seen->worked_until_s[1], 0.6, 1e-6);
}
END_TEST

/* Work beside a guest on one core goes on at half speed; from 1 s on the guest has its memory copied and stands still
 * for the second half of a minute: what is left is done at full speed. */
START_TEST(work_goes_on_faster_when_a_guest_stops)
{
    const double works[4] = {0.8, 0.4, 0, 0};

    works_s = works;
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, ALONE, "/guests/0/cpu_share=1",
                                          "/timeline/0={\"at\":\"1s\",\"do\":\"fail-host\",\"host\":\"b\"}",
                                          "/hosts/0/processors=shared", "/hosts/0/cores=1");
    ck_assert_double_eq_tol(seen->worked_until_s[0], 1.6, 1e-6);

    g_autoptr(Result) stopped = WORLDS_RUN(
        WORLDS_BASE, ALONE, "/guests/0/cpu_share=1", "/timeline/0/hypervisor={\"profile\":\"ideal\",\"max_rounds\":0}",
        "/hosts/0/processors=shared", "/hosts/0/cores=1", "/links/0/bandwidth=1Mbps");
    const double live_s =
        worlds_number(stopped, "migration.vm.total_s") - worlds_number(stopped, "migration.vm.downtime_s");
    ck_assert_double_eq_tol(seen->worked_until_s[0], 1.3 + live_s / 2, 1e-6);
}
END_TEST

#define WRITES(rate)                                                                                                   \
    OTHER, ALONE, BUSY, "/guests/0/workload/rate=" rate, "/guests/0/memory=64MiB",                                     \
        "/guests/0/workload/working_set=64MiB", "/run_until=60s", "/hosts/0/processors=shared",                        \
        "/hosts/0/memory=256MiB", "/hosts/1/memory=256MiB"

/* A guest that gets half of what it wants writes half as much: as long as one whose load is half as high. */
START_TEST(a_guest_with_half_a_processor_writes_half_as_much)
{
    g_autoptr(Result) whole = WORLDS_RUN(WORLDS_BASE, WRITES("4000/s"), "/hosts/0/cores=4");
    g_autoptr(Result) half = WORLDS_RUN(WORLDS_BASE, WRITES("2000/s"), "/hosts/0/cores=4");
    g_autoptr(Result) shared = WORLDS_RUN(WORLDS_BASE, WRITES("4000/s"), "/hosts/0/cores=2");

    /* other pages are drawn, and the sender's own processor time is not free: within 2 % */
    ck_assert_number(shared, "migration.vm.total_s", worlds_number(half, "migration.vm.total_s"),
                     0.02 * worlds_number(half, "migration.vm.total_s"));
    ck_assert_double_gt(worlds_number(whole, "migration.vm.total_s"),
                        1.05 * worlds_number(half, "migration.vm.total_s"));
}
END_TEST

#define IDLE                                                                                                           \
    "/guests/0/workload={\"kind\":\"idle\"}",                                                                          \
        "/timeline/0/hypervisor={\"profile\":\"ideal\",\"page_work\":\"100us\"}", "/hosts/0/processors=shared",        \
        "/hosts/0/cores=1"
#define PAGES  1024
#define WORK_S 100e-6

/* Idle guests, one of them with nine busy processors: ten threads on one core, so that the sender, who wants w/(w + p)
 * of it, gets a tenth: a page then takes ten times its work, wire and all. */
START_TEST(a_sender_with_less_than_it_wants_works_more_slowly)
{
    g_autoptr(Result) alone = WORLDS_RUN(WORLDS_BASE, ALONE, IDLE, "/guests/0/cpu_share=0");
    g_autoptr(Result) crowded = WORLDS_RUN(WORLDS_BASE, ALONE, IDLE, "/guests/0/vcpus=9", "/guests/0/cpu_share=1");
    const double wire_s = 4096 * 8 / 100e6;
    const double longer_s = PAGES * (WORK_S / 0.1 - (WORK_S + wire_s));

    ck_assert_number(crowded, "migration.vm.total_s", worlds_number(alone, "migration.vm.total_s") + longer_s,
                     0.01 * longer_s);
}
END_TEST

/* QEMU's sender works while what it sent is on the wire: of a tenth of a core it has ten times its work for a page.
 * What the tables must agree in holds as well, though a synchronization takes longer too. */
START_TEST(a_qemu_sender_is_held_to_its_share)
{
    const char *qemu =
        "/timeline/0/hypervisor={\"profile\":\"qemu-kvm\",\"page_work\":\"100us\",\"downtime_limit\":\"10ms\"}";
    g_autoptr(Result) crowded =
        WORLDS_RUN(WORLDS_BASE, ALONE, IDLE, "/guests/0/vcpus=9", "/guests/0/cpu_share=1", qemu, "/run_until=9s");
    g_autoptr(Result) busy =
        WORLDS_RUN(WORLDS_BASE, ALONE, "/guests/0/vcpus=9", "/guests/0/cpu_share=1", "/guests/0/workload/rate=100/s",
                   qemu, "/hosts/0/processors=shared", "/hosts/0/cores=1", "/run_until=9s");

    const double expected_s = worlds_number(crowded, "migration.vm.vm.data_pages") * WORK_S / 0.1;

    ck_assert_double_gt(expected_s, 0.5);
    ck_assert_number(crowded, "migration.vm.total_s", expected_s, 0.05 * expected_s);
    ck_assert_word(busy, "migration.vm.outcome", "completed");
}
END_TEST

/* ---- places ---- */

#define VM_OF_3 "/guests/0/vcpus=3"
#define ROOM(n) "/hosts/1/cores=2", "/hosts/1/vcpus_per_core=" n
/* Another guest of 2 virtual processors that is on b already. */
#define NEIGHBOUR "/guests/-={\"name\": \"other\", \"host\": \"b\", \"memory\": \"4MiB\", \"vcpus\": 2}"

/* 3 of the VM and 1 of its vTPM: step 1 reserves memory and processors, or nothing. */
START_TEST(a_migration_whose_processors_find_no_place_is_refused_and_reserves_nothing)
{
    g_autoptr(Result) full = WORLDS_RUN(WORLDS_BASE, VM_OF_3, ROOM("1.9"));
    g_autoptr(Result) fits = WORLDS_RUN(WORLDS_BASE, VM_OF_3, ROOM("2"));

    ck_assert_word(full, "migration.vm.outcome", "no-cpu");
    ck_assert_word(full, "domain.vm.host", "a");
    ck_assert_word(full, "vtpm.tpm.place", "with-vm");
    ck_assert_double_eq(worlds_number(full, "host.b.free_bytes"), 64 * WORLDS_MIB);
    ck_assert_word(fits, "migration.vm.outcome", "completed");
}
END_TEST

START_TEST(whoever_is_there_takes_places)
{
    g_autoptr(Result) full = WORLDS_RUN(WORLDS_BASE, VM_OF_3, NEIGHBOUR, ROOM("2.5"));
    g_autoptr(Result) fits = WORLDS_RUN(WORLDS_BASE, VM_OF_3, NEIGHBOUR, ROOM("3"));

    ck_assert_word(full, "migration.vm.outcome", "no-cpu");
    ck_assert_word(fits, "migration.vm.outcome", "completed");
}
END_TEST

/* The VM takes the last places: its vTPM stays, and they are apart. */
START_TEST(a_second_leg_may_find_no_place_any_more)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, VM_OF_3, ROOM("1.5"), "/timeline/0/method=vm-then-vtpm");

    ck_assert_word(result, "migration.vm.outcome", "no-cpu");
    ck_assert_word(result, "migration.vm.vm.outcome", "completed");
    ck_assert_word(result, "vtpm.tpm.place", "apart");
}
END_TEST

/* Memory is asked for first, as the paper names it first. */
START_TEST(who_lacks_both_lacks_memory)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, VM_OF_3, ROOM("1"), "/hosts/1/memory=67MiB");

    ck_assert_word(result, "migration.vm.outcome", "no-memory");
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("processors");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, unlimited_processors_give_everybody_what_it_wants);
    tcase_add_test(tcase, equal_guests_get_equal_shares_and_who_leaves_gives_its_share_back);
    tcase_add_test(tcase, who_wants_little_gets_all_of_it);
    tcase_add_test(tcase, hosts_of_one_machine_share_its_cores);
    tcase_add_test(tcase, writes_that_need_a_part_of_the_share_are_held_back_when_that_is_not_there);
    tcase_add_test(tcase, work_takes_longer_while_others_work);
    tcase_add_test(tcase, work_goes_on_faster_when_a_guest_stops);
    tcase_add_test(tcase, a_guest_with_half_a_processor_writes_half_as_much);
    tcase_add_test(tcase, a_sender_with_less_than_it_wants_works_more_slowly);
    tcase_add_test(tcase, a_qemu_sender_is_held_to_its_share);
    tcase_add_test(tcase, a_migration_whose_processors_find_no_place_is_refused_and_reserves_nothing);
    tcase_add_test(tcase, whoever_is_there_takes_places);
    tcase_add_test(tcase, a_second_leg_may_find_no_place_any_more);
    tcase_add_test(tcase, who_lacks_both_lacks_memory);
    return check_main("processors", tcase, NULL);
}
