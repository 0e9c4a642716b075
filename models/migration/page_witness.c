#include "models/migration/page_witness.h"

#include "models/memory/bitmap.h"

#include <string.h>

typedef struct {
    guint64 *to_send, *to_skip, *sent; /* owned; of the present round */
} Member;

struct PageWitness {
    guint64 pages;
    gsize words;
    Member members[PAGE_WITNESS_MEMBERS];
    gboolean peeked; /* in the present round; what goes out without a peek is no live round's */
    PageWitnessRow rows[PAGE_WITNESS_ROWS];
};

/* A row's number has a binary digit for each of its four inputs. */
static gboolean
input_of_row(guint row, guint input)
{
    return (row >> (3 - input)) & 1;
}

PageWitness *
page_witness_new(guint64 pages)
{
    PageWitness *witness = g_new0(PageWitness, 1);

    witness->pages = pages;
    witness->words = (pages + 63) / 64;
    for (guint m = 0; m < PAGE_WITNESS_MEMBERS; m++)
        witness->members[m] =
            (Member){g_new0(guint64, witness->words), g_new0(guint64, witness->words), g_new0(guint64, witness->words)};
    for (guint row = 0; row < PAGE_WITNESS_ROWS; row++)
        for (guint m = 0; m < PAGE_WITNESS_MEMBERS; m++) {
            witness->rows[row].to_send[m] = input_of_row(row, m);
            witness->rows[row].to_skip[m] = input_of_row(row, PAGE_WITNESS_MEMBERS + m);
        }
    return witness;
}

void
page_witness_free(PageWitness *witness)
{
    if (!witness)
        return;
    for (guint m = 0; m < PAGE_WITNESS_MEMBERS; m++) {
        g_free(witness->members[m].to_send);
        g_free(witness->members[m].to_skip);
        g_free(witness->members[m].sent);
    }
    g_free(witness);
}

/* The pages of a word about which the logs said what the row says. */
static guint64
pages_of_row(const PageWitness *witness, gsize word, const PageWitnessRow *row)
{
    guint64 bits = bitmap_range_mask(word, 0, witness->pages);

    for (guint m = 0; m < PAGE_WITNESS_MEMBERS; m++) {
        const Member *member = &witness->members[m];
        bits &= row->to_send[m] ? member->to_send[word] : ~member->to_send[word];
        bits &= row->to_skip[m] ? member->to_skip[word] : ~member->to_skip[word];
    }
    return bits;
}

static void
count_round(PageWitness *witness)
{
    for (guint r = 0; r < PAGE_WITNESS_ROWS; r++) {
        PageWitnessRow *row = &witness->rows[r];
        for (gsize word = 0; word < witness->words; word++) {
            const guint64 bits = pages_of_row(witness, word, row);
            row->pages += bitmap_count_word(bits);
            for (guint m = 0; m < PAGE_WITNESS_MEMBERS; m++)
                row->sent[m] += bitmap_count_word(bits & witness->members[m].sent[word]);
        }
    }
}

void
page_witness_turn(PageWitness *witness)
{
    const gsize bytes = witness->words * sizeof(guint64);

    if (witness->peeked)
        count_round(witness);
    witness->peeked = FALSE;
    for (guint m = 0; m < PAGE_WITNESS_MEMBERS; m++) {
        memset(witness->members[m].to_send, 0, bytes);
        memset(witness->members[m].to_skip, 0, bytes);
        memset(witness->members[m].sent, 0, bytes);
    }
}

void
page_witness_caught(PageWitness *witness, guint member, const guint64 *bits)
{
    guint64 *to_send = witness->members[member].to_send;

    for (gsize word = 0; word < witness->words; word++)
        to_send[word] = bits ? bits[word] : G_MAXUINT64;
}

void
page_witness_peeked(PageWitness *witness, guint member, gsize first_word, gsize n_words, const guint64 *bits)
{
    const Member *own = &witness->members[member];

    witness->peeked = TRUE;
    for (gsize word = first_word; word < MIN(first_word + n_words, witness->words); word++)
        own->to_skip[word] = (own->to_skip[word] & own->sent[word]) | (bits[word - first_word] & ~own->sent[word]);
}

void
page_witness_sent(PageWitness *witness, guint member, gsize first_word, gsize n_words, const guint64 *bits)
{
    guint64 *sent = witness->members[member].sent;

    for (gsize word = first_word; word < MIN(first_word + n_words, witness->words); word++)
        sent[word] |= bits[word - first_word];
}

PageWitnessRow
page_witness_row(const PageWitness *witness, guint row)
{
    return witness->rows[row];
}
