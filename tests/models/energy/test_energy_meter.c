#include "models/base/random.h"
#include "models/energy/energy_meter.h"
#include "tests/check_main.h"

#define KWH 3.6e6

/* Published: 800 hosts, half of each kind, at full power for a day are 2419.2 kWh (npa-energy). */
START_TEST(a_day_of_all_hosts_at_full_power_is_the_published_energy)
{
    double sum = 0;

    for (guint i = 0; i < 800; i++) {
        EnergyMeter meter;
        const EnergyPowers powers = {.curve = *power_curve_named(i % 2 ? "ml110-g5" : "ml110-g4")};

        energy_meter_init(&meter, &powers, 0);
        energy_meter_set(&meter, 0, ENERGY_ACTIVE, 1);
        energy_meter_advance(&meter, 86400);
        sum += energy_meter_J(&meter);
    }
    ck_assert_double_eq_tol(sum / KWH, 2419.2, 1e-9);
}
END_TEST

START_TEST(each_state_draws_its_power)
{
    const EnergyPowers powers = {power_curve_linear(270, 450), 300, 10.4, 350};
    EnergyMeter meter;

    energy_meter_init(&meter, &powers, 100);
    ck_assert_double_eq_tol(energy_meter_W(&meter), 270, 1e-9);
    energy_meter_set(&meter, 200, ENERGY_ACTIVE, 0.5);   /* 100 s idle */
    energy_meter_set(&meter, 210, ENERGY_SUSPENDING, 0); /* 10 s of 360 W */
    energy_meter_set(&meter, 215, ENERGY_ASLEEP, 0);     /* 5 s of 300 W */
    energy_meter_set(&meter, 1215, ENERGY_RESUMING, 0);  /* 1000 s of 10.4 W */
    energy_meter_set(&meter, 1235, ENERGY_ACTIVE, 1);    /* 20 s of 350 W */
    energy_meter_set(&meter, 1236, ENERGY_OFF, 0);       /* 1 s of 450 W */
    energy_meter_advance(&meter, 9999);
    ck_assert_double_eq_tol(energy_meter_J(&meter), 27000 + 3600 + 1500 + 10400 + 7000 + 450, 1e-6);
    ck_assert_double_eq_tol(meter.state_s[ENERGY_ACTIVE], 111, 1e-9);
    ck_assert_double_eq_tol(meter.state_s[ENERGY_ASLEEP], 1000, 1e-9);
    ck_assert_double_eq_tol(meter.state_J[ENERGY_ASLEEP], 10400, 1e-9);
    ck_assert_double_eq(meter.state_J[ENERGY_OFF], 0);
    ck_assert_uint_eq(meter.shutdowns, 1);
}
END_TEST

/* The integral does not depend on how often it is looked at: a thousand changes against a sum by hand. */
START_TEST(the_integral_is_exact_over_any_steps)
{
    const EnergyPowers powers = {.curve = *power_curve_named("x3550-x5675")};
    EnergyMeter meter;
    RandomStream random;
    double now_s = 0, sum = 0;

    random_init(&random, 1, "test", "energy");
    energy_meter_init(&meter, &powers, 0);
    for (guint i = 0; i < 1000; i++) {
        const double load = random_unit(&random), step_s = random_exponential(&random, 10);

        energy_meter_set(&meter, now_s, ENERGY_ACTIVE, load);
        energy_meter_advance(&meter, now_s + step_s / 3);
        now_s += step_s;
        sum += step_s * power_curve_W(&powers.curve, load);
        energy_meter_advance(&meter, now_s);
    }
    ck_assert_double_eq_tol(energy_meter_J(&meter), sum, 1e-9 * sum);
    ck_assert_uint_eq(meter.shutdowns, 0);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("energy_meter");

    tcase_add_test(tcase, a_day_of_all_hosts_at_full_power_is_the_published_energy);
    tcase_add_test(tcase, each_state_draws_its_power);
    tcase_add_test(tcase, the_integral_is_exact_over_any_steps);
    return check_main("energy_meter", tcase, NULL);
}
