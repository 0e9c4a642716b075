/* The reader's --set over the whole scenario table: naming one key of something keeps the rest of it, whether it stood
 * in the file, came from a profile or from a default. */
#include "sim/scenario/pointer.h"
#include "sim/scenario/reader.h"
#include "sim/scenario/resolve.h"
#include "sim/specs/scenario_spec.h"
#include "tests/check_main.h"

#include <string.h>

#define EXAMPLES TANDEM_SOURCE_DIR "/scenarios/examples"

static char *
resolved_text(const cJSON *tree)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(cJSON) resolved = resolve_tree(scenario_table(), tree, "s.json", &error);

    ck_assert_msg(resolved != NULL, "%s", error ? error->message : "");
    return cJSON_PrintUnformatted(resolved);
}

static void
check_put(const cJSON *written, const char *expected, const char *pointer, const cJSON *value)
{
    g_autoptr(cJSON) tree = cJSON_Duplicate(written, TRUE);
    g_autoptr(GError) error = NULL;

    ck_assert_msg(reader_put(scenario_table(), tree, pointer, cJSON_Duplicate(value, TRUE), &error), "%s: %s", pointer,
                  error ? error->message : "");
    char *text = resolved_text(tree);
    ck_assert_msg(g_str_equal(text, expected), "%s set to what it is changes the scenario:\n%s\n%s", pointer, expected,
                  text);
    cJSON_free(text);
}

/* Sets every value below at, whole objects and lists too, to what it is. Returns how many there are. */
static guint
put_all(const cJSON *written, const char *expected, const PointerStep *at, const cJSON *value)
{
    g_autofree char *pointer = pointer_text(at);
    guint n = 0, index = 0;
    const cJSON *item;

    if (*pointer) {
        check_put(written, expected, pointer, value);
        n++;
    }
    cJSON_ArrayForEach(item, value)
    {
        const PointerStep step = {at, item->string, index++};
        n += put_all(written, expected, &step, item);
    }
    return n;
}

/* Returns how many values the file has. */
static guint
check_example(const char *name)
{
    g_autofree char *path = g_build_filename(EXAMPLES, name, NULL);
    g_autoptr(cJSON) written = json_text_load(path, NULL);
    const PointerStep root = {NULL};

    ck_assert_ptr_nonnull(written);
    char *expected = resolved_text(written);
    g_autoptr(cJSON) resolved = cJSON_Parse(expected);
    const guint n = put_all(written, expected, &root, resolved);
    cJSON_free(expected);
    return n;
}

START_TEST(every_value_of_every_example_may_be_set_to_what_it_is)
{
    g_autoptr(GDir) dir = g_dir_open(EXAMPLES, 0, NULL);
    guint examples = 0, values = 0;
    const char *name;

    ck_assert_ptr_nonnull(dir);
    while ((name = g_dir_read_name(dir))) {
        if (!g_str_has_suffix(name, ".json"))
            continue;
        examples++;
        values += check_example(name);
    }
    ck_assert_uint_ge(examples, 10);
    ck_assert_uint_ge(values, 100 * examples); /* an example has some 200: none was passed over */
}
END_TEST

#define PLATFORM                                                                                                       \
    "\"name\":\"s\",\"hosts\":[{\"name\":\"a\"},{\"name\":\"b\"}],\"links\":[{\"name\":\"l\",\"ends\":[\"a\",\"b\"]}]"
#define GUEST   ",\"guests\":[{\"name\":\"g\",\"host\":\"a\"}]"
#define MIGRATE ",\"timeline\":[{\"at\":\"1s\",\"do\":\"migrate\",\"vm\":\"g\",\"to\":\"b\""
#define STATION "/card_paths/0/stations/0"

/* With the setting, the scenario resolves to what the other text does. */
static void
check_same(const char *text, const char *setting, const char *same)
{
    g_autoptr(cJSON) tree = cJSON_Parse(text), other = cJSON_Parse(same);
    g_autoptr(GError) error = NULL;

    ck_assert_msg(tree && other, "%s", tree ? same : text);
    ck_assert_msg(!setting || reader_set(scenario_table(), tree, setting, &error), "%s", error ? error->message : "");
    char *found = resolved_text(tree), *expected = resolved_text(other);
    ck_assert_str_eq(found, expected);
    cJSON_free(found);
    cJSON_free(expected);
}

START_TEST(a_default_profile_stays_when_one_key_is_named)
{
    static const char expected[] =
        "{" PLATFORM GUEST MIGRATE ",\"hypervisor\":{\"profile\":\"xen-4.5\",\"max_rounds\":3}}]}";

    check_same("{" PLATFORM GUEST MIGRATE "}]}", "/timeline/0/hypervisor/max_rounds=3", expected);
    check_same("{" PLATFORM GUEST MIGRATE ",\"hypervisor\":{\"max_rounds\":3}}]}", NULL, expected);
    check_same("{" PLATFORM GUEST MIGRATE ",\"hypervisor\":{}}]}", "/timeline/0/hypervisor/max_rounds=3", expected);
    check_same("{" PLATFORM GUEST MIGRATE ",\"hypervisor\":{\"max_rounds\":3,\"costs\":{\"resume\":\"1s\"}}}]}", NULL,
               "{" PLATFORM GUEST MIGRATE
               ",\"hypervisor\":{\"profile\":\"xen-4.5\",\"max_rounds\":3,\"costs\":{\"resume\":\"1s\"}}}]}");
    check_same("{" PLATFORM GUEST MIGRATE ",\"hypervisor\":{\"max_factor\":null}}]}", NULL,
               "{" PLATFORM GUEST MIGRATE ",\"hypervisor\":{\"profile\":\"xen-4.5\",\"max_factor\":null}}]}");
    check_same("{" PLATFORM GUEST MIGRATE ",\"hypervisor\":{\"mechanism\":\"xen\"}}]}", NULL,
               "{" PLATFORM GUEST MIGRATE "}]}");
}
END_TEST

