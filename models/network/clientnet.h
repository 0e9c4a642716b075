/* The network between guests and those who ask them: clients (probe.h) whose requests come to a guest or do not
 * (whereabouts.h), on one calendar.
 *
 * Whoever tells of the guests advances it from one of their changes to the next. Of events of one date the one that was
 * added first comes first; a change of a guest comes after all events of its date that are in the calendar.
 *
 * Scope: that of both.
 */
#ifndef TANDEM_MODELS_NETWORK_CLIENTNET_H
#define TANDEM_MODELS_NETWORK_CLIENTNET_H

#include "models/network/probe.h"
#include "models/network/whereabouts.h"

typedef struct ClientNet ClientNet;

/* fabric: taken; NULL: none. controller NULL: none. Both structs are copied, the list within announcement is borrowed.
 */
ClientNet *clientnet_new(Fabric *fabric, const Announcement *announcement, const Controller *controller);
void clientnet_free(ClientNet *net);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClientNet, clientnet_free)

/* Guests and probes are numbered from 0. place: a node of the fabric. */
guint clientnet_add_guest(ClientNet *net, const WhereaboutsGuest *guest);
/* Somebody else asks the guest there, by clientnet_reaches. */
void clientnet_add_client(ClientNet *net, guint guest, guint place);
guint clientnet_add_probe(ClientNet *net, const ProbeConfig *config, guint guest, guint place);

/* Everything up to that date, which is not before an earlier one's, happens. FALSE: the calendar stands still at a
 * date (progress.h). */
gboolean clientnet_advance(ClientNet *net, double until_s);
/* Then: the guest is there on that host (a node) from now on, and answers from answers_s >= now_s on, until when it
 * keeps what comes to it; it is stopped, or gone. */
void clientnet_guest_runs(ClientNet *net, guint guest, guint host, double now_s, double answers_s);
void clientnet_guest_stops(ClientNet *net, guint guest, double now_s);
/* The run ends at that date, up to which it was advanced. */
void clientnet_finish(ClientNet *net, double end_s);

/* As whereabouts.h has them. now_s: up to which it was advanced. */
gboolean clientnet_reaches(ClientNet *net, guint guest, guint place, double now_s);
void clientnet_answer(ClientNet *net, guint guest, guint place, double now_s);
double clientnet_next_change_s(ClientNet *net, guint guest, guint place, double now_s);

const ProbeSeen *clientnet_seen(const ClientNet *net, guint probe);
const GArray *clientnet_moves(const ClientNet *net);
guint64 clientnet_events(const ClientNet *net);

#endif
