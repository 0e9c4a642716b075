#include "sim/world/invariant.h"

void
invariant_init(World *world)
{
    world->invariants[INVARIANT_ONE_INSTANCE] =
        (Invariant){.name = "one_instance_runs", .meaning = "at most one instance of a domain runs at any time"};
    world->invariants[INVARIANT_VTPM_TOGETHER] =
        (Invariant){.name = "vtpm_serves_its_host", .meaning = "a vTPM serves its VM only while both run on one host"};
    world->invariants[INVARIANT_VTPM_MANAGED] = (Invariant){
        .name = "vtpm_has_one_manager", .meaning = "a vTPM is served by its own host's manager domain and no other"};
    world->invariants[INVARIANT_IMAGES_EQUAL] =
        (Invariant){.name = "images_equal",
                    .meaning = "the destination's memory equals the source's: no page is out of date there"};
    world->invariants[INVARIANT_PCR] = (Invariant){.name = "pcr_as_without_migration",
                                                   .meaning = "the PCR is that of the same calls without a migration"};
    world->invariants[INVARIANT_MEMORY] =
        (Invariant){.name = "host_memory", .meaning = "a host's domains fit its memory, and give back what they took"};
    world->invariants[INVARIANT_PLAN_HELD] =
        (Invariant){.name = "plans_hold", .meaning = "what was planned ahead happened when it was planned"};
    world->invariants[INVARIANT_TABLES] = (Invariant){
        .name = "tables_agree", .meaning = "rows of tables follow each other in time and sum up to their metrics"};
    world->invariants[INVARIANT_CARD_ONCE] = (Invariant){
        .name = "card_requests_once", .meaning = "every request to a card is answered exactly once, or still waits"};
    world->invariants[INVARIANT_CARD_LITTLE] = (Invariant){
        .name = "card_littles_law", .meaning = "at every station the number present is rate times time spent there"};
    world->invariants[INVARIANT_SOCKET_BYTES] = (Invariant){
        .name = "socket_bytes", .meaning = "every byte of a connection arrives once and in order: the receiver's hash"};
    world->invariants[INVARIANT_SOCKET_END] =
        (Invariant){.name = "socket_end",
                    .meaning = "nobody waits for ever, and a connection that has ended leaves nothing behind"};
}

void
invariant_clear(World *world)
{
    for (guint i = 0; i < N_INVARIANTS; i++)
        g_clear_pointer(&world->invariants[i].first, g_free);
}

void
invariant_check(World *world, guint which, gboolean holds, const char *format, ...)
{
    Invariant *invariant = &world->invariants[which];
    va_list arguments;

    invariant->checks++;
    if (holds)
        return;
    invariant->violations++;
    if (invariant->first)
        return;
    va_start(arguments, format);
    g_autofree char *what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    invariant->first = g_strdup_printf("at %.6f s: %s", world_now(), what);
}
