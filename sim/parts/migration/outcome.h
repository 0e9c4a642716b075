/* How a migration may end, by its own doing; what a part of the world refuses has that part's words (Part.may_move). */
#ifndef TANDEM_SIM_PARTS_MIGRATION_OUTCOME_H
#define TANDEM_SIM_PARTS_MIGRATION_OUTCOME_H

#include "sim/world/request.h"

extern const Outcome outcome_running; /* not ended yet */
extern const Outcome outcome_completed;
extern const Outcome outcome_already_there;
extern const Outcome outcome_busy;             /* one of the domains is being migrated */
extern const Outcome outcome_not_running;      /* the domain was stopped, lost, destroyed or not created before */
extern const Outcome outcome_no_vtpm;          /* Algorithm 1, step 1 */
extern const Outcome outcome_apart;            /* both were to go, from different hosts */
extern const Outcome outcome_at_storage;       /* save-restore, after another migration has brought the guest there */
extern const Outcome outcome_binding_mismatch; /* Algorithm 1, step 3 */
extern const Outcome outcome_no_config;        /* Algorithm 2, step 2 */
extern const Outcome outcome_other_pair;       /* Definition 3, at the destination */
extern const Outcome outcome_no_memory;
extern const Outcome outcome_no_cpu;
extern const Outcome outcome_link_lost;
extern const Outcome outcome_source_lost;
extern const Outcome outcome_destination_lost;
extern const Outcome outcome_gave_up; /* pre-copy did not converge within its time limit */
extern const Outcome outcome_cancelled;
extern const Outcome outcome_storage_lost; /* save-restore */
extern const Outcome outcome_guest_lost;
extern const Outcome outcome_card_elsewhere, outcome_card_lost;

#endif
