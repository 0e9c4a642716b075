#include "sim/cli/summary.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The names of a family: of "migration.a.total_s" and "migration.b.total_s" they are a and b. */
static GPtrArray *
names_of(const Result *result, const char *family, const char *metric)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const cJSON *item;

    cJSON_ArrayForEach(item, result_metrics(result))
    {
        g_auto(GStrv) parts = g_strsplit(item->string, ".", 0);
        const guint n = g_strv_length(parts);
        if (n < 3 || !g_str_equal(parts[0], family) || !g_str_equal(parts[n - 1], metric))
            continue;
        g_autofree char *name =
            g_strndup(item->string + strlen(family) + 1, strlen(item->string) - strlen(family) - strlen(metric) - 2);
        g_ptr_array_add(names, g_steal_pointer(&name));
    }
    return names;
}

static double
number(const Result *result, const char *family, const char *name, const char *metric)
{
    g_autofree char *key = g_strdup_printf("%s.%s.%s", family, name, metric);

    return result_number(result, key);
}

static const char *
word(const Result *result, const char *family, const char *name, const char *metric)
{
    g_autofree char *key = g_strdup_printf("%s.%s.%s", family, name, metric);

    return result_word(result, key);
}

static void
print_migration(const Result *result, const char *name)
{
    const char *text = word(result, "migration", name, "outcome_text");

    if (text) { /* the migration as a whole */
        printf("migration %s, %s to %s: %s\n", name, word(result, "migration", name, "source"),
               word(result, "migration", name, "destination"), text);
        printf("  total %.3f s, downtime of the VM %.3f s\n", number(result, "migration", name, "total_s"),
               number(result, "migration", name, "downtime_s"));
        return;
    }
    if (!g_str_equal(word(result, "migration", name, "outcome"), "completed")) {
        printf("  %-6s given up after %.3f s, %.0f pages sent\n", strrchr(name, '.') + 1,
               number(result, "migration", name, "total_s"), number(result, "migration", name, "sent_pages"));
        return;
    }
    printf("  %-6s %9.3f s, downtime %.3f s, %.0f live rounds (%s), %.0f pages sent\n", strrchr(name, '.') + 1,
           number(result, "migration", name, "total_s"), number(result, "migration", name, "downtime_s"),
           number(result, "migration", name, "live_rounds"), word(result, "migration", name, "stopped_by"),
           number(result, "migration", name, "sent_pages"));
}

static void
print_vtpm(const Result *result, const char *name)
{
    printf("vTPM %s: %.0f commands done, %.0f failed, unavailable for %.3f s\n", name,
           number(result, "vtpm", name, "commands_done"), number(result, "vtpm", name, "commands_failed"),
           number(result, "vtpm", name, "unavailable_s"));
}

static void
print_card(const Result *result, const char *name)
{
    const char *bottleneck = word(result, "card", name, "bottleneck");

    printf("card %s: %.0f requests/s, %.1f Mb/s, latency p50 %.1f us, p99 %.1f us", name,
           number(result, "card", name, "requests_per_s"), number(result, "card", name, "throughput_bps") / 1e6,
           number(result, "card", name, "latency_p50_s") * 1e6, number(result, "card", name, "latency_p99_s") * 1e6);
    if (bottleneck)
        printf("; bottleneck %s, %.0f %% busy", bottleneck,
               number(result, "card", name, "bottleneck_utilization") * 100);
    if (g_str_equal(word(result, "card", name, "stable"), "no"))
        printf("; unstable, %s is asked for %.2f of what it can do", word(result, "card", name, "offered_station"),
               number(result, "card", name, "offered_utilization"));
    printf("\n");
}

/* Only of sessions that are not simply open. */
static void
print_session(const Result *result, const char *name)
{
    const char *reason = word(result, "card_session", name, "reason");

    if (reason)
        printf("card session %s: %s: %s\n", name, word(result, "card_session", name, "state"), reason);
}

void
summary_print(const Scenario *scenario, const Result *result)
{
    g_autoptr(GPtrArray) migrations = names_of(result, "migration", "total_s");
    g_autoptr(GPtrArray) vtpms = names_of(result, "vtpm", "commands_done");
    g_autoptr(GPtrArray) cards = names_of(result, "card", "fairness");
    g_autoptr(GPtrArray) sessions = names_of(result, "card_session", "state");
    g_autofree char *violation = result_violation(result);

    printf("%s: %s\n", scenario->spec.name, *scenario->spec.title ? scenario->spec.title : "(no title)");
    for (guint i = 0; i < migrations->len; i++)
        print_migration(result, g_ptr_array_index(migrations, i));
    for (guint i = 0; i < vtpms->len; i++)
        print_vtpm(result, g_ptr_array_index(vtpms, i));
    for (guint i = 0; i < cards->len; i++)
        print_card(result, g_ptr_array_index(cards, i));
    for (guint i = 0; i < sessions->len; i++)
        print_session(result, g_ptr_array_index(sessions, i));
    printf("ended at %.3f s; %s\n", result_number(result, "run.end_s"), violation ? violation : "all invariants held");
}
