/* A destination's memory image: which pages of it are not what the source holds.
 *
 * Contents are not kept here: a page that was never received differs, and each write makes its page differ until it is
 * received again. The image sees the writes by itself (dirty_watch), apart from the bits that the migration fetches and
 * clears. Equality is asked after every migration and stands in the result's invariants.
 */
#ifndef TANDEM_MODELS_MEMORY_IMAGE_H
#define TANDEM_MODELS_MEMORY_IMAGE_H

#include "models/memory/dirty.h"

typedef struct Image Image;

/* Of a source that has no other image now, and outlives this one. A new image holds nothing. */
Image *image_new(DirtyLog *source);
void image_free(Image *image);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Image, image_free)

/* Calls receive with the pages of every image_receive, at that moment: for who keeps what stands in some of them. data
 * is borrowed. */
typedef void ImageReceive(gpointer data, gsize first_word, gsize n_words, const guint64 *mask);
void image_carry(Image *image, ImageReceive *receive, gpointer data);

/* Takes from the source, as of now_s, every page set in mask (n_words words starting at word first_word). */
void image_receive(Image *image, double now_s, gsize first_word, gsize n_words, const guint64 *mask);

/* The number of pages whose content differs from the source's at now_s (never received counts); 0: images are equal. */
guint64 image_differing_pages(const Image *image, double now_s);

#endif
