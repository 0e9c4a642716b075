/* What the wording of CN101859263A loses, repeats, reorders or hangs on, each with a shortest schedule that shows it.
 *
 * A row takes literally only the clauses named; everything else is the safe reading, which passes the same script (that
 * is tested too), so those clauses alone are at fault. docs/models/socket.md explains every row. Schedules are written
 * as explore_describe() says: "A2.3.2.1" task A takes that step, "B!" B handles its events, "AB~" TCP delivers from A
 * to B, "B>1" B has migrated to host 1. Where several schedules are shortest, the one that breadth-first search meets
 * first.
 */
#include "models/socket/conn.h"
#include "tests/check_main.h"
#include "tests/models/socket/scripts.h"

typedef struct {
    const char *name;
    guint32 literal;
    Script script;
    guint8 apart, moves, movers;
    ExploreFinding finding;
    ConnPlace at[2]; /* where the tasks are stuck; 0: anywhere */
    const char *schedule;
} Row;

static const Row rows[] = {
    /* one row, one look */
    /* clang-format off */
    {"the peer of a migrated VM does not notice", CONN_OWN_NUMBER, SCRIPT_ONE, 0, 1, 3, EXPLORE_STUCK, {CONN_AT_IDLE, CONN_AT_IDLE},
     "A2.3.1.1 A2.3.1.1.2 A2.3.2.1 A2.3.2.2 A2.3.2.2 A2.3.2.2 A2.3.4.1 A2.3.4.2 A2.3.4.2 A2.3.4.3 Baccept "
     "B2.3.3.1 B>1 A! B! B2.3.3.2 B2.3.3 B2.3.3.2.2 B2.3.3.2.2"},
    {"the control block of the VM that stayed is never reclaimed", CONN_OWN_NUMBER, SCRIPT_ONE, 0, 1, 1, EXPLORE_STUCK, {CONN_AT_IDLE, CONN_AT_IDLE},
     "A2.3.1.1 A2.3.1.1.2 A2.3.2.1 Baccept B2.3.3.1 B2.3.3.2 A>1 A! A2.3.2.2 A2.3.2 A2.3.4.1 A2.3.4.2 "
     "A2.3.4.2 B! AB~ A2.4 B2.3.3.2 B2.3.4.1 B2.3.4.2 B2.3.4.2 B2.3.4.3"},
    {"away and back gives the old position number", CONN_SAME_NUMBER, SCRIPT_ONE, 0, 2, 1, EXPLORE_STUCK, {CONN_AT_IDLE, CONN_AT_IDLE},
     "A2.3.1.1 A2.3.1.1.2 A2.3.2.1 A2.3.2.2 A2.3.2.2 A2.3.2.2 A2.3.4.1 A2.3.4.2 A2.3.4.2 A2.3.4.3 Baccept "
     "A>1 B2.3.3.1 B2.3.3.2 B2.3.3 A>0 A! B! B2.3.3.2.2 B2.3.3.2.2"},
    {"two senders wait for each other's empty receive buffer", CONN_WAIT_DRAIN, SCRIPT_CROSSED, 0, 1, 3, EXPLORE_STUCK, {CONN_AT_SEND_DRAIN, CONN_AT_SEND_DRAIN},
     "A2.3.1.1 A2.3.1.1.2 A2.3.2.1 A2.3.2.2 A2.3.2.2 A2.3.2.2 Baccept B2.3.2.1 B2.3.2.2 B2.3.2.2 B2.3.2.2 "
     "A>1 A2.3.2.1 B2.3.2.1 A! B!"},
    {"both ends migrate at once and wait for each other", CONN_WAIT_DRAIN | CONN_OWN_NUMBER, SCRIPT_CROSSED, 0, 2, 3, EXPLORE_STUCK, {CONN_AT_SEND_DRAIN, CONN_AT_SEND_DRAIN},
     "A2.3.1.1 A2.3.1.1.2 A2.3.2.1 A2.3.2.2 A2.3.2.2 A2.3.2.2 Baccept B2.3.2.1 B2.3.2.2 B2.3.2.2 B2.3.2.2 "
     "A>1 A2.3.2.1 B>1 B2.3.2.1 A! B!"},
    {"bytes copied after the migration are reclaimed with the buffer", CONN_WAIT_DRAIN | CONN_PATH_DECIDES, SCRIPT_TWO, 0, 1, 1, EXPLORE_LOST, {CONN_AT_IDLE, CONN_AT_IDLE},
     "A2.3.1.1 A2.3.1.1.2 A2.3.2.1 A2.3.2.2 Baccept A>1 A2.3.2.2 A2.3.2.2 A2.3.2.1 A2.3.2.1.1 A2.3.2 "
     "B2.3.3.1 B2.3.3.2 AB~ B2.3.3"},
    {"a sender that closes waits for a receiver that is gone", CONN_WAIT_DRAIN, SCRIPT_GONE, 0, 1, 1, EXPLORE_STUCK, {CONN_AT_CLOSE_DRAIN, CONN_AT_IDLE},
     "A2.3.1.1 A2.3.1.1.2 A2.3.2.1 A2.3.2.2 A2.3.2.2 A2.3.2.2 A2.3.2.1 A2.3.2.2 A2.3.2.2 A2.3.2.2 Baccept "
     "A>1 A2.3.4.1 B2.3.3.1 B2.3.3.2 B2.3.3 B2.3.3.2 B2.3.4.1 B2.3.4.2 B2.3.4.2 A! B! BA~ B2.4"},
    {"the send buffer comes again although it was received", CONN_RESEND_ALL, SCRIPT_TWO, 0, 1, 3, EXPLORE_REPEATED, {CONN_AT_IDLE, CONN_AT_IDLE},
     "A2.3.1.1 A2.3.1.1.2 A2.3.2.1 A2.3.2.2 A2.3.2.2 Baccept B2.3.3.1 B2.3.3.2 A>1 B2.3.3.2 B2.3.3.2 "
     "B2.3.3.2.2 B2.3.3.2.2 B2.3.3.1 B2.3.3.2 A! AB~ B2.3.3"},
    {"n is the buffer's length: unread bytes are overwritten", CONN_BUFFER_LENGTH, SCRIPT_BURST, 0, 0, 3, EXPLORE_LOST, {CONN_AT_IDLE, CONN_AT_IDLE},
     "A2.3.1.1 A2.3.1.1.2 A2.3.2.1 A2.3.2.2 A2.3.2.2 A2.3.2.2 A2.3.2.1 A2.3.2.2 A2.3.2.2 Baccept B2.3.3.1 "
     "B2.3.3.2 B2.3.3.2"},
    {"a receiver goes to sleep after the event", CONN_SLEEP_RACE, SCRIPT_ECHO, 0, 0, 3, EXPLORE_STUCK, {CONN_AT_RECEIVE_SLEEP, CONN_AT_RECEIVE_SLEEP},
     "A2.3.1.1 A2.3.1.1.2 A2.3.2.1 A2.3.2.2 Baccept B2.3.3.1 B2.3.3.2 B2.3.3.2 A2.3.2.2 A2.3.2.2 A2.3.3.1 "
     "A2.3.3.2 A2.3.3.2 A2.3.3.2.2 B2.3.3.2.2"},
    {"a sender and a receiver sleep, the buffer is full", CONN_SLEEP_RACE, SCRIPT_BURST, 0, 0, 3, EXPLORE_STUCK, {CONN_AT_SEND_SLEEP, CONN_AT_RECEIVE_SLEEP},
     "A2.3.1.1 A2.3.1.1.2 A2.3.2.1 A2.3.2.2 Baccept B2.3.3.1 B2.3.3.2 B2.3.3.2 A2.3.2.2 A2.3.2.2 A2.3.2.1 "
     "A2.3.2.2 A2.3.2.2 A2.3.2.2 B2.3.3.2.2"},
    {"a sender sleeps when the migration happens", CONN_NO_WAKE, SCRIPT_BURST, 0, 1, 3, EXPLORE_STUCK, {CONN_AT_SEND_SLEEP, CONN_AT_IDLE},
     "A2.3.1.1 A2.3.1.1.2 A2.3.2.1 A2.3.2.2 A2.3.2.2 A2.3.2.2 A2.3.2.1 A2.3.2.2 A2.3.2.2 A2.3.2.2 A2.3.2.2 "
     "Baccept A>1 B2.3.3.1 B2.3.3.2 B2.3.3 B2.3.3.2.2 B2.3.3.2.2"},
    {"a sender that has closed is not told that its bytes are wanted", CONN_NO_WAKE, SCRIPT_ONE, 0, 1, 3, EXPLORE_STUCK, {CONN_AT_IDLE, CONN_AT_IDLE},
     "A2.3.1.1 A2.3.1.1.2 A2.3.2.1 A2.3.2.2 A2.3.2.2 A2.3.2.2 A2.3.4.1 A2.3.4.2 A2.3.4.2 A2.3.4.3 Baccept "
     "A>1 B2.3.3.1 B2.3.3.2 B2.3.3 B2.3.3.2.2 B2.3.3.2.2"},
    {"two non-blocking receives never return", CONN_SPIN, SCRIPT_TRY, 0, 0, 3, EXPLORE_HOPELESS, {CONN_AT_IDLE, CONN_AT_IDLE},
     ""},
    {"close frees what the peer has not read", CONN_CLOSE_FREES, SCRIPT_ONE, 0, 0, 3, EXPLORE_LOST, {CONN_AT_IDLE, CONN_AT_IDLE},
     "A2.3.1.1 A2.3.1.1.2 A2.3.2.1 A2.3.2.2 A2.3.2.2 A2.3.2.2 A2.3.4.1 A2.3.4.2 A2.3.4.2 A2.3.4.3 Baccept "
     "B2.3.3.1 B2.3.3.2 B2.3.3.2"},
    {"the peer goes to sleep after close has looked", CONN_CLOSE_FREES, SCRIPT_TO_END, 0, 0, 3, EXPLORE_STUCK, {CONN_AT_IDLE, CONN_AT_IDLE},
     "A2.3.1.1 A2.3.1.1.2 A2.3.2.1 A2.3.2.2 A2.3.2.2 A2.3.2.2 A2.3.4.1 A2.3.4.2 A2.3.4.2 Baccept B2.3.3.1 "
     "B2.3.3.2 B2.3.3.2 B2.3.3.2 B2.3.3.2.2 B2.3.3.2.2 A2.3.4.3"},
    {"bytes on the network are overtaken by later ones over memory", CONN_PATH_DECIDES, SCRIPT_TWO, 1, 1, 3, EXPLORE_REORDERED, {CONN_AT_IDLE, CONN_AT_IDLE},
     "A2.3.1.1 A2.3.1.1.1 A2.3.2.1 A2.3.2.2 A2.3.2 A2.3.2.1 Baccept A>1 B2.3.3.1 A2.3.2.2 A2.3.2.2 "
     "B2.3.3.2 B2.3.3.2"},
    {"a receiver blocked in TCP while the bytes come by memory", CONN_STAY_ON_PATH, SCRIPT_ONE, 1, 1, 3, EXPLORE_STUCK, {CONN_AT_IDLE, CONN_AT_RECEIVE_TCP_WAIT},
     "A2.3.1.1 A2.3.1.1.1 Baccept B2.3.3.1 B2.3.3.2 B2.3.3 A>1 A2.3.2.1 A2.3.2.1.2 A2.3.2.2 A2.3.2.2 "
     "A2.3.2.2 A2.3.4.1 A2.3.4.2 A2.3.4.2 A2.3.4.3 A! B!"},
    {"a receiver asleep on memory while the bytes come by TCP", CONN_STAY_ON_PATH, SCRIPT_ONE, 0, 1, 3, EXPLORE_STUCK, {CONN_AT_IDLE, CONN_AT_RECEIVE_SLEEP},
     "A2.3.1.1 A2.3.1.1.2 A2.3.2.1 Baccept B2.3.3.1 B2.3.3.2 B2.3.3.2 A>1 A! A2.3.2.2 A2.3.2 A2.3.4.1 "
     "A2.3.4.2 A2.3.4.2 B! B2.3.3.2.2 B2.3.3.2.2 AB~ A2.4"},
    {"two senders wait for each other's network to be empty", CONN_STAY_ON_PATH, SCRIPT_CROSSED, 1, 1, 3, EXPLORE_STUCK, {CONN_AT_SEND_NETWORK, CONN_AT_SEND_NETWORK},
     "A2.3.1.1 A2.3.1.1.1 A2.3.2.1 A2.3.2.2 A2.3.2 Baccept B2.3.2.1 B2.3.2.2 B2.3.2 AB~ BA~ A>1 A2.3.2.1 "
     "B2.3.2.1 A! B!"},
    {"all clauses: lost without any migration", CONN_LITERAL, SCRIPT_ONE, 0, 0, 3, EXPLORE_LOST, {CONN_AT_IDLE, CONN_AT_IDLE},
     "A2.3.1.1 A2.3.1.1.2 A2.3.2.1 A2.3.2.2 A2.3.2.2 A2.3.2.2 A2.3.4.1 A2.3.4.2 A2.3.4.2 A2.3.4.3 Baccept "
     "B2.3.3.1 B2.3.3.2 B2.3.3.2"},
    {"all clauses: repeated", CONN_LITERAL, SCRIPT_BURST, 0, 1, 3, EXPLORE_REPEATED, {CONN_AT_IDLE, CONN_AT_IDLE},
     "A2.3.1.1 A2.3.1.1.2 A2.3.2.1 A2.3.2.2 A2.3.2.2 Baccept B2.3.3.1 B2.3.3.2 B>1 B2.3.3.2 B2.3.3.2 "
     "B2.3.3.1 A! B2.3.3.1.1 AB~ B2.3.3"},
    {"all clauses: reordered", CONN_LITERAL, SCRIPT_TWO, 1, 1, 3, EXPLORE_REORDERED, {CONN_AT_IDLE, CONN_AT_IDLE},
     "A2.3.1.1 A2.3.1.1.1 A2.3.2.1 A2.3.2.2 Baccept B>0 B2.3.3.1 B2.3.3.1.2 A2.3.2 A2.3.2.1 A2.3.2.2 "
     "A2.3.2.2 B2.3.3.2 B2.3.3.2"},
    {"all clauses: stuck", CONN_LITERAL, SCRIPT_ONE, 0, 1, 3, EXPLORE_STUCK, {CONN_AT_IDLE, CONN_AT_IDLE},
     "A2.3.1.1 A2.3.1.1.2 A2.3.2.1 A2.3.2.2 Baccept B2.3.3.1 B2.3.3.2 B2.3.3.2 A2.3.2.2 A2.3.2.2 "
     "B2.3.3.2.2 A>1 A2.3.4.1"},
    {"all clauses: never ends", CONN_LITERAL, SCRIPT_TRY, 0, 0, 3, EXPLORE_HOPELESS, {CONN_AT_IDLE, CONN_AT_IDLE},
     ""},
    /* clang-format on */
};

