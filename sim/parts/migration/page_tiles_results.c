#include "sim/parts/migration/page_tiles_results.h"

#include "models/migration/page_tiles.h"
#include "sim/parts/migration/migration.h"

typedef struct {
    const char *migration, *leg, *memory;
    guint64 round, first_page, pages, to_send, to_skip, sent;
} TileRow;

static const RecordField tile_fields[] = {
    {"migration", RECORD_WORD(TileRow, migration), "as in the metrics"},
    {"leg", RECORD_WORD(TileRow, leg), "vm, vtpm or joint"},
    {"round", RECORD_COUNT(TileRow, round), "1, 2, …: of those in which pages went out"},
    {"memory", RECORD_WORD(TileRow, memory), "a domain, or cump: the union of both"},
    {"first_page", RECORD_COUNT(TileRow, first_page), "of the tile"},
    {"pages", RECORD_COUNT(TileRow, pages), "in the tile"},
    {"to_send", RECORD_COUNT(TileRow, to_send), "of them, those to be sent in the round"},
    {"to_skip", RECORD_COUNT(TileRow, to_skip), "of these, those that were dirty again when their turn came"},
    {"sent", RECORD_COUNT(TileRow, sent), "pages that went out in the round"},
    {NULL},
};
const Record page_tile_record = {"page-tiles.csv", tile_fields,
                                 "the bitmaps of each round, tile by tile; only where engine.page_tiles asks for them"};

static void
append_leg(GString *table, const Leg *leg)
{
    const guint rounds = leg->tiles ? page_tiles_rounds(leg->tiles) : 0;

    for (guint round = 0; round < rounds; round++)
        for (guint layer = 0; layer < page_tiles_layers(leg->tiles); layer++)
            for (guint i = 0; i < page_tiles_count(leg->tiles, layer); i++) {
                const PageTile tile = page_tiles_get(leg->tiles, round, layer, i);
                const char *memory = layer < leg->n_copied ? leg->domains[layer]->name : "cump";
                const TileRow row = {leg->migration->name, leg->label,   memory,       round + 1, tile.first_page,
                                     tile.pages,           tile.to_send, tile.to_skip, tile.sent};
                record_append_row(&page_tile_record, &row, table);
            }
}

void
page_tiles_results_collect(const GPtrArray *migrations, Result *result)
{
    GString *table = record_table(&page_tile_record);
    gboolean any = FALSE;

    for (guint m = 0; m < migrations->len; m++) {
        const Migration *migration = g_ptr_array_index(migrations, m);
        for (guint i = 0; i < migration->legs->len; i++) {
            const Leg *leg = g_ptr_array_index(migration->legs, i);
            append_leg(table, leg);
            any |= leg->tiles != NULL;
        }
    }
    if (any)
        record_take_table(&page_tile_record, table, result);
    else
        g_string_free(table, TRUE);
}
