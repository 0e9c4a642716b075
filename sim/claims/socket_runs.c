#include "sim/claims/socket_runs.h"

#include "sim/claims/paper_scenario.h"

static char *
profile_setting(const char *key, const char *profile, gboolean udp)
{
    return g_strdup_printf("/sockets/0/%s={\"profile\":\"%s\"%s}", key, profile,
                           udp ? ",\"tcp\":\"0s\",\"ack\":\"0s\"" : "");
}

guint
socket_runs_add_pair(Batch *batch, const SocketPair *pair, GError **error)
{
    g_autofree char *path = paper_scenario(SOCKET_RUNS_PAPER, "pair.json");
    g_autofree char *system = profile_setting("system", pair->profile, pair->udp);
    g_autofree char *network = profile_setting("network", pair->network ? pair->network : "netback", pair->udp);
    g_autofree char *size = g_strdup_printf("/sockets/0/messages/0/size=%uB", pair->bytes);
    g_autofree char *kind = g_strconcat("/sockets/0/application=", pair->application, NULL);
    g_autofree char *buffer = g_strconcat("/sockets/0/buffer=", pair->buffer, NULL);
    g_autofree char *receive = pair->receive ? g_strconcat("/sockets/0/receive=", pair->receive, NULL) : NULL;

    return batch_add(batch, path, 1, error, system, network, kind, size, buffer, "/sockets/0/modified=true",
                     pair->bytes > 1 ? "/run_until=200ms" : "/run_until=1s", receive, NULL);
}
