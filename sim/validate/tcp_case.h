/* One measured case of TCP's timers, from the JSON that scripts/measure-tcp-ladder.sh writes: how the kernel was set,
 * for how long nobody answered, when it sent again, and when the client had its answer.
 *
 * A key that is missing or wrong is an error that names it.
 */
#ifndef TANDEM_SIM_VALIDATE_TCP_CASE_H
#define TANDEM_SIM_VALIDATE_TCP_CASE_H

#include <cjson/cJSON.h>
#include <glib.h>

#define TCP_CASE_KIND "tcp" /* a case's /kind */

typedef enum { TCP_CASE_SEGMENT, TCP_CASE_SYN } TcpCaseSent;

typedef struct {
    char *path; /* owned */
    char *id;   /* owned */
    TcpCaseSent sent;
    gboolean tail_loss_probe;
    double blackout_s, rtt_us, tick_us;
    double rto_min_ms, rto_max_ms;
    double retries, syn_linear_timeouts, syn_retries;
    double felt_s;   /* measured: from the first transmission to the answer */
    GArray *again_s; /* owned, of double; measured: from the first transmission to each further one, ascending */
} TcpCase;

const char *tcp_case_sent_word(TcpCaseSent sent);

TcpCase *tcp_case_parse(const char *path, const cJSON *root, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tcp_case_free(TcpCase *one);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TcpCase, tcp_case_free)

#endif
