/* What two logs say of page n is looked up at the logs, and whether the page went out at what leaves for each domain's
 * image (models/migration/page_witness.h), in union-pages.csv of joint migrations: nothing here asks what the union of
 * the two would say. A cell of a table is 1 when every page with these inputs shows it, 0 when none does. */
#include "sim/claims/vm_vtpm_union.h"

#include "sim/output/table.h"

typedef enum { ANY = -1 } Any;

/* Which pages: each a digit, or ANY. */
typedef struct {
    int vm_to_send, vtpm_to_send, vm_to_skip, vtpm_to_skip;
} Inputs;

typedef struct {
    double pages, vm_sent, vtpm_sent;
} Seen;

static gboolean
has(const Table *table, guint row, const char *column, int wanted)
{
    return wanted == ANY || (int)table_number(table, row, column) == wanted;
}

/* Over the runs of all seeds. */
static void
look(const VmVtpmRuns *runs, const Inputs *inputs, Seen *seen)
{
    for (guint i = 0; i < VM_VTPM_SEEDS; i++) {
        const char *text = result_table(batch_result(runs->batch, runs->tables + i), "union-pages.csv");
        g_autoptr(Table) table = table_parse(text ? text : "");
        for (guint row = 0; row < table_rows(table); row++)
            if (has(table, row, "vm_to_send", inputs->vm_to_send) &&
                has(table, row, "vtpm_to_send", inputs->vtpm_to_send) &&
                has(table, row, "vm_to_skip", inputs->vm_to_skip) &&
                has(table, row, "vtpm_to_skip", inputs->vtpm_to_skip)) {
                seen->pages += table_number(table, row, "pages");
                seen->vm_sent += table_number(table, row, "vm_sent");
                seen->vtpm_sent += table_number(table, row, "vtpm_sent");
            }
    }
}

static void
claim_cell(ClaimSet *claims, int table, int row, const Seen *seen, gboolean shows_if_sent)
{
    static const gboolean cells[3][4] = {{0, 1, 1, 1}, {0, 1, 1, 1}, {0, 0, 1, 0}};
    g_autofree char *id = g_strdup_printf("table-%d-row-%d", table, row + 1);
    g_autofree char *source = g_strdup_printf("Table %d, (%d,%d)", table, row / 2, row % 2);
    const gboolean cell = cells[table - 1][row];
    const gboolean all = seen->vm_sent == seen->pages && seen->vtpm_sent == seen->pages;
    const gboolean none = seen->vm_sent == 0 && seen->vtpm_sent == 0;
    const gboolean one = shows_if_sent ? all : none, zero = shows_if_sent ? none : all;
    g_autofree char *text =
        seen->pages == 0 ? g_strdup("no such page")
        : one || zero    ? g_strdup_printf("%d, of %.0f pages", one, seen->pages)
                         : g_strdup_printf("%.0f and %.0f of %.0f sent", seen->vm_sent, seen->vtpm_sent, seen->pages);

    claims_add_statement(claims, id, source, ROLE_EXACT, cell ? "1" : "0", text, seen->pages > 0 && (cell ? one : zero),
                         "every page of five runs, in live rounds");
}

/* Table 1 shows in pages that neither log has again, Table 2 in pages that both were to send. */
static void
claim_inputs(const VmVtpmRuns *runs, ClaimSet *claims, int table, int row)
{
    const int first = row / 2, second = row % 2;
    const Inputs inputs = table == 1 ? (Inputs){first, second, 0, 0} : (Inputs){1, 1, first, second};
    Seen seen = {0};

    look(runs, &inputs, &seen);
    claim_cell(claims, table, row, &seen, table == 1);
}

/* Table 3's inputs are Table 1's and Table 2's cells. */
static void
claim_sent(const VmVtpmRuns *runs, ClaimSet *claims, int row)
{
    Seen seen = {0};

    for (int digits = 0; digits < 16; digits++) {
        const Inputs inputs = {digits >> 3 & 1, digits >> 2 & 1, digits >> 1 & 1, digits & 1};
        if ((inputs.vm_to_send || inputs.vtpm_to_send) == row / 2 &&
            (inputs.vm_to_skip || inputs.vtpm_to_skip) == row % 2)
            look(runs, &inputs, &seen);
    }
    claim_cell(claims, 3, row, &seen, TRUE);
}

/* Section 1.2, step 5, and Algorithm 2: pages that went for one domain and not for the other. */
static void
claim_carries_both(const VmVtpmRuns *runs, ClaimSet *claims)
{
    const Inputs of_one[] = {{0, 1, ANY, ANY}, {1, 0, ANY, ANY}};
    Seen seen = {0};

    for (guint i = 0; i < G_N_ELEMENTS(of_one); i++)
        look(runs, &of_one[i], &seen);
    g_autofree char *text = g_strdup_printf("%.0f of the VM, %.0f of the vTPM", seen.vm_sent, seen.vtpm_sent);
    claims_add_statement(claims, "union-carries-both", "section 1.2, step 5: both domains' pages", ROLE_EXACT,
                         "as many of each", text, seen.vm_sent > 0 && seen.vm_sent == seen.vtpm_sent,
                         "pages that only one of the two had written");
}

/* Definition 1: page n of the union stands for page n of both, so that it has as many pages as the larger of them. */
static void
claim_size(const VmVtpmRuns *runs, ClaimSet *claims)
{
    const double vm_pages = 131072; /* section 2.1: 512 MB of 4 KiB */
    double first_round = 0;

    for (guint i = 0; i < VM_VTPM_SEEDS; i++) {
        g_autoptr(Table) rounds =
            table_parse(result_table(batch_result(runs->batch, runs->rows[ROW_JOINT] + i), "rounds.csv"));
        first_round += (table_number(rounds, 0, "sent_pages") + table_number(rounds, 0, "skipped_pages"));
    }
    claims_add_value(claims, "union-size", "Definition 1: page n of both", ROLE_EXACT, "pages", vm_pages,
                     first_round / VM_VTPM_SEEDS, 0, "sent and skipped in round 1, which begins with all");
}

void
vm_vtpm_union_claim(const VmVtpmRuns *runs, ClaimSet *claims)
{
    for (int table = 1; table <= 2; table++)
        for (int row = 0; row < 4; row++)
            claim_inputs(runs, claims, table, row);
    for (int row = 0; row < 4; row++)
        claim_sent(runs, claims, row);
    claim_carries_both(runs, claims);
    claim_size(runs, claims);
}
