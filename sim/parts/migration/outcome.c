#include "sim/parts/migration/outcome.h"

const Outcome outcome_running = {"running", "not ended yet"};
const Outcome outcome_completed = {"completed", "completed"};
const Outcome outcome_already_there = {"already-there", "the domain is on the destination already"};
const Outcome outcome_busy = {"busy", "the domain is being migrated already"};
const Outcome outcome_not_running = {
    "not-running", "the domain does not run: it was stopped, lost or destroyed, or is not created yet"};
const Outcome outcome_no_vtpm = {"no-vtpm", "not one VM and one vTPM"};
const Outcome outcome_apart = {"apart", "VM and vTPM are on different hosts"};
const Outcome outcome_at_storage = {"at-storage", "the guest is on the host whose storage its file was to go to"};
const Outcome outcome_binding_mismatch = {"binding-mismatch", "domu | vTPM don't match"};
const Outcome outcome_no_config = {"no-config", "migration false: the destination lacks a domain's configuration"};
const Outcome outcome_other_pair = {"other-pair", "the destination has the VM with another vTPM"};
const Outcome outcome_no_memory = {"no-memory", "the destination has too little free memory"};
const Outcome outcome_no_cpu = {"no-cpu", "the destination has too few processors for its virtual ones"};
const Outcome outcome_link_lost = {"link-lost", "the connection between source and destination was lost"};
const Outcome outcome_source_lost = {"source-lost", "the source host was lost"};
const Outcome outcome_destination_lost = {"destination-lost", "the destination host was lost"};
const Outcome outcome_gave_up = {"gave-up", "pre-copy did not converge within its time limit; the guest stays"};
const Outcome outcome_cancelled = {"cancelled", "somebody cancelled it; the guest stays"};
const Outcome outcome_storage_lost = {"storage-lost", "the host whose storage holds the guest's image was lost"};
const Outcome outcome_guest_lost = {"guest-lost",
                                    "post-copy lost the pages that were still at the source: the guest is lost"};
const Outcome outcome_card_elsewhere = {"card-elsewhere",
                                        "the card that is to work on its pages is not on the host that needs it"};
const Outcome outcome_card_lost = {"card-lost", "the card that works on its pages answers no more"};
