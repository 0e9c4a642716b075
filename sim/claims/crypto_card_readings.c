#include "sim/claims/crypto_card_readings.h"

#include "sim/claims/reading.h"

#include <math.h>

#define WAITS "sharing.json"         /* a caller waits for each answer */
#define FILLS "sharing-ivshmem.json" /* has more under way than its path has slots */

#define PER_S "card.card.requests_per_s"
#define BPS   "card.card.throughput_bps"

#define PATH(name) "/card_paths/0/profile=" name
#define RIVAL_CARD "/cards/0/profile=sjk1828-rival"
#define SM4        "/card_sessions/0/workload/mix/0/algorithm=sm4"
#define KIB_16     "/card_sessions/0/workload/mix/0/bytes=16KiB"
#define TWO        "/card_sessions/0/workload/outstanding=2"

/* The scenario's VM fills its slots: as many like it, or as many that wait for each answer. */
#define EQUAL(vms) "/card_sessions/0/copies=" vms
#define OTHERS(vms)                                                                                                    \
    "/card_sessions/-={\"name\":\"other\",\"copies\":" vms ",\"card\":\"card\",\"path\":\"path\","                     \
    "\"workload\":{\"kind\":\"closed\",\"outstanding\":1,\"mix\":[{\"algorithm\":\"sm4\",\"bytes\":\"4KiB\"}]}}"

#define OF_HOST                                                                                                        \
    {                                                                                                                  \
        WAITS,                                                                                                         \
        {                                                                                                              \
            PATH("host"), SM4                                                                                          \
        }                                                                                                              \
    }
#define LOAD     "do the VMs ask alike?", "/card_sessions: copies of one or several"
#define OVERLAPS "do exchange and card overlap?", "profiles of path and card: -serial and -rival"
#define ARM      "ARM: why 92 % over vsock?", "profiles vsock-arm and host-arm: -rival; outstanding"

static const Reading readings[] = {
    {LOAD,
     "sum of 2 VMs to the host's rate (above)",
     "%",
     100,
     PER_S,
     100,
     {{"alike", {FILLS, {SM4, EQUAL("2")}}, OF_HOST}, {"one waits", {FILLS, {SM4, OTHERS("1")}}, OF_HOST}}},
    {LOAD,
     "sum of 3 VMs over that of 2",
     "%",
     NAN,
     PER_S,
     100,
     {{"alike", {FILLS, {SM4, EQUAL("3")}}, {FILLS, {SM4, EQUAL("2")}}},
      {"two wait", {FILLS, {SM4, OTHERS("2")}}, {FILLS, {SM4, OTHERS("1")}}}}},
    {OVERLAPS,
     "ivshmem SM4 to the host's rate",
     "%",
     NAN,
     PER_S,
     100,
     {{"overlap", {FILLS, {SM4}}, OF_HOST},
      {"serial", {WAITS, {PATH("ivshmem-serial"), RIVAL_CARD, SM4}}, {WAITS, {PATH("host"), RIVAL_CARD, SM4}}}}},
    {OVERLAPS,
     "the host's own SM1 rate",
     "Mb/s",
     NAN,
     BPS,
     1e-6,
     {{"overlap", {WAITS, {PATH("host")}}}, {"serial", {WAITS, {PATH("host"), RIVAL_CARD}}}}},
    {ARM,
     "vsock SM4 to the host's rate (at least)",
     "%",
     92,
     PER_S,
     100,
     {{"slow copies", {WAITS, {PATH("vsock-arm"), SM4}}, {WAITS, {PATH("host-arm"), SM4}}},
      {"slow calls", {WAITS, {PATH("vsock-arm-rival"), SM4}}, {WAITS, {PATH("host-arm-rival"), SM4}}},
      {"2 under way", {WAITS, {PATH("vsock"), SM4, TWO}}, OF_HOST}}},
    {ARM,
     "the host's own SM4 rate at 4 KB",
     "Mb/s",
     NAN,
     BPS,
     1e-6,
     {{"slow copies", {WAITS, {PATH("host-arm"), SM4}}},
      {"slow calls", {WAITS, {PATH("host-arm-rival"), SM4}}},
      {"2 under way", OF_HOST}}},
    {ARM,
     "the host's own SM4 rate at 16 KB",
     "Mb/s",
     NAN,
     BPS,
     1e-6,
     {{"slow copies", {WAITS, {PATH("host-arm"), SM4, KIB_16}}},
      {"slow calls", {WAITS, {PATH("host-arm-rival"), SM4, KIB_16}}},
      {"2 under way", {WAITS, {PATH("host"), SM4, KIB_16}}}}},
};

guint
crypto_card_readings_add(Batch *batch, GError **error)
{
    return readings_add(batch, "crypto-card", readings, G_N_ELEMENTS(readings), 1, error);
}

void
crypto_card_readings_take(const Batch *batch, guint first, FileSet *files)
{
    readings_take(batch, first, readings, G_N_ELEMENTS(readings), 1, files);
}
