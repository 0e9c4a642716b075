#include "sim/claims/vm_vtpm_rules.h"

#include "models/migration/policy.h"
#include "sim/output/table.h"

#define OF_XEN "xc_domain_save.c of Xen 4.5"

/* ---- Algorithms 1 and 2 ---- */

/* Whether a page of the migration went out. */
static gboolean
sent_something(const Result *run)
{
    g_autoptr(Table) rounds = table_parse(result_table(run, "rounds.csv"));

    return table_rows(rounds) > 0;
}

/* Where both domains run when all is over: "t1-cs-sicnu", or "apart". */
static const char *
home_of_both(const Result *run)
{
    const char *vm = result_word(run, "domain.mig-vm1.host"), *vtpm = result_word(run, "domain.mig-vm1-vtpm.host");

    return g_strcmp0(vm, vtpm) == 0 ? vm : "apart";
}

static void
claim_algorithm(const VmVtpmRuns *runs, ClaimSet *claims, guint run, const char *id, const char *source,
                const char *paper)
{
    const Result *result = batch_result(runs->batch, run);
    const char *said = result_word(result, "migration.mig-vm1.outcome_text");
    const gboolean still = !sent_something(result) && g_strcmp0(home_of_both(result), "t1-cs-sicnu") == 0;
    g_autofree char *text = g_strdup_printf("%s%s", said, still ? "" : ", moved");

    claims_add_statement(claims, id, source, ROLE_EXACT, paper, text, still && g_str_has_prefix(said, paper),
                         "its error, no page sent, and both still at the source");
}

/* Definition 3: the script of a VM that names another vTPM calls in vain. */
static void
claim_binding(const VmVtpmRuns *runs, ClaimSet *claims)
{
    const Result *run = batch_result(runs->batch, runs->mismatch);
    const double done = result_number(run, "vtpm.mig-vm1-vtpm.commands_done");
    const double failed = result_number(run, "vtpm.mig-vm1-vtpm.commands_failed");
    g_autofree char *text = g_strdup_printf("%.0f served, %.0f refused", done, failed);

    claims_add_statement(claims, "definition-3-binding", "Definition 3: VM and vTPM are associated", ROLE_EXACT,
                         "none but its own", text, done == 0 && failed > 0, "calls of a VM that names another vTPM");
}

/* ---- when live rounds end ---- */

/* Pages sent and skipped in a round, counted from 1. */
static double
pages_of_round(const Table *rounds, guint number)
{
    return table_number(rounds, number - 1, "sent_pages") + table_number(rounds, number - 1, "skipped_pages");
}

static void
claim_few_pages(const VmVtpmRuns *runs, ClaimSet *claims)
{
    const Result *run = batch_result(runs->batch, runs->few);
    g_autoptr(Table) rounds = table_parse(result_table(run, "rounds.csv"));
    GString *text = g_string_new("stops after");

    for (guint number = 2; number < table_rows(rounds); number++) /* the last one is the stopped guest's */
        g_string_append_printf(text, "%s %.0f", number > 2 ? "," : "", pages_of_round(rounds, number));
    claims_add_statement(
        claims, "xen-stops-few-pages", OF_XEN ": fewer than 50 pages of a round", ROLE_EXACT, "stops after 341, 50, 49",
        text->str,
        g_str_equal(text->str, "stops after 341, 50, 49") &&
            g_strcmp0(result_word(run, "migration.guest.vm.stopped_by"), policy_stop_text(STOP_FEW_PAGES)) == 0,
        "50 pages are another round, 49 are none; sent and skipped of the round that ended");
    g_string_free(text, TRUE);
}

static void
claim_round_limit(const VmVtpmRuns *runs, ClaimSet *claims)
{
    const Result *run = batch_result(runs->batch, runs->rounds);

    claims_add_value(claims, "xen-stops-rounds", OF_XEN ": 29 iterations", ROLE_EXACT, "rounds", 29,
                     result_number(run, "migration.mig-vm1.joint.live_rounds"), 0,
                     "a guest that writes 1,024 pages again and again");
}

/* The first round after which more than three times the memory was sent is the last live one. */
static void
claim_factor(const VmVtpmRuns *runs, ClaimSet *claims)
{
    const Result *run = batch_result(runs->batch, runs->factor);
    g_autoptr(Table) rounds = table_parse(result_table(run, "rounds.csv"));
    const double memory = pages_of_round(rounds, 1);
    double before = 0, sent = 0;

    for (guint row = 0; row + 1 < table_rows(rounds); row++) {
        before = sent;
        sent += table_number(rounds, row, "sent_pages");
    }
    g_autofree char *text = g_strdup_printf("%.2f, then %.2f times", before / memory, sent / memory);
    claims_add_statement(claims, "xen-stops-factor", OF_XEN ": 3 times the memory", ROLE_EXACT, "first above 3 times",
                         text, before <= 3 * memory && sent > 3 * memory,
                         "sent before and with the last live round, of a guest that writes all of its memory");
}

void
vm_vtpm_rules_claim(const VmVtpmRuns *runs, ClaimSet *claims)
{
    claim_algorithm(runs, claims, runs->mismatch, "algorithm-1-mismatch", "Algorithm 1, step 3",
                    "domu | vTPM don't match");
    claim_algorithm(runs, claims, runs->no_config, "algorithm-2-no-config", "Algorithm 2, step 2", "migration false");
    claim_binding(runs, claims);
    claim_few_pages(runs, claims);
    claim_round_limit(runs, claims);
    claim_factor(runs, claims);
}
