#include "models/network/controller.h"
#include "tests/check_main.h"

#include <math.h>

enum { DRAWS = 20000 };

typedef struct {
    Controller controller;
    double least_s, greatest_s; /* of all draws */
    double below_10_s;          /* share of the draws that are less than 10 s */
} Law;

/* ½ of a lognormal's draws are below its median; of an exponential's below its mean 1 - 1/e. */
static const Law laws[] = {
    {{.law = CONTROLLER_CONSTANT, .low_s = 18}, 18, 18, 0},
    {{.law = CONTROLLER_UNIFORM, .low_s = 5, .high_s = 15}, 5, 15, 0.5},
    {{.law = CONTROLLER_EXPONENTIAL, .low_s = 10}, 0, INFINITY, 1 - 0.36787944117},
    {{.law = CONTROLLER_LOGNORMAL, .low_s = 10, .sigma = 1}, 0, INFINITY, 0.5},
    {{.law = CONTROLLER_LOGNORMAL, .low_s = 9, .sigma = 0}, 9 - 1e-9, 9 + 1e-9, 1},
};

/* 0.0212: six standard errors of a share of one half. */
START_TEST(the_time_is_of_the_law)
{
    const Law *law = &laws[_i];
    RandomStream random;
    guint below = 0;

    random_init(&random, 3, "test", "controller");
    for (guint i = 0; i < DRAWS; i++) {
        const double delay_s = controller_delay_s(&law->controller, &random);
        ck_assert_double_ge(delay_s, law->least_s);
        ck_assert_double_le(delay_s, law->greatest_s);
        below += delay_s < 10;
    }
    ck_assert_double_eq_tol((double)below / DRAWS, law->below_10_s, 0.0212);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("controller");

    tcase_add_loop_test(tcase, the_time_is_of_the_law, 0, G_N_ELEMENTS(laws));
    return check_main("controller", tcase, NULL);
}
