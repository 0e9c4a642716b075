#include "sim/world/invariant.h"

const Invariant invariant_one_instance = {"one_instance_runs", "at most one instance of a domain runs at any time"};
const Invariant invariant_host_memory = {"host_memory",
                                         "a host's domains fit its memory, and give back what they took"};
const Invariant invariant_tables_agree = {"tables_agree",
                                          "rows of tables follow each other in time and sum up to their metrics"};

typedef struct {
    const Invariant *invariant;
    guint64 checks;
    guint64 violations;
    char *first; /* owned: what was found first, and when */
} Count;

static void
free_count(gpointer data)
{
    Count *count = data;

    g_free(count->first);
    g_free(count);
}

void
invariant_init(World *world)
{
    world->invariants = g_ptr_array_new_with_free_func(free_count);
    invariant_add(world, &invariant_one_instance);
    invariant_add(world, &invariant_host_memory);
    invariant_add(world, &invariant_tables_agree);
}

void
invariant_clear(World *world)
{
    g_clear_pointer(&world->invariants, g_ptr_array_unref);
}

void
invariant_add(World *world, const Invariant *invariant)
{
    Count *count = g_new0(Count, 1);

    count->invariant = invariant;
    g_ptr_array_add(world->invariants, count);
}

/* A dozen at most, so that looking through them is as fast as anything. */
static Count *
count_of(const World *world, const Invariant *invariant)
{
    for (guint i = 0; i < world->invariants->len; i++) {
        Count *count = g_ptr_array_index(world->invariants, i);
        if (count->invariant == invariant)
            return count;
    }
    g_assert_not_reached();
}

void
invariant_check(World *world, const Invariant *invariant, gboolean holds, const char *format, ...)
{
    Count *count = count_of(world, invariant);
    va_list arguments;

    count->checks++;
    if (holds)
        return;
    count->violations++;
    if (count->first)
        return;
    va_start(arguments, format);
    g_autofree char *what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    count->first = g_strdup_printf("at %.6f s: %s", world_now(), what);
}

void
invariant_collect(const World *world, Result *result)
{
    for (guint i = 0; i < world->invariants->len; i++) {
        const Count *count = g_ptr_array_index(world->invariants, i);
        result_add_invariant(result, count->invariant->name, count->invariant->meaning, count->checks,
                             count->violations, count->first);
    }
}
