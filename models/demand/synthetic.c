#include "models/demand/synthetic.h"

#include <math.h>

/* Mean and mean square of a line from a to b. */
static double
line_mean(double a, double b)
{
    return (a + b) / 2;
}

static double
line_square(double a, double b)
{
    return (a * a + a * b + b * b) / 3;
}

/* With v uniform in 0 … 1, D v^p has mean D / (p + 1) and mean square D^2 / (2 p + 1); their ratio gives p. */
static const char *
fit_tail(const SyntheticDemand *demand, SyntheticLaw *law)
{
    const double *q = demand->quartiles;
    const double square = demand->deviation * demand->deviation + demand->mean * demand->mean;
    const double above = 4 * demand->mean - line_mean(0, q[0]) - line_mean(q[0], q[1]) - line_mean(q[1], q[2]) - q[2];
    const double above_square = 4 * square - line_square(0, q[0]) - line_square(q[0], q[1]) - line_square(q[1], q[2]) -
                                q[2] * q[2] - 2 * q[2] * above;

    if (!(above > 0))
        return "the mean is too small for these quartiles";
    const double spread = above_square / (above * above) - 1;
    if (!(spread >= 0))
        return "the deviation is too small for this mean and these quartiles";
    law->exponent = spread + sqrt(spread * spread + spread);
    law->tail = above * (law->exponent + 1);
    return q[2] + law->tail > 100 ? "the largest values would be above 100 %" : NULL;
}

const char *
synthetic_fault(const SyntheticDemand *demand, SyntheticLaw *law)
{
    const double *q = demand->quartiles;

    law->demand = *demand;
    if (!(q[0] >= 0 && q[0] <= q[1] && q[1] <= q[2] && q[2] <= 100))
        return "the quartiles do not rise from 0 to 100 %";
    return fit_tail(demand, law);
}

double
synthetic_quantile(const SyntheticLaw *law, double u)
{
    const double *q = law->demand.quartiles;

    if (u < 0.25)
        return q[0] * u * 4;
    if (u < 0.5)
        return q[0] + (q[1] - q[0]) * (u - 0.25) * 4;
    if (u < 0.75)
        return q[1] + (q[2] - q[1]) * (u - 0.5) * 4;
    return q[2] + law->tail * pow((u - 0.75) * 4, law->exponent);
}

static double
normal_share(double z)
{
    return erfc(-z / M_SQRT2) / 2;
}

void
synthetic_draw(const SyntheticLaw *law, double interval_s, RandomStream *random, guint n, double *values)
{
    const SyntheticDemand *demand = &law->demand;
    const double keeps = exp(-interval_s / demand->correlation_s), fresh = sqrt(1 - keeps * keeps);
    const double of_guest = sqrt(demand->between), of_slow = sqrt((1 - demand->between) * demand->slow);
    const double of_noise = sqrt((1 - demand->between) * (1 - demand->slow));
    const double level = random_normal(random);
    double slow = random_normal(random);

    for (guint i = 0; i < n; i++) {
        const double z = of_guest * level + of_slow * slow + of_noise * random_normal(random);
        values[i] = round(synthetic_quantile(law, normal_share(z)));
        slow = keeps * slow + fresh * random_normal(random);
    }
}
