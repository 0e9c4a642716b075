/* A VM's session with a card, taken along when the VM migrates.
 *
 * Source: paper, conclusion (VMs on the software paths can migrate; SR-IOV hardly can). What becomes of requests that
 * are under way is the caller's choice: drain     card_drain first: nothing is outstanding when the session leaves;
 *   re-submit cardsession_detach at once: what is outstanding travels as a list and is asked anew at the other card,
 *             under the same ids and issue times. What the old card still computes is thrown away (counted as
 *             discarded), so every id is answered exactly once.
 *
 * Scope: the guest's memory and the key store are somebody else's; a session belongs to no card while it travels.
 */
#ifndef TANDEM_MODELS_CARD_CARDSESSION_H
#define TANDEM_MODELS_CARD_CARDSESSION_H

#include "models/card/card.h"

typedef struct {
    char *vm_name; /* owned */
    CardPlayer player;
    GArray *pending; /* owned, of CardPending, by id */
    guint idle;      /* closed loads: callers that have no request outstanding */
} CardSession;

void cardsession_free(CardSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CardSession, cardsession_free)

/* Takes the VM off the card (transfer full). Its number is dead then; what it had in the card's hands is finished there
 * for nobody, everything else is withdrawn. */
CardSession *cardsession_detach(Card *card, guint vm);

/* Whether cardsession_attach would succeed: asked before a migration begins. */
CardAttach cardsession_may_attach(const Card *card, guint path, const CardSession *session);
CardAttach cardsession_may_move(const Card *from, guint vm, const Card *to, guint path);

/* Opens the session on this card now and asks again for all that is pending. On success the session is freed; when it
 * is refused the caller keeps it. */
CardAttach cardsession_attach(Card *card, guint path, CardSession *session, guint *vm) G_GNUC_WARN_UNUSED_RESULT;

#endif
