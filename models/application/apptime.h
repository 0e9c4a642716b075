/* Times of an application: how long a request is served, how long a user thinks.
 *
 * Sources: the laws of queueing theory (L. Kleinrock, "Queueing Systems", volume 1, 1975): exponential (the M of
 * M/M/1), constant (D), lognormal by mean and coefficient of variation (a G with a long tail); or the values of a
 * trace, in their order, again and again.
 *
 *     law         | mean     | squared coefficient of variation
 *     constant    | mean_s   | 0
 *     exponential | mean_s   | 1
 *     lognormal   | mean_s   | cv^2; ln X is normal with variance ln (1 + cv^2)
 *     trace       | of the values | of the values
 *
 * Scope: independent draws; a trace keeps whatever correlation its values have.
 */
#ifndef TANDEM_MODELS_APPLICATION_APPTIME_H
#define TANDEM_MODELS_APPLICATION_APPTIME_H

#include "models/base/ziggurat.h"

typedef enum { APP_TIME_EXPONENTIAL, APP_TIME_CONSTANT, APP_TIME_LOGNORMAL, APP_TIME_TRACE } AppTimeKind;

typedef struct {
    AppTimeKind kind;
    double mean_s;          /* >= 0; not of a trace */
    double cv;              /* LOGNORMAL: > 0 */
    const double *values_s; /* TRACE: each >= 0; borrowed as long as it is drawn from */
    gsize n_values;         /* > 0 */
} AppTimeLaw;

/* Draws from a law. */
typedef struct {
    AppTimeLaw law;
    double log_mean, log_deviation; /* of a lognormal */
    gsize next;                     /* of a trace */
    RandomStream random;
} AppTime;

/* The mean of the law, and the second moment divided by the mean's square, minus 1. */
double apptime_mean_s(const AppTimeLaw *law);
double apptime_squared_cv(const AppTimeLaw *law);

/* random is copied. */
void apptime_init(AppTime *time, const AppTimeLaw *law, const RandomStream *random);

/* The next time, >= 0. */
double apptime_draw(AppTime *time, const Ziggurat *ziggurat);

#endif
