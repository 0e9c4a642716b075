#include "sim/report/report.h"

#include "sim/output/run_log.h"
#include "sim/output/table.h"
#include "sim/report/page.h"
#include "sim/report/page_claims.h"
#include "sim/report/page_metrics.h"
#include "sim/report/page_summary.h"
#include "sim/report/page_tables.h"
#include "sim/report/resource.h"
#include "sim/report/round_tiles.h"
#include "sim/report/time_axis.h"
#include "sim/scenario/json_text.h"
#include "sim/scenario/provenance.h"
#include "sim/sweep/campaign.h"
#include "sim/version.h"

#include <math.h>
#include <string.h>

enum { MAX_ROWS = 200, MAX_METRICS = 6 }; /* chosen: what a reader looks through; the files hold the rest */

GQuark
report_error_quark(void)
{
    return g_quark_from_static_string("tandem-report-error");
}

/* ---- how it was made ---- */

static void
begin_sources(Page *page)
{
    g_string_append(page->out, "<details><summary>");
    page_append_text(page, page_say(page, "Files that were read, with their SHA-256 digests"));
    g_string_append(page->out, "</summary><div class=\"scroll\"><table id=\"sources\"><tbody>\n");
}

static void
end_sources(Page *page)
{
    g_string_append(page->out, "</tbody></table></div></details>\n");
}

/* What the folder's run.log says; of a folder that has none, what is always true. */
static void
append_repeat(Page *page)
{
    g_autofree char *command = run_log_said(page->folder, "command");
    g_autofree char *from = run_log_said(page->folder, "folder");
    g_autoptr(GPtrArray) sources = run_log_lines(page->folder, "read");

    if (command && from && provenance_is_command(command)) {
        g_autofree char *quoted = g_shell_quote(from);
        g_autofree char *again = g_strdup_printf("cd %s\n%s", quoted, command);
        page_append_code(page, again);
    } else {
        page_append_code(page, "tandem run result.json");
    }
    begin_sources(page);
    for (guint i = 0; i < sources->len; i++) { /* "DIGEST PATH" */
        g_auto(GStrv) halves = g_strsplit(g_ptr_array_index(sources, i), " ", 2);
        if (halves[0] && halves[1])
            page_append_row(page, halves[1], halves[0]);
    }
    end_sources(page);
}

/* A command stands beside results only when they are its own: of a file that was changed, or of a folder in which two
 * results were mixed, that is said. */
static void
append_doubt(Page *page, const char *name)
{
    g_autofree char *command = run_log_said(page->folder, "command");

    if (!command || run_log_has(page->folder, name))
        return;
    g_string_append(page->out, "<p class=\"fail\" id=\"doubt\">");
    page_append_text(page, name);
    g_string_append(page->out, ": ");
    page_append_text(page, page_say(page, "not as run.log says that this command wrote it"));
    g_string_append(page->out, "</p>\n");
}

/* ---- the three kinds ---- */

static void
report_claims(Page *page, const cJSON *claims)
{
    page_claims_append(page, claims);
    page_append_figures(page);
    page_append_heading(page, "How to repeat it");
    append_doubt(page, "claims.json");
    append_repeat(page);
}

static void
report_run(Page *page, const cJSON *result)
{
    static const char *const keys[] = {"name", "meaning", "checks", "violations", NULL};
    const cJSON *scenario = cJSON_GetObjectItemCaseSensitive(result, "scenario");
    const cJSON *metrics = cJSON_GetObjectItemCaseSensitive(result, "metrics");
    g_autofree char *description = page_value_text(cJSON_GetObjectItemCaseSensitive(scenario, "description"));

    page_summary_append_run(page, result);
    page_append_heading(page, "What was run");
    g_string_append(page->out, "<p>");
    page_append_text(page, description);
    g_string_append(page->out, "</p>\n");
    time_axis_append(page, cJSON_GetNumberValue(cJSON_GetObjectItemCaseSensitive(metrics, "run.end_s")));
    round_tiles_append(page);
    page_append_figures(page);
    page_metrics_append(page, metrics);
    page_append_heading(page, "Invariants");
    page_append_list(page, "invariants", cJSON_GetObjectItemCaseSensitive(result, "invariants"), keys, keys);
    page_append_heading(page, "How to repeat it");
    append_doubt(page, "result.json");
    append_repeat(page);
    page_append_details(page, "The scenario as resolved", scenario);
}

/* Of validations and studies, which are tables. */
static void
report_tables(Page *page, const TablesKind *kind)
{
    page_tables_append(page, kind);
    page_append_figures(page);
    page_append_heading(page, "How to repeat it");
    append_repeat(page);
}

static void
append_heads(Page *page, const GPtrArray *names)
{
    for (guint i = 0; i < names->len; i++)
        page_append_head(page, g_ptr_array_index(names, i));
}

