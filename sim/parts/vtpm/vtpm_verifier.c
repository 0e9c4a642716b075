#include "sim/parts/vtpm/vtpm_verifier.h"

#include "sim/world/domain.h"
#include "sim/world/guard.h"

#include <math.h>
#include <simgrid/actor.h>

/* What a PC's firmware measures, and the host. */
static TpmSelection
selection_of(const VtpmService *service)
{
    return (TpmSelection){(TpmBank)(tpm_banks(&service->tpm) - 1), 0xffu | 1u << VTPM_HOST_PCR};
}

VtpmVerifier *
vtpm_verifier_new(VtpmService *service, const VerifierSpec *spec)
{
    VtpmVerifier *verifier = g_new0(VtpmVerifier, 1);
    const TpmSelection selection = selection_of(service);

    verifier->spec = spec;
    verifier->caller = vtpm_service_add_caller(service);
    verifier->caller->remote = TRUE;
    verifier->attestations = g_array_new(FALSE, FALSE, sizeof(Attestation));
    verifier->accepted_s = spec->start_s;
    verifier_init(&verifier->verifier, spec->name, &selection);
    verifier_enrol(&verifier->verifier, &service->tpm);
    return verifier;
}

void
vtpm_verifier_free(gpointer data)
{
    VtpmVerifier *verifier = data;

    g_array_unref(verifier->attestations);
    g_free(verifier);
}

typedef struct {
    VtpmVerifier *verifier;
    guint8 nonce[TPM_SHA256_BYTES];
    TpmQuote quote;
    LogEvidence log;
    Attestation attestation;
} Challenge;

/* The guest sends its log along with the quote. */
static void
take_quote(gpointer data)
{
    Challenge *challenge = data;
    VtpmService *service = challenge->verifier->caller->service;
    const TpmSelection *selection = &challenge->verifier->verifier.selection;

    (void)tpm_quote(&service->tpm, selection, challenge->nonce, &challenge->quote);
    challenge->log = event_log_evidence(service->log, selection, VTPM_HOST_PCR);
    challenge->attestation.quoted_s = world_now();
    challenge->attestation.quoted_on = domain_host(service->vtpm);
    vtpm_service_answered(service);
}

static void
note_acceptance(VtpmVerifier *verifier, double now_s)
{
    verifier->gap_s = MAX(verifier->gap_s, now_s - verifier->accepted_s);
    verifier->accepted_s = now_s;
}

static void
check_quote(VtpmVerifier *verifier, Challenge *challenge)
{
    const VtpmService *service = verifier->caller->service;

    if (world_now() >= service->key_known_s)
        verifier_enrol(&verifier->verifier, &service->tpm);
    challenge->attestation.verdict =
        verifier_check(&verifier->verifier, &challenge->quote, &challenge->log, vtpm_service_host(service));
    verifier->verdicts[challenge->attestation.verdict]++;
    if (challenge->attestation.verdict == ATTEST_ACCEPTED)
        note_acceptance(verifier, world_now());
}

static void
challenge_once(VtpmVerifier *verifier)
{
    const VerifierSpec *spec = verifier->spec;
    const double quote_s = vtpm_service_command_s(verifier->caller->service, TPM_COMMAND_QUOTE);
    Challenge challenge = {
        .verifier = verifier,
        .attestation = {.number = verifier->attestations->len + 1, .asked_s = world_now(), .quoted_s = NAN}};

    verifier_challenge(&verifier->verifier, challenge.nonce);
    guard_pass();
    sg_actor_sleep_for(spec->round_trip_s / 2);
    if (vtpm_caller_call(verifier->caller, quote_s, spec->patience_s, take_quote, &challenge)) {
        sg_actor_sleep_for(spec->round_trip_s / 2 + spec->check_after_s);
        check_quote(verifier, &challenge);
    }
    challenge.attestation.ended_s = world_now();
    g_array_append_val(verifier->attestations, challenge.attestation);
}

/* At multiples of the interval, those left out in which the last challenge is still open. */
static void
run_verifier(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    VtpmVerifier *verifier = sg_actor_self_get_data();
    const VerifierSpec *spec = verifier->spec;
    double next_s = spec->start_s;

    for (;;) {
        guard_pass();
        sg_actor_sleep_until(next_s);
        challenge_once(verifier);
        next_s =
            spec->start_s + spec->interval_s * (floor((world_now() - spec->start_s) / spec->interval_s + 1e-9) + 1);
    }
}

void
vtpm_verifier_start(VtpmVerifier *verifier)
{
    g_autofree char *name = g_strconcat("verifier ", verifier->spec->name, NULL);

    world_start_actor(name, verifier->caller->service->vtpm->world->hosts[0].sg, run_verifier, verifier, TRUE);
}

void
vtpm_verifier_finish(VtpmVerifier *verifier)
{
    verifier->gap_s = MAX(verifier->gap_s, world_now() - verifier->accepted_s);
}
