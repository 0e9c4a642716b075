#include "models/energy/power_curve.h"
#include "tests/check_main.h"

START_TEST(the_published_points_are_met_and_joined_by_lines)
{
    const struct {
        const char *name;
        double watts[POWER_CURVE_POINTS];
    } rows[] = {
        {"ml110-g4", {86, 89.4, 92.6, 96, 99.5, 102, 106, 108, 112, 114, 117}},
        {"ml110-g5", {93.7, 97, 101, 105, 110, 116, 121, 125, 129, 133, 135}},
        {"x3250-x3470", {41.6, 46.7, 52.3, 57.9, 65.4, 73, 80.7, 89.5, 99.6, 105, 113}},
        {"x3550-x5675", {58.4, 98, 109, 118, 128, 140, 153, 170, 189, 205, 222}},
    };

    for (gsize r = 0; r < G_N_ELEMENTS(rows); r++) {
        const PowerCurve *curve = power_curve_named(rows[r].name);

        ck_assert_ptr_nonnull(curve);
        for (guint i = 0; i < POWER_CURVE_POINTS; i++)
            ck_assert_double_eq_tol(power_curve_W(curve, i / 10.0), rows[r].watts[i], 1e-9);
        for (guint i = 0; i + 1 < POWER_CURVE_POINTS; i++)
            ck_assert_double_eq_tol(power_curve_W(curve, (i + 0.25) / 10),
                                    0.75 * rows[r].watts[i] + 0.25 * rows[r].watts[i + 1], 1e-9);
    }
    ck_assert_ptr_null(power_curve_named("ml110-g6"));
}
END_TEST

START_TEST(beyond_the_ends_the_ends_hold)
{
    const PowerCurve line = power_curve_linear(270, 450);

    ck_assert_double_eq_tol(power_curve_W(&line, 0.8), 414, 1e-9); /* Neat's power at its threshold */
    ck_assert_double_eq(power_curve_W(&line, -1), 270);
    ck_assert_double_eq(power_curve_W(&line, 1.5), 450);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("power_curve");

    tcase_add_test(tcase, the_published_points_are_met_and_joined_by_lines);
    tcase_add_test(tcase, beyond_the_ends_the_ends_hold);
    return check_main("power_curve", tcase, NULL);
}