/* "18.1 ± 0.2", and of how many runs it is the mean when some of them lack it: "18.1 ± 0.2 (3 of 5)". */
static void
append_mean(Page *page, const Table *table, guint row, const char *metric)
{
    g_autofree char *mean = g_strconcat(metric, ".mean", NULL), *high = g_strconcat(metric, ".ci95_high", NULL);
    g_autofree char *count = g_strconcat(metric, ".n", NULL);
    const double value = table_number(table, row, mean), half = table_number(table, row, high) - value;
    const double n = table_number(table, row, count), ok = table_number(table, row, "ok");

    g_string_append(page->out, "<td class=\"n\">");
    if (!isnan(value))
        g_string_append_printf(page->out, isnan(half) ? "%.5g" : "%.5g ± %.2g", value, half);
    if (n < ok) {
        g_string_append_printf(page->out, "%s(%.0f ", isnan(value) ? "" : " ", n);
        page_append_text(page, page_say(page, "of"));
        g_string_append_printf(page->out, " %.0f)", ok);
    }
    g_string_append(page->out, "</td>");
}

/* Names of the columns with a suffix, without it when cut; at most so many. (transfer full) */
static GPtrArray *
columns_with(const Table *table, const char *suffix, gboolean cut, guint most)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

    for (const char *const *column = table_columns(table); *column && names->len < most; column++)
        if (g_str_has_suffix(*column, suffix) && !g_str_has_prefix(*column, "run."))
            g_ptr_array_add(names, g_strndup(*column, strlen(*column) - (cut ? strlen(suffix) : 0)));
    return names;
}

/* What is a share of all its runs stands before the means, which are over some of them. */
static void
append_point(Page *page, const Table *table, guint row, const GPtrArray *texts, const GPtrArray *metrics)
{
    g_string_append(page->out, "<tr>");
    for (guint i = 0; i < texts->len; i++)
        page_append_cell(page, table_text(table, row, g_ptr_array_index(texts, i)));
    for (guint m = 0; m < metrics->len; m++)
        append_mean(page, table, row, g_ptr_array_index(metrics, m));
    g_string_append(page->out, "</tr>\n");
}

/* Parameters, how things ended, and the first metrics of summary.csv. */
static void
append_summary(Page *page, const GPtrArray *parameters, const Table *table)
{
    g_autoptr(GPtrArray) metrics = columns_with(table, ".mean", TRUE, MAX_METRICS);
    g_autoptr(GPtrArray) shares = columns_with(table, ".share", FALSE, MAX_METRICS);
    g_autoptr(GPtrArray) texts = g_ptr_array_new();

    g_ptr_array_extend(texts, (GPtrArray *)parameters, NULL, NULL);
    g_ptr_array_extend(texts, shares, NULL, NULL);
    g_string_append(page->out, "<div class=\"scroll\"><table id=\"points\"><thead><tr>");
    append_heads(page, texts);
    append_heads(page, metrics);
    g_string_append(page->out, "</tr></thead><tbody>\n");
    for (guint row = 0; row < MIN(table_rows(table), MAX_ROWS); row++)
        append_point(page, table, row, texts, metrics);
    g_string_append(page->out, "</tbody></table></div>\n");
    if (table_rows(table) > MAX_ROWS)
        g_string_append_printf(page->out, "<p>%s (%u)</p>\n", page_say(page, "more rows are in summary.csv"),
                               table_rows(table) - MAX_ROWS);
}

static void
report_sweep(Page *page, const cJSON *manifest, const GPtrArray *columns, const Table *table)
{
    static const char *const keys[] = {"column", "values", NULL}, *const heads[] = {"parameter", "values", NULL};
    static const char *const counts[] = {"points", "repeats", "runs", NULL};
    const cJSON *campaign = cJSON_GetObjectItemCaseSensitive(manifest, "campaign"), *status;
    const cJSON *origin = cJSON_GetObjectItemCaseSensitive(manifest, "origin"), *source;
    const char *noted = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(origin, "command"));
    const char *command = noted && provenance_is_command(noted) ? noted : NULL;

    page_append_heading(page, "What was run");
    page_append_list(page, "parameters", cJSON_GetObjectItemCaseSensitive(manifest, "parameters"), keys, heads);
    g_string_append(page->out, "<div class=\"scroll\"><table id=\"counts\"><tbody>\n");
    for (const char *const *count = counts; *count; count++) {
        g_autofree char *text = page_value_text(cJSON_GetObjectItemCaseSensitive(manifest, *count));
        page_append_row(page, page_say(page, *count), text);
    }
    cJSON_ArrayForEach(status, cJSON_GetObjectItemCaseSensitive(manifest, "status"))
    {
        g_autofree char *text = page_value_text(status);
        if (status->valuedouble > 0)
            page_append_row(page, status->string, text);
    }
    g_string_append(page->out, "</tbody></table></div>\n");
    page_append_figures(page);
    page_append_heading(page, "Points");
    g_string_append_printf(page->out, "<p>%s</p>\n", page_say(page, "mean and 95 % interval over the repeats"));
    append_summary(page, columns, table);
    page_append_heading(page, "How to repeat it");
    g_autofree char *again =
        g_strconcat(command ? command : "tandem sweep FILE", " --out DIR\ntandem plot DIR\ntandem report DIR", NULL);
    page_append_code(page, again);
    begin_sources(page);
    cJSON_ArrayForEach(source, cJSON_GetObjectItemCaseSensitive(origin, "read"))
        page_append_row(page, source->string, cJSON_GetStringValue(source));
    end_sources(page);
    page_append_details(page, "The scenario as resolved", cJSON_GetObjectItemCaseSensitive(campaign, "scenario"));
}

