#include "sim/claims/socket_readings.h"

#include "sim/claims/reading.h"
#include "sim/claims/socket_runs.h"

#include <math.h>

#define THERE_AND_BACK "there-and-back.json"
#define READS(word)                                                                                                    \
    {                                                                                                                  \
        THERE_AND_BACK,                                                                                                \
        {                                                                                                              \
            "/sockets/0/reading=" word, "/sockets/1/reading=" word                                                     \
        }                                                                                                              \
    }
#define NOTICED "when is a migration noticed?", "/sockets/N/reading"

static const Reading readings[] = {
    {NOTICED,
     "stream between the migrations",
     "Mb/s",
     NAN,
     "socket.stream.after.away.throughput_Bps",
     8e-6,
     {{"after: safe", READS("safe")}, {"before", READS("announced")}, {"after: literal", READS("literal")}}},
    {NOTICED,
     "requests between the migrations",
     "1/s",
     NAN,
     "socket.requests.after.away.messages_per_s",
     1,
     {{"after: safe", READS("safe")}, {"before", READS("announced")}, {"after: literal", READS("literal")}}},
    {NOTICED,
     "stall of the stream on the way away",
     "ms",
     NAN,
     "socket.stream.during.away.stall_s",
     1e3,
     {{"after: safe", READS("safe")}, {"before", READS("announced")}}},
    {"one position table or one a machine?",
     "/sockets/N/table_message",
     "longest request on the way away",
     "ms",
     NAN,
     "socket.requests.during.away.latency_max_s",
     1e3,
     {{"one", READS("safe")},
      {"1 ms of message", {THERE_AND_BACK, {"/sockets/0/table_message=1ms", "/sockets/1/table_message=1ms"}}}}},
};

gboolean
socket_readings_take(FileSet *files, guint workers, GError **error)
{
    g_autoptr(Batch) batch = batch_new();
    const guint first = readings_add(batch, SOCKET_RUNS_PAPER, readings, G_N_ELEMENTS(readings), 1, error);

    if (first == G_MAXUINT || !batch_run(batch, workers, error))
        return FALSE;
    readings_take(batch, first, readings, G_N_ELEMENTS(readings), 1, files);
    return TRUE;
}
