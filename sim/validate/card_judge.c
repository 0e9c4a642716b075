#include "sim/validate/card_judge.h"

#include "sim/output/csv.h"

#include <math.h>

#define ID_COLUMN 34

static const CardPrediction *
at(const GArray *predictions, guint i)
{
    return &g_array_index(predictions, CardPrediction, i);
}

CardErrors
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
    case_sort(errors);
    const double worst = errors->len > 0 ? g_array_index(errors, double, errors->len - 1) : NAN;
    return (CardErrors){errors->len, case_sorted_median(errors), worst};
}

/* ---- order and shape ---- */

/* A ratio as a direction: -1, 0 (level), 1. */
static int
direction(double ratio)
{
    return ratio > 1 + CARD_LEVEL ? 1 : ratio < 1 / (1 + CARD_LEVEL) ? -1 : 0;
}

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

CardShare
card_judge_order(const GArray *predictions)
{
    CardShare share = {0, 0};

    for (guint i = 0; i < predictions->len; i++)
        for (guint j = i + 1; j < predictions->len; j++) {
            const CardPrediction *a = at(predictions, i), *b = at(predictions, j);
            if (!asked_alike(a->card, b->card) || a->card->design == b->card->design ||
                a->card->inputs.clients != b->card->inputs.clients || direction(ratio(a, b, FALSE)) == 0)
                continue;
            share.n++;
            share.right += (ratio(a, b, TRUE) > 1) == (ratio(a, b, FALSE) > 1);
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

/* A step that is not level has the same direction in the prediction; a level one is not more than twice as steep. */
CardShare
card_judge_shape(const GArray *predictions)
{
    CardShare share = {0, 0};

    for (guint i = 0; i < predictions->len; i++) {
        const CardPrediction *from = at(predictions, i), *to = next_clients(predictions, from);
        if (!to)
            continue;
        const int measured = direction(ratio(from, to, FALSE));
        const double predicted = ratio(from, to, TRUE);
        share.n++;
        share.right +=
            measured == 0 ? fabs(log(predicted)) <= 2 * log1p(CARD_LEVEL) : (predicted > 1) == (measured > 0);
    }
    return share;
}

/* ---- output ---- */

static void
append_row(GString *out, const CardPrediction *prediction)
{
    const glong length = g_utf8_strlen(prediction->card->id, -1);
    g_autofree char *id = g_utf8_substring(prediction->card->id, 0, MIN(length, ID_COLUMN));

    g_string_append_printf(out, "%s%*s", id, (int)(ID_COLUMN - MIN(length, ID_COLUMN)), "");
    for (int i = 0; i < N_CARD_MEASURES; i++) {
        const Comparison *one = &prediction->measures[i];
        g_string_append_printf(out, " %9.*f %9.*f %+6.1f%%", i == CARD_LATENCY, one->measured, i == CARD_LATENCY,
                               one->predicted, one->error);
    }
    g_string_append(out, prediction->card->disturbed ? "  disturbed\n" : "\n");
}

static void
append_errors(GString *out, const char *name, const GArray *predictions, CardDesign design)
{
    const CardErrors rate = card_judge_errors(predictions, design, CARD_THROUGHPUT);
    const CardErrors latency = card_judge_errors(predictions, design, CARD_LATENCY);

    if (rate.n > 0)
        g_string_append_printf(out,
                               "%-8s throughput: median error %.1f %%, worst %.1f %%; median latency: %.1f %%, worst "
                               "%.1f %%; over %u cases\n",
                               name, rate.median, rate.worst, latency.median, latency.worst, rate.n);
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
    const CardShare order = card_judge_order(predictions), shape = card_judge_shape(predictions);

    g_string_append_printf(out, "card: %u cases of a shared crypto service\n%-*s %27s %27s\n%-*s", predictions->len,
                           ID_COLUMN, "case", "requests per s", "median latency us", ID_COLUMN, "");
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
        const CardErrors errors = card_judge_errors(predictions, design, (CardMeasure)m);
        if (errors.n == 0)
            continue;
        csv_append_text(csv, card_measure_name((CardMeasure)m));
        csv_append_text(csv, word);
        csv_append_number(csv, errors.n);
        csv_append_number(csv, errors.median);
        csv_append_number(csv, errors.worst);
        g_string_append_c(csv, '\n');
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
