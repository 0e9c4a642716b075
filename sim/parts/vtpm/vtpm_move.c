#include "sim/parts/vtpm/vtpm_move.h"

#include "sim/world/domain.h"

#include <math.h>

const Invariant invariant_one_live_copy = {"vtpm_has_one_live_copy", "a vTPM's state serves on one host at most"};
const Invariant invariant_deleted_first = {"vtpm_deleted_before_served",
                                           "a vTPM serves at its destination after the source has deleted its state"};
const Invariant invariant_state_arrives = {"vtpm_state_arrives",
                                           "a vTPM's destination takes the state that was exported"};

static const Outcome outcome_no_hardware_tpm = {"no-hardware-tpm",
                                                "the destination has no TPM to which the vTPM's keys can be sealed"};
static const Outcome outcome_other_policy = {
    "other-policy", "the destination's TPM has other registers than the vTPM's keys are sealed to"};
static const Outcome outcome_state_version = {
    "state-version", "the destination's manager does not read the version of the vTPM's state"};
static const Outcome outcome_no_manager = {"no-vtpm-manager", "the destination's vTPM manager domain was lost"};
static const Outcome outcome_lock_held = {"vtpm-lock-held",
                                          "the vTPM's state on shared storage is locked by the source"};

static const TpmTransferSpec *
transfer_of(const VtpmService *service)
{
    return service->spec->tpm ? service->spec->tpm->transfer : NULL;
}

gboolean
vtpm_move_is_allowed(const VtpmService *service, guint destination, Outcome *why)
{
    const TpmSpec *tpm = service->spec->tpm;
    static const Outcome *const refusals[] = {[VTPM_ADMITTED] = NULL,
                                              [VTPM_NO_HARDWARE_TPM] = &outcome_no_hardware_tpm,
                                              [VTPM_OTHER_POLICY] = &outcome_other_policy,
                                              [VTPM_NO_MANAGER] = &outcome_no_manager,
                                              [VTPM_NEWER_STATE] = &outcome_state_version};
    const Outcome *refusal = refusals[vtpm_manager_admits(
        service->managers[destination], service->managers[service->manager_host], tpm ? (guint)tpm->state_version : 1)];

    if (!refusal && tpm && tpm->state == TPM_STATE_SHARED && isnan(tpm->lock_release_s))
        refusal = &outcome_lock_held;
    if (refusal)
        *why = *refusal;
    return refusal == NULL;
}

void
vtpm_move_begin(VtpmService *service)
{
    g_clear_pointer(&service->arriving, tpm_memory_free);
    service->arriving = tpm_memory_blank(service->tpm.memory);
}

double
vtpm_move_permanent_bytes(const VtpmService *service)
{
    const TpmSpec *tpm = service->spec->tpm;
    gsize bytes[TPM_N_AREAS];

    if (tpm && tpm->state == TPM_STATE_SHARED)
        return 0;
    tpm_area_bytes(service->tpm.generation, tpm ? (gsize)tpm->nv_bytes : 0, bytes);
    return (double)(bytes[TPM_PERMANENT] + bytes[TPM_NV]);
}

double
vtpm_move_expect_s(VtpmService *service)
{
    const TpmTransferSpec *transfer = transfer_of(service);
    g_autofree char *purpose = g_strdup_printf("%s/%u", service->vtpm->name, ++service->moves);

    if (!transfer)
        return 0;
    vtpm_transfer_expect(&service->there, purpose);
    return transfer->nonce_s;
}

/* What goes over the whole state once on either side. */
static double
protection_s(const VtpmService *service)
{
    const TpmTransferSpec *transfer = transfer_of(service);
    const double bytes = (double)tpm_memory_bytes(service->tpm.memory);

    return (isnan(transfer->encrypt_Bps) ? 0 : bytes / transfer->encrypt_Bps) +
           (isnan(transfer->digest_Bps) ? 0 : bytes / transfer->digest_Bps);
}

