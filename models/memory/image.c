#include "models/memory/image.h"

#include "models/memory/bitmap.h"

struct Image {
    DirtyLog *source;
    guint64 *differing;    /* owned: pages never received, or written since */
    ImageReceive *receive; /* NULL: nobody keeps contents */
    gpointer receive_data;
};

Image *
image_new(DirtyLog *source)
{
    g_return_val_if_fail(source, NULL);

    Image *image = g_new0(Image, 1);
    image->source = source;
    image->differing = g_new(guint64, dirty_words(source));
    bitmap_fill(image->differing, dirty_pages(source));
    dirty_watch(source, image->differing);
    return image;
}

void
image_free(Image *image)
{
    if (!image)
        return;
    dirty_watch(image->source, NULL);
    g_free(image->differing);
    g_free(image);
}

void
image_carry(Image *image, ImageReceive *receive, gpointer data)
{
    image->receive = receive;
    image->receive_data = data;
}

/* What was written before now_s is in what is received. */
void
image_receive(Image *image, double now_s, gsize first_word, gsize n_words, const guint64 *mask)
{
    g_return_if_fail(image && mask);

    dirty_advance(image->source, now_s, first_word, n_words);
    bitmap_and_not(image->differing + first_word, mask, n_words);
    if (image->receive)
        image->receive(image->receive_data, first_word, n_words, mask);
}

guint64
image_differing_pages(const Image *image, double now_s)
{
    g_return_val_if_fail(image, G_MAXUINT64);
    const gsize n_words = dirty_words(image->source);

    dirty_advance(image->source, now_s, 0, n_words);
    return bitmap_count(image->differing, n_words);
}
