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

void
image_receive(Image *image, DirtyLog *source, double now_s, gsize first_word, gsize n_words, const guint64 *mask)
{
    g_return_if_fail(image && source && mask && image->pages == dirty_pages(source));
    const guint32 *versions = dirty_versions(source, now_s, first_word, n_words);
    g_return_if_fail(versions);

    for (guint64 bit = 0; bitmap_next(mask, n_words, &bit); bit++) {
        const guint64 page = (guint64)first_word * 64 + bit;
        image->received[page] = versions[page] + 1;
    }
}

guint64
image_differing_pages(const Image *image, DirtyLog *source, double now_s)
{
    g_return_val_if_fail(image && source && image->pages == dirty_pages(source), G_MAXUINT64);
    const guint32 *versions = dirty_versions(source, now_s, 0, dirty_words(source));
    g_return_val_if_fail(versions, G_MAXUINT64);
    guint64 differing = 0;

    for (guint64 page = 0; page < image->pages; page++)
        differing += image->received[page] != versions[page] + 1;
    return differing;
}
