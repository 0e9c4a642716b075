/* The guard of a run: who stops a world that makes no progress, or that the process cannot hold.
 *
 * A double at 10^9 s cannot tell 100 ns apart, so an actor that sleeps for less goes on at the same date for ever, and
 * what it writes down fills memory. Every actor passes the guard when it waits or asks a model what to do next; when
 * the clock has not moved for GUARD_PASSES of them, the run ends and says where. So does one whose clock has gone
 * beyond what doubles can tell apart, and one that needs more actors than the process can hold.
 *
 * Its state is the process's, as SimGrid's engine is: one world per process.
 */
#ifndef TANDEM_SIM_WORLD_GUARD_H
#define TANDEM_SIM_WORLD_GUARD_H

#include <glib.h>

#define GUARD_ERROR (guard_error_quark())
GQuark guard_error_quark(void);

typedef enum {
    GUARD_ERROR_STUCK,    /* the clock stands still, or is beyond what it can tell apart */
    GUARD_ERROR_TOO_LARGE /* more memory or actors than the process can have */
} GuardError;

#ifdef __SANITIZE_ADDRESS__
enum { GUARD_PASSES = 100000 }; /* where a pass costs fifty times as much */
#else
enum { GUARD_PASSES = 2000000 }; /* chosen: seconds of work, and ten times what 100,000 actors need at one date */
#endif
#define GUARD_CLOCK_MAX_S 1e12 /* chosen: 30,000 years, where the clock's steps are of 0.1 ms */

/* A new world begins. */
void guard_begin(void);

/* The actor goes on. Does not return when the run is to end. */
void guard_pass(void);

/* What an actor is called in a reason, where its own name says little; NULL: its own. */
void guard_call_by(const char *(*name_of_self)(void));

/* From now on watcher is told the date now and then, as often as some hundred passes take; NULL: nobody. */
void guard_watch(void (*watcher)(double now_s));

/* Ends the run for a reason that begins with what it is about: from an actor, which does not go on. */
void guard_stop(GuardError code, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* FALSE: the run has been stopped from outside of an actor, which goes on and should not for long. */
gboolean guard_goes_on(void);

/* Whether more actors fit; from outside of an actor the reason is kept for guard_check(). */
gboolean guard_has_room(void);

/* How many actors the process can hold: each has a stack, in pieces of its address space. */
guint64 guard_actors_max(void);

/* Whether so many bytes can be had at all. FALSE with error set: what they are for, and that they cannot. */
gboolean guard_can_hold(double bytes, const char *what, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* After the run: FALSE with error set when it was stopped. */
gboolean guard_check(GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
