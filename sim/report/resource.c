#include "sim/report/resource.h"

#include <gio/gio.h>

/* Of the source that glib-compile-resources makes of resources/report.gresource.xml. */
extern GResource *tandem_report_get_resource(void);

const char *
resource_text(const char *name)
{
    g_autofree char *path = g_strconcat("/tandem/report/", name, NULL);
    g_autoptr(GBytes) bytes =
        g_resource_lookup_data(tandem_report_get_resource(), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

    g_assert(bytes);
    return g_bytes_get_data(bytes, NULL); /* static, and ended by a zero byte */
}
