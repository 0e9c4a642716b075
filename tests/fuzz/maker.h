/* Scenarios made at random, deterministic by their number: 1 to 4 hosts with cables and switches, 1 to 5 guests, and
 * vTPMs, cards, sockets, flows, failures and migrations at the same time, small enough for some milliseconds of work.
 *
 * Structure and sizes are made here so that most scenarios pass `tandem check` and have something to do; other keys are
 * drawn from the tables (grammar.h). Shared by fuzz_runs and the tests of relations.
 */
#ifndef TANDEM_TESTS_FUZZ_MAKER_H
#define TANDEM_TESTS_FUZZ_MAKER_H

#include <cjson/cJSON.h>
#include <glib.h>

/* Bits: what a scenario may have. */
typedef enum {
    MAKER_VTPMS = 1 << 0,
    MAKER_CARDS = 1 << 1,
    MAKER_SOCKETS = 1 << 2,
    MAKER_FLOWS = 1 << 3,
    MAKER_FAILURES = 1 << 4,
    MAKER_WORKLOAD_CHANGES = 1 << 5, /* phases and set-workload */
    MAKER_ANY_KEY = 1 << 6,          /* keys drawn from the tables; without it profiles stay as they are */
    MAKER_ENGINE = 1 << 7,           /* engine settings of all kinds */
    MAKER_APPLICATIONS = 1 << 8,
    MAKER_CLIENTS = 1 << 9, /* a network between guests and clients */
    MAKER_EVACUATIONS = 1 << 10,
    MAKER_ORDERS = 1 << 11, /* what is said to migrations that run, and methods that stop the guest */
    MAKER_ALL = (1 << 12) - 1
} MakerParts;

/* (transfer full) */
cJSON *maker_scenario(guint64 seed, MakerParts parts);

/* Two guests from one host to another over one cable of 1 Mb/s to 10 Gb/s, at the same time or nearly, under two
 * hypervisors of all profiles. (transfer full) */
cJSON *maker_pair(guint64 seed);

#endif
