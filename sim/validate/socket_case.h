/* One measured case of two processes that talk, over rings of shared memory or a kernel's sockets, from the JSON that
 * scripts/measure-sockets.sh writes: what was asked, what each stage costs when it is measured alone, and what came of
 * it together.
 *
 * Times are in microseconds, as in the file; docs/measuring-sockets.md says how each was measured. What was not
 * measured is NAN. A key that is missing or wrong is an error that names it.
 */
#ifndef TANDEM_SIM_VALIDATE_SOCKET_CASE_H
#define TANDEM_SIM_VALIDATE_SOCKET_CASE_H

#include <cjson/cJSON.h>
#include <glib.h>

#define SOCKET_CASE_KIND "socket" /* a case's /kind */

typedef enum { SOCKET_DESIGN_RING, SOCKET_DESIGN_TCP, SOCKET_DESIGN_UNIX, SOCKET_DESIGNS } SocketDesign;
typedef enum { SOCKET_ROUND_TRIP, SOCKET_STREAM, SOCKET_WORKLOADS } SocketWorkload;

/* Where the two ran: as the kernel liked, each on a processor of its own, or both on one. */
typedef enum { SOCKET_PLACE_ALL, SOCKET_PLACE_PINNED, SOCKET_PLACE_ONE } SocketPlace;

/* What is sent and received by size: `other` between two processors, `same` on one; `row` of each of many that are sent
 * one after another and then received at once. */
typedef struct {
    double bytes;
    double send_other, send_same, send_row_other;
    double receive_other, receive_same, receive_row_other;
    double send_wake_same; /* of the sender whose receiver sleeps, both on one processor */
    double wake_same;      /* from before that send until the receiver has the bytes */
    /* TCP */
    double send_appended, push, acknowledge;
} SocketMoving;

typedef struct {
    char *path; /* owned */
    char *id;   /* owned */
    SocketDesign design;
    SocketWorkload workload;
    SocketPlace place;
    gboolean disturbed;
    double processors; /* of the machine */
    double bytes, receive_bytes;
    double buffer_bytes; /* of a ring */
    double kernel_send_buffer_bytes, kernel_receive_buffer_bytes, segment_bytes;
    double handover_us, sleep_same_us, write_idle_us, poll_us;
    GArray *moving;                           /* owned; SocketMoving, by size */
    GArray *wakes;                            /* owned; CaseWake; empty with one processor */
    double messages_per_s, latency_median_us; /* measured; latency NAN: of a stream */
} SocketCase;

/* "ring", "tcp", "unix"; "round-trip", "stream" */
const char *socket_design_word(SocketDesign design);
const char *socket_workload_word(SocketWorkload workload);

SocketCase *socket_case_parse(const char *path, const cJSON *root, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void socket_case_free(SocketCase *one);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SocketCase, socket_case_free)

#endif
