#include "models/card/cardsession.h"

#include "models/card/cardcore.h"

void
cardsession_free(CardSession *session)
{
    if (!session)
        return;
    g_free(session->vm_name);
    g_array_unref(session->pending);
    g_free(session);
}

static gint
pending_compare(gconstpointer a, gconstpointer b)
{
    const guint64 x = ((const CardPending *)a)->id, y = ((const CardPending *)b)->id;

    return (x > y) - (x < y);
}

/* Notes the VM's requests, wherever they are. Those at the gate are withdrawn here; the others when a server lets go of
 * them or the card is done with them (cardflow.c). */
static void
abandon_all(Card *card, const CardVm *vm, GArray *pending)
{
    for (guint32 i = 0; i < card->n_requests; i++) {
        CardRequest *request = &card->requests[i];
        if (request->vm != vm || !(request->flags & CARD_FLAG_LIVE) || request->flags & CARD_FLAG_ABANDONED)
            continue;
        const CardPending entry = {request->id,  request->issued_s, request->bytes,
                                   request->tag, request->key,      (CardAlgorithm)request->algorithm};
        g_array_append_val(pending, entry);
        if (request->flags & CARD_FLAG_GATED)
            cardflow_free(card, i);
        else
            request->flags |= CARD_FLAG_ABANDONED | CARD_FLAG_SPECIAL;
    }
    g_array_sort(pending, pending_compare);
}

CardSession *
cardsession_detach(Card *card, guint vm_index)
{
    CardVm *vm = cardcore_vm(card, vm_index);
    CardSession *session = g_new0(CardSession, 1);

    g_return_val_if_fail(vm->attached, session);
    session->vm_name = g_strdup(vm->name);
    session->player = vm->player;
    session->pending = g_array_new(FALSE, FALSE, sizeof(CardPending));
    abandon_all(card, vm, session->pending);
    if (cardload_is_closed(&vm->player.load))
        session->idle = vm->player.load.outstanding - MIN(vm->outstanding - vm->calls, vm->player.load.outstanding);
    vm->attached = FALSE;
    vm->outstanding = vm->calls = vm->gated = vm->parked = 0;
    vm->gate_head = vm->gate_tail = CARD_NONE;
    card_give_place(card, vm->path);
    return session;
}

CardAttach
cardsession_may_attach(const Card *card, guint path, const CardSession *session)
{
    return card_may_attach(card, path, session->vm_name, &session->player.load);
}

CardAttach
cardsession_may_move(const Card *from, guint vm_index, const Card *to, guint path)
{
    const CardVm *vm = cardcore_vm(from, vm_index);

    return card_may_attach(to, path, vm->name, &vm->player.load);
}

CardAttach
cardsession_attach(Card *card, guint path, CardSession *session, guint *vm)
{
    const CardAttach answer = cardsession_may_attach(card, path, session);

    if (answer != CARD_ATTACHED)
        return answer;
    *vm = card_place_vm(card, path, session->vm_name, &session->player);
    for (guint i = 0; i < session->pending->len; i++)
        card_submit(card, cardcore_vm(card, *vm), &g_array_index(session->pending, CardPending, i));
    for (guint i = 0; i < session->idle; i++)
        card_answered(card, cardcore_vm(card, *vm), CARD_DONE);
    if (!cardload_is_closed(&session->player.load) && !cardload_is_over(&session->player))
        calendar_add(&card->calendar, MAX(session->player.next_due_s, card->now_s), CARD_EVENT_DUE, *vm);
    cardflow_settle(card);
    cardsession_free(session);
    return answer;
}
