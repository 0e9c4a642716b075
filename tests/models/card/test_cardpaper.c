/* The paper's claims (section 5, Fig. 11 to 13), each against the one parameter set of its platform. Rates are measured
 * until their 95 % interval is within 0.2 %, far inside every margin below. */
#include "tests/check_main.h"
#include "tests/models/card/card_fixtures.h"

#include <math.h>

static const CardAlgorithm ALGORITHMS[] = {CARD_SM1, CARD_SM4, CARD_SM2_VERIFY};

static double
rate_of(const CardSpec *spec, const CardPath *path, guint vms, guint outstanding, CardAlgorithm algorithm)
{
    const CardMix mix = {algorithm, 4096, 1, 0};
    const CardRunRule rule = {.relative = 0.002, .requests_max = 300000};
    g_autoptr(Card) card = fixture_card(spec, path, vms, outstanding, &mix, 0);
    const CardRunReport report = cardrun_measure(card, &rule);
    g_autoptr(CardResult) result = cardresult_new(card);

    ck_assert_double_le(report.requests_per_s.half_width, 0.003 * report.requests_per_s.mean);
    ck_assert_double_le(result->little_error, 1e-9);
    return report.requests_per_s.mean;
}

/* Share of the host's rate; a VM has as many requests outstanding as the path has slots for. */
static double
share(const CardPath *path, guint vms, CardAlgorithm algorithm)
{
    const CardSpec spec = fixture_sjk1828();
    const guint outstanding = path == &FIXTURE_PATH_IVSHMEM ? 2 : 1;

    return rate_of(&spec, path, vms, outstanding, algorithm) / rate_of(&spec, &FIXTURE_PATH_HOST, 1, 1, algorithm);
}

/* Fig. 11: bits per second of 20,000 exchanges, one at a time. The same number of exchanges at every size draws the
 * same random numbers at every size, so that sizes are compared without noise. */
static double
echo_Mbps(const CardPath *path, guint32 bytes)
{
    const CardSpec spec = fixture_sjk1828();
    const CardMix mix = {CARD_ECHO, bytes, 1, 0};
    g_autoptr(Card) card = fixture_card(&spec, path, 1, 1, &mix, 20000);

    card_advance_requests(card, 20000, 1e9);
    return 20000.0 * bytes * 8 / card_now_s(card) / 1e6;
}

START_TEST(fig11_four_values_are_within_three_percent)
{
    ck_assert_double_eq_tol(echo_Mbps(&FIXTURE_PATH_IVSHMEM, 4096) / 2000, 1, 0.03);
    ck_assert_double_eq_tol(echo_Mbps(&FIXTURE_PATH_IVSHMEM, 8192) / 4000, 1, 0.03);
    ck_assert_double_eq_tol(echo_Mbps(&FIXTURE_PATH_VSOCK, 4096) / 1600, 1, 0.03);
    ck_assert_double_eq_tol(echo_Mbps(&FIXTURE_PATH_VSOCK, 8192) / 3000, 1, 0.03);
}
END_TEST

START_TEST(fig11_ivshmem_is_linear_in_size)
{
    double x = 0, y = 0, xx = 0, xy = 0, yy = 0;
    const int n = 16;

    for (int kb = 1; kb <= n; kb++) {
        const double rate = echo_Mbps(&FIXTURE_PATH_IVSHMEM, (guint32)kb * 1024);
        x += kb, y += rate, xx += kb * kb, xy += kb * rate, yy += rate * rate;
    }
    const double covariance = n * xy - x * y;
    ck_assert_double_gt(covariance * covariance / ((n * xx - x * x) * (n * yy - y * y)), 0.999);
}
END_TEST

START_TEST(fig11_vsock_slope_falls_at_every_step)
{
    double before = echo_Mbps(&FIXTURE_PATH_VSOCK, 1024), slope_before = G_MAXDOUBLE;

    for (guint32 kb = 2; kb <= 16; kb++) {
        const double rate = echo_Mbps(&FIXTURE_PATH_VSOCK, kb * 1024);
        ck_assert_double_gt(rate, before);
        ck_assert_double_lt(rate - before, slope_before);
        slope_before = rate - before;
        before = rate;
    }
}
END_TEST

START_TEST(fig11_ivshmem_is_above_vsock_at_every_size)
{
    for (guint32 kb = 1; kb <= 16; kb++)
        ck_assert_double_gt(echo_Mbps(&FIXTURE_PATH_IVSHMEM, kb * 1024), echo_Mbps(&FIXTURE_PATH_VSOCK, kb * 1024));
}
END_TEST

