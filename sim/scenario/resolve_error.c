#include "sim/scenario/resolve_error.h"

GQuark
resolve_error_quark(void)
{
    return g_quark_from_static_string("resolve-error-quark");
}
