#include "sim/parts/vtpm/attestation_results.h"

#include "sim/output/shown.h"
#include "sim/parts/vtpm/vtpm_verifier.h"
#include "sim/world/domain.h"

#include <math.h>

typedef struct {
    guint64 challenges, accepted, stale, refused, unanswered;
    guint64 unknown_key, restarted, log_mismatch, rolled_back;
    double gap_s;
} VerifierNumbers;

static const RecordField verifier_fields[] = {
    {"challenges", RECORD_COUNT(VerifierNumbers, challenges), "challenges that ended"},
    {"accepted", RECORD_COUNT(VerifierNumbers, accepted), "quotes accepted"},
    {"stale", RECORD_COUNT(VerifierNumbers, stale),
     "quotes of another challenge, or of a host on which the guest was before"},
    {"refused", RECORD_COUNT(VerifierNumbers, refused), "quotes refused for another reason: the sum of those below"},
    {"refused_unknown_key", RECORD_COUNT(VerifierNumbers, unknown_key), "signed by a key that is not known"},
    {"refused_restarted", RECORD_COUNT(VerifierNumbers, restarted), "of a TPM that was started again"},
    {"refused_log_mismatch", RECORD_COUNT(VerifierNumbers, log_mismatch), "whose registers are not those of the log"},
    {"refused_rolled_back", RECORD_COUNT(VerifierNumbers, rolled_back), "of an older state"},
    {"unanswered", RECORD_COUNT(VerifierNumbers, unanswered), "challenges given up"},
    {"attestation_gap_s", RECORD_NUMBER(VerifierNumbers, gap_s),
     "the longest time without an accepted quote, from the first challenge to the end of the run"},
    {NULL},
};
const Record attestation_verifier_record = {"verifier.NAME", verifier_fields, "who challenges a vTPM"};

typedef struct {
    const char *verifier;
    guint64 number;
    double asked_s, quoted_s, ended_s;
    const char *host, *verdict;
} AttestationRow;

static const RecordField attestation_fields[] = {
    {"verifier", RECORD_WORD(AttestationRow, verifier), "as in the scenario"},
    {"challenge", RECORD_COUNT(AttestationRow, number), "its number"},
    {"asked_s", RECORD_NUMBER(AttestationRow, asked_s), "when it was made"},
    {"quoted_s", RECORD_NUMBER(AttestationRow, quoted_s), "when the vTPM quoted; empty: it did not", .optional = TRUE},
    {"host", RECORD_WORD(AttestationRow, host), "where it was then"},
    {"ended_s", RECORD_NUMBER(AttestationRow, ended_s), "when the quote was checked, or the challenge given up"},
    {"verdict", RECORD_WORD(AttestationRow, verdict),
     "accepted, unknown-key, stale-nonce, rolled-back, restarted, log-mismatch, moved, or unanswered"},
    {NULL},
};
const Record attestation_record = {"attestations.csv", attestation_fields, "challenges of every verifier"};

static VerifierNumbers
numbers_of(const VtpmVerifier *verifier)
{
    VerifierNumbers numbers = {.challenges = verifier->attestations->len,
                               .accepted = verifier->verdicts[ATTEST_ACCEPTED],
                               .stale = verifier->verdicts[ATTEST_STALE_NONCE] + verifier->verdicts[ATTEST_MOVED],
                               .unknown_key = verifier->verdicts[ATTEST_UNKNOWN_KEY],
                               .restarted = verifier->verdicts[ATTEST_RESTARTED],
                               .log_mismatch = verifier->verdicts[ATTEST_LOG_MISMATCH],
                               .rolled_back = verifier->verdicts[ATTEST_ROLLED_BACK],
                               .gap_s = verifier->gap_s};

    numbers.refused = numbers.unknown_key + numbers.restarted + numbers.log_mismatch + numbers.rolled_back;
    numbers.unanswered = numbers.challenges - numbers.accepted - numbers.stale - numbers.refused;
    return numbers;
}

static const char *
verdict_word(const Attestation *attestation)
{
    return isnan(attestation->quoted_s) ? "unanswered" : attest_verdict_word(attestation->verdict);
}

static void
append_rows(GString *table, const VtpmVerifier *verifier)
{
    const World *world = verifier->caller->service->vtpm->world;

    for (guint i = 0; i < verifier->attestations->len; i++) {
        const Attestation *attestation = &g_array_index(verifier->attestations, Attestation, i);
        const AttestationRow row = {
            verifier->spec->name,
            attestation->number,
            attestation->asked_s,
            attestation->quoted_s,
            attestation->ended_s,
            isnan(attestation->quoted_s) ? NULL : world->hosts[attestation->quoted_on].spec->name,
            verdict_word(attestation)};
        record_append_row(&attestation_record, &row, table);
    }
}

/* What a person is told first. */
static void
say_verifier(const VerifierNumbers *numbers, const char *name, Result *result)
{
    char gap[SHOWN_SIZE];

    result_say_one(result, "verifiers",
                   "verifier %s: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " quotes accepted, %" G_GUINT64_FORMAT
                   " stale, %" G_GUINT64_FORMAT " refused, %" G_GUINT64_FORMAT " unanswered; %s s without one at most",
                   name, numbers->accepted, numbers->challenges, numbers->stale, numbers->refused, numbers->unanswered,
                   shown_seconds(gap, numbers->gap_s));
}

void
attestation_results_collect(const GPtrArray *verifiers, Result *result)
{
    GString *table = record_table(&attestation_record);

    for (guint i = 0; i < verifiers->len; i++) {
        const VtpmVerifier *verifier = g_ptr_array_index(verifiers, i);
        const VerifierNumbers numbers = numbers_of(verifier);
        record_add(&attestation_verifier_record, &numbers, result, "verifier.%s", verifier->spec->name);
        say_verifier(&numbers, verifier->spec->name, result);
        append_rows(table, verifier);
    }
    record_take_table(&attestation_record, table, result);
}

void
attestation_results_trace(const GPtrArray *verifiers, Trace *trace)
{
    for (guint i = 0; i < verifiers->len; i++) {
        const VtpmVerifier *verifier = g_ptr_array_index(verifiers, i);
        TraceTrack *track = trace_track(trace, "verifiers", "%s", verifier->spec->name);
        const guint stride = trace_stride(verifier->attestations->len);
        for (guint k = 0; k < verifier->attestations->len; k += stride) {
            const Attestation *attestation = &g_array_index(verifier->attestations, Attestation, k);
            trace_slice(track, verdict_word(attestation), attestation->asked_s, attestation->ended_s);
        }
    }
}
