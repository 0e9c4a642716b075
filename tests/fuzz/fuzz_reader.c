/* Fuzzes the scenario reader with a table of every kind of field: text → JSON → resolved tree → struct and back.
 * Whatever the text, nothing may crash; an error is one line, and what resolves must read and clear. Built by the fuzz
 * preset with libFuzzer, and in every preset with corpus_main.c as an ordinary test over tests/fuzz/corpus/reader/.
 */
#include "sim/scenario/json_text.h"
#include "sim/scenario/resolve.h"
#include "tests/sim/scenario/toy_table.h"

#include <string.h>

#define FUZZ_TABLE toy_world_table
typedef ToyWorld FuzzStruct;

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void
check_error(const GError *error)
{
    g_assert_nonnull(error);
    g_assert_null(strchr(error->message, '\n'));
    g_assert_nonnull(strstr(error->message, "expected"));
}

/* All mistakes begin with the one at which resolving ends, and there are none where it does not. */
static void
check_gathering(const cJSON *tree, const GError *first)
{
    g_autoptr(GPtrArray) mistakes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(cJSON) resolved = resolve_gathering(&FUZZ_TABLE, tree, "fuzz", mistakes);

    g_assert_true(!resolved == (first != NULL));
    g_assert_true((mistakes->len > 0) == (first != NULL));
    if (first)
        g_assert_cmpstr(g_ptr_array_index(mistakes, 0), ==, first->message);
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GError) error = NULL;

    g_setenv("TANDEM_DATA", TANDEM_SOURCE_DIR "/tests/data", TRUE);
    g_autoptr(cJSON) tree = json_text_parse((const char *)data, size, "fuzz", &error);
    g_autoptr(cJSON) resolved = tree ? resolve_tree(&FUZZ_TABLE, tree, "fuzz", &error) : NULL;
    if (tree)
        check_gathering(tree, error);
    if (!resolved) {
        check_error(error);
        return 0;
    }
    FuzzStruct spec = {0};
    fields_read(&FUZZ_TABLE, resolved, &spec);
    fields_clear(&FUZZ_TABLE, &spec);
    return 0;
}
