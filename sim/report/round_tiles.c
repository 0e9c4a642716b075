#include "sim/report/round_tiles.h"

#include "sim/output/table.h"

#include <math.h>
#include <string.h>

enum {
    COLUMNS = 32,   /* chosen: of a picture; 256 tiles are a block of 32 by 8 */
    SIDE = 8,       /* chosen: of a tile */
    SHADES = 4,     /* chosen: parts of a tile that the eye tells apart; none is a fifth */
    MAX_ROUNDS = 64 /* chosen, in all: what a reader looks through; the file holds the rest */
};

static const char *const bitmaps[] = {"to_send", "to_skip", "sent", NULL};

/* Rows [first, end) of the table are the tiles of one memory in one round. */
typedef struct {
    const Table *table;
    guint first, end;
} Block;

static gboolean
is_same(const Table *table, guint row, guint other, const char *column)
{
    return g_strcmp0(table_text(table, row, column), table_text(table, other, column)) == 0;
}

static gboolean
is_same_round(const Table *table, guint row, guint other)
{
    return is_same(table, row, other, "migration") && is_same(table, row, other, "leg") &&
           is_same(table, row, other, "round");
}

static Block
block_from(const Table *table, guint first)
{
    Block block = {table, first, first};

    while (block.end < table_rows(table) && is_same_round(table, first, block.end) &&
           is_same(table, first, block.end, "memory"))
        block.end++;
    return block;
}

static double
sum(const Block *block, const char *column)
{
    double all = 0;

    for (guint row = block->first; row < block->end; row++)
        all += table_number(block->table, row, column);
    return all;
}

/* 0: no page of the tile; SHADES: all; between, by parts. */
static int
shade(const Block *block, guint row, const char *column)
{
    return (int)ceil(SHADES * table_number(block->table, row, column) / table_number(block->table, row, "pages"));
}

/* Tiles of one shade that lie side by side are one rectangle. */
static void
append_squares(Page *page, const Block *block, const char *column)
{
    for (guint row = block->first; row < block->end;) {
        const guint at = row - block->first, x = at % COLUMNS;
        const int own = shade(block, row, column);
        guint n = 0;
        while (row < block->end && x + n < COLUMNS && shade(block, row, column) == own) {
            n++;
            row++;
        }
        g_string_append_printf(page->out, "<rect x=\"%u\" y=\"%u\" width=\"%u\" height=\"%d\" class=\"t%d\"/>",
                               x * SIDE, at / COLUMNS * SIDE, n * SIDE - 1, SIDE - 1, own);
    }
}

/* Lines between the columns, which rectangles of several tiles have lost. */
static void
append_grid(Page *page, guint wide, guint high)
{
    g_string_append(page->out, "<path class=\"grid\" d=\"");
    for (guint x = SIDE; x < wide; x += SIDE)
        g_string_append_printf(page->out, "M%u 0v%u", x, high);
    g_string_append(page->out, "\"/>");
}

static void
append_bitmap(Page *page, const Block *block, const char *column)
{
    const guint n = block->end - block->first, wide = MIN(n, COLUMNS) * SIDE, high = (n + COLUMNS - 1) / COLUMNS * SIDE;
    g_autofree char *said =
        g_strdup_printf("%s: %.0f / %.0f", page_say(page, column), sum(block, column), sum(block, "pages"));

    g_string_append(page->out, "<figure><figcaption>");
    page_append_text(page, said);
    g_string_append_printf(page->out, "</figcaption><svg role=\"img\" width=\"%u\" height=\"%u\" aria-label=\"", wide,
                           high);
    page_append_text(page, table_text(block->table, block->first, "memory"));
    g_string_append(page->out, ", ");
    page_append_text(page, said);
    g_string_append(page->out, "\">");
    append_squares(page, block, column);
    append_grid(page, wide, high);
    g_string_append(page->out, "</svg></figure>");
}

static void
append_block(Page *page, const Block *block)
{
    const char *memory = table_text(block->table, block->first, "memory");

    g_string_append(page->out, "<h4>");
    page_append_text(page, g_strcmp0(memory, "cump") == 0 ? "CUMP" : memory);
    g_string_append_printf(page->out, " <small class=\"quiet\">%s %.0f</small></h4>\n<div class=\"tiles\">",
                           page_say(page, "pages in a tile:"), table_number(block->table, block->first, "pages"));
    for (const char *const *column = bitmaps; *column; column++)
        append_bitmap(page, block, *column);
    g_string_append(page->out, "</div>\n");
}

/* Returns the first row behind the round. */
static guint
append_round(Page *page, const Table *table, guint first)
{
    g_autoptr(GString) round = g_string_new(page_say(page, "round %s"));
    guint row = first;

    g_string_replace(round, "%s", table_text(table, first, "round"), 1);
    g_string_append_printf(page->out, "<details class=\"round\"%s><summary>", first == 0 ? " open" : "");
    page_append_text(page, table_text(table, first, "migration"));
    g_string_append(page->out, " · ");
    page_append_text(page, table_text(table, first, "leg"));
    g_string_append(page->out, " · ");
    page_append_text(page, round->str);
    g_string_append(page->out, "</summary>\n");
    while (row < table_rows(table) && is_same_round(table, first, row)) {
        const Block block = block_from(table, row);
        append_block(page, &block);
        row = block.end;
    }
    g_string_append(page->out, "</details>\n");
    return row;
}

void
round_tiles_append(Page *page)
{
    static const char *const columns[] = {"migration", "leg",     "round",   "memory", "first_page",
                                          "pages",     "to_send", "to_skip", "sent",   NULL};
    g_autofree char *path = g_build_filename(page->folder, "page-tiles.csv", NULL);
    g_autoptr(Table) table = g_file_test(path, G_FILE_TEST_IS_REGULAR) ? table_read(path, columns, NULL) : NULL;
    guint row = 0;

    if (!table || table_rows(table) == 0)
        return;
    page_append_heading(page, "Bitmaps of the rounds");
    g_string_append(page->out, "<p class=\"quiet\">");
    page_append_text(
        page, page_say(page, "A tile is some pages in a row; the more of them a bitmap has, the stronger its colour."));
    g_string_append(page->out, "</p>\n<div id=\"tiles\">\n");
    for (guint n = 0; row < table_rows(table) && n < MAX_ROUNDS; n++)
        row = append_round(page, table, row);
    g_string_append(page->out, "</div>\n");
    if (row < table_rows(table))
        g_string_append_printf(page->out, "<p class=\"quiet\">%s page-tiles.csv</p>\n", page_say(page, "all is in"));
}