static void
set_up(const Row *row, guint32 literal, Explore *x)
{
    script_set_up(x, row->script, literal, row->apart, row->moves);
    x->movers = row->movers;
    x->hosts = 2; /* two machines are enough for every finding */
    x->stuck_at[0] = (guint8)row->at[0];
    x->stuck_at[1] = (guint8)row->at[1];
}

START_TEST(literal_clause_shows_its_finding_by_this_shortest_schedule)
{
    const Row *row = &rows[_i];
    Explore x;
    ExploreState state;
    g_auto(ExploreResult) result = {0};

    set_up(row, row->literal, &x);
    explore_run(&x, &result);
    ck_assert_msg(result.complete, "%s", row->name);
    ck_assert_msg(result.count[row->finding] > 0, "%s: not found in %u states", row->name, result.states);
    g_autofree char *schedule = explore_schedule(&x, &result, result.first[row->finding], &state);
    ck_assert_msg(g_str_equal(schedule, row->schedule), "%s: now by \"%s\"", row->name, schedule);
    for (int i = 0; i < 2; i++)
        if (row->at[i])
            ck_assert_str_eq(conn_place_text(state.conn.side[i].at), conn_place_text(row->at[i]));
}
END_TEST

START_TEST(safe_reading_passes_the_script_of_the_finding)
{
    Explore x;
    g_auto(ExploreResult) result = {0};

    set_up(&rows[_i], 0, &x);
    x.stuck_at[0] = x.stuck_at[1] = 0;
    explore_run(&x, &result);
    ck_assert_msg(result.complete && result.ends > 0, "%s", rows[_i].name);
    for (int i = 0; i < EXPLORE_FINDINGS; i++)
        ck_assert_msg(result.count[i] == 0, "%s: finding %d", rows[_i].name, i);
}
END_TEST

