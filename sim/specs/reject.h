/* What is wrong with a scenario as a whole, as an error. */
#ifndef TANDEM_SIM_SPECS_REJECT_H
#define TANDEM_SIM_SPECS_REJECT_H

#include <glib.h>

#define REJECT_ERROR reject_error_quark()
GQuark reject_error_quark(void);
typedef enum { REJECT_ERROR_DOES_NOT_FIT } RejectError;

/* Sets the error, whose message is "JSON-POINTER: what is wrong, what was expected", and returns FALSE, so that a check
 * can end with it. */
gboolean reject(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

#endif