double
vtpm_move_lock_s(VtpmService *service)
{
    const TpmTransferSpec *transfer = transfer_of(service);

    if (!transfer || vtpm_transfer_lock(&service->here, service->there.nonce) != VTPM_TRANSFER_OK)
        return 0;
    (void)vtpm_transfer_export(&service->here, service->tpm.memory, &service->package);
    return transfer->lock_s + protection_s(service);
}

double
vtpm_move_take_s(const VtpmService *service)
{
    const TpmTransferSpec *transfer = transfer_of(service);
    const TpmSpec *tpm = service->spec->tpm;
    const double lock_s = tpm && tpm->state == TPM_STATE_SHARED ? tpm->lock_release_s : 0;

    return transfer ? lock_s + transfer->delete_s + protection_s(service) : lock_s;
}

void
vtpm_move_receive(VtpmService *service, gsize first_word, gsize n_words, const guint64 *mask)
{
    tpm_memory_receive(service->arriving, service->tpm.memory, first_word, n_words, mask);
}

void
vtpm_move_receive_all(VtpmService *service)
{
    tpm_memory_free(service->arriving);
    service->arriving = tpm_memory_copy(service->tpm.memory);
}

/* ---- arrival ---- */

/* Two instances of one identity never serve, whatever is shown to them. */
static void
import(VtpmService *service)
{
    World *world = service->vtpm->world;

    if (!transfer_of(service))
        return;
    (void)vtpm_transfer_delete(&service->here);
    const gboolean taken =
        vtpm_transfer_import(&service->there, service->arriving, &service->package) == VTPM_TRANSFER_OK;
    invariant_check(world, &invariant_deleted_first, service->here.state == VTPM_COPY_ABSENT,
                    "the source of %s has not deleted its state", service->vtpm->name);
    invariant_check(world, &invariant_one_live_copy,
                    service->here.state != VTPM_COPY_LIVE || service->there.state != VTPM_COPY_LIVE,
                    "%s is live on two hosts", service->vtpm->name);
    invariant_check(world, &invariant_state_arrives, taken, "the destination of %s refused its state",
                    service->vtpm->name);
    service->state_lost |= !taken;
    service->here = service->there;
    service->there = (VtpmCopy){.state = VTPM_COPY_ABSENT};
}

/* Seed, keys and registers are new; what the guest's log says is not in them. */
static void
make_anew(VtpmService *service)
{
    const TpmSpec *tpm = service->spec->tpm;
    g_autofree char *identity = g_strdup_printf("%s, made by %s", service->vtpm->name, vtpm_service_host(service));

    tpm_clear(&service->tpm);
    tpm_init(&service->tpm, tpm->generation, (gsize)service->spec->page_bytes, (gsize)tpm->nv_bytes, identity);
    service->state_lost = TRUE;
}

static void
settle_in(VtpmService *service)
{
    const TpmSpec *tpm = service->spec->tpm;

    if (tpm->arrival == TPM_ARRIVAL_EXTEND)
        event_log_measure(service->log, &service->tpm, VTPM_HOST_PCR, vtpm_service_host(service));
    if (tpm->arrival != TPM_ARRIVAL_REBIND)
        return;
    tpm_rebind(&service->tpm);
    service->key_known_s = world_now() + tpm->rebind_s;
}

void
vtpm_move_arrive(VtpmService *service)
{
    const TpmSpec *tpm = service->spec->tpm;

    if (tpm && tpm->state == TPM_STATE_SHARED)
        vtpm_move_receive_all(service);
    import(service);
    tpm_memory_free(service->tpm.memory);
    service->tpm.memory = g_steal_pointer(&service->arriving);
    if (tpm && tpm->state == TPM_STATE_FRESH)
        make_anew(service);
    if (tpm)
        settle_in(service);
}

void
vtpm_move_give_up(VtpmService *service)
{
    if (!service->arriving)
        return;
    vtpm_transfer_give_up(&service->here);
    vtpm_transfer_give_up(&service->there);
    g_clear_pointer(&service->arriving, tpm_memory_free);
}
