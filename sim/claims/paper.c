#include "sim/claims/paper.h"

#include "sim/claims/clients.h"
#include "sim/claims/crypto_card.h"
#include "sim/claims/datacentre.h"
#include "sim/claims/inter_vm_sockets.h"
#include "sim/claims/operators.h"
#include "sim/claims/vm_vtpm.h"

const Paper papers[] = {
    {"vm-vtpm", "Qi and Meng: a VM-vTPM live migration scheme based on pre-copy", vm_vtpm_reproduce},
    {"crypto-card", "Tang et al.: virtualizing a crypto card over shared memory and vsock", crypto_card_reproduce},
    {"inter-vm-sockets", "CN101859263A: sockets between VMs that survive migration", inter_vm_sockets_reproduce},
    {"clients", "TCP's timers, QEMU's announcements and published outages: what clients feel of a move",
     clients_reproduce},
    {"operators", "what operators report of their migrations: rates, totals, downtimes, and which never end",
     operators_reproduce},
    {"datacentre", "data centres that decide: consolidation on a real test bed, schedulers' rules, containers",
     datacentre_reproduce},
    {NULL, NULL, NULL},
};

const Paper *
paper_find(const char *name)
{
    for (const Paper *paper = papers; paper->name; paper++)
        if (g_str_equal(paper->name, name))
            return paper;
    return NULL;
}