START_TEST(every_clause_has_a_finding_of_its_own)
{
    guint32 shown = 0;

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        if ((rows[i].literal & (rows[i].literal - 1)) == 0)
            shown |= rows[i].literal;
    for (guint32 clause = 1; clause < CONN_LITERAL; clause <<= 1)
        ck_assert_msg(shown & clause, "%s", conn_clause_text((ConnClause)clause));
}
END_TEST

/* The literal readings fail as they fail, but never because a table of the model was too small. _i: clause, then all.
 */
START_TEST(no_reading_outgrows_the_model)
{
    const guint32 literal = _i < CONN_CLAUSES ? 1u << _i : CONN_LITERAL;

    for (int script = 0; script < SCRIPTS; script++)
        for (int apart = 0; apart <= 1; apart++) {
            Explore x;
            g_auto(ExploreResult) result = {0};
            script_set_up(&x, (Script)script, literal, apart, _i < CONN_CLAUSES ? 1 : 2);
            x.hosts = 2;
            explore_run(&x, &result);
            ck_assert_msg(result.complete && result.count[EXPLORE_LIMIT] == 0, "clauses %x, script %s", literal,
                          scripts[script].name);
        }
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("findings");

    tcase_add_loop_test(tcase, literal_clause_shows_its_finding_by_this_shortest_schedule, 0, G_N_ELEMENTS(rows));
    tcase_add_loop_test(tcase, safe_reading_passes_the_script_of_the_finding, 0, G_N_ELEMENTS(rows));
    tcase_add_test(tcase, every_clause_has_a_finding_of_its_own);
    tcase_add_loop_test(tcase, no_reading_outgrows_the_model, 0, CONN_CLAUSES + 1);
    return check_main("findings", tcase, NULL);
}
