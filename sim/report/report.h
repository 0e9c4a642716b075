/* One self-contained HTML page about a run, a sweep, a reproduction, a validation or a study: what was run, verdicts,
 * figures, tables, invariants, how to repeat it. No network is needed to read it, and no script: that of the time line
 * shows what stands in tables too.
 *
 * Scope: it shows what is in the folder; figures are those that `tandem plot` left there.
 */
#ifndef TANDEM_SIM_REPORT_REPORT_H
#define TANDEM_SIM_REPORT_REPORT_H

#include "sim/figures/label.h"

#define REPORT_ERROR report_error_quark()
GQuark report_error_quark(void);
typedef enum { REPORT_ERROR_NOTHING } ReportError;

/* The page; NULL with error set when the folder holds nothing to report. (transfer full) */
char *report_html(const char *folder, Language language, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
