#include "sim/validate/card_judge.h"

#include "sim/output/csv.h"

#include <math.h>

static const CardPrediction *
at(const GArray *predictions, guint i)
{
    return &g_array_index(predictions, CardPrediction, i);
}

CaseErrors
card_judge_errors(const GArray *predictions, CardDesign design, CardMeasure measure)
{
    g_autoptr(GArray) errors = g_array_new(FALSE, FALSE, sizeof(double));

    for (guint i = 0; i < predictions->len; i++) {
        const CardPrediction *one = at(predictions, i);
        const double error = fabs(one->measures[measure].error);
        if (!one->card->disturbed &&
            (design == CARD_DESIGNS ? one->card->design != CARD_DESIGN_HOST : one->card->design == design))
            g_array_append_val(errors, error);
    }
    return case_errors(errors);
}

/* ---- order and shape ---- */

/* All but the number of clients, and, for a pair of designs, all but these. */
static gboolean
asked_alike(const CardCase *a, const CardCase *b)
{
    return a->inputs.outstanding == b->inputs.outstanding && a->inputs.bytes == b->inputs.bytes &&
           a->place == b->place && a->processors == b->processors && g_str_equal(a->cipher, b->cipher) &&
           a->inputs.poll_us == b->inputs.poll_us && !a->disturbed && !b->disturbed && a->design != CARD_DESIGN_HOST &&
           b->design != CARD_DESIGN_HOST;
}

static double
ratio(const CardPrediction *from, const CardPrediction *to, gboolean predicted)
{
    const Comparison *a = &from->measures[CARD_THROUGHPUT], *b = &to->measures[CARD_THROUGHPUT];

    return predicted ? b->predicted / a->predicted : b->measured / a->measured;
}

CaseShare
card_judge_order(const GArray *predictions)
{
    CaseShare share = {0, 0};

    for (guint i = 0; i < predictions->len; i++)
        for (guint j = i + 1; j < predictions->len; j++) {
            const CardPrediction *a = at(predictions, i), *b = at(predictions, j);
            if (!asked_alike(a->card, b->card) || a->card->design == b->card->design ||
                a->card->inputs.clients != b->card->inputs.clients)
                continue;
            case_share_order(&share, ratio(a, b, FALSE), ratio(a, b, TRUE));
        }
    return share;
}

/* The case with the next more clients; NULL: there is none. */
static const CardPrediction *
next_clients(const GArray *predictions, const CardPrediction *from)
{
    const CardPrediction *next = NULL;

    for (guint i = 0; i < predictions->len; i++) {
        const CardPrediction *one = at(predictions, i);
        if (asked_alike(from->card, one->card) && one->card->design == from->card->design &&
            one->card->inputs.clients > from->card->inputs.clients &&
            (!next || one->card->inputs.clients < next->card->inputs.clients))
            next = one;
    }
    return next;
}

CaseShare
card_judge_shape(const GArray *predictions)
{
    CaseShare share = {0, 0};

    for (guint i = 0; i < predictions->len; i++) {
        const CardPrediction *from = at(predictions, i), *to = next_clients(predictions, from);
        if (to)
            case_share_step(&share, ratio(from, to, FALSE), ratio(from, to, TRUE));
    }
    return share;
}

/* ---- output ---- */

static void
append_row(GString *out, const CardPrediction *prediction)
{
    case_append_id(out, prediction->card->id);
    for (int i = 0; i < N_CARD_MEASURES; i++)
        case_append_numbers(out, &prediction->measures[i], i == CARD_LATENCY);
    g_string_append(out, prediction->card->disturbed ? "  disturbed\n" : "\n");
}

static void
append_errors(GString *out, const char *name, const GArray *predictions, CardDesign design)
{
    const CaseErrors rate = card_judge_errors(predictions, design, CARD_THROUGHPUT);
    const CaseErrors latency = card_judge_errors(predictions, design, CARD_LATENCY);

    case_append_errors(out, name, &rate, &latency);
}

static guint
disturbed(const GArray *predictions)
{
    guint n = 0;

    for (guint i = 0; i < predictions->len; i++)
        n += (guint)at(predictions, i)->card->disturbed;
    return n;
}

char *
card_judge_table(const GArray *predictions)
{
    GString *out = g_string_new(NULL);
    const CaseShare order = card_judge_order(predictions), shape = card_judge_shape(predictions);

    g_string_append_printf(out, "card: %u cases of a shared crypto service\n%-*s %27s %27s\n%-*s", predictions->len,
                           CASE_ID_COLUMN, "case", "requests per s", "median latency us", CASE_ID_COLUMN, "");
    for (int i = 0; i < N_CARD_MEASURES; i++)
        g_string_append_printf(out, " %9s %9s %7s", "measured", "predict.", "error");
    g_string_append_c(out, '\n');
    for (guint i = 0; i < predictions->len; i++)
        append_row(out, at(predictions, i));
    for (int design = 0; design < CARD_DESIGNS; design++)
        append_errors(out, card_design_word((CardDesign)design), predictions, (CardDesign)design);
    append_errors(out, "shared", predictions, CARD_DESIGNS);
    if (order.n > 0)
        g_string_append_printf(out, "which of two designs answers more: as measured in %u of %u pairs\n", order.right,
                               order.n);
    if (shape.n > 0)
        g_string_append_printf(out, "with more clients up, down or level: as measured in %u of %u steps\n", shape.right,
                               shape.n);
    if (disturbed(predictions) > 0)
        g_string_append_printf(out, "%u disturbed cases are in no summary\n", disturbed(predictions));
    return g_string_free(out, FALSE);
}

static char *
validation_csv(const GArray *predictions)
{
    GString *csv = g_string_new("case,design,cipher,bytes,clients,outstanding,disturbed");

    for (int i = 0; i < N_CARD_MEASURES; i++)
        g_string_append_printf(csv, ",%1$s_measured,%1$s_predicted,%1$s_low,%1$s_high,%1$s_error_percent",
                               card_measure_name((CardMeasure)i));
    g_string_append_c(csv, '\n');
    for (guint i = 0; i < predictions->len; i++) {
        const CardPrediction *prediction = at(predictions, i);
        const CardCase *card = prediction->card;
        csv_append_text(csv, card->id);
        csv_append_text(csv, card_design_word(card->design));
        csv_append_text(csv, card->cipher);
        csv_append_number(csv, card->inputs.bytes);
        csv_append_number(csv, card->inputs.clients);
        csv_append_number(csv, card->inputs.outstanding);
        csv_append_number(csv, card->disturbed);
        for (int m = 0; m < N_CARD_MEASURES; m++)
            case_append_comparison(csv, &prediction->measures[m]);
        g_string_append_c(csv, '\n');
    }
    return g_string_free(csv, FALSE);
}

static void
append_summary_row(GString *csv, const char *word, const GArray *predictions, CardDesign design)
{
    for (int m = 0; m < N_CARD_MEASURES; m++) {
        const CaseErrors errors = card_judge_errors(predictions, design, (CardMeasure)m);
        case_append_summary(csv, card_measure_name((CardMeasure)m), word, &errors);
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
