#include "sim/validate/socket_judge.h"

#include "sim/output/csv.h"

#include <math.h>

static const SocketPrediction *
at(const GArray *predictions, guint i)
{
    return &g_array_index(predictions, SocketPrediction, i);
}

static gboolean
counts(const SocketPrediction *one)
{
    return !one->of->disturbed && !one->left_out;
}

CaseErrors
socket_judge_errors(const GArray *predictions, SocketDesign design, SocketWorkload workload, SocketMeasure measure)
{
    g_autoptr(GArray) errors = g_array_new(FALSE, FALSE, sizeof(double));

    for (guint i = 0; i < predictions->len; i++) {
        const SocketPrediction *one = at(predictions, i);
        const double error = fabs(one->measures[measure].error);
        if (counts(one) && !isnan(error) && (design == SOCKET_DESIGNS || one->of->design == design) &&
            (workload == SOCKET_WORKLOADS || one->of->workload == workload))
            g_array_append_val(errors, error);
    }
    return case_errors(errors);
}

/* ---- order and shape ---- */

/* All but the size, the design, and the buffer, which only rings have. */
static gboolean
asked_alike(const SocketPrediction *a, const SocketPrediction *b)
{
    return counts(a) && counts(b) && a->of->workload == b->of->workload && a->of->place == b->of->place &&
           a->of->processors == b->of->processors && a->of->poll_us == b->of->poll_us;
}

/* Of bytes per second. */
static double
ratio(const SocketPrediction *from, const SocketPrediction *to, gboolean predicted)
{
    const Comparison *a = &from->measures[SOCKET_RATE], *b = &to->measures[SOCKET_RATE];
    const double sizes = to->of->bytes / from->of->bytes;

    return sizes * (predicted ? b->predicted / a->predicted : b->measured / a->measured);
}

CaseShare
socket_judge_order(const GArray *predictions)
{
    CaseShare share = {0, 0};

    for (guint i = 0; i < predictions->len; i++)
        for (guint j = i + 1; j < predictions->len; j++) {
            const SocketPrediction *a = at(predictions, i), *b = at(predictions, j);
            if (asked_alike(a, b) && a->of->design != b->of->design && a->of->bytes == b->of->bytes)
                case_share_order(&share, ratio(a, b, FALSE), ratio(a, b, TRUE));
        }
    return share;
}

static gboolean
same_buffer(const SocketCase *a, const SocketCase *b)
{
    return a->design != SOCKET_DESIGN_RING || a->buffer_bytes == b->buffer_bytes;
}

/* The case with the next larger size; NULL: there is none. */
static const SocketPrediction *
next_size(const GArray *predictions, const SocketPrediction *from)
{
    const SocketPrediction *next = NULL;

    for (guint i = 0; i < predictions->len; i++) {
        const SocketPrediction *one = at(predictions, i);
        if (asked_alike(from, one) && one->of->design == from->of->design && same_buffer(one->of, from->of) &&
            one->of->bytes > from->of->bytes && (!next || one->of->bytes < next->of->bytes))
            next = one;
    }
    return next;
}

CaseShare
socket_judge_shape(const GArray *predictions)
{
    CaseShare share = {0, 0};

    for (guint i = 0; i < predictions->len; i++) {
        const SocketPrediction *from = at(predictions, i), *to = next_size(predictions, from);
        if (to)
            case_share_step(&share, ratio(from, to, FALSE), ratio(from, to, TRUE));
    }
    return share;
}

/* ---- output ---- */

static void
append_row(GString *out, const SocketPrediction *prediction)
{
    case_append_id(out, prediction->of->id);
    if (prediction->left_out) {
        g_string_append_printf(out, "  not predicted: %s\n", prediction->left_out);
        return;
    }
    case_append_numbers(out, &prediction->measures[SOCKET_RATE], 0);
    if (prediction->of->workload == SOCKET_ROUND_TRIP)
        case_append_numbers(out, &prediction->measures[SOCKET_LATENCY], 1);
    g_string_append(out, prediction->of->disturbed ? "  disturbed\n" : "\n");
}

