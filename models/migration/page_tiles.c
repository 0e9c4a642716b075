#include "models/migration/page_tiles.h"

#include "models/memory/bitmap.h"

typedef struct {
    guint64 pages;
    gsize words, tile_words;
    guint n_tiles;
    guint64 *to_send, *to_skip, *sent; /* bitmaps, owned */
} Layer;

struct PageTiles {
    Layer layers[PAGE_TILES_LAYERS_MAX];
    guint n_layers;
    gboolean any_sent; /* in the round */
    GArray *over;      /* of PageTile: round by round, layer by layer */
};

PageTiles *
page_tiles_new(const guint64 *pages, guint n_layers, guint tiles)
{
    PageTiles *own = g_new0(PageTiles, 1);

    g_assert(n_layers <= PAGE_TILES_LAYERS_MAX && tiles > 0);
    own->n_layers = n_layers;
    own->over = g_array_new(FALSE, FALSE, sizeof(PageTile));
    for (guint i = 0; i < n_layers; i++) {
        const gsize words = bitmap_words(pages[i]), each = (words + tiles - 1) / tiles;
        own->layers[i] = (Layer){.pages = pages[i],
                                 .words = words,
                                 .tile_words = each,
                                 .n_tiles = (guint)((words + each - 1) / each),
                                 .to_send = g_new0(guint64, words),
                                 .to_skip = g_new0(guint64, words),
                                 .sent = g_new0(guint64, words)};
    }
    return own;
}

void
page_tiles_free(PageTiles *tiles)
{
    if (!tiles)
        return;
    for (guint i = 0; i < tiles->n_layers; i++) {
        g_free(tiles->layers[i].to_send);
        g_free(tiles->layers[i].to_skip);
        g_free(tiles->layers[i].sent);
    }
    g_array_unref(tiles->over);
    g_free(tiles);
}

/* The tile as the round has it now. */
static PageTile
tile_now(const Layer *layer, guint tile)
{
    const gsize first = tile * layer->tile_words, n = MIN(layer->tile_words, layer->words - first);

    return (PageTile){.first_page = first * 64,
                      .pages = MIN(layer->pages, (first + n) * 64) - first * 64,
                      .to_send = bitmap_count(layer->to_send + first, n),
                      .to_skip = bitmap_count(layer->to_skip + first, n),
                      .sent = bitmap_count(layer->sent + first, n)};
}

static guint
tiles_of_all(const PageTiles *tiles)
{
    guint n = 0;

    for (guint i = 0; i < tiles->n_layers; i++)
        n += tiles->layers[i].n_tiles;
    return n;
}

void
page_tiles_turn(PageTiles *tiles)
{
    for (guint i = 0; i < tiles->n_layers; i++) {
        Layer *layer = &tiles->layers[i];
        for (guint tile = 0; tiles->any_sent && tile < layer->n_tiles; tile++) {
            const PageTile now = tile_now(layer, tile);
            g_array_append_val(tiles->over, now);
        }
        bitmap_and_not(layer->to_send, layer->sent, layer->words);
        memset(layer->to_skip, 0, layer->words * sizeof *layer->to_skip);
        memset(layer->sent, 0, layer->words * sizeof *layer->sent);
    }
    tiles->any_sent = FALSE;
}

void
page_tiles_caught(PageTiles *tiles, guint layer, const guint64 *bits)
{
    if (layer >= tiles->n_layers)
        return;
    Layer *own = &tiles->layers[layer];
    if (bits)
        bitmap_or(own->to_send, bits, own->words);
    else
        bitmap_fill(own->to_send, own->pages);
}

void
page_tiles_peeked(PageTiles *tiles, guint layer, gsize first_word, gsize n_words, const guint64 *bits)
{
    if (layer >= tiles->n_layers)
        return;
    const Layer *own = &tiles->layers[layer];
    for (gsize w = first_word; w < MIN(first_word + n_words, own->words); w++)
        own->to_skip[w] = own->to_send[w] & ~own->sent[w] & bits[w - first_word];
}

void
page_tiles_sent(PageTiles *tiles, guint layer, gsize first_word, gsize n_words, const guint64 *bits)
{
    if (layer >= tiles->n_layers)
        return;
    const Layer *own = &tiles->layers[layer];
    for (gsize w = first_word; w < MIN(first_word + n_words, own->words); w++) {
        own->sent[w] |= bits[w - first_word];
        own->to_skip[w] &= ~bits[w - first_word];
        tiles->any_sent |= bits[w - first_word] != 0;
    }
}

guint
page_tiles_rounds(const PageTiles *tiles)
{
    return tiles->over->len / tiles_of_all(tiles) + (tiles->any_sent ? 1 : 0);
}

guint
page_tiles_layers(const PageTiles *tiles)
{
    return tiles->n_layers;
}

guint
page_tiles_count(const PageTiles *tiles, guint layer)
{
    return tiles->layers[layer].n_tiles;
}

PageTile
page_tiles_get(const PageTiles *tiles, guint round, guint layer, guint tile)
{
    const guint all = tiles_of_all(tiles);
    guint at = round * all + tile;

    for (guint i = 0; i < layer; i++)
        at += tiles->layers[i].n_tiles;
    return at < tiles->over->len ? g_array_index(tiles->over, PageTile, at) : tile_now(&tiles->layers[layer], tile);
}
