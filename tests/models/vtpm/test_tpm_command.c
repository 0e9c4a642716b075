#include "models/vtpm/tpm_command.h"
#include "tests/check_main.h"

static void
count_page(guint64 page G_GNUC_UNUSED, gpointer data)
{
    ++*(guint *)data;
}

/* What a command changes is written; hash and read change nothing. */
START_TEST(commands_write_the_pages_of_what_they_change)
{
    static const struct {
        TpmCommand command;
        guint pages; /* of 4 KiB: the registers and the clock share the first one */
    } rows[] = {{TPM_COMMAND_EXTEND, 1}, {TPM_COMMAND_READ, 0},   {TPM_COMMAND_QUOTE, 1}, {TPM_COMMAND_SEAL, 1},
                {TPM_COMMAND_UNSEAL, 1}, {TPM_COMMAND_RANDOM, 1}, {TPM_COMMAND_HASH, 0},  {TPM_COMMAND_INCREMENT, 2}};
    TpmSession session = {.name = "program", .pcr = 3};
    g_autoptr(EventLog) log = event_log_new();
    Tpm tpm;
    guint pages = 0;

    tpm_init(&tpm, TPM_2_0, 4096, 0, "tpm");
    tpm_memory_take_written(tpm.memory, count_page, &pages);
    ck_assert_uint_eq(G_N_ELEMENTS(rows), TPM_N_COMMANDS);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        pages = 0;
        ck_assert_int_eq(tpm_command(&tpm, rows[i].command, &session, log), TPM_OK);
        tpm_memory_take_written(tpm.memory, count_page, &pages);
        ck_assert_msg(pages == rows[i].pages, "command %u wrote %u pages", rows[i].command, pages);
    }
    ck_assert(event_log_agrees(log, &tpm));
    ck_assert_uint_eq(session.counted, 1);
    tpm_clear(&tpm);
}
END_TEST

START_TEST(a_register_that_is_not_there_is_refused)
{
    TpmSession session = {.name = "program", .pcr = TPM_PCRS};
    g_autoptr(EventLog) log = event_log_new();
    Tpm tpm;

    tpm_init(&tpm, TPM_1_2, 4096, 0, "tpm");
    ck_assert_int_eq(tpm_command(&tpm, TPM_COMMAND_EXTEND, &session, log), TPM_NO_PCR);
    ck_assert_int_eq(tpm_command(&tpm, TPM_COMMAND_READ, &session, log), TPM_NO_PCR);
    ck_assert_int_eq(tpm_command(&tpm, TPM_COMMAND_QUOTE, &session, log), TPM_NO_PCR);
    ck_assert_int_eq(tpm_command(&tpm, TPM_COMMAND_SEAL, &session, log), TPM_NO_PCR);
    tpm_clear(&tpm);
}
END_TEST

/* The counter of an older state comes again: the program that counts with it sees it. */
START_TEST(an_older_state_shows_in_the_counter_and_in_what_was_sealed)
{
    TpmSession session = {.name = "program", .pcr = 3};
    g_autoptr(EventLog) log = event_log_new();
    Tpm tpm;

    tpm_init(&tpm, TPM_2_0, 4096, 0, "tpm");
    TpmMemory *older = tpm_memory_copy(tpm.memory);
    tpm_command(&tpm, TPM_COMMAND_INCREMENT, &session, log);
    tpm_command(&tpm, TPM_COMMAND_EXTEND, &session, log);
    tpm_command(&tpm, TPM_COMMAND_SEAL, &session, log);
    ck_assert(!session.rolled_back);
    tpm_memory_free(tpm.memory);
    tpm.memory = older;
    tpm_command(&tpm, TPM_COMMAND_INCREMENT, &session, log);
    ck_assert(session.rolled_back);
    ck_assert_int_eq(tpm_command(&tpm, TPM_COMMAND_UNSEAL, &session, log), TPM_POLICY_FAILED);
    tpm_clear(&tpm);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("tpm_command");

    tcase_add_test(tcase, commands_write_the_pages_of_what_they_change);
    tcase_add_test(tcase, a_register_that_is_not_there_is_refused);
    tcase_add_test(tcase, an_older_state_shows_in_the_counter_and_in_what_was_sealed);
    return check_main("tpm_command", tcase, NULL);
}
