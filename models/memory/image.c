#include "models/memory/image.h"

#include "models/memory/bitmap.h"

struct Image {
    guint64 pages;
    guint32 *received; /* owned: 1 + the version received, 0: never */
};

Image *
image_new(guint64 pages)
{
    g_return_val_if_fail(pages > 0, NULL);

    Image *image = g_new0(Image, 1);
    image->pages = pages;
    image->received = g_new0(guint32, pages);
    return image;
}

void
image_free(Image *image)
{
    if (!image)
        return;
    g_free(image->received);
    g_free(image);
}

static void
receive_word(guint32 *received, const guint32 *versions, guint64 mask)
{
    if (mask == ~G_GUINT64_CONSTANT(0)) { /* most of round 1: vector code */
        for (guint i = 0; i < 64; i++)
            received[i] = versions[i] + 1;
        return;
    }
    while (mask) {
        const guint i = bitmap_take(&mask);
        received[i] = versions[i] + 1;
    }
}

void
image_receive(Image *image, DirtyLog *source, double now_s, gsize first_word, gsize n_words, const guint64 *mask)
{
    g_return_if_fail(image && source && mask && image->pages == dirty_pages(source));
    const guint32 *versions = dirty_versions(source, now_s, first_word, n_words);
    g_return_if_fail(versions);

    for (gsize w = 0; w < n_words; w++)
        receive_word(image->received + (first_word + w) * 64, versions + (first_word + w) * 64, mask[w]);
}

guint64
image_differing_pages(const Image *image, DirtyLog *source, double now_s)
{
    g_return_val_if_fail(image && source && image->pages == dirty_pages(source), G_MAXUINT64);
    const guint32 *versions = dirty_versions(source, now_s, 0, dirty_words(source));
    g_return_val_if_fail(versions, G_MAXUINT64);
    guint64 differing = 0;

    for (guint64 begin = 0; begin < image->pages; begin += DIRTY_REGION_PAGES) {
        const guint64 end = MIN(begin + DIRTY_REGION_PAGES, image->pages);
        guint32 of_region = 0; /* as wide as a version, for vector code */
        for (guint64 page = begin; page < end; page++)
            of_region += image->received[page] != versions[page] + 1;
        differing += of_region;
    }
    return differing;
}
