/* The bitmaps of each round as tiles: to send, to skip, sent, for each memory; of the run's page-tiles.csv. */
#ifndef TANDEM_SIM_REPORT_ROUND_TILES_H
#define TANDEM_SIM_REPORT_ROUND_TILES_H

#include "sim/report/page.h"

/* Nothing when the run was not asked for them (engine.page_tiles). */
void round_tiles_append(Page *page);

#endif