START_TEST(fig12_one_ivshmem_vm_reaches_95_percent_for_sm1_and_sm2_verification)
{
    ck_assert_double_ge(share(&FIXTURE_PATH_IVSHMEM, 1, CARD_SM1), 0.95);
    ck_assert_double_ge(share(&FIXTURE_PATH_IVSHMEM, 1, CARD_SM2_VERIFY), 0.95);
}
END_TEST

/* Predicted, not claimed: the paper names 95 % for SM1 and SM2 and says nothing of SM4 on ivshmem. */
START_TEST(fig12_one_ivshmem_vm_does_not_reach_95_percent_for_sm4)
{
    const double sm4 = share(&FIXTURE_PATH_IVSHMEM, 1, CARD_SM4);

    ck_assert_double_lt(sm4, 0.95);
    ck_assert_double_gt(sm4, 0.70);
}
END_TEST

START_TEST(fig12_one_vsock_vm_reaches_60_40_and_90_percent)
{
    ck_assert_double_ge(share(&FIXTURE_PATH_VSOCK, 1, CARD_SM1), 0.60);
    ck_assert_double_ge(share(&FIXTURE_PATH_VSOCK, 1, CARD_SM4), 0.40);
    ck_assert_double_ge(share(&FIXTURE_PATH_VSOCK, 1, CARD_SM2_VERIFY), 0.90);
}
END_TEST

/* The thresholds are tight: the fitted shares are not simply far above them. */
START_TEST(fig12_vsock_shares_are_at_their_thresholds)
{
    ck_assert_double_le(share(&FIXTURE_PATH_VSOCK, 1, CARD_SM1), 0.62);
    ck_assert_double_le(share(&FIXTURE_PATH_VSOCK, 1, CARD_SM4), 0.42);
    ck_assert_double_le(share(&FIXTURE_PATH_VSOCK, 1, CARD_SM2_VERIFY), 0.92);
}
END_TEST

/* Overlap off: one slot, the caller waits. The 95 % for SM1 cannot be met, whatever is fitted: 31.2 / (31.2 + 16.4). */
START_TEST(a_serial_ivshmem_could_not_meet_fig12)
{
    const double serial = share(&FIXTURE_PATH_IVSHMEM_SERIAL, 1, CARD_SM1);

    ck_assert_double_lt(serial, 0.95);
    ck_assert_double_eq_tol(serial, 31.2 / (31.2 + 16.44), 0.005);
}
END_TEST

/* 1, 2, 4, 8, 16 VMs: each VM's rate falls, the sum passes the host's and is flat at the end. Equal sums at saturation
 * differ by the run's noise, 0.3 %. */
static void
check_shape(const CardPath *path, const CardPath *host, CardAlgorithm algorithm)
{
    const CardSpec spec = fixture_sjk1828();
    const guint outstanding = path == &FIXTURE_PATH_IVSHMEM ? 2 : 1;
    const double host_rate = rate_of(&spec, host, 1, 1, algorithm);
    double sums[17];

    for (guint vms = 1; vms <= 16; vms++) {
        sums[vms] = rate_of(&spec, path, vms, outstanding, algorithm);
        if (vms > 1)
            ck_assert_double_lt(sums[vms] / vms, sums[vms - 1] / (vms - 1));
        if (vms > 1)
            ck_assert_double_ge(sums[vms], sums[vms - 1] * 0.997);
    }
    ck_assert_double_gt(sums[16], host_rate * 1.01);
    ck_assert_double_lt(sums[16] / sums[8], 1.02);
}

START_TEST(fig12_rates_fall_sums_pass_the_host_and_flatten)
{
    check_shape(&FIXTURE_PATH_IVSHMEM, &FIXTURE_PATH_HOST, ALGORITHMS[_i]);
    check_shape(&FIXTURE_PATH_VSOCK, &FIXTURE_PATH_HOST, ALGORITHMS[_i]);
}
END_TEST

/* At saturation of the card both have the card's rate; 0.3 % is the runs' noise. */
START_TEST(fig12_ivshmem_is_never_below_vsock)
{
    const CardSpec spec = fixture_sjk1828();

    for (guint vms = 1; vms <= 16; vms++)
        ck_assert_double_ge(rate_of(&spec, &FIXTURE_PATH_IVSHMEM, vms, 2, ALGORITHMS[_i]),
                            rate_of(&spec, &FIXTURE_PATH_VSOCK, vms, 1, ALGORITHMS[_i]) * 0.997);
}
END_TEST

