#include "sim/scenario/override.h"

#include "sim/scenario/data_folder.h"
#include "sim/scenario/pointer.h"

typedef struct {
    char *file;
    char *pointer;
    cJSON *value;
} Override;

/* The process's; see the header. */
static GArray *overrides; /* of Override; NULL: none */
static guint64 seed_shift;

void
override_add(const char *file, const char *pointer, const cJSON *value)
{
    const Override override = {g_strdup(file), g_strdup(pointer), cJSON_Duplicate(value, TRUE)};

    if (!overrides)
        overrides = g_array_new(FALSE, FALSE, sizeof(Override));
    g_array_append_val(overrides, override);
}

gboolean
override_apply(const char *path, cJSON *tree, GError **error)
{
    for (guint i = 0; overrides && i < overrides->len; i++) {
        const Override *override = &g_array_index(overrides, Override, i);
        g_autofree char *file = data_folder_file(override->file);
        if (!g_str_equal(file, path))
            continue;
        if (!pointer_set(tree, override->pointer, cJSON_Duplicate(override->value, TRUE), error)) {
            g_prefix_error(error, "%s: %s: ", path, override->pointer);
            return FALSE;
        }
    }
    return TRUE;
}

void
override_shift_seeds(guint64 shift)
{
    seed_shift = shift;
}

guint64
override_seed(guint64 seed)
{
    return seed + seed_shift;
}
