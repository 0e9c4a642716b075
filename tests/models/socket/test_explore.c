/* The safe reading under every order of steps. */
#include "models/socket/conn.h"
#include "tests/check_main.h"
#include "tests/models/socket/scripts.h"

#include <stdio.h>

/* Migrations at most. Sanitized it is the steps that are looked at, not their orders: one migration takes all of them,
 * and the scripts that are not left out for the most migrations take every line that the others take (by gcov). */
#ifdef TANDEM_SANITIZED
#define MOVES 1
#else
#define MOVES 2
#endif

static guint64 states_visited;

static void
explore_must_pass(const Explore *x, const char *name)
{
    g_auto(ExploreResult) result = {0};

    explore_run(x, &result);
    states_visited += result.states;
    printf("%-28s %8u states %9" G_GUINT64_FORMAT " steps, longest shortest schedule %u, %u ends\n", name,
           result.states, result.edges, result.depth, result.ends);
    ck_assert_msg(result.complete, "%s: cut at %u states", name, result.states);
    ck_assert_msg(result.ends > 0, "%s: never ends", name);
    for (int i = 0; i < EXPLORE_FINDINGS; i++) {
        ExploreState state;
        g_autofree char *schedule = result.count[i] ? explore_schedule(x, &result, result.first[i], &state) : NULL;
        ck_assert_msg(result.count[i] == 0, "%s: finding %d in %u states, nearest: %s", name, i, result.count[i],
                      schedule);
    }
}

/* _i: script; together and apart, none, one and two migrations of either VM over three hosts */
START_TEST(every_schedule_delivers_every_byte_once_in_order_and_ends_clean)
{
    for (guint8 moves = 0; moves <= MOVES; moves++)
        for (int apart = 0; apart <= 1; apart++) {
            Explore x;
            g_autofree char *name = NULL;
            /* the three largest are larger than all others together: asked for by TANDEM_EXPLORE_ALL=1 */
            if ((_i == SCRIPT_CROSSED || _i == SCRIPT_TRY || _i == SCRIPT_SOME) && moves == MOVES &&
                !g_getenv("TANDEM_EXPLORE_ALL"))
                continue;
            script_set_up(&x, (Script)_i, 0, apart, moves);
            name = g_strdup_printf("%s, %s, %u moves", scripts[_i].name, apart ? "apart" : "together", moves);
            explore_must_pass(&x, name);
        }
    printf("%s: %" G_GUINT64_FORMAT " states in all\n", scripts[_i].name, states_visited);
}
END_TEST

/* Three migrations of the small scripts: only with TANDEM_EXPLORE_ALL=1, for it takes as long as all else. */
START_TEST(three_migrations_pass_too)
{
    static const Script small[] = {SCRIPT_ONE, SCRIPT_TO_END, SCRIPT_ECHO};

    for (gsize i = 0; i < G_N_ELEMENTS(small); i++)
        for (int apart = 0; apart <= 1; apart++) {
            Explore x;
            g_autofree char *name = g_strdup_printf("%s, three moves", scripts[small[i]].name);
            script_set_up(&x, small[i], 0, apart, 3);
            explore_must_pass(&x, name);
        }
}
END_TEST

/* Of the most migrations only the small scripts, unless all are asked for. */
static void
explore_otherwise(int script, gboolean announced)
{
    const gboolean small = script == SCRIPT_ONE || script == SCRIPT_TO_END || script == SCRIPT_ECHO;

    for (guint8 moves = 1; moves <= MOVES; moves++)
        for (int apart = 0; apart <= 1; apart++) {
            Explore x;
            if (moves == MOVES && !small && !g_getenv("TANDEM_EXPLORE_ALL"))
                continue;
            script_set_up(&x, (Script)script, 0, apart, moves);
            x.config.announced = announced;
            x.config.per_machine = !announced;
            g_autofree char *name = g_strdup_printf("%s, %s, %u %s", scripts[script].name, apart ? "apart" : "together",
                                                    moves, announced ? "announced" : "told");
            explore_must_pass(&x, name);
        }
}

/* The inventors' repair: the safe reading with announced migrations; one that is announced and never comes hangs
 * nobody. */
START_TEST(announced_migrations_deliver_every_byte_too)
{
    explore_otherwise(_i, TRUE);
}
END_TEST

/* A table per machine, and a message between VMMs that may take as long as it likes. */
START_TEST(a_table_per_machine_and_a_message_deliver_every_byte_too)
{
    explore_otherwise(_i, FALSE);
}
END_TEST

