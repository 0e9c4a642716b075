#include "sim/world/guard.h"

#include "sim/world/engine.h"

#include <simgrid/actor.h>
#include <simgrid/engine.h>
#include <sys/mman.h>
#include <sys/resource.h>

#define PIECES_PER_ACTOR 2     /* a stack and the page that guards it; what is before that joins the next one */
#define PIECES_KEPT      4096  /* chosen: of the address space, for everything else */
#define PIECES_USUAL     65530 /* Linux vm.max_map_count, where it cannot be read */
#define STACK_BYTES      ((ENGINE_STACK_KIB + 16) * 1024) /* with its guard and what an allocator adds */
#define SPACE_PROBE      (32 << 20)                       /* chosen: some hundred stacks */
#define SPACE_KEPT       (1 << 28)                        /* chosen: 256 MiB, for everything else */

enum { WATCH_EVERY = 256 }; /* chosen: passes, some 0.1 ms of work */

static double last_s; /* the process's; see the header */
static guint passes;  /* at last_s */
static const char *(*name_of_self)(void) = sg_actor_self_get_name;
static guint unwatched; /* passes since the watcher was told */
static void (*watch)(double now_s);
static GError *stopped; /* why the run ends; NULL: it goes on */

GQuark
guard_error_quark(void)
{
    return g_quark_from_static_string("tandem-guard-error");
}

void
guard_begin(void)
{
    last_s = -1;
    passes = 0;
    g_clear_error(&stopped);
}

void
guard_stop(GuardError code, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    if (!stopped)
        stopped = g_error_new_valist(GUARD_ERROR, code, format, arguments);
    va_end(arguments);
    if (sg_actor_self_get_pid() == 0) /* before the run: nobody to end */
        return;
    sg_actor_kill_all();
    sg_actor_exit();
}

void
guard_call_by(const char *(*name)(void))
{
    name_of_self = name ? name : sg_actor_self_get_name;
}

void
guard_watch(void (*watcher)(double now_s))
{
    watch = watcher;
}

void
guard_pass(void)
{
    const double now_s = simgrid_get_clock();

    if (watch && ++unwatched >= WATCH_EVERY) {
        unwatched = 0;
        watch(now_s);
    }

    if (now_s > GUARD_CLOCK_MAX_S)
        guard_stop(GUARD_ERROR_STUCK, "%s: the clock is at %.10g s, expected the run to end before %g s",
                   name_of_self(), now_s, GUARD_CLOCK_MAX_S);
    if (now_s > last_s) {
        last_s = now_s;
        passes = 0;
    } else if (++passes > GUARD_PASSES) {
        guard_stop(GUARD_ERROR_STUCK,
                   "%s: the clock stands still at %.10g s after %d steps, expected longer times or earlier dates",
                   name_of_self(), now_s, GUARD_PASSES);
    }
}

static guint64
pieces_max(void)
{
    g_autofree char *text = NULL;
    guint64 pieces;

    if (g_file_get_contents("/proc/sys/vm/max_map_count", &text, NULL, NULL) &&
        g_ascii_string_to_unsigned(g_strstrip(text), 10, 0, G_MAXINT64, &pieces, NULL))
        return pieces;
    return PIECES_USUAL;
}

guint64
guard_actors_max(void)
{
    const guint64 pieces = pieces_max();
    guint64 most = pieces > PIECES_KEPT ? (pieces - PIECES_KEPT) / PIECES_PER_ACTOR : 1;
    struct rlimit space;

    if (getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur != RLIM_INFINITY) {
        const guint64 room = space.rlim_cur > SPACE_KEPT ? space.rlim_cur - SPACE_KEPT : 0;
        most = MIN(most, room / STACK_BYTES);
    }
    return most;
}

/* Not malloc(): a compiler leaves out what is freed unused, and takes it to have worked. */
static gboolean
can_map(double bytes)
{
    if (!(bytes < (double)G_MAXSSIZE))
        return FALSE;
    void *probe = mmap(NULL, (gsize)bytes + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return probe != MAP_FAILED && munmap(probe, (gsize)bytes + 1) == 0;
}

/* Under a limit of the address space what else is in it counts too. */
static gboolean
has_space(guint asked)
{
    struct rlimit space;

    return getrlimit(RLIMIT_AS, &space) != 0 || space.rlim_cur == RLIM_INFINITY ||
           can_map(SPACE_PROBE + asked * (double)STACK_BYTES);
}

/* SimGrid makes the actors that are asked for at one date all at once, and counts them then. */
gboolean
guard_has_room(void)
{
    static guint64 most, counted; /* the process's */
    static guint asked;           /* since SimGrid counted another number */

    if (most == 0)
        most = guard_actors_max();
    asked = counted == sg_actor_count() ? asked + 1 : 1;
    counted = sg_actor_count();
    if (counted + asked <= most && has_space(asked))
        return TRUE;
    guard_stop(
        GUARD_ERROR_TOO_LARGE,
        "%" G_GUINT64_FORMAT
        " activities at once at %.10g s, expected as many as this process can hold (ulimit -v, vm.max_map_count)",
        counted + asked, simgrid_get_clock());
    return FALSE;
}

gboolean
guard_can_hold(double bytes, const char *what, GError **error)
{
    if (can_map(bytes))
        return TRUE;
    g_set_error(error, GUARD_ERROR, GUARD_ERROR_TOO_LARGE,
                "%s: needs some %.3g GiB of memory, expected as much as this process can have", what,
                bytes / (1 << 30));
    return FALSE;
}

gboolean
guard_goes_on(void)
{
    return stopped == NULL;
}

gboolean
guard_check(GError **error)
{
    if (!stopped)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&stopped));
    return FALSE;
}