START_TEST(fig13_one_vsock_vm_on_arm_reaches_92_percent)
{
    const CardSpec spec = fixture_sjk1828();
    const double host = rate_of(&spec, &FIXTURE_PATH_HOST_ARM, 1, 1, ALGORITHMS[_i]);

    ck_assert_double_ge(rate_of(&spec, &FIXTURE_PATH_VSOCK_ARM, 1, 1, ALGORITHMS[_i]) / host, 0.92);
    check_shape(&FIXTURE_PATH_VSOCK_ARM, &FIXTURE_PATH_HOST_ARM, ALGORITHMS[_i]);
}
END_TEST

START_TEST(arm_crashes_on_ivshmem_only)
{
    ck_assert_ptr_nonnull(strstr(FIXTURE_PATH_IVSHMEM.arm_refusal, "cache"));
    ck_assert_ptr_null(FIXTURE_PATH_VSOCK.arm_refusal);
}
END_TEST

/* The rival reading meets the same five thresholds with everything serial, and differs in what it predicts: ivshmem SM4
 * at 89 % and SM2 verification at 536/s. */
START_TEST(the_rival_reading_meets_the_thresholds_too)
{
    const CardSpec spec = fixture_sjk1828_rival();
    const double vsock_least[] = {0.60, 0.40, 0.90}, ivshmem_least[] = {0.945, 0.88, 0.95};

    for (gsize i = 0; i < G_N_ELEMENTS(ALGORITHMS); i++) {
        const double host = rate_of(&spec, &FIXTURE_PATH_HOST, 1, 1, ALGORITHMS[i]);
        ck_assert_double_ge(rate_of(&spec, &FIXTURE_PATH_VSOCK_RIVAL, 1, 1, ALGORITHMS[i]) / host, vsock_least[i]);
        ck_assert_double_ge(rate_of(&spec, &FIXTURE_PATH_IVSHMEM_SERIAL, 1, 1, ALGORITHMS[i]) / host, ivshmem_least[i]);
    }
    ck_assert_double_lt(rate_of(&spec, &FIXTURE_PATH_HOST, 1, 1, CARD_SM2_VERIFY), 540);
}
END_TEST

/* Section 2 (1), [14]: earlier virtualization loses 50 to 90 %. */
START_TEST(emulation_loses_half_to_nine_tenths_for_symmetric_algorithms)
{
    for (int i = 0; i < 2; i++) {
        ck_assert_double_le(share(&FIXTURE_PATH_EMULATED, 1, ALGORITHMS[i]), 0.5);
        ck_assert_double_ge(share(&FIXTURE_PATH_EMULATED, 1, ALGORITHMS[i]), 0.1);
    }
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("cardpaper");

    tcase_add_test(tcase, fig11_four_values_are_within_three_percent);
    tcase_add_test(tcase, fig11_ivshmem_is_linear_in_size);
    tcase_add_test(tcase, fig11_vsock_slope_falls_at_every_step);
    tcase_add_test(tcase, fig11_ivshmem_is_above_vsock_at_every_size);
    tcase_add_test(tcase, fig12_one_ivshmem_vm_reaches_95_percent_for_sm1_and_sm2_verification);
    tcase_add_test(tcase, fig12_one_ivshmem_vm_does_not_reach_95_percent_for_sm4);
    tcase_add_test(tcase, fig12_one_vsock_vm_reaches_60_40_and_90_percent);
    tcase_add_test(tcase, fig12_vsock_shares_are_at_their_thresholds);
    tcase_add_test(tcase, a_serial_ivshmem_could_not_meet_fig12);
    tcase_add_loop_test(tcase, fig12_rates_fall_sums_pass_the_host_and_flatten, 0, 3);
    tcase_add_loop_test(tcase, fig12_ivshmem_is_never_below_vsock, 0, 3);
    tcase_add_loop_test(tcase, fig13_one_vsock_vm_on_arm_reaches_92_percent, 0, 3);
    tcase_add_test(tcase, arm_crashes_on_ivshmem_only);
    tcase_add_test(tcase, the_rival_reading_meets_the_thresholds_too);
    tcase_add_test(tcase, emulation_loses_half_to_nine_tenths_for_symmetric_algorithms);
    return check_main("cardpaper", tcase, NULL);
}