/* What an announcement is for: the clauses of the wording by which a migration is noticed afterwards, and what it then
 * waits for or sends again, lose bytes and hang nobody when no control block outlives the machine that it was built on.
 */
static const guint32 repaired[] = {CONN_OWN_NUMBER, CONN_SAME_NUMBER, CONN_WAIT_DRAIN, CONN_RESEND_ALL,
                                   CONN_OWN_NUMBER | CONN_SAME_NUMBER | CONN_WAIT_DRAIN | CONN_RESEND_ALL};

START_TEST(an_announcement_repairs_what_is_noticed_too_late)
{
    for (int script = 0; script < SCRIPTS; script++) {
        Explore x;
        if (script == SCRIPT_TRY || script == SCRIPT_CROSSED)
            continue; /* the largest */
        script_set_up(&x, (Script)script, repaired[_i], FALSE, 1);
        x.config.announced = TRUE;
        g_autofree char *name = g_strdup_printf("%s, announced, clauses %x", scripts[script].name, repaired[_i]);
        explore_must_pass(&x, name);
    }
}
END_TEST

START_TEST(buffers_of_one_byte_pass_too)
{
    for (int apart = 0; apart <= 1; apart++) {
        Explore x;
        script_set_up(&x, SCRIPT_STREAM, 0, apart, 1);
        x.config.buffer_bytes = x.config.tcp_bytes = x.config.segment_bytes = 1;
        explore_must_pass(&x, apart ? "one-byte buffers, apart" : "one-byte buffers, together");
    }
}
END_TEST

START_TEST(another_group_means_tcp_in_every_schedule)
{
    Explore x;

    script_set_up(&x, SCRIPT_STREAM, 0, FALSE, 1);
    x.config.gid[1] = 2;
    explore_must_pass(&x, "two groups");
}
END_TEST

/* Who is notified once only misses nothing either. */
START_TEST(one_notification_is_enough)
{
    static const Script some[] = {SCRIPT_BURST, SCRIPT_STREAM, SCRIPT_ECHO, SCRIPT_SOME};

    for (gsize i = 0; i < G_N_ELEMENTS(some); i++) {
        Explore x;
        g_autofree char *name = g_strdup_printf("%s, notified once", scripts[some[i]].name);
        script_set_up(&x, some[i], 0, FALSE, 1);
        x.config.notify_once = TRUE;
        explore_must_pass(&x, name);
    }
}
END_TEST

/* A checker that cannot fail is none: a lost wake-up made on purpose must be seen. */
START_TEST(the_explorer_sees_a_planted_defect)
{
    Explore x;
    g_auto(ExploreResult) result = {0};

    script_set_up(&x, SCRIPT_ONE, CONN_SLEEP_RACE, FALSE, 0);
    explore_run(&x, &result);
    ck_assert_uint_gt(result.count[EXPLORE_STUCK], 0);
    ck_assert_uint_gt(result.count[EXPLORE_HOPELESS], 0);
}
END_TEST

START_TEST(a_refused_connection_leaves_nothing_behind)
{
    Explore x;
    ExploreState state;

    script_set_up(&x, SCRIPT_ONE, 0, FALSE, 0);
    x.config.listening = FALSE;
    explore_start(&x, &state);
    explore_take(&x, &state, (ConnStep){CONN_STEP_TASK, 0, 0}, NULL);
    ck_assert_uint_eq(state.conn.established, 0);
    ck_assert_uint_ne(state.conn.side[0].at, CONN_AT_CONNECT_BUILD);
    ck_assert(conn_reclaimed(&state.conn));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("explore");

    tcase_add_loop_test(tcase, every_schedule_delivers_every_byte_once_in_order_and_ends_clean, 0, SCRIPTS);
    if (g_getenv("TANDEM_EXPLORE_ALL"))
        tcase_add_test(tcase, three_migrations_pass_too);
    tcase_add_loop_test(tcase, announced_migrations_deliver_every_byte_too, 0, SCRIPTS);
    tcase_add_loop_test(tcase, a_table_per_machine_and_a_message_deliver_every_byte_too, 0, SCRIPTS);
    tcase_add_loop_test(tcase, an_announcement_repairs_what_is_noticed_too_late, 0, (int)G_N_ELEMENTS(repaired));
    tcase_add_test(tcase, buffers_of_one_byte_pass_too);
    tcase_add_test(tcase, another_group_means_tcp_in_every_schedule);
    tcase_add_test(tcase, one_notification_is_enough);
    tcase_add_test(tcase, the_explorer_sees_a_planted_defect);
    tcase_add_test(tcase, a_refused_connection_leaves_nothing_behind);
    return check_main("explore", tcase, NULL);
}
