/* What a scenario says about applications in guests: who asks them, how they serve, whom they call. */
#ifndef TANDEM_SIM_PARTS_APPLICATION_APPLICATION_KEYS_H
#define TANDEM_SIM_PARTS_APPLICATION_APPLICATION_KEYS_H

#include "models/application/appgraph.h"
#include "sim/parts/card/card_keys.h"
#include "sim/specs/scenario_spec.h"

/* A law of times; the members are those of its kind. */
typedef struct {
    AppTimeKind kind;
    double mean_s;
    double cv;
    GArray *values_s; /* of double */
} ApplicationTimeSpec;

typedef enum { ARRIVALS_POISSON, ARRIVALS_CONSTANT } ApplicationArrivals;

typedef struct {
    AppLoadKind kind;
    ApplicationArrivals arrivals;
    double rate_per_s;
    GArray *rates; /* of AppRate */
    double burst_s, lull_s;
    gint64 users;
    ApplicationTimeSpec *think;
    double patience_s;
    double start_s;
    double stop_s; /* NAN: never */
} ApplicationLoadSpec;

/* A socket that carries a call. */
typedef struct {
    char *socket;
    double request_bytes, answer_bytes;
} ApplicationOverSpec;

/* One of application, vtpm and card is there. */
typedef struct {
    char *application;
    ApplicationOverSpec *over; /* beside application; NULL: a round trip */
    char *vtpm;
    CardCallSpec *card;
    double round_trip_s;
} ApplicationCallSpec;

typedef struct {
    char *name;
    char *guest;
    gint64 processors; /* 0: all that the guest has */
    ApplicationLoadSpec *load;
    ApplicationTimeSpec *service;
    AppDiscipline discipline;
    gint64 queue; /* -1: no limit */
    AppWaits waits;
    char *at;            /* where its clients are; NULL: the usual place */
    double round_trip_s; /* NAN: the client network's */
    gboolean tail_loss_probe;
    double writes; /* pages, by one request */
    GArray *calls; /* of ApplicationCallSpec */
    double warm_up_s, batch_s, bin_s;
} ApplicationSpec;

typedef struct {
    GArray *applications; /* of ApplicationSpec */
} ApplicationKeys;

extern const FieldTable application_table;
extern const Field application_keys_fields[]; /* of ApplicationKeys */
extern const PartKeys application_keys;

const ApplicationKeys *application_keys_of(const ScenarioSpec *scenario);
/* The application of that name, which there is. */
const ApplicationSpec *application_keys_find(const ScenarioSpec *scenario, const char *name);

/* Of the guest's processors, those that serve the application. */
guint application_keys_servers(const ScenarioSpec *scenario, const ApplicationSpec *application);
/* The models' words for it; arrays are borrowed from the scenario. */
AppTimeLaw application_keys_law(const ApplicationTimeSpec *spec);
AppLoad application_keys_load(const ApplicationLoadSpec *spec);

#endif
