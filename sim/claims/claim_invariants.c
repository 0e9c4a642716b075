#include "sim/claims/claim_invariants.h"

void
claim_invariants_add(ClaimSet *claims, const Batch *batch)
{
    guint broken = 0;

    for (guint i = 0; i < batch_size(batch); i++) {
        g_autofree char *violation = result_violation(batch_result(batch, i));
        broken += violation != NULL;
    }
    g_autofree char *text = g_strdup_printf("%u runs violated one", broken);
    claims_add_statement(claims, "invariants", "tandem", ROLE_DEFINITION, "0 runs violated one", text, broken == 0,
                         "every run of this paper");
}
