/* A number that a changed world has no more is the largest change of all, not none. */
#include "sim/sensitivity/study.h"

#include "sim/sensitivity/study_text.h"
#include "tests/check_main.h"

#include <math.h>
#include <string.h>

/* A value of null is left out, as findings_pack does with what is not known. */
#define FINDINGS(value)                                                                                                \
    "{\"findings\":[{\"id\":\"total\",\"claim\":\"total\",\"unit\":\"s\",\"role\":4,\"verdict\":0" value "}]}"

typedef struct {
    const char *low, *high;
    double influence;
    gboolean lost;
    const char *said;
} LostRow;

static const LostRow rows[] = {
    {",\"value\":10", ",\"value\":10", 0, FALSE, "nothing"},
    {",\"value\":9", ",\"value\":12", 20, FALSE, "speed (-10.0, +20.0)"},
    {"", ",\"value\":12", INFINITY, TRUE, "speed (lost, +20.0)"},
};

START_TEST(a_number_that_is_lost_is_said)
{
    Parameter speed = {
        .name = (char *)"speed", .places = g_array_new(FALSE, FALSE, sizeof(Place)), .source = (char *)""};
    ParameterList list = {.parameters = g_ptr_array_new()};
    g_autofree char *low = g_strdup_printf(FINDINGS("%s"), rows[_i].low);
    g_autofree char *high = g_strdup_printf(FINDINGS("%s"), rows[_i].high);
    Study *study = g_new0(Study, 1);

    g_ptr_array_add(list.parameters, &speed);
    study->list = &list;
    study->by_percent = 10;
    study->base.findings = findings_unpack(FINDINGS(",\"value\":10"));
    study->outcomes = g_new0(Outcome, N_SIDES);
    study->outcomes[SIDE_LOW].findings = findings_unpack(low);
    study->outcomes[SIDE_HIGH].findings = findings_unpack(high);

    ck_assert_int_eq(study_loses(study, 0, 0, SIDE_LOW), rows[_i].lost);
    ck_assert(!study_loses(study, 0, 0, SIDE_HIGH));
    const double influence = study_influence(study, 0, 0);
    ck_assert_msg(influence == rows[_i].influence, "%g", influence);
    ck_assert_uint_eq(study_reach(study, 0).predicted, rows[_i].influence > 0);
    g_autofree char *text = study_text(study, 200);
    ck_assert_msg(strstr(text, rows[_i].said), "%s", text);
    study_free(study);
    g_ptr_array_unref(list.parameters);
    g_array_unref(speed.places);
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("study");

    tcase_add_loop_test(tcase, a_number_that_is_lost_is_said, 0, G_N_ELEMENTS(rows));
    return check_main("study", tcase, NULL);
}
