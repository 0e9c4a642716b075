/* What a card answers: to a request, and to a VM that wants to attach. */
#ifndef TANDEM_MODELS_CARD_CARDANSWER_H
#define TANDEM_MODELS_CARD_CARDANSWER_H

#include <glib.h>

typedef struct Card Card; /* card.h */

/* What became of a request. */
typedef enum {
    CARD_DONE,
    CARD_REJECTED, /* larger than packet_bytes_max: answered by the guest's library */
    CARD_REFUSED,  /* another VM's key: answered by the software in front of the card */
} CardStatus;

typedef enum {
    CARD_ATTACHED,
    CARD_REFUSES_VMS,       /* the path serves no more VMs (vms_max, virtual functions) */
    CARD_REFUSES_ALGORITHM, /* the load asks for what the card has not got */
    CARD_REFUSES_KEYS,      /* the load names keys that this VM does not own here */
    CARD_REFUSES_NO_TIME,   /* a closed load whose calls take no time at all would never end */
} CardAttach;

typedef struct {
    guint vm;
    const char *vm_name; /* borrowed for the call */
    guint64 id;
    double issued_s, done_s;
    guint32 bytes;
    guint32 tag; /* of card_call; CARD_OWN: the VM's own load asked */
    CardStatus status;
} CardAnswer;

typedef void (*CardOnDone)(const CardAnswer *answer, gpointer data);

#endif
