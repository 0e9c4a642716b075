#include "models/energy/service_level.h"
#include "tests/check_main.h"

#define KWH 3.6e6

/* One host saturated half of an hour, one never in nine hours, one that slept. */
START_TEST(times_saturated_as_means_and_pooled)
{
    const ServiceHost hosts[] = {{3600, 1800}, {32400, 0}, {0, 0}};

    ck_assert_double_eq_tol(service_slatah(hosts, 3), 0.25, 1e-12);
    ck_assert_double_eq_tol(service_slatah_pooled(hosts, 3), 0.05, 1e-12);
    ck_assert_double_eq(service_slatah(hosts + 2, 1), 0);
    ck_assert_double_eq(service_slatah_pooled(hosts + 2, 1), 0);
}
END_TEST

START_TEST(degradation_as_means_and_pooled)
{
    const ServiceVm vms[] = {{100, 10}, {900, 0}, {0, 0}};

    ck_assert_double_eq_tol(service_pdm(vms, 3), 0.05, 1e-12);
    ck_assert_double_eq_tol(service_pdm_pooled(vms, 3), 0.01, 1e-12);
}
END_TEST

/* CloudSim's own line of a day (LR-MMT-1.2): SLATAH 5.72 %, PDM 0.08 %, 167.83 kWh. */
START_TEST(products_are_products)
{
    const double slav = service_slav(0.0572, 0.0008);

    ck_assert_double_eq_tol(slav, 4.576e-5, 1e-12);
    ck_assert_double_eq_tol(service_esv(167.83, slav), 0.00768, 1e-5);
}
END_TEST

/* The means of the three runs each of Neat's test bed: sleep and overload fractions, energy as printed and as defined.
 */
START_TEST(neats_energies_both_ways)
{
    const struct {
        double asleep, overload, printed, defined;
    } rows[] = {{0.3688, 0.1540, 25.99, 25.79}, {0.4301, 0.2693, 24.01, 23.61}, {0.4932, 0.4216, 22.09, 21.37}};
    const ServicePowers powers = SERVICE_POWERS_NEAT;

    ck_assert_double_eq_tol(powers.threshold_W, 414, 1e-9);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        /* printed to two digits */
        ck_assert_double_eq_tol(service_energy_printed(&powers, rows[i].asleep, rows[i].overload) / KWH,
                                rows[i].printed, 0.0051);
        ck_assert_double_eq_tol(service_energy_defined(&powers, rows[i].asleep, rows[i].overload) / KWH,
                                rows[i].defined, 0.0051);
    }
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("service_level");

    tcase_add_test(tcase, times_saturated_as_means_and_pooled);
    tcase_add_test(tcase, degradation_as_means_and_pooled);
    tcase_add_test(tcase, products_are_products);
    tcase_add_test(tcase, neats_energies_both_ways);
    return check_main("service_level", tcase, NULL);
}
