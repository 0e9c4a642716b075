/* One measured case of N clients that share a crypto service, from the JSON that scripts/measure-card.sh writes:
 * what was asked, what each stage costs when it is measured alone, and what came of it together.
 *
 * Times are in microseconds, as in the file; docs/measuring-card.md says how each was measured. What needs two
 * processors is NAN where the machine has one. A key that is missing or wrong is an error that names it.
 */
#ifndef TANDEM_SIM_VALIDATE_CARD_CASE_H
#define TANDEM_SIM_VALIDATE_CARD_CASE_H

#include <cjson/cJSON.h>
#include <glib.h>

#define CARD_CASE_KIND "card" /* a case's /kind */

typedef enum { CARD_DESIGN_SLOTS, CARD_DESIGN_THREADS, CARD_DESIGN_STREAM, CARD_DESIGN_HOST, CARD_DESIGNS } CardDesign;

/* Where its processes ran: on all processors as the kernel liked; the service on the first and the clients on the
 * others; all on one. */
typedef enum { CARD_PLACE_ALL, CARD_PLACE_PINNED, CARD_PLACE_ONE } CardPlace;

typedef struct {
    double clients, outstanding, bytes, answer_bytes, slots, poll_us;
} CardInputs;

typedef struct {
    double cipher_us, cipher_sd_us;
    double copy_request_in_us, copy_request_out_us, copy_answer_in_us, copy_answer_out_us;
    double copy_request_same_us, copy_answer_same_us;
    double send_request_us, recv_request_us, send_answer_us, recv_answer_us;
    double recv_wake_us; /* of a receive whose sender sleeps for its answer */
    double epoll_us;
    double write_same_us, sleep_same_us; /* of the writer; of a sleep, in and out, both on one processor */
    double write_busy_us;                /* of the writer, for a sleeper whose own processor runs somebody else */
    double thread_create_us, thread_start_us, thread_processor_us;
    double thread_in_row_us, thread_in_row_processor_us; /* of each, started one after another */
    double thread_create_same_us, thread_start_same_us, thread_processor_same_us;
    GArray *wakes; /* owned; CaseWake; empty with one processor */
} CardCosts;

typedef struct {
    char *path;   /* owned */
    char *id;     /* owned */
    char *cipher; /* owned; as OpenSSL's stand-in is called: "sm4", "none" */
    CardDesign design;
    CardPlace place;
    double processors; /* of the machine */
    gboolean disturbed;
    CardInputs inputs;
    CardCosts costs;
    double throughput_per_s, latency_median_us, wakes_per_request; /* measured */
} CardCase;

/* "slots", "threads", "stream", "host" */
const char *card_design_word(CardDesign design);

/* Of a file, or of its JSON, which is already there. */
CardCase *card_case_read(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
CardCase *card_case_parse(const char *path, const cJSON *root, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void card_case_free(CardCase *card);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CardCase, card_case_free)

#endif
