/* Where a software TPM's state lies: in pages of its own domain, which is all that a migration copies of it.
 *
 * A TPM 2.0 keeps what it is between commands in three blobs (libtpms, swtpm): permanent (seeds, keys, what was
 * defined), volatile (the PCRs, the random generator) and NV (what guests store). Each is an area here; they stand one
 * behind the other from the domain's first byte on: the volatile one, the permanent one, the NV, each on a boundary of
 * 4 KiB, so that none shares a usual page with another. Nothing of a TPM's state is kept elsewhere: a page that a copy
 * lacks, or has as it was, is a state that the destination's TPM lacks or has as it was.
 *
 * Scope: the state's place, not its format; what stands in the areas is tpm.c's.
 */
#ifndef TANDEM_MODELS_VTPM_TPM_MEMORY_H
#define TANDEM_MODELS_VTPM_TPM_MEMORY_H

#include "models/vtpm/tpm_digest.h"

typedef enum { TPM_VOLATILE, TPM_PERMANENT, TPM_NV, TPM_N_AREAS } TpmArea;

typedef struct TpmMemory TpmMemory;

/* All zero. page_bytes: of the domain, at least 4 KiB; bytes: of each area, above 0. */
TpmMemory *tpm_memory_new(gsize page_bytes, const gsize bytes[TPM_N_AREAS]);
void tpm_memory_free(TpmMemory *memory);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TpmMemory, tpm_memory_free)

/* What a domain needs for areas of these lengths, in bytes. */
gsize tpm_memory_needed(const gsize bytes[TPM_N_AREAS]);
/* Pages of the domain that hold the state, from page 0 on. */
guint64 tpm_memory_pages(const TpmMemory *memory);

/* Of all areas, up to the end of the last page of 4 KiB. */
gsize tpm_memory_bytes(const TpmMemory *memory);

/* length bytes from offset on; both lie in the area. */
void tpm_memory_read(const TpmMemory *memory, TpmArea area, gsize offset, gpointer bytes, gsize length);
void tpm_memory_write(TpmMemory *memory, TpmArea area, gsize offset, gconstpointer bytes, gsize length);

/* Calls each with every page that was written since the last call, in order. */
void tpm_memory_take_written(TpmMemory *memory, void (*each)(guint64 page, gpointer data), gpointer data);

/* Copies from another memory of the same shape, as it is now, the pages set in mask (n_words words of the domain's
 * pages, starting at word first_word); pages behind the state are nobody's business here. */
void tpm_memory_receive(TpmMemory *memory, const TpmMemory *from, gsize first_word, gsize n_words, const guint64 *mask);
/* Another one with the same content. (transfer full) */
TpmMemory *tpm_memory_copy(const TpmMemory *memory);
/* A destination's, which has received nothing. (transfer full) */
TpmMemory *tpm_memory_blank(const TpmMemory *memory);
gboolean tpm_memory_equal(const TpmMemory *memory, const TpmMemory *other);
/* Of all of it. */
void tpm_memory_digest(const TpmMemory *memory, guint8 digest[TPM_SHA256_BYTES]);

#endif
