/* How requests begin: those of a VM's load, those that it takes along from another card, and those that others ask
 * through its session. */
#include "models/card/card.h"
#include "models/card/cardcore.h"

static void
requests_grow(Card *card)
{
    const guint32 old = card->n_requests, new = old ? 2 * old : 256;

    card->requests = g_renew(CardRequest, card->requests, new);
    for (guint32 i = new; i-- > old;) {
        card->requests[i] = (CardRequest){.next = card->free_head};
        card->free_head = i;
    }
    card->n_requests = new;
}

static guint32
card_new_request(Card *card, CardVm *vm)
{
    if (G_UNLIKELY(card->free_head == CARD_NONE))
        requests_grow(card);
    const guint32 index = card->free_head;
    CardRequest *request = &card->requests[index];

    card->free_head = request->next;
    request->next = request->follower = CARD_NONE;
    request->vm = vm;
    request->visit = request->held = 0;
    request->status = CARD_DONE;
    request->flags = CARD_FLAG_LIVE;
    return index;
}

/* Past the gate, or into it while the VM is paused. */
static void
card_admit(Card *card, guint32 index)
{
    CardRequest *request = &card->requests[index];
    CardVm *vm = request->vm;

    if (!vm->paused) {
        cardflow_ready(card, index);
        return;
    }
    request->flags |= CARD_FLAG_GATED;
    request->next = CARD_NONE;
    if (vm->gate_tail == CARD_NONE)
        vm->gate_head = index;
    else
        card->requests[vm->gate_tail].next = index;
    vm->gate_tail = index;
    vm->gated++;
}

gboolean
card_owns_key(const Card *card, guint slot, const char *vm_name)
{
    return slot == 0 || (slot <= card->spec.key_slots && g_strcmp0(card->key_owners[slot], vm_name) == 0);
}

static CardStatus
card_judge(const Card *card, const char *vm_name, guint32 bytes, guint key)
{
    if (bytes > card->spec.packet_bytes_max)
        return CARD_REJECTED;
    return card_owns_key(card, key, vm_name) ? CARD_DONE : CARD_REFUSED;
}

void
card_submit(Card *card, CardVm *vm, const CardPending *asked)
{
    const guint32 index = card_new_request(card, vm);
    CardRequest *request = &card->requests[index];

    request->id = asked->id;
    request->issued_s = asked->issued_s;
    request->algorithm = (guint8)asked->algorithm;
    request->bytes = request->in_bytes = asked->bytes;
    request->out_bytes = cardspec_output_bytes(&card->spec, asked->algorithm, asked->bytes);
    request->key = (guint16)asked->key;
    request->tag = asked->tag;
    request->status = (guint8)card_judge(card, vm->name, asked->bytes, asked->key);
    if (asked->algorithm == CARD_ECHO || request->status != CARD_DONE)
        request->flags |= CARD_FLAG_SPECIAL;
    vm->outstanding++;
    vm->calls += asked->tag != CARD_OWN;
    card_admit(card, index);
}

void
card_call(Card *card, guint vm_index, const CardDemand *asked, guint32 tag)
{
    CardVm *vm = cardcore_vm(card, vm_index);

    g_return_if_fail(vm->attached && tag != CARD_OWN && asked->due_s <= card->now_s);

    vm->player.called++;
    vm->offered++;
    card_submit(card, vm,
                &(CardPending){vm->player.issued++, asked->due_s, asked->bytes, tag, asked->key, asked->algorithm});
    cardflow_settle(card);
}

guint
card_calls(const Card *card, guint vm_index)
{
    return cardcore_vm(card, vm_index)->calls;
}

void
card_expect_calls(Card *card, guint vm_index, const CardMix *calls, gsize n_calls)
{
    CardLoad *load = &cardcore_vm(card, vm_index)->player.load;

    load->calls = calls;
    load->n_calls = n_calls;
}
