#include "sim/claims/vm_vtpm_readings.h"

#include "sim/claims/reading.h"
#include "sim/claims/vm_vtpm_runs.h"

#include <math.h>

#define TESTBED      "testbed.json"
#define JOINT_MEAN_S 73.2 /* table 4, row VM-vTPM, mean of its five runs */
#define VM_MEAN_S    60.2 /* the same, row VM */

#define HYPERVISOR(keys) "/timeline/0/hypervisor={\"profile\":\"xen-4.5\"," keys "}"
/* 4.4 s: what the means of table 4's rows VM-vTPM and total differ by, 73.2 and 68.8 s. */
#define ONCE  HYPERVISOR("\"cump_page_work\":\"0s\",\"cump_work\":\"4.4s\"")
#define DIRTY HYPERVISOR("\"cump_sends\":\"dirty\"")
/* struct cumpInfo of section 2.2: four int and two pointers of a 64-bit machine; its "……" is not counted. */
#define ENTRIES HYPERVISOR("\"cump_page_header\":\"32B\"")
#define OVERLAP HYPERVISOR("\"costs\":{\"overlap\":true}")

#define LARGE      "/guests/0/memory=4GiB"
#define LARGE_VTPM "/vtpms/0/memory=128MiB"
/* Chosen: it writes all of its memory as often as the VM writes its own. */
#define BUSY_VTPM "/vtpms/0/workload={\"kind\":\"uniform\",\"working_set\":\"128MiB\",\"rate\":\"510/s\"}"

#define TOTAL_S "s", JOINT_MEAN_S, VM_VTPM_TOTAL, 1

static const Reading readings[] = {
    {"joint work: per page or once?",
     "/timeline/0/hypervisor/cump_page_work and cump_work",
     "total at 512 MiB",
     TOTAL_S,
     {{"per page", {TESTBED, {NULL}}}, {"once", {TESTBED, {ONCE}}}}},
    {"joint work: per page or once?",
     "/timeline/0/hypervisor/cump_page_work and cump_work",
     "total at 4 GiB",
     "s",
     NAN,
     VM_VTPM_TOTAL,
     1,
     {{"per page", {TESTBED, {LARGE}}}, {"once", {TESTBED, {LARGE, ONCE}}}}},
    {"page n: of both or the dirty one?",
     "/timeline/0/hypervisor/cump_sends",
     "total with 2 MiB of vTPM",
     TOTAL_S,
     {{"both", {TESTBED, {NULL}}}, {"dirty", {TESTBED, {DIRTY}}}}},
    {"page n: of both or the dirty one?",
     "/timeline/0/hypervisor/cump_sends",
     "total with a busy 128 MiB vTPM",
     "s",
     NAN,
     VM_VTPM_TOTAL,
     1,
     {{"both", {TESTBED, {LARGE_VTPM, BUSY_VTPM}}}, {"dirty", {TESTBED, {LARGE_VTPM, BUSY_VTPM, DIRTY}}}}},
    {"fixed costs: in turn or at once?",
     "/timeline/0/hypervisor/costs/overlap",
     "total at 512 MiB",
     TOTAL_S,
     {{"in turn", {TESTBED, {NULL}}}, {"at once", {TESTBED, {OVERLAP}}}}},
    {"is the CUMP itself copied?",
     "/timeline/0/hypervisor/cump_page_header",
     "total at 512 MiB",
     TOTAL_S,
     {{"no", {TESTBED, {NULL}}}, {"32 B a page", {TESTBED, {ENTRIES}}}}},
    {"a PV or an HVM guest?",
     "/guests/0/mode",
     "total of the VM alone",
     "s",
     VM_MEAN_S,
     VM_VTPM_TOTAL,
     1,
     {{"PV", {TESTBED, {"/timeline/0/method=vm"}}},
      {"HVM", {TESTBED, {"/timeline/0/method=vm", "/guests/0/mode=hvm"}}}}},
};

guint
vm_vtpm_readings_add(Batch *batch, GError **error)
{
    return readings_add(batch, "vm-vtpm", readings, G_N_ELEMENTS(readings), VM_VTPM_SEEDS, error);
}

void
vm_vtpm_readings_take(const Batch *batch, guint first, FileSet *files)
{
    readings_take(batch, first, readings, G_N_ELEMENTS(readings), VM_VTPM_SEEDS, files);
}