START_TEST(another_mechanism_takes_nothing_over_from_the_default_profile)
{
    g_autoptr(cJSON) tree = cJSON_Parse("{" PLATFORM GUEST MIGRATE ",\"hypervisor\":{\"mechanism\":\"qemu\"}}]}");
    g_autoptr(cJSON) resolved = resolve_tree(scenario_table(), tree, "s.json", NULL);
    const cJSON *hypervisor = pointer_get(resolved, "/timeline/0/hypervisor", NULL);

    ck_assert_ptr_nonnull(hypervisor);
    ck_assert_ptr_null(cJSON_GetObjectItem(hypervisor, "profile"));
    ck_assert_str_eq(pointer_get(resolved, "/timeline/0/hypervisor/costs/activation", NULL)->valuestring, "0s");
}
END_TEST

/* xen-4.5 names no mechanism: it is the table's default. Its keys that QEMU has not got must not be held against the
 * user, who wrote none of them. */
START_TEST(a_profile_may_be_turned_into_another_mechanism)
{
    check_same("{" PLATFORM GUEST MIGRATE ",\"hypervisor\":\"xen-4.5\"}]}", "/timeline/0/hypervisor/mechanism=qemu",
               "{" PLATFORM GUEST MIGRATE ",\"hypervisor\":{\"profile\":\"xen-4.5\",\"mechanism\":\"qemu\"}}]}");
}
END_TEST

START_TEST(a_default_object_stays_when_one_key_is_named)
{
    check_same("{" PLATFORM ",\"guests\":[{\"name\":\"g\",\"host\":\"a\"}]}", "/guests/0/workload/lasts=2s",
               "{" PLATFORM
               ",\"guests\":[{\"name\":\"g\",\"host\":\"a\",\"workload\":{\"kind\":\"idle\",\"lasts\":\"2s\"}}]}");
    check_same("{" PLATFORM ",\"guests\":[{\"name\":\"g\",\"host\":\"a\",\"profile\":\"linux-static\"}]}",
               "/guests/0/workload/rate=7/s",
               "{" PLATFORM ",\"guests\":[{\"name\":\"g\",\"host\":\"a\",\"profile\":\"linux-static\",\"workload\":{"
               "\"rate\":\"7/s\"}}]}");
}
END_TEST

START_TEST(a_list_from_a_profile_or_a_default_keeps_its_other_elements)
{
    g_autoptr(cJSON) tree = cJSON_Parse("{" PLATFORM ",\"card_paths\":[{\"name\":\"p\",\"profile\":\"vsock\"}]}");
    g_autoptr(cJSON) before = resolve_tree(scenario_table(), tree, "s.json", NULL);

    ck_assert(reader_set(scenario_table(), tree, STATION "/fixed=1s", NULL));
    g_autoptr(cJSON) after = resolve_tree(scenario_table(), tree, "s.json", NULL);
    ck_assert_str_eq(pointer_get(after, STATION "/fixed", NULL)->valuestring, "1s");
    ck_assert(pointer_set(before, STATION "/fixed", cJSON_CreateString("1s"), NULL));
    ck_assert(cJSON_Compare(before, after, TRUE));
    check_same("{" PLATFORM "}", "/hosts/0/lacks_configs=[]", "{" PLATFORM "}");
    check_same("{" PLATFORM GUEST "}", "/hosts/0/lacks_configs/-=g",
               "{\"name\":\"s\",\"hosts\":[{\"name\":\"a\",\"lacks_configs\":[\"g\"]},{\"name\":\"b\"}],\"links\":[{"
               "\"name\":\"l\",\"ends\":[\"a\",\"b\"]}]" GUEST "}");
}
END_TEST

int
main(void)
{
    TCase *tcase = tcase_create("reader");

    tcase_set_timeout(tcase, 300);
    tcase_add_test(tcase, every_value_of_every_example_may_be_set_to_what_it_is);
    tcase_add_test(tcase, a_default_profile_stays_when_one_key_is_named);
    tcase_add_test(tcase, another_mechanism_takes_nothing_over_from_the_default_profile);
    tcase_add_test(tcase, a_profile_may_be_turned_into_another_mechanism);
    tcase_add_test(tcase, a_default_object_stays_when_one_key_is_named);
    tcase_add_test(tcase, a_list_from_a_profile_or_a_default_keeps_its_other_elements);
    return check_main("reader", tcase, NULL);
}
