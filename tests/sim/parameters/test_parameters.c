/* The lists of fitted and assumed parameters: complete, leading somewhere, scaled as they are written. */
#include "sim/parameters/parameters.h"
#include "sim/scenario/profile.h"
#include "tests/check_main.h"
#include "tests/program.h"

#include "sim/output/csv.h"

#include <math.h>

static GPtrArray *
all_lists(void)
{
    g_auto(GStrv) names = profile_names("parameters");
    GPtrArray *lists = g_ptr_array_new_with_free_func((GDestroyNotify)parameters_free);

    for (char **name = names; *name; name++) {
        g_autoptr(GError) error = NULL;
        ParameterList *list = parameters_load(*name, &error);
        ck_assert_msg(list, "%s", error ? error->message : "");
        g_ptr_array_add(lists, list);
    }
    return lists;
}

/* Loading looks up every place and refuses what is no quantity. */
START_TEST(every_place_of_every_list_holds_a_value_that_can_be_scaled)
{
    g_autoptr(GPtrArray) lists = all_lists();
    guint places = 0;

    ck_assert_uint_ge(lists->len, 4); /* three papers and the measured cases */
    for (guint i = 0; i < lists->len; i++) {
        const ParameterList *list = g_ptr_array_index(lists, i);
        for (guint p = 0; p < list->parameters->len; p++) {
            const Parameter *parameter = g_ptr_array_index(list->parameters, p);
            g_autofree char *written = parameter_text(parameter, 1), *higher = parameter_text(parameter, 1.1);
            g_autofree char *lower = parameter_text(parameter, 0.9);
            ck_assert_msg(!g_str_equal(written, higher) || !g_str_equal(written, lower), "%s: %s never moves from %s",
                          list->path, parameter->name, written);
            ck_assert_uint_gt(strlen(parameter->source), 0);
            places += parameter->places->len;
        }
    }
    ck_assert_uint_gt(places, 100);
}
END_TEST

/* Whether a list has a fitted parameter in that file. */
static gboolean
has_fitted_place(const GPtrArray *lists, const char *file)
{
    for (guint i = 0; i < lists->len; i++) {
        const ParameterList *list = g_ptr_array_index(lists, i);
        for (guint p = 0; p < list->parameters->len; p++) {
            const Parameter *parameter = g_ptr_array_index(list->parameters, p);
            for (guint k = 0; parameter->kind == PARAMETER_FITTED && k < parameter->places->len; k++)
                if (g_str_equal(g_array_index(parameter->places, Place, k).file, file))
                    return TRUE;
        }
    }
    return FALSE;
}

/* A profile says of each value where it comes from: one that was fitted, and that no list has, would be left out of
 * fitted.csv, and a study's silence about it would look like an answer. */
START_TEST(every_profile_that_says_fitted_is_in_a_list)
{
    static const char *const folders[] = {"cards", "guests", "hypervisors", "paths", "sockets", "vtpms"};
    g_autoptr(GPtrArray) lists = all_lists();
    guint found = 0;

    for (gsize f = 0; f < G_N_ELEMENTS(folders); f++) {
        g_auto(GStrv) names = profile_names(folders[f]);
        for (char **name = names; *name; name++) {
            g_autofree char *file = g_strdup_printf("configs/%s/%s.json", folders[f], *name);
            g_autofree char *text = program_read(TANDEM_SOURCE_DIR, file);
            if (!strstr(text, "\"fitted"))
                continue;
            ck_assert_msg(has_fitted_place(lists, file), "%s has a fitted value that no list has", file);
            found++;
        }
    }
    ck_assert_uint_ge(found, 10);
}
END_TEST

/* results/papers/fitted.csv is what `tandem reproduce` wrote. */
START_TEST(every_fitted_parameter_of_the_reproduction_is_listed)
{
    g_autoptr(GPtrArray) lists = all_lists();
    g_autofree char *csv = program_read(TANDEM_SOURCE_DIR "/results/papers", "fitted.csv");
    g_auto(GStrv) lines = g_strsplit(g_strchomp(csv), "\n", 0);

    ck_assert_uint_gt(g_strv_length(lines), 10);
    for (char **line = lines + 1; *line; line++) {
        g_auto(GStrv) cells = csv_split(*line);
        gboolean listed = FALSE;
        for (guint i = 0; i < lists->len; i++)
            listed |= g_hash_table_contains(((const ParameterList *)g_ptr_array_index(lists, i))->listed, cells[0]);
        ck_assert_msg(listed, "%s is in no list", cells[0]);
    }
}
END_TEST

