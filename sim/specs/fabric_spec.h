/* A platform from a few keys: racks, a leaf-spine fabric, or a fat tree, as hosts, switches and cables.
 *
 * Sources: C. Clos, BSTJ 32(2), 1953; M. Al-Fares, A. Loukissas and A. Vahdat, "A scalable, commodity data center
 * network architecture", SIGCOMM 2008, section 3: a fat tree of k-port switches has k pods of k/2 edge and k/2
 * aggregation switches, (k/2)^2 core switches and k^3/4 hosts, and each host can use its full rate whatever they send.
 *
 * Switches of one layer that every lower switch has a cable to are one switch here, and the cables to them one link of
 * as many cables side by side: flows spread over them, and none gets more than one. Which of several equal paths a
 * flow takes is what real fabrics hash; that hash is the link's key `spread`, as for a bond.
 *
 *   paper  here               meaning
 *   R      racks              racks, or leaves
 *   H      hosts              hosts of each
 *   S      spines             of a leaf-spine fabric
 *   k      ports              of a fat tree's switches, even
 *   o      oversubscription   what a rack's hosts can send, over what its cables up can carry
 *   B      bandwidth          of a host's cable
 *
 *   kind        cables up from a rack        hops to another host     bisection bandwidth
 *   racks       1 of H B / o                 2, 4                     R H B / (2 o)
 *   leaf-spine  S of H B / (o S) each        2, 4                     R H B / (2 o)
 *   fat-tree    k/2 of B / o to the pod,     2, 4, 6                  k^3 B / (8 o)
 *               (k/2)^2 of B / o from there
 *
 * Scope: no two cables from one host, no failures of single switches within a layer.
 */
#ifndef TANDEM_SIM_SPECS_FABRIC_SPEC_H
#define TANDEM_SIM_SPECS_FABRIC_SPEC_H

#include "sim/specs/platform_spec.h"

typedef enum { FABRIC_RACKS, FABRIC_LEAF_SPINE, FABRIC_FAT_TREE } FabricKind;

typedef struct {
    FabricKind kind;
    char *name; /* of its hosts: NAME-1, … */
    guint racks, hosts, spines, ports;
    double oversubscription;
    double bandwidth_Bps, efficiency, latency_s;
    HostSpec *host; /* what each host is, without a name */
} FabricSpec;

/* How many things of each sort it has. */
typedef struct {
    guint hosts, edges, pods, cores;
} FabricSize;

/* The table of fabrics; made when it is first asked for. */
const FieldTable *fabric_table(void);

FabricSize fabric_size(const FabricSpec *fabric);

/* Adds the names of the hosts, switches or links ("/hosts", …) of the document's fabric, as group_names_new() does. */
void fabric_add_names(const cJSON *root, const char *list, GHashTable *names);

/* Appends its hosts, switches and links to arrays of HostSpec, SwitchSpec and LinkSpec. resolved: the document. */
void fabric_build(const FabricSpec *fabric, const cJSON *resolved, GArray *hosts, GArray *switches, GArray *links);

/* Why it cannot be: a key below /fabric, and what is wrong with it; NULL: nothing is. */
const char *fabric_fault(const FabricSpec *fabric, const char **key);

#endif
