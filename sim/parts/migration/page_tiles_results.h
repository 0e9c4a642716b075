/* page-tiles.csv: the bitmaps of each round, when the scenario's engine.page_tiles asks for them. */
#ifndef TANDEM_SIM_PARTS_MIGRATION_PAGE_TILES_RESULTS_H
#define TANDEM_SIM_PARTS_MIGRATION_PAGE_TILES_RESULTS_H

#include "sim/output/record.h"

extern const Record page_tile_record;

/* migrations: of Migration. Nothing when none has tiles. */
void page_tiles_results_collect(const GPtrArray *migrations, Result *result);

#endif
