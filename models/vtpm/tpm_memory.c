#include "models/vtpm/tpm_memory.h"

#include <string.h>

#define BOUNDARY ((gsize)4096)

struct TpmMemory {
    gsize page_bytes;
    gsize area_bytes[TPM_N_AREAS];
    gsize first_byte[TPM_N_AREAS];
    gsize length;
    guint64 pages;
    guint8 *bytes;     /* owned, length */
    gboolean *written; /* owned, pages */
};

static gsize
place_areas(const gsize bytes[TPM_N_AREAS], gsize first_byte[TPM_N_AREAS])
{
    gsize end = 0;

    for (int area = 0; area < TPM_N_AREAS; area++) {
        first_byte[area] = end;
        end += (bytes[area] + BOUNDARY - 1) / BOUNDARY * BOUNDARY;
    }
    return end;
}

gsize
tpm_memory_needed(const gsize bytes[TPM_N_AREAS])
{
    gsize first_byte[TPM_N_AREAS];

    return place_areas(bytes, first_byte);
}

TpmMemory *
tpm_memory_new(gsize page_bytes, const gsize bytes[TPM_N_AREAS])
{
    g_return_val_if_fail(page_bytes >= BOUNDARY, NULL);
    TpmMemory *memory = g_new0(TpmMemory, 1);

    memory->page_bytes = page_bytes;
    memcpy(memory->area_bytes, bytes, sizeof memory->area_bytes);
    memory->length = place_areas(bytes, memory->first_byte);
    memory->pages = (memory->length + page_bytes - 1) / page_bytes;
    memory->bytes = g_malloc0(memory->length);
    memory->written = g_new0(gboolean, memory->pages);
    return memory;
}

void
tpm_memory_free(TpmMemory *memory)
{
    if (!memory)
        return;
    g_free(memory->bytes);
    g_free(memory->written);
    g_free(memory);
}

guint64
tpm_memory_pages(const TpmMemory *memory)
{
    return memory->pages;
}

gsize
tpm_memory_bytes(const TpmMemory *memory)
{
    return memory->length;
}

void
tpm_memory_read(const TpmMemory *memory, TpmArea area, gsize offset, gpointer bytes, gsize length)
{
    g_return_if_fail(offset + length <= memory->area_bytes[area]);

    memcpy(bytes, memory->bytes + memory->first_byte[area] + offset, length);
}

void
tpm_memory_write(TpmMemory *memory, TpmArea area, gsize offset, gconstpointer bytes, gsize length)
{
    g_return_if_fail(length > 0 && offset + length <= memory->area_bytes[area]);
    const gsize first = memory->first_byte[area] + offset;

    memcpy(memory->bytes + first, bytes, length);
    for (gsize page = first / memory->page_bytes; page <= (first + length - 1) / memory->page_bytes; page++)
        memory->written[page] = TRUE;
}

void
tpm_memory_take_written(TpmMemory *memory, void (*each)(guint64 page, gpointer data), gpointer data)
{
    for (guint64 page = 0; page < memory->pages; page++) {
        if (memory->written[page])
            each(page, data);
        memory->written[page] = FALSE;
    }
}

void
tpm_memory_receive(TpmMemory *memory, const TpmMemory *from, gsize first_word, gsize n_words, const guint64 *mask)
{
    for (guint64 page = first_word * 64; page < MIN((first_word + n_words) * 64, memory->pages); page++) {
        const gsize first = page * memory->page_bytes;
        if (mask[page / 64 - first_word] >> page % 64 & 1)
            memcpy(memory->bytes + first, from->bytes + first, MIN(memory->page_bytes, memory->length - first));
    }
}

TpmMemory *
tpm_memory_blank(const TpmMemory *memory)
{
    return tpm_memory_new(memory->page_bytes, memory->area_bytes);
}

TpmMemory *
tpm_memory_copy(const TpmMemory *memory)
{
    TpmMemory *copy = tpm_memory_blank(memory);

    memcpy(copy->bytes, memory->bytes, memory->length);
    return copy;
}

gboolean
tpm_memory_equal(const TpmMemory *memory, const TpmMemory *other)
{
    return memory->length == other->length && memcmp(memory->bytes, other->bytes, memory->length) == 0;
}

void
tpm_memory_digest(const TpmMemory *memory, guint8 digest[TPM_SHA256_BYTES])
{
    tpm_digest(TPM_SHA256, memory->bytes, memory->length, digest);
}
