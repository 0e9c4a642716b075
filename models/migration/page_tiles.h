/* The bitmaps of each round, as tiles: of how many pages in a row the round was to send, to skip and did send.
 *
 * Source of the bitmaps: C. Clark et al., NSDI 2005, section 4.2 (to_send, to_skip); Qi and Meng, section 1.4, has one
 * of each for the CUMP, in place of one for each domain.
 *
 *   to_send   caught by the log before the round, or left from it; in round 1 every page
 *   to_skip   of them, dirty again when their turn came, and not sent after all
 *   sent      went out in the round
 *
 * It is told what a page set (page_set.h) is asked and sends, and takes part in nothing. There is a layer for each
 * domain and, behind these, one for the whole of a union.
 *
 * Scope: a round is from one synchronization of the log to the next one in which a page went out.
 */
#ifndef TANDEM_MODELS_MIGRATION_PAGE_TILES_H
#define TANDEM_MODELS_MIGRATION_PAGE_TILES_H

#include <glib.h>

#define PAGE_TILES_LAYERS_MAX 3

typedef struct {
    guint64 first_page, pages; /* of the tile */
    guint64 to_send, to_skip, sent;
} PageTile;

typedef struct PageTiles PageTiles;

/* pages: of each layer, n_layers long, each > 0; tiles: of a layer, at most; each holds a multiple of 64 pages, but the
 * last. */
PageTiles *page_tiles_new(const guint64 *pages, guint n_layers, guint tiles);
void page_tiles_free(PageTiles *tiles);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PageTiles, page_tiles_free)

/* The log is fetched: the round is over when pages went out in it. What each layer caught follows. */
void page_tiles_turn(PageTiles *tiles);
/* bits NULL: every page. A layer that the tiles have not is nothing, here and below. */
void page_tiles_caught(PageTiles *tiles, guint layer, const guint64 *bits);
void page_tiles_peeked(PageTiles *tiles, guint layer, gsize first_word, gsize n_words, const guint64 *bits);
void page_tiles_sent(PageTiles *tiles, guint layer, gsize first_word, gsize n_words, const guint64 *bits);

/* Of the rounds that are over, and of the one that goes on when pages went out in it: 0, 1, … */
guint page_tiles_rounds(const PageTiles *tiles);
guint page_tiles_layers(const PageTiles *tiles);
/* How many a layer has. */
guint page_tiles_count(const PageTiles *tiles, guint layer);
PageTile page_tiles_get(const PageTiles *tiles, guint round, guint layer, guint tile);

#endif