static const struct {
    const char *value; /* JSON */
    double factor, least, most;
    const char *scaled;
} scalings[] = {
    {"\"510/s\"", 1.1, NAN, NAN, "\"561/s\""},
    {"\"0.5ms\"", 1.1, NAN, NAN, "\"0.55ms\""}, /* in the unit that it is written in */
    {"\"64KiB\"", 0.9, NAN, NAN, "\"57.6KiB\""},
    {"\"128MiB\"", 1.1, NAN, 134217728, "\"128MiB\""},
    {"\"128MiB\"", 0.9, NAN, 134217728, "\"115.2MiB\""},
    {"\"100Mbps\"", 0.9, NAN, NAN, "\"90Mbps\""},
    {"0.9415", 1.1, NAN, 1, "1"},
    {"0.9415", 0.9, NAN, 1, "0.84735"},
    {"512", 0.9, NAN, NAN, "461"}, /* whole stays whole: 460.8 */
    {"4", 1.1, NAN, NAN, "5"},     /* … and moves by one at least */
    {"4", 0.9, NAN, NAN, "3"},
    {"1", 0.9, 1, NAN, "1"},
};

START_TEST(values_are_scaled_in_their_own_unit_and_within_their_limits)
{
    const Parameter parameter = {.least = scalings[_i].least, .most = scalings[_i].most};
    cJSON *value = cJSON_Parse(scalings[_i].value);
    const Place place = {.value = value, .share = 1};
    cJSON *scaled = parameter_scaled(&parameter, &place, scalings[_i].factor);
    char *text = cJSON_PrintUnformatted(scaled);

    ck_assert_str_eq(text, scalings[_i].scaled);
    cJSON_free(text);
    cJSON_Delete(scaled);
    cJSON_Delete(value);
}
END_TEST

