/* The traces of OpenStack Neat's test bed (scenarios/papers/datacentre/neat-traces), for tests. */
#ifndef TANDEM_TESTS_MODELS_PLACEMENT_NEAT_TRACES_H
#define TANDEM_TESTS_MODELS_PLACEMENT_NEAT_TRACES_H

#include <glib.h>
#include <stdlib.h>

#define NEAT_TRACES 28u
#define NEAT_VALUES 288u

static inline int
neat_traces_compare(gconstpointer a, gconstpointer b)
{
    return g_strcmp0(*(char *const *)a, *(char *const *)b);
}

/* Shares of a virtual processor, 0 to 1; files in the order of their names. Aborts when they are not as they should be.
 */
static inline void
neat_traces_read(double traces[NEAT_TRACES][NEAT_VALUES])
{
    const char *folder = TANDEM_SOURCE_DIR "/scenarios/papers/datacentre/neat-traces";
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

    g_assert_nonnull(dir);
    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir))
        g_ptr_array_add(names, g_build_filename(folder, name, NULL));
    g_ptr_array_sort(names, neat_traces_compare);
    g_assert_cmpuint(names->len, ==, NEAT_TRACES);
    for (guint i = 0; i < NEAT_TRACES; i++) {
        g_autofree char *text = NULL;
        char *rest;

        g_assert_true(g_file_get_contents(names->pdata[i], &text, NULL, NULL));
        rest = text;
        for (guint k = 0; k < NEAT_VALUES; k++)
            traces[i][k] = strtol(rest, &rest, 10) / 100.0;
    }
}

#endif
