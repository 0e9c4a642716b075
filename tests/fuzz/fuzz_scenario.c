/* Fuzzes what `tandem check` does with a scenario's text: JSON, the root table, profiles, the struct, and the checks of
 * the whole. Whatever the text, nothing may crash, and an error is one line that says what was expected. Built by the
 * fuzz preset with libFuzzer, and in every preset as an ordinary test over tests/fuzz/corpus/scenario/.
 */
#include "sim/scenario/json_text.h"
#include "sim/scenario/resolve.h"
#include "sim/specs/scenario_check.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static void
check_error(const GError *error)
{
    g_assert_nonnull(error);
    g_assert_null(strchr(error->message, '\n'));
    g_assert_nonnull(strstr(error->message, "expected"));
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(cJSON) tree = json_text_parse((const char *)data, size, "fuzz", &error);
    g_autoptr(cJSON) resolved = tree ? resolve_tree(scenario_table(), tree, "fuzz", &error) : NULL;

    if (!resolved) {
        check_error(error);
        return 0;
    }
    g_autofree ScenarioSpec *spec = g_malloc0(scenario_table()->size);
    fields_read(scenario_table(), resolved, spec);
    if (!scenario_check(spec, &error))
        check_error(error);
    scenario_clear(spec);
    return 0;
}