/* A mode is not scaled: the list says what else could stand there, on both sides or on each. */
START_TEST(a_word_has_another_one_in_its_place)
{
    static const char *const names[] = {"guest-mode", NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(ParameterList) list = parameters_load("vm-vtpm", &error);
    ck_assert_msg(list && parameters_keep(list, names, &error), "%s", error ? error->message : "");
    const Parameter *mode = g_ptr_array_index(list->parameters, 0);
    g_autofree char *written = parameter_text(mode, 1), *lower = parameter_text(mode, 0.9);
    g_autofree char *higher = parameter_text(mode, 1.1);

    ck_assert_str_eq(written, "pv");
    ck_assert_str_eq(lower, "hvm");
    ck_assert_str_eq(higher, "hvm");
    ck_assert_double_eq(parameter_step(mode, 1.1), 0);
}
END_TEST

START_TEST(only_named_parameters_are_kept_and_unknown_names_are_refused)
{
    static const char *const two[] = {"working-set", "dirty-rate", NULL}, *const wrong[] = {"dirty-rat", NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(ParameterList) list = parameters_load("vm-vtpm", &error);

    ck_assert(!parameters_keep(list, wrong, &error));
    ck_assert_msg(strstr(error->message, "no parameter \"dirty-rat\" in ") &&
                      strstr(error->message, "(did you mean \"dirty-rate\"?)"),
                  "%s", error->message);
    g_clear_error(&error);
    ck_assert(parameters_keep(list, two, &error));
    ck_assert_uint_eq(list->parameters->len, 2);
    ck_assert_str_eq(((Parameter *)g_ptr_array_index(list->parameters, 0))->name, "dirty-rate"); /* the list's order */
    ck_assert(g_hash_table_contains(list->listed, "hypervisors/xen-4.5: sum of /costs")); /* checked all the same */
}
END_TEST

/* A microsecond of 50.536 us is not the wake-up, which is 49.536 us of it. */
START_TEST(a_part_of_a_sum_moves_the_sum_by_its_share)
{
    static const char *const names[] = {"module-work", "wake", NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(ParameterList) list = parameters_load("inter-vm-sockets", &error);
    ck_assert_msg(list && parameters_keep(list, names, &error), "%s", error ? error->message : "");
    const Parameter *module = g_ptr_array_index(list->parameters, 0), *wake = g_ptr_array_index(list->parameters, 1);
    g_autofree char *more_module = parameter_text(module, 1.1), *more_wake = parameter_text(wake, 1.1);

    ck_assert_str_eq(more_module, "50.636us");
    ck_assert_str_eq(more_wake, "54.4896us 55.4896us 54.9896us");   /* itself, the sockets' paths, the library's */
    ck_assert_double_eq_tol(parameter_step(module, 1.1), 10, 1e-9); /* rounding: twelve digits */
}
END_TEST

#define LIST(at, more)                                                                                                 \
    "{'description': 'x', 'parameters': [{'name': 'p', 'kind': 'assumed', 'source': 's', 'at': [" at "]" more "}]}"

static const struct {
    const char *text;
    const char *says; /* after the file's name */
} refused[] = {
    {LIST("'guests/g'", ""), "/parameters/0/at/0: is \"guests/g\", expected FILE: POINTER"},
    {LIST("'guests/g: /rat'", ""), "/parameters/0/at/0: \"guests/g: /rat\": "},
    {LIST("'guests/h: /rate'", ""), "/parameters/0/at/0: \"guests/h: /rate\": "},
    {LIST("'guests/g: rate'", ""), "is not a JSON Pointer"},
    {LIST("'guests/g: /mode'", ""), "is the text \"pv\", expected a number or a quantity with a unit, and not 0"},
    {LIST("'guests/g: /nothing'", ""), "is the text \"0us\", expected a number or a quantity"},
    {LIST("'guests/g: /none'", ""), "is the number 0, expected a number or a quantity"},
    {LIST("'guests/g: /rate'", ", 'kindd': 'x'"), "/parameters/0/kindd: unknown key"},
    {LIST("", ""), "/parameters/0: has no place, expected at or within"},
    {LIST("", ", 'within': [{'at': 'guests/g: /rate'}]"),
     "/parameters/0/within/0: \"guests/g: /rate\": expected one of"},
    {LIST("", ", 'within': [{'at': 'guests/g: /rate', 'part': '/more'}]"), "has no such part, expected a sum"},
    {LIST("", ", 'within': [{'at': 'guests/g: /rate', 'except': '/more'}]"), "has no such part, expected a sum"},
    {LIST("", ", 'within': [{'at': 'guests/g: /rate', 'part': '/les'}]"), "/parameters/0/within/0: "},
    {"{'description': 'x', 'parameters': []}", "/parameters: has 0 elements"},
    {"{'description': 'x', 'parameters': [{'name': 'p', 'kind': 'guessed', 'source': 's', 'at': ['a: /b']}]}",
     "/parameters/0/kind: is \"guessed\", expected one of fitted, assumed"},
    {"[", "the text ends too early"},
};

START_TEST(a_wrong_list_is_refused_in_one_line_with_its_place)
{
    g_autofree char *folder = program_folder();
    g_autofree char *guests = g_build_filename(folder, "configs/guests", NULL);
    g_autofree char *parameters = g_build_filename(folder, "configs/parameters", NULL);
    g_autofree char *text = g_strdelimit(g_strdup(refused[_i].text), "'", '"');
    g_autoptr(GError) error = NULL;

    ck_assert_int_eq(g_mkdir_with_parents(guests, 0755) + g_mkdir_with_parents(parameters, 0755), 0);
    program_write(guests, "g.json",
                  "{\"rate\": \"5/s\", \"more\": \"6/s\", \"mode\": \"pv\", \"nothing\": \"0us\", \"none\": 0}");
    program_write(parameters, "list.json", text);
    g_setenv("TANDEM_DATA", folder, TRUE);
    g_autoptr(ParameterList) list = parameters_load("list", &error);
    program_remove(folder);
    ck_assert_ptr_null(list);
    ck_assert_msg(strstr(error->message, "list.json: ") && strstr(error->message, refused[_i].says), "%s",
                  error->message);
    ck_assert_ptr_null(strchr(error->message, '\n'));
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("parameters");

    g_setenv("TANDEM_DATA", TANDEM_SOURCE_DIR, TRUE);
    tcase_add_test(tcase, every_place_of_every_list_holds_a_value_that_can_be_scaled);
    tcase_add_test(tcase, every_profile_that_says_fitted_is_in_a_list);
    tcase_add_test(tcase, every_fitted_parameter_of_the_reproduction_is_listed);
    tcase_add_loop_test(tcase, values_are_scaled_in_their_own_unit_and_within_their_limits, 0, G_N_ELEMENTS(scalings));
    tcase_add_test(tcase, a_part_of_a_sum_moves_the_sum_by_its_share);
    tcase_add_test(tcase, a_word_has_another_one_in_its_place);
    tcase_add_test(tcase, only_named_parameters_are_kept_and_unknown_names_are_refused);
    tcase_add_loop_test(tcase, a_wrong_list_is_refused_in_one_line_with_its_place, 0, G_N_ELEMENTS(refused));
    return check_main("parameters", tcase, NULL);
}
