#include "sim/report/page.h"

#include "sim/output/drawn.h"
#include "sim/output/files.h"
#include "sim/scenario/wording.h"

#include <string.h>

/* As an image, in which a browser runs no script and loads nothing: the folder may hold an SVG of anybody's. */
static void
append_figure(Page *page, const char *path, const char *name)
{
    g_autofree char *svg = NULL;
    gsize length;

    if (!files_read(path, &svg, &length, NULL))
        return;
    g_autofree char *data = g_base64_encode((const guchar *)svg, length);
    g_string_append(page->out, "<figure><img alt=\"");
    page_append_text(page, name);
    g_string_append_printf(page->out, "\" src=\"data:image/svg+xml;base64,%s\"><figcaption>", data);
    page_append_text(page, name);
    g_string_append(page->out, "</figcaption></figure>\n");
}

/* Paths of *.svg in a folder and the folders in it, sorted. */
static void
find_figures(const char *folder, guint depth, GPtrArray *paths)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);

    for (const char *name = dir ? g_dir_read_name(dir) : NULL; name; name = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (depth > 0 && g_file_test(path, G_FILE_TEST_IS_DIR) && !g_str_equal(name, "shards"))
            find_figures(path, depth - 1, paths);
        else if (g_str_has_suffix(name, ".svg"))
            g_ptr_array_add(paths, g_steal_pointer(&path));
    }
}

/* Whether the figure is one of these results; else, and where it speaks another language, notes says so. */
static gboolean
belongs_here(const Page *page, Drawn *drawn, const char *name, GPtrArray *notes)
{
    const char *language;
    const DrawnState state = drawn_state(drawn, name, &language);

    if (state != DRAWN_NOW)
        g_ptr_array_add(notes, g_strdup_printf("%s: %s", name,
                                               page_say(page, state == DRAWN_STALE
                                                                  ? "not shown, it was drawn from other results"
                                                                  : "not shown, it is not as tandem plot drew it")));
    else if (g_strcmp0(language, label_language_word(page->language)) != 0)
        g_ptr_array_add(notes, g_strdup_printf("%s: %s", name, page_say(page, "in the other language")));
    return state == DRAWN_NOW;
}

static void
append_notes(Page *page, const GPtrArray *notes)
{
    if (notes->len == 0)
        return;
    g_string_append(page->out, "<ul id=\"notes\">\n");
    for (guint i = 0; i < notes->len; i++) {
        g_string_append(page->out, "<li>");
        page_append_text(page, g_ptr_array_index(notes, i));
        g_string_append(page->out, "</li>\n");
    }
    g_string_append(page->out, "</ul>\n");
}

void
page_append_figures(Page *page)
{
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(Drawn) drawn = drawn_load(page->folder);

    find_figures(page->folder, 1, paths);
    g_ptr_array_sort(paths, wording_order);
    if (paths->len == 0)
        return;
    page_append_heading(page, "Figures");
    g_string_append(page->out, "<div class=\"figures\">\n");
    for (guint i = 0; i < paths->len; i++) {
        const char *path = g_ptr_array_index(paths, i);
        g_autofree char *name = g_path_get_basename(path);
        name[strlen(name) - strlen(".svg")] = '\0';
        const char *below = path + strlen(page->folder); /* which may end in a slash */
        if (belongs_here(page, drawn, below + strspn(below, "/"), notes))
            append_figure(page, path, name);
    }
    g_string_append(page->out, "</div>\n");
    append_notes(page, notes);
}
