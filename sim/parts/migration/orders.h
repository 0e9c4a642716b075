/* What the time line says to migrations that run: change limits, end, or finish at once.
 *
 * Sources: QEMU's migrate-set-parameters, migrate_cancel and migrate-start-postcopy; virsh migrate-setmaxdowntime,
 * migrate-setspeed, domjobabort and migrate-postcopy; nova's live-migration-abort and live-migration-force-complete.
 *
 * An order takes effect at its date: transfers and sleeps end there where the migration is to end, and where its
 * machine is told something no batch that it plans begins later. Both the time line's actor and the migration's come to
 * that date, in an order that nobody knows; whoever comes first gives the order. Each is a row of
 * migration-requests.csv.
 */
#ifndef TANDEM_SIM_PARTS_MIGRATION_ORDERS_H
#define TANDEM_SIM_PARTS_MIGRATION_ORDERS_H

#include "sim/output/trace.h"
#include "sim/parts/migration/migration.h"

/* Those of the world's time line. */
Orders *orders_new(World *world);
void orders_free(Orders *orders);

/* A migration is at work from now on, or has ended. */
void orders_begin(Orders *orders, Migration *migration);
void orders_end(Migration *migration);

/* The time line has come to this action, which is one of them. */
void orders_give(Orders *orders, const ActionSpec *action);
/* What has this date, or one before, has come to the migration: it is cancelled, if that was said. */
void orders_come_due(Migration *migration);
/* The same; and as its machine does nothing now, it is told what has come. */
void orders_take(Migration *migration);
/* When it will be told something; INFINITY: never. */
double orders_next_s(const Migration *migration);
/* When it will be told to end. */
double orders_cancel_s(const Migration *migration);
/* Tells a leg's machine what has been changed before. */
void orders_pass_on(Leg *leg);

/* Dates at which a migration's rate may change for others. */
void orders_foresee(World *world, const Orders *orders);
void orders_collect(const Orders *orders, Result *result);
/* Once legs have shown their tracks. */
void orders_trace(const Orders *orders, Trace *trace);

extern const Record orders_record, orders_row_record;

#endif
