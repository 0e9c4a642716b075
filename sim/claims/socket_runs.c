#include "sim/claims/socket_runs.h"

#include "sim/claims/paper_scenario.h"

guint
socket_runs_add_pair(Batch *batch, const char *profile, const char *application, const char *buffer, guint bytes,
                     GError **error)
{
    g_autofree char *path = paper_scenario(SOCKET_RUNS_PAPER, "pair.json");
    g_autofree char *system = g_strconcat("/sockets/0/system=", profile, NULL);
    g_autofree char *size = g_strdup_printf("/sockets/0/messages/0/size=%uB", bytes);
    g_autofree char *kind = g_strconcat("/sockets/0/application=", application, NULL);
    g_autofree char *buffers = g_strconcat("/sockets/0/buffer=", buffer, NULL);

    return batch_add(batch, path, 1, error, system, kind, size, buffers, "/sockets/0/modified=true",
                     bytes > 1 ? "/run_until=200ms" : "/run_until=1s", NULL);
}
