#include "models/vtpm/vtpm_transfer.h"
#include "tests/check_main.h"

/* An instance on one host, and a copy of its pages on another. */
typedef struct {
    Tpm tpm;
    TpmMemory *arrived;
    VtpmCopy source, destination;
    VtpmPackage package;
} Rig;

static void
setup(Rig *rig)
{
    guint64 value;

    tpm_init(&rig->tpm, TPM_2_0, 4096, 0, "tpm");
    ck_assert_int_eq(tpm_increment(&rig->tpm, 0, &value), TPM_OK);
    rig->arrived = NULL;
    rig->source = (VtpmCopy){.state = VTPM_COPY_LIVE};
    rig->destination = (VtpmCopy){.state = VTPM_COPY_ABSENT};
}

static void
teardown(Rig *rig)
{
    tpm_memory_free(rig->arrived);
    tpm_clear(&rig->tpm);
}

/* Up to the import. */
static void
send_state(Rig *rig, const char *purpose)
{
    vtpm_transfer_expect(&rig->destination, purpose);
    ck_assert_int_eq(vtpm_transfer_lock(&rig->source, rig->destination.nonce), VTPM_TRANSFER_OK);
    ck_assert_int_eq(vtpm_transfer_export(&rig->source, rig->tpm.memory, &rig->package), VTPM_TRANSFER_OK);
    tpm_memory_free(rig->arrived);
    rig->arrived = tpm_memory_copy(rig->tpm.memory);
    ck_assert_int_eq(vtpm_transfer_delete(&rig->source), VTPM_TRANSFER_OK);
}

START_TEST(one_copy_lives_at_a_time)
{
    Rig rig;

    setup(&rig);
    send_state(&rig, "first");
    ck_assert_int_eq(rig.source.state, VTPM_COPY_ABSENT);
    ck_assert_int_eq(rig.destination.state, VTPM_COPY_EXPECTED);
    ck_assert_int_eq(vtpm_transfer_import(&rig.destination, rig.arrived, &rig.package), VTPM_TRANSFER_OK);
    ck_assert_int_eq(rig.destination.state, VTPM_COPY_LIVE);
    teardown(&rig);
}
END_TEST

START_TEST(a_fork_is_refused)
{
    Rig rig;
    VtpmCopy third = {.state = VTPM_COPY_ABSENT};

    setup(&rig);
    send_state(&rig, "first");
    ck_assert_int_eq(vtpm_transfer_import(&rig.destination, rig.arrived, &rig.package), VTPM_TRANSFER_OK);
    ck_assert_int_eq(vtpm_transfer_import(&rig.destination, rig.arrived, &rig.package), VTPM_TRANSFER_NOT_EXPECTED);
    ck_assert_int_eq(vtpm_transfer_import(&third, rig.arrived, &rig.package), VTPM_TRANSFER_NOT_EXPECTED);
    vtpm_transfer_expect(&third, "other");
    ck_assert_int_eq(vtpm_transfer_import(&third, rig.arrived, &rig.package), VTPM_TRANSFER_NOT_EXPECTED);
    teardown(&rig);
}
END_TEST

/* The package of the first way is shown on the second, with the state of then. */
START_TEST(a_rollback_is_refused)
{
    Rig rig;
    guint64 value;

    setup(&rig);
    send_state(&rig, "first");
    const VtpmPackage old = rig.package;
    g_autoptr(TpmMemory) old_state = tpm_memory_copy(rig.arrived);
    ck_assert_int_eq(vtpm_transfer_import(&rig.destination, rig.arrived, &rig.package), VTPM_TRANSFER_OK);
    tpm_increment(&rig.tpm, 0, &value);
    rig.source = rig.destination;
    rig.destination = (VtpmCopy){.state = VTPM_COPY_ABSENT};
    send_state(&rig, "second");
    ck_assert_int_eq(vtpm_transfer_import(&rig.destination, old_state, &old), VTPM_TRANSFER_NOT_EXPECTED);
    ck_assert_int_eq(vtpm_transfer_import(&rig.destination, old_state, &rig.package), VTPM_TRANSFER_DAMAGED);
    ck_assert_int_eq(vtpm_transfer_import(&rig.destination, rig.arrived, &rig.package), VTPM_TRANSFER_OK);
    teardown(&rig);
}
END_TEST

START_TEST(what_is_given_up_lives_on_at_the_source)
{
    Rig rig;

    setup(&rig);
    vtpm_transfer_expect(&rig.destination, "first");
    ck_assert_int_eq(vtpm_transfer_lock(&rig.source, rig.destination.nonce), VTPM_TRANSFER_OK);
    vtpm_transfer_give_up(&rig.source);
    vtpm_transfer_give_up(&rig.destination);
    ck_assert_int_eq(rig.source.state, VTPM_COPY_LIVE);
    ck_assert_int_eq(rig.destination.state, VTPM_COPY_ABSENT);
    vtpm_transfer_give_up(&rig.source);
    ck_assert_int_eq(rig.source.state, VTPM_COPY_LIVE);
    teardown(&rig);
}
END_TEST

START_TEST(steps_out_of_order_are_refused)
{
    Rig rig;

    setup(&rig);
    ck_assert_int_eq(vtpm_transfer_export(&rig.source, rig.tpm.memory, &rig.package), VTPM_TRANSFER_NOT_LOCKED);
    ck_assert_int_eq(vtpm_transfer_delete(&rig.source), VTPM_TRANSFER_NOT_LOCKED);
    ck_assert_int_eq(vtpm_transfer_lock(&rig.destination, rig.source.nonce), VTPM_TRANSFER_NOT_LIVE);
    teardown(&rig);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("vtpm_transfer");

    tcase_add_test(tcase, one_copy_lives_at_a_time);
    tcase_add_test(tcase, a_fork_is_refused);
    tcase_add_test(tcase, a_rollback_is_refused);
    tcase_add_test(tcase, what_is_given_up_lives_on_at_the_source);
    tcase_add_test(tcase, steps_out_of_order_are_refused);
    return check_main("vtpm_transfer", tcase, NULL);
}