/* ---- the page ---- */

static cJSON *
load(const char *folder, const char *name, GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);

    return g_file_test(path, G_FILE_TEST_EXISTS) ? json_text_load(path, error) : NULL;
}

/* The one script that a browser may run here, as a policy names it: whatever texts a folder holds, they run nothing.
 * (transfer full) */
static char *
script_digest(void)
{
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
    guint8 digest[32];
    gsize length = sizeof digest;

    g_checksum_update(checksum, (const guchar *)resource_text("timeline.js"), -1);
    g_checksum_get_digest(checksum, digest, &length);
    return g_base64_encode(digest, length);
}

static void
begin_page(Page *page, const char *kind, const cJSON *scenario)
{
    const char *title = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(scenario, "title"));
    const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(scenario, "name"));
    g_autofree char *digest = script_digest();

    g_string_append_printf(page->out,
                           "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">"
                           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
                           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
                           "style-src 'unsafe-inline'; script-src 'sha256-%s'\">"
                           "<link rel=\"icon\" href=\"data:,\"><title>tandem: ",
                           label_language_word(page->language), digest);
    page_append_text(page, name ? name : page_say(page, kind));
    g_string_append_printf(page->out, "</title><style>%s</style></head><body>\n<h1>%s", resource_text("report.css"),
                           page_say(page, kind));
    if (name) {
        g_string_append(page->out, ": ");
        page_append_text(page, title && *title ? title : name);
    }
    g_string_append_printf(page->out, "</h1>\n<p class=\"quiet\">tandem %s, SimGrid %s</p>\n", tandem_version(),
                           tandem_simgrid_version());
}

char *
report_html(const char *folder, Language language, GError **error)
{
    Page page = {g_string_new(NULL), folder, language};
    g_autofree char *summary_path = g_build_filename(folder, "summary.csv", NULL);
    g_autofree char *manifest_path = g_build_filename(folder, "manifest.json", NULL);
    g_autoptr(GError) reason = NULL;
    g_autoptr(cJSON) claims = load(folder, "claims.json", &reason);
    g_autoptr(cJSON) manifest = reason ? NULL : load(folder, "manifest.json", &reason);
    g_autoptr(cJSON) result = reason ? NULL : load(folder, "result.json", &reason);
    const cJSON *campaign = cJSON_GetObjectItemCaseSensitive(manifest, "campaign");
    const TablesKind *tables = page_tables_kind(folder);
    const gboolean is_sweep = campaign && g_file_test(summary_path, G_FILE_TEST_EXISTS);
    g_autoptr(GPtrArray) columns = is_sweep && !reason ? campaign_columns(manifest, manifest_path, &reason) : NULL;
    g_autoptr(Table) summary = columns ? table_read(summary_path, NULL, &reason) : NULL;

    if (claims) {
        begin_page(&page, "Reproduction", NULL);
        report_claims(&page, claims);
    } else if (summary) {
        begin_page(&page, "Sweep", cJSON_GetObjectItemCaseSensitive(campaign, "scenario"));
        report_sweep(&page, manifest, columns, summary);
    } else if (result && !reason) {
        begin_page(&page, "Run", cJSON_GetObjectItemCaseSensitive(result, "scenario"));
        report_run(&page, result);
    } else if (tables && !reason) {
        begin_page(&page, tables->title, NULL);
        report_tables(&page, tables);
    } else {
        g_string_free(page.out, TRUE);
        if (reason)
            g_propagate_error(error, g_steal_pointer(&reason));
        else
            g_set_error(
                error, REPORT_ERROR, REPORT_ERROR_NOTHING,
                "%s: nothing to report, expected a folder of run --out, sweep, reproduce, validate or sensitivity",
                folder);
        return NULL;
    }
    g_string_append(page.out, "</body></html>\n");
    return g_string_free(page.out, FALSE);
}
