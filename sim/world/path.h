/* Ways between hosts: which cables they take, what these carry, and who else may send over them.
 *
 * A cable is full duplex; each direction has a number: twice the link's place in the scenario, and one more for the
 * direction from its second end to its first. With engine.crosstraffic a path takes the cables of the way back as well,
 * for its acknowledgements load them.
 *
 * Whoever plans ahead asks path_is_quiet: every sender of the world answers for itself there.
 */
#ifndef TANDEM_SIM_WORLD_PATH_H
#define TANDEM_SIM_WORLD_PATH_H

#include "sim/world/world.h"

#define PATH_CONNECTIONS_MOST 255 /* of one migration: as many as a hypervisor's key `channels` allows */

struct Path {
    guint from, to; /* hosts */
    guint n_cables;
    guint *cables;     /* owned; directions by number */
    double rate_Bps;   /* what one transfer alone gets: the narrowest cable's goodput, or the TCP window's when less */
    double window_Bps; /* the TCP window's; INFINITY: the path has no latency */
    double sum_Bps; /* of all cables where several are side by side, on the narrowest link; INFINITY: nowhere are any */
    double latency_s;    /* before a transfer's first byte moves */
    double round_trip_s; /* of a byte and its acknowledgement */
};

/* Before anybody sends: so many directions of cables. */
void path_start(World *world, guint cables);
void path_end(World *world);

/* The path between two different hosts, which are connected (scenario_check). Only while the world runs: SimGrid knows
 * no routes before. Borrowed from the world. */
const Path *path_between(World *world, guint from, guint to);
void path_free(gpointer path);

/* What a migration's connections get of the path while nobody else sends. */
typedef struct {
    double alone_Bps;
    gboolean few_cables; /* more than that, had each taken a cable of its own as long as there are any */
} PathStreams;

/* Connections are spread over cables side by side by the links' key spread, under hash by the name of who opens them.
 */
PathStreams path_streams(const World *world, const Path *path, const char *name, guint connections);

gboolean path_shares_cable(const Path *path, const Path *other);

/* None of its cables is cut now. */
gboolean path_is_whole(const World *world, const Path *path);

/* From now on one more migration may send over the path, by so many connections, or one less. */
void path_join(World *world, const Path *path, guint connections);
void path_leave(World *world, const Path *path, guint connections);
/* Migrations that may send over the path's busiest cable. */
guint path_users(const World *world, const Path *path);
/* Their connections. */
guint path_connections(const World *world, const Path *path);
/* The largest number by which all connections can be divided that have joined the path or one that shares cables with
 * it, straight or by others that do, so that sending by so many times fewer changes nobody's share, and that the rest
 * still fill cables side by side; 1 where something else has a share of such a path, or its window holds a connection.
 */
guint path_common_connections(World *world, const Path *path);
/* When one of them last joined or left; 0: never. */
double path_users_changed_s(const World *world, const Path *path);
/* Bytes that a path's users do not speak for are on their way from now on, or have arrived: of a part, whose VM may
 * meanwhile have left the path, and the ends of a migration's pieces (channel_send_tail). */
void path_begin_transfer(World *world, const Path *path);
void path_end_transfer(World *world, const Path *path);
/* Somebody sends over one of the path's cables beside the one migration that has joined and these transfers of its own.
 */
gboolean path_has_others(World *world, const Path *path, guint own_transfers);
/* Nobody but the one migration that has joined sends over any of the path's cables before outlook_next_change_s, and
 * nothing that was sent before is on its way. */
gboolean path_is_quiet(World *world, const Path *path);

#endif
