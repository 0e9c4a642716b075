/* A destination's memory image, as page versions: what each page held when it was last sent.
 * Equality with the source is compared page by page after every migration and stands in the result's invariants.
 */
#ifndef TANDEM_MODELS_MEMORY_IMAGE_H
#define TANDEM_MODELS_MEMORY_IMAGE_H

#include "models/memory/dirty.h"

typedef struct Image Image;

/* pages > 0. A new image holds nothing: no page of it equals any source page until it was received. */
Image *image_new(guint64 pages);
void image_free(Image *image);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Image, image_free)

/* Takes from the source, as of now_s, every page set in mask (n_words words starting at word first_word). */
void image_receive(Image *image, DirtyLog *source, double now_s, gsize first_word, gsize n_words, const guint64 *mask);

/* The number of pages whose content differs from the source's at now_s (never received counts); 0: images are equal. */
guint64 image_differing_pages(const Image *image, DirtyLog *source, double now_s);

#endif
