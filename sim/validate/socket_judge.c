#include "sim/validate/socket_judge.h"

#include "sim/output/csv.h"

typedef struct {
    SocketDesign design;
    SocketWorkload workload;
} Group;

static gboolean
is_of_group(gconstpointer of, gconstpointer group)
{
    const SocketCase *one = of;
    const Group *wanted = group;

    return (wanted->design == SOCKET_DESIGNS || one->design == wanted->design) &&
           (wanted->workload == SOCKET_WORKLOADS || one->workload == wanted->workload);
}

CaseErrors
socket_judge_errors(const GArray *predictions, SocketDesign design, SocketWorkload workload, guint measure)
{
    const Group group = {design, workload};

    return case_judge_errors(predictions, measure, is_of_group, &group);
}

/* ---- order and shape ---- */

/* The buffer, which only rings have, is none of what is asked. */
static gboolean
asked_alike(gconstpointer first, gconstpointer second)
{
    const SocketCase *a = first, *b = second;

    return a->workload == b->workload && a->place == b->place && a->processors == b->processors &&
           a->poll_us == b->poll_us;
}

static int
design_of(gconstpointer of)
{
    return (int)((const SocketCase *)of)->design;
}

static gboolean
same_buffer(gconstpointer first, gconstpointer second)
{
    const SocketCase *a = first, *b = second;

    return a->design != SOCKET_DESIGN_RING || a->buffer_bytes == b->buffer_bytes;
}

static double
bytes_of(gconstpointer of)
{
    return ((const SocketCase *)of)->bytes;
}

static const CaseSeries series = {
    .alike = asked_alike, .design = design_of, .continues = same_buffer, .over = bytes_of, .per_over = TRUE};

CaseShare
socket_judge_order(const GArray *predictions)
{
    return case_judge_order(predictions, &series);
}

CaseShare
socket_judge_shape(const GArray *predictions)
{
    return case_judge_shape(predictions, &series);
}

/* ---- output ---- */

static void
append_row(GString *out, const CasePrediction *prediction)
{
    case_append_id(out, prediction->id, CASE_ID_COLUMN);
    if (prediction->left_out) {
        g_string_append_printf(out, "  not predicted: %s\n", prediction->left_out);
        return;
    }
    case_append_numbers(out, &prediction->measures[CASE_RATE], 0);
    if (((const SocketCase *)prediction->of)->workload == SOCKET_ROUND_TRIP)
        case_append_numbers(out, &prediction->measures[CASE_LATENCY], 1);
    g_string_append(out, prediction->disturbed ? "  disturbed\n" : "\n");
}

static void
append_workload(GString *out, const GArray *predictions, SocketWorkload workload)
{
    g_string_append_printf(out, "%s:\n", socket_workload_word(workload));
    for (int design = 0; design <= SOCKET_DESIGNS; design++) {
        const CaseErrors rate = socket_judge_errors(predictions, (SocketDesign)design, workload, CASE_RATE);
        const CaseErrors latency = socket_judge_errors(predictions, (SocketDesign)design, workload, CASE_LATENCY);
        case_append_errors(out, design == SOCKET_DESIGNS ? "all" : socket_design_word((SocketDesign)design), &rate,
                           workload == SOCKET_ROUND_TRIP ? &latency : NULL);
    }
}

char *
socket_judge_table(const GArray *predictions)
{
    GString *out = g_string_new(NULL);
    const CaseShare order = socket_judge_order(predictions), shape = socket_judge_shape(predictions);

    case_append_heading(out, predictions, "socket", "two processes that talk", "messages per s");
    for (guint i = 0; i < predictions->len; i++)
        append_row(out, &g_array_index(predictions, CasePrediction, i));
    for (int workload = 0; workload < SOCKET_WORKLOADS; workload++)
        append_workload(out, predictions, (SocketWorkload)workload);
    if (order.n > 0)
        g_string_append_printf(out, "which of two designs is faster: as measured in %u of %u pairs\n", order.right,
                               order.n);
    if (shape.n > 0)
        g_string_append_printf(out, "with larger messages up, down or level: as measured in %u of %u steps\n",
                               shape.right, shape.n);
    case_append_disturbed(out, predictions);
    return g_string_free(out, FALSE);
}

static char *
validation_csv(const GArray *predictions)
{
    GString *csv = g_string_new("case,design,workload,bytes,buffer_bytes,disturbed");

    case_append_columns(csv, socket_measures);
    for (guint i = 0; i < predictions->len; i++) {
        const CasePrediction *prediction = &g_array_index(predictions, CasePrediction, i);
        const SocketCase *one = prediction->of;
        csv_append_text(csv, one->id);
        csv_append_text(csv, socket_design_word(one->design));
        csv_append_text(csv, socket_workload_word(one->workload));
        csv_append_number(csv, one->bytes);
        csv_append_known(csv, one->buffer_bytes);
        csv_append_number(csv, one->disturbed);
        case_append_measures(csv, prediction);
    }
    return g_string_free(csv, FALSE);
}

static char *
summary_csv(const GArray *predictions)
{
    GString *csv = g_string_new("measure,design,cases,median_error_percent,worst_error_percent\n");

    for (int design = 0; design <= SOCKET_DESIGNS; design++)
        for (int workload = 0; workload < SOCKET_WORKLOADS; workload++)
            for (guint m = 0; m < N_CASE_MEASURES; m++) {
                const CaseErrors errors =
                    socket_judge_errors(predictions, (SocketDesign)design, (SocketWorkload)workload, m);
                g_autofree char *group = g_strdup_printf(
                    "%s %s", design == SOCKET_DESIGNS ? "all" : socket_design_word((SocketDesign)design),
                    socket_workload_word((SocketWorkload)workload));
                case_append_summary(csv, socket_measures[m].name, group, &errors);
            }
    return g_string_free(csv, FALSE);
}

void
socket_judge_take_files(const GArray *predictions, FileSet *files)
{
    files_take(files, "validation-sockets.csv", validation_csv(predictions));
    files_take(files, "summary-sockets.csv", summary_csv(predictions));
}
