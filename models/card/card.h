/* A crypto card shared by many VMs: an event calendar of microseconds that the world advances in slices.
 *
 * Source: paper (see models/card/cardspec.h), sections 3 to 5. Requests of every VM travel the stations of the VM's
 * path (models/card/cardpath.h) and meet those of other VMs where servers are shared: in the service thread, in the
 * ring, on the bus, in the engines. Rates, latencies and queues are what comes out of these meetings; nothing is
 * clamped.
 *
 * The mechanism behind the paper's Fig. 12 (docs/models/card.md derives it): stations overlap, so that a VM with
 * asynchronous slots reaches 1 / max(stage times), while a synchronous caller reaches 1 / sum(stage times).
 *
 * Ids: every VM numbers its requests 0, 1, 2 …; each id is reported done exactly once (card_on_done), wherever the VM
 * was when it asked and wherever the answer came from (models/card/cardsession.h moves VMs).
 *
 * Scope: one card; first come, first served; a world that wants several cards makes several. Time never goes back.
 */
#ifndef TANDEM_MODELS_CARD_CARD_H
#define TANDEM_MODELS_CARD_CARD_H

#include "models/card/cardanswer.h"
#include "models/card/cardload.h"
#include "models/card/cardpath.h"
#include "models/card/cardspec.h"

/* spec passed cardspec_check and is copied; its strings stay borrowed. */
Card *card_new(const CardSpec *spec, guint64 seed, double start_s);
void card_free(Card *card);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Card, card_free)

/* path passed cardpath_check; it and its strings stay borrowed. Returns the path's number. */
guint card_add_path(Card *card, const CardPath *path);

/* slot 1 … key_slots belongs to this VM from now on (NULL: to nobody). */
void card_set_key_owner(Card *card, guint slot, const char *vm_name);

/* A place on the path (and a virtual function, when it needs one) for a VM that is not there yet, or has left and may
 * come back; for who card_may_attach() lets in. It is given back before the VM attaches. */
void card_take_place(Card *card, guint path);
void card_give_place(Card *card, guint path);

/* A VM begins its load (checked, its arrays borrowed) now. *vm is its number, never used again for another. */
CardAttach card_attach(Card *card, guint path, const char *vm_name, const CardLoad *load, guint *vm)
    G_GNUC_WARN_UNUSED_RESULT;

/* Others than its load ask through the session of a VM that is attached, at the card's time; when asked->due_s says,
 * not later. The answer bears the tag, any number but CARD_OWN; a paused VM's calls wait at the gate. It may come
 * before this returns, and must not call again from there. */
void card_call(Card *card, guint vm, const CardDemand *asked, guint32 tag);
guint card_calls(const Card *card, guint vm); /* not answered yet */
/* What they will ask, so that the VM moves to no card that has not got it; the array is borrowed. */
void card_expect_calls(Card *card, guint vm, const CardMix *calls, gsize n_calls);

/* Handles everything up to and including until_s; the card's time is until_s then. */
void card_advance(Card *card, double until_s);

/* Stops before the first event after `completions` more answers (or at limit_s); returns the time. */
double card_advance_requests(Card *card, guint64 completions, double limit_s);

double card_now_s(const Card *card);
gboolean card_is_stuck(const Card *card); /* its times are too short for its dates: it makes no progress any more */
double card_next_event_s(Card *card);     /* G_MAXDOUBLE: nothing will happen by itself */
guint card_vms(const Card *card);         /* numbers given out so far */

/* While paused a VM's new requests wait at the gate; those under way go on. */
void card_pause(Card *card, guint vm);
void card_resume(Card *card, guint vm);
guint card_outstanding(const Card *card, guint vm); /* beyond the gate, not answered */

/* For the account of ids: those given out since the session began, wherever; those not answered, the gate's included;
 * those that were dropped on this card, also before its statistics began. issued = answers + under way + dropped. */
guint64 card_issued(const Card *card, guint vm);
guint card_under_way(const Card *card, guint vm);
guint64 card_dropped(const Card *card, guint vm);

/* Pauses and advances until nothing of the VM is outstanding; FALSE when limit_s came first. */
gboolean card_drain(Card *card, guint vm, double limit_s) G_GNUC_WARN_UNUSED_RESULT;

/* Called for every answer; data is borrowed. */
void card_on_done(Card *card, CardOnDone on_done, gpointer data);

/* Warm-up is over: all statistics begin anew now. */
void card_reset_statistics(Card *card);

#endif
