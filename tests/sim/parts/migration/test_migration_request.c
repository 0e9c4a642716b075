/* A migration is a request that anybody may make, and whoever asked is told once how it ended. Somebody who asks stands
 * in the running world: the linker puts the wrapper below in the place of timeline_start (tests/CMakeLists.txt). */
#include "sim/parts/migration/migration_keys.h"
#include "sim/world/domain.h"
#include "sim/world/timeline.h"
#include "tests/sim/world/worlds.h"

#include <simgrid/actor.h>
#include <sys/mman.h>

#define ASKED_AT_S 1.2
#define ASKS_MAX   2

/* What was told; the run is a child process, with which it is shared. */
typedef struct {
    guint times;
    gboolean completed, at_once;
    char name[32], word[32];
    double start_s, end_s, told_s;
} Told;

static Told *told; /* of each of the requests */
static const char *destinations[ASKS_MAX];

void __real_timeline_start(World *world);
void __wrap_timeline_start(World *world);

static gboolean asking;

static void
on_end(const MigrationEnd *end, gpointer data)
{
    Told *mine = data;

    mine->times++;
    mine->completed = end->completed;
    mine->at_once = asking;
    g_strlcpy(mine->name, end->name, sizeof mine->name);
    g_strlcpy(mine->word, end->outcome->word, sizeof mine->word);
    mine->start_s = end->start_s;
    mine->end_s = end->end_s;
    mine->told_s = world_now();
}

/* By the hypervisor of the time line's migration. */
static void
ask(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    World *world = sg_actor_self_get_data();
    const guint last = world->scenario->timeline->len - 1;
    const MigrateKeys *keys = migration_keys_of(scenario_action(world->scenario, last));

    sg_actor_sleep_until(ASKED_AT_S);
    for (guint i = 0; i < ASKS_MAX && destinations[i]; i++) {
        const MigrationRequest request = {.guest = world_domain(world, "vm"),
                                          .destination = world_host(world, destinations[i]),
                                          .method = METHOD_JOINT,
                                          .hypervisor = keys->hypervisor,
                                          .name = "asked",
                                          .ended = on_end,
                                          .data = &told[i]};
        asking = TRUE;
        request_migration(world, &request);
        asking = FALSE;
    }
}

void
__wrap_timeline_start(World *world)
{
    __real_timeline_start(world);
    world_start_actor("asker", world->hosts[0].sg, ask, world, FALSE);
}

static void
setup(void)
{
    told = mmap(NULL, ASKS_MAX * sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(told, MAP_FAILED);
    destinations[0] = "b";
    destinations[1] = NULL;
}

static void
teardown(void)
{
    munmap(told, ASKS_MAX * sizeof *told);
}

/* The time line's own comes when nobody has anything more to ask. */
#define LATER "/timeline/0/at=10s"

START_TEST(who_asked_is_told_once_how_it_ended)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, LATER);

    ck_assert_uint_eq(told[0].times, 1);
    ck_assert(told[0].completed && !told[0].at_once);
    ck_assert_str_eq(told[0].word, "completed");
    ck_assert_str_eq(told[0].name, "asked");
    ck_assert_double_eq(told[0].start_s, ASKED_AT_S);
    ck_assert_double_eq(told[0].end_s, told[0].told_s);
    ck_assert_number(result, "migration.asked.total_s", told[0].end_s - told[0].start_s, 1e-8);
    ck_assert_word(result, "migration.asked.destination", "b");
    ck_assert_word(result, "domain.vm.host", "b");
}
END_TEST

START_TEST(what_cannot_begin_is_told_at_once)
{
    destinations[1] = "c";
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, LATER);

    ck_assert_str_eq(told[0].word, "completed");
    ck_assert_uint_eq(told[1].times, 1);
    ck_assert(!told[1].completed && told[1].at_once);
    ck_assert_str_eq(told[1].word, "busy");
    ck_assert_str_eq(told[1].name, "asked.2");
    ck_assert_double_eq(told[1].end_s, ASKED_AT_S);
    ck_assert_word(result, "domain.vm.host", "b");
}
END_TEST

START_TEST(a_failure_is_told_when_it_happens)
{
    g_autoptr(Result) result =
        WORLDS_RUN(WORLDS_BASE, LATER, "/timeline/-={\"at\":\"1.4s\",\"do\":\"fail-link\",\"link\":\"lb\"}");

    ck_assert_uint_eq(told[0].times, 1);
    ck_assert(!told[0].completed);
    ck_assert_str_eq(told[0].word, "link-lost");
    ck_assert_double_ge(told[0].told_s, 1.4); /* when the migration next sends */
    ck_assert_double_lt(told[0].told_s, 1.5);
    ck_assert_word(result, "domain.vm.host", "a");
}
END_TEST

/* The time line asks like anybody else: what is asked here takes the time that its own takes. */
START_TEST(the_time_line_asks_as_others_do)
{
    g_autoptr(Result) result = WORLDS_RUN(WORLDS_BASE, "/timeline/0/at=10s", "/timeline/0/to=a", "/run_until=11s");
    const double there_s = worlds_number(result, "migration.asked.total_s");
    const double back_s = worlds_number(result, "migration.vm.total_s");

    ck_assert_double_eq_tol(back_s, there_s, 0.02 * there_s); /* other pages were written meanwhile */
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("request");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, who_asked_is_told_once_how_it_ended);
    tcase_add_test(tcase, what_cannot_begin_is_told_at_once);
    tcase_add_test(tcase, a_failure_is_told_when_it_happens);
    tcase_add_test(tcase, the_time_line_asks_as_others_do);
    return check_main("migration_request", tcase, NULL);
}
