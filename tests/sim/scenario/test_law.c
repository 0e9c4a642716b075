/* Laws of a group's numbers: each gives what its closed form says. */
#include "sim/scenario/json_text.h"
#include "sim/scenario/law.h"
#include "tests/check_main.h"

#include <math.h>
#include <string.h>

enum { N = 40000 };

typedef struct {
    double size_bytes;
} Thing;

static const Field size_field = {"size", FIELD_SIZE(Thing, size_bytes)};
static const Field share_field = {"share", FIELD_KIND_NUMBER};

/* The law's N values for members 1 … N, each with a stream of its own. */
static void
draw(const char *text, const Field *field, double *values)
{
    g_autofree char *json = g_strdelimit(g_strdup(text), "'", '"');
    g_autoptr(cJSON) tree = json_text_parse(json, strlen(json), "law", NULL);
    Law law = {0};

    ck_assert_ptr_nonnull(tree);
    fields_read(&law_table, tree, &law);
    for (guint i = 0; i < N; i++) {
        g_autofree char *name = g_strdup_printf("m-%u", i + 1);
        RandomStream random;
        random_init(&random, 1, "size", name);
        values[i] = law_draw(&law, field, i, N, &random);
    }
    fields_clear(&law_table, &law);
}

static double
mean_of(const double *values)
{
    double sum = 0;

    for (guint i = 0; i < N; i++)
        sum += values[i];
    return sum / N;
}

static double
deviation_of(const double *values)
{
    const double mean = mean_of(values);
    double squares = 0;

    for (guint i = 0; i < N; i++)
        squares += (values[i] - mean) * (values[i] - mean);
    return sqrt(squares / N);
}

static double
share_below(const double *values, double limit)
{
    guint n = 0;

    for (guint i = 0; i < N; i++)
        n += values[i] < limit ? 1 : 0;
    return (double)n / N;
}

/* Tolerances: four standard errors of the mean, or of the share, of 40,000 values. */
START_TEST(each_law_has_its_moments)
{
    static double values[N];

    draw("{'law': 'uniform', 'from': 2, 'to': 8}", &share_field, values);
    ck_assert_double_eq_tol(mean_of(values), 5, 4 * 6 / sqrt(12) / 200);
    ck_assert_double_eq_tol(deviation_of(values), 6 / sqrt(12), 0.03);
    draw("{'law': 'normal', 'mean': 10, 'deviation': 2, 'from': 0, 'to': 20}", &share_field, values);
    ck_assert_double_eq_tol(mean_of(values), 10, 4 * 2 / 200.0);
    ck_assert_double_eq_tol(deviation_of(values), 2, 0.03);
    draw("{'law': 'lognormal', 'median': 4, 'sigma': 0.5, 'from': 0.1, 'to': 100}", &share_field, values);
    ck_assert_double_eq_tol(share_below(values, 4), 0.5, 4 * 0.5 / 200);
    ck_assert_double_eq_tol(share_below(values, 4 * exp(0.5)), 0.8413, 4 * 0.37 / 200);
    draw("{'law': 'choice', 'values': [1, 2, 3], 'weights': [1, 0, 3]}", &share_field, values);
    ck_assert_double_eq_tol(share_below(values, 1.5), 0.25, 4 * 0.44 / 200);
    ck_assert_double_eq(share_below(values, 2.5), share_below(values, 1.5));
}
END_TEST

START_TEST(what_is_drawn_stays_between_its_ends_on_its_steps)
{
    static double values[N];
    const double mib = 1024 * 1024;

    draw("{'law': 'normal', 'mean': '1GiB', 'deviation': '1GiB', 'from': '100MiB', 'to': '3GiB', 'step': '64MiB'}",
         &size_field, values);
    for (guint i = 0; i < N; i++) {
        const double steps = (values[i] - 100 * mib) / (64 * mib);
        ck_assert(values[i] >= 100 * mib && values[i] <= 3072 * mib && steps == floor(steps));
    }
    ck_assert_double_lt(share_below(values, 101 * mib), 0.1); /* it is drawn again, not held to the end */
    draw("{'law': 'uniform', 'from': '1000B', 'to': '1010B'}", &size_field, values);
    for (guint i = 0; i < N; i++)
        ck_assert_double_eq(values[i], floor(values[i]));
}
END_TEST

START_TEST(a_law_out_of_reach_gives_the_nearer_end)
{
    static double values[N];

    draw("{'law': 'normal', 'mean': 50, 'deviation': 0.001, 'from': 1, 'to': 2}", &share_field, values);
    ck_assert_double_eq(values[0], 2);
}
END_TEST

START_TEST(ordered_laws_draw_nothing)
{
    static double values[N];

    draw("{'law': 'cycle', 'values': [5, 6, 7]}", &share_field, values);
    ck_assert(values[0] == 5 && values[1] == 6 && values[2] == 7 && values[3] == 5);
    draw("{'law': 'block', 'values': [5, 6]}", &share_field, values);
    ck_assert(values[0] == 5 && values[N / 2 - 1] == 5 && values[N / 2] == 6 && values[N - 1] == 6);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("law");

    tcase_add_test(tcase, each_law_has_its_moments);
    tcase_add_test(tcase, what_is_drawn_stays_between_its_ends_on_its_steps);
    tcase_add_test(tcase, a_law_out_of_reach_gives_the_nearer_end);
    tcase_add_test(tcase, ordered_laws_draw_nothing);
    return check_main("law", tcase, NULL);
}
