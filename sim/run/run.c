#include "sim/run/run.h"

#include "sim/run/crew.h"
#include "sim/run/progress.h"
#include "sim/scenario/override.h"
#include "sim/world/collect.h"
#include "sim/world/simulate.h"

#include <malloc.h>

enum { HEAP_STEP_BYTES = 1 << 20 }; /* chosen: most runs need less */

void
run_warm_up(void)
{
    mallopt(M_TOP_PAD, HEAP_STEP_BYTES);
}

Result *
run_traced(const Scenario *scenario, guint64 seed, char **trace, GError **error)
{
    g_autoptr(World) world = simulate_scenario(&scenario->spec, scenario->folder, seed, error);

    if (!world)
        return NULL;
    Result *result = result_new(scenario->resolved, seed);
    collect_results(world, result);
    if (trace)
        *trace = collect_trace(world);
    return result;
}

Result *
run_here(const Scenario *scenario, guint64 seed, GError **error)
{
    return run_traced(scenario, seed, NULL, error);
}

/* ---- many ---- */

typedef struct {
    Run *runs;
    guint n, next, done;
    Progress progress;
} RunSet;

/* In a child. An answer is a packed result, or "!" and why there is none. */
static char *
work(guint job, gpointer data)
{
    const Run *run = &((const RunSet *)data)->runs[job];
    g_autoptr(GError) error = NULL;
    g_autoptr(Result) result = run_here(run->scenario, override_seed(run->seed), &error);

    return result ? result_pack(result) : g_strconcat("!", error->message, NULL);
}

static gboolean
next(guint *job, gpointer data)
{
    RunSet *set = data;

    *job = set->next;
    return set->next++ < set->n;
}

static gboolean
take(const CrewReport *report, gpointer data)
{
    RunSet *set = data;
    Run *run = &set->runs[report->job];

    set->done++;

    if (*report->answer == '!')
        run->error = g_strdup(report->answer + 1);
    else if (report->outcome == CREW_ANSWERED)
        run->result = result_unpack(report->answer, run->scenario->resolved);
    else if (*report->answer)
        run->error = g_strdup(report->answer);
    else
        run->error = g_strdup_printf("%s: the run was killed or crashed", run->scenario->path);
    return TRUE;
}

static void
tick(gpointer data)
{
    RunSet *set = data;

    progress_show(&set->progress, set->done, 0);
}

void
run_all(Run *runs, guint n, guint workers)
{
    RunSet set = {.runs = runs, .n = n};
    const Crew crew = {.work = work,
                       .tick = tick,
                       .next = next,
                       .take = take,
                       .data = &set,
                       .workers = MIN(workers > 0 ? workers : crew_processors(), n),
                       .stderr_fd = -1};

    if (n == 0)
        return;
    progress_begin_set(&set.progress, n);
    crew_run(&crew);
    progress_clear(&set.progress);
}

void
run_clear(Run *run)
{
    g_clear_pointer(&run->result, result_free);
    g_clear_pointer(&run->error, g_free);
}
