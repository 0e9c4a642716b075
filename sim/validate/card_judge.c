#include "sim/validate/card_judge.h"

#include "sim/output/csv.h"

/* Of a design; CARD_DESIGNS: of all that share a service. */
static gboolean
is_of_design(gconstpointer of, gconstpointer group)
{
    const CardCase *card = of;
    const CardDesign design = *(const CardDesign *)group;

    return design == CARD_DESIGNS ? card->design != CARD_DESIGN_HOST : card->design == design;
}

CaseErrors
card_judge_errors(const GArray *predictions, CardDesign design, guint measure)
{
    return case_judge_errors(predictions, measure, is_of_design, &design);
}

/* ---- order and shape ---- */

static gboolean
asked_alike(gconstpointer first, gconstpointer second)
{
    const CardCase *a = first, *b = second;

    return a->inputs.outstanding == b->inputs.outstanding && a->inputs.bytes == b->inputs.bytes &&
           a->place == b->place && a->processors == b->processors && g_str_equal(a->cipher, b->cipher) &&
           a->inputs.poll_us == b->inputs.poll_us && a->design != CARD_DESIGN_HOST && b->design != CARD_DESIGN_HOST;
}

static int
design_of(gconstpointer of)
{
    return (int)((const CardCase *)of)->design;
}

static double
clients_of(gconstpointer of)
{
    return ((const CardCase *)of)->inputs.clients;
}

static const CaseSeries series = {.alike = asked_alike, .design = design_of, .over = clients_of};

CaseShare
card_judge_order(const GArray *predictions)
{
    return case_judge_order(predictions, &series);
}

CaseShare
card_judge_shape(const GArray *predictions)
{
    return case_judge_shape(predictions, &series);
}

/* ---- output ---- */

static void
append_row(GString *out, const CasePrediction *prediction)
{
    case_append_id(out, prediction->id, CASE_ID_COLUMN);
    case_append_numbers(out, &prediction->measures[CASE_RATE], 0);
    case_append_numbers(out, &prediction->measures[CASE_LATENCY], 1);
    g_string_append(out, prediction->disturbed ? "  disturbed\n" : "\n");
}

static void
append_errors(GString *out, const char *name, const GArray *predictions, CardDesign design)
{
    const CaseErrors rate = card_judge_errors(predictions, design, CASE_RATE);
    const CaseErrors latency = card_judge_errors(predictions, design, CASE_LATENCY);

    case_append_errors(out, name, &rate, &latency);
}

char *
card_judge_table(const GArray *predictions)
{
    GString *out = g_string_new(NULL);
    const CaseShare order = card_judge_order(predictions), shape = card_judge_shape(predictions);

    case_append_heading(out, predictions, "card", "a shared crypto service", "requests per s");
    for (guint i = 0; i < predictions->len; i++)
        append_row(out, &g_array_index(predictions, CasePrediction, i));
    for (int design = 0; design < CARD_DESIGNS; design++)
        append_errors(out, card_design_word((CardDesign)design), predictions, (CardDesign)design);
    append_errors(out, "shared", predictions, CARD_DESIGNS);
    if (order.n > 0)
        g_string_append_printf(out, "which of two designs answers more: as measured in %u of %u pairs\n", order.right,
                               order.n);
    if (shape.n > 0)
        g_string_append_printf(out, "with more clients up, down or level: as measured in %u of %u steps\n", shape.right,
                               shape.n);
    case_append_disturbed(out, predictions);
    return g_string_free(out, FALSE);
}

static char *
validation_csv(const GArray *predictions)
{
    GString *csv = g_string_new("case,design,cipher,bytes,clients,outstanding,disturbed");

    case_append_columns(csv, card_measures);
    for (guint i = 0; i < predictions->len; i++) {
        const CasePrediction *prediction = &g_array_index(predictions, CasePrediction, i);
        const CardCase *card = prediction->of;
        csv_append_text(csv, card->id);
        csv_append_text(csv, card_design_word(card->design));
        csv_append_text(csv, card->cipher);
        csv_append_number(csv, card->inputs.bytes);
        csv_append_number(csv, card->inputs.clients);
        csv_append_number(csv, card->inputs.outstanding);
        csv_append_number(csv, card->disturbed);
        case_append_measures(csv, prediction);
    }
    return g_string_free(csv, FALSE);
}

static void
append_summary_row(GString *csv, const char *word, const GArray *predictions, CardDesign design)
{
    for (guint m = 0; m < N_CASE_MEASURES; m++) {
        const CaseErrors errors = card_judge_errors(predictions, design, m);
        case_append_summary(csv, card_measures[m].name, word, &errors);
    }
}

static char *
summary_csv(const GArray *predictions)
{
    GString *csv = g_string_new("measure,design,cases,median_error_percent,worst_error_percent\n");

    for (int design = 0; design < CARD_DESIGNS; design++)
        append_summary_row(csv, card_design_word((CardDesign)design), predictions, (CardDesign)design);
    append_summary_row(csv, "shared", predictions, CARD_DESIGNS);
    return g_string_free(csv, FALSE);
}

void
card_judge_take_files(const GArray *predictions, FileSet *files)
{
    files_take(files, "validation-cards.csv", validation_csv(predictions));
    files_take(files, "summary-cards.csv", summary_csv(predictions));
}
