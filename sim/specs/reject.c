#include "sim/specs/reject.h"

GQuark
reject_error_quark(void)
{
    return g_quark_from_static_string("tandem-reject-error");
}

gboolean
reject(GError **error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error_literal(error, REJECT_ERROR, REJECT_ERROR_DOES_NOT_FIT, text);
    return FALSE;
}
