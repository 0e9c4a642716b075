/* A client that asks a guest again and again, and what it sees of it.
 *
 *     kind     asks                                                           without an answer
 *     PING     one datagram each interval                                     the datagram is lost
 *     UDP      the same
 *     TCP      over one connection, an interval after the last answer         TCP sends the request again (tcp_timer.h)
 *     CONNECT  for a new connection each interval, whatever became of others  TCP sends the SYN again
 *
 * A request's way to the guest takes half of the round-trip time, the answer's the other half. Of TCP and CONNECT a
 * request may be given up: by the kernel, or by a client that waits for at most timeout_s. A TCP client then opens a
 * new connection, and asks over it.
 *
 * The blackout is the longest time between two answers beyond what it is when each request is answered at once: the
 * interval, of TCP the interval and a round-trip time. The end of the run counts as an answer when the last request has
 * had none, and so does the moment one interval before the first request.
 *
 * Scope: the guest answers at once when it runs; nothing of a client's is lost but on the way to the guest, and no
 * request waits in a queue. A request that was sent again is the one that is answered.
 */
#ifndef TANDEM_MODELS_NETWORK_PROBE_H
#define TANDEM_MODELS_NETWORK_PROBE_H

#include "models/network/tcp_timer.h"

typedef enum { PROBE_PING, PROBE_UDP, PROBE_TCP, PROBE_CONNECT } ProbeKind;

typedef struct {
    ProbeKind kind;
    double start_s;    /* of the first request, >= 0 */
    double end_s;      /* no new request from then on; INFINITY: to the end of the run */
    double interval_s; /* > 0 */
    double timeout_s;  /* > 0; INFINITY: as long as the kernel */
    double rtt_s;      /* >= 0 */
    TcpTimer timer;    /* TCP, CONNECT */
} ProbeConfig;

/* Why a client had to wait no longer. */
typedef enum { PROBE_ANSWERED, PROBE_GAVE_UP, PROBE_OPEN /* the run ended before */ } ProbeEnd;

/* A time in which a client had no answer: PING, UDP: one after another, all datagrams of it; else one request. */
typedef struct {
    double from_s; /* when the first transmission without answer was sent */
    double to_s;   /* when the answer came, the client gave up, or the run ended */
    guint64 lost;  /* transmissions that nobody answered */
    guint step;    /* the transmission, from 0, that was answered; PING, UDP: 0 */
    ProbeEnd end;
} ProbeWait;

/* A request of TCP or CONNECT on its way. */
typedef struct {
    double asked_s;   /* when the client began it */
    double sent_s;    /* when what is waited for now was sent first */
    guint k;          /* transmissions of it after the first */
    guint lost;       /* of all, those that were not answered */
    gboolean opening; /* a SYN is waited for */
} ProbeRequest;

typedef struct {
    guint64 sent, answered, lost, gave_up; /* lost: datagrams; of TCP and CONNECT transmissions */
    double blackout_s;
    double longest_s;   /* TCP, CONNECT: of an answered request; 0: none */
    guint longest_step; /* of that one */
    double last_s;      /* of the last answer */
    GArray *waits;      /* owned, of ProbeWait */
    ProbeWait open;     /* PING, UDP; lost 0: none */
} ProbeSeen;

void probe_init(ProbeSeen *seen, const ProbeConfig *config);
void probe_clear(ProbeSeen *seen);

/* A datagram that was sent at that date; back_s: its answer is with the client then; NAN: it is lost. */
void probe_datagram(ProbeSeen *seen, const ProbeConfig *config, double sent_s, double back_s);

/* A request is begun. reconnects: TCP, whose connection was given up. */
ProbeRequest probe_request(ProbeSeen *seen, const ProbeConfig *config, double at_s, gboolean reconnects);
/* Its last transmission is answered at that date, when it comes back to the client. TRUE: that was all. FALSE: the
 * connection is open, and what was to be asked over it is sent. */
gboolean probe_answer(ProbeSeen *seen, const ProbeConfig *config, ProbeRequest *request, double at_s);
/* It is not. The date of the next transmission; NAN: it is given up, at *gives_up_s. */
double probe_again_s(ProbeSeen *seen, const ProbeConfig *config, ProbeRequest *request, double *gives_up_s);
/* That date has come. */
void probe_give_up(ProbeSeen *seen, const ProbeRequest *request, double at_s);

/* The run has ended; request: of TCP and CONNECT, one that is still on its way; NULL: none. */
void probe_close_request(ProbeSeen *seen, const ProbeRequest *request, double end_s);
void probe_finish(ProbeSeen *seen, const ProbeConfig *config, double end_s);

#endif