static void
append_workload(GString *out, const GArray *predictions, SocketWorkload workload)
{
    g_string_append_printf(out, "%s:\n", socket_workload_word(workload));
    for (int design = 0; design <= SOCKET_DESIGNS; design++) {
        const CaseErrors rate = socket_judge_errors(predictions, (SocketDesign)design, workload, SOCKET_RATE);
        const CaseErrors latency = socket_judge_errors(predictions, (SocketDesign)design, workload, SOCKET_LATENCY);
        case_append_errors(out, design == SOCKET_DESIGNS ? "all" : socket_design_word((SocketDesign)design), &rate,
                           workload == SOCKET_ROUND_TRIP ? &latency : NULL);
    }
}

static guint
disturbed(const GArray *predictions)
{
    guint n = 0;

    for (guint i = 0; i < predictions->len; i++)
        n += (guint)at(predictions, i)->of->disturbed;
    return n;
}

char *
socket_judge_table(const GArray *predictions)
{
    GString *out = g_string_new(NULL);
    const CaseShare order = socket_judge_order(predictions), shape = socket_judge_shape(predictions);

    g_string_append_printf(out, "socket: %u cases of two processes that talk\n%-*s %27s %27s\n%-*s", predictions->len,
                           CASE_ID_COLUMN, "case", "messages per s", "median latency us", CASE_ID_COLUMN, "");
    for (int i = 0; i < N_SOCKET_MEASURES; i++)
        g_string_append_printf(out, " %9s %9s %7s", "measured", "predict.", "error");
    g_string_append_c(out, '\n');
    for (guint i = 0; i < predictions->len; i++)
        append_row(out, at(predictions, i));
    for (int workload = 0; workload < SOCKET_WORKLOADS; workload++)
        append_workload(out, predictions, (SocketWorkload)workload);
    if (order.n > 0)
        g_string_append_printf(out, "which of two designs is faster: as measured in %u of %u pairs\n", order.right,
                               order.n);
    if (shape.n > 0)
        g_string_append_printf(out, "with larger messages up, down or level: as measured in %u of %u steps\n",
                               shape.right, shape.n);
    if (disturbed(predictions) > 0)
        g_string_append_printf(out, "%u disturbed cases are in no summary\n", disturbed(predictions));
    return g_string_free(out, FALSE);
}

static char *
validation_csv(const GArray *predictions)
{
    GString *csv = g_string_new("case,design,workload,bytes,buffer_bytes,disturbed");

    for (int i = 0; i < N_SOCKET_MEASURES; i++)
        g_string_append_printf(csv, ",%1$s_measured,%1$s_predicted,%1$s_low,%1$s_high,%1$s_error_percent",
                               socket_measure_name((SocketMeasure)i));
    g_string_append_c(csv, '\n');
    for (guint i = 0; i < predictions->len; i++) {
        const SocketPrediction *prediction = at(predictions, i);
        const SocketCase *one = prediction->of;
        csv_append_text(csv, one->id);
        csv_append_text(csv, socket_design_word(one->design));
        csv_append_text(csv, socket_workload_word(one->workload));
        csv_append_number(csv, one->bytes);
        csv_append_known(csv, one->buffer_bytes);
        csv_append_number(csv, one->disturbed);
        for (int m = 0; m < N_SOCKET_MEASURES; m++)
            case_append_comparison(csv, &prediction->measures[m]);
        g_string_append_c(csv, '\n');
    }
    return g_string_free(csv, FALSE);
}

static char *
summary_csv(const GArray *predictions)
{
    GString *csv = g_string_new("measure,design,cases,median_error_percent,worst_error_percent\n");

    for (int design = 0; design <= SOCKET_DESIGNS; design++)
        for (int workload = 0; workload < SOCKET_WORKLOADS; workload++)
            for (int m = 0; m < N_SOCKET_MEASURES; m++) {
                const CaseErrors errors =
                    socket_judge_errors(predictions, (SocketDesign)design, (SocketWorkload)workload, (SocketMeasure)m);
                g_autofree char *group = g_strdup_printf(
                    "%s %s", design == SOCKET_DESIGNS ? "all" : socket_design_word((SocketDesign)design),
                    socket_workload_word((SocketWorkload)workload));
                case_append_summary(csv, socket_measure_name((SocketMeasure)m), group, &errors);
            }
    return g_string_free(csv, FALSE);
}

void
socket_judge_take_files(const GArray *predictions, FileSet *files)
{
    files_take(files, "validation-sockets.csv", validation_csv(predictions));
    files_take(files, "summary-sockets.csv", summary_csv(predictions));
}
