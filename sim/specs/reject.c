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
    g_propagate_error(error, g_error_new_valist(REJECT_ERROR, REJECT_ERROR_DOES_NOT_FIT, format, arguments));
    va_end(arguments);
    return FALSE;
}
