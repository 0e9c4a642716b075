/* A witness of joint copying: what each of a union's two domains said of its page n, and what of page n went out.
 *
 * Source: Qi and Meng, section 1.4, Tables 1 to 3, which are about single pages in one live round; section 1.2, step 5:
 * a union page that is sent carries both domains' pages.
 *
 * It listens at the members' own dirty logs and at what leaves for each member's image (page_set.c), before and behind
 * whatever makes one decision of the two, and takes part in none. A page's to_skip is that of the last peek before its
 * turn: a word that a batch cut in two is peeked again for the next one.
 *
 *   to_send   the member's log caught the page since it was last cleared; in round 1 every page
 *   to_skip   the member's log had the page when the batch was chosen
 *
 * Scope: live rounds in which logs are peeked, and page numbers that both domains have.
 */
#ifndef TANDEM_MODELS_MIGRATION_PAGE_WITNESS_H
#define TANDEM_MODELS_MIGRATION_PAGE_WITNESS_H

#include <glib.h>

#define PAGE_WITNESS_MEMBERS 2
#define PAGE_WITNESS_ROWS    16

/* Pages, over all live rounds, about which the two logs said the same. */
typedef struct {
    gboolean to_send[PAGE_WITNESS_MEMBERS];
    gboolean to_skip[PAGE_WITNESS_MEMBERS];
    guint64 pages;
    guint64 sent[PAGE_WITNESS_MEMBERS]; /* of them, those of which the member's page went out */
} PageWitnessRow;

typedef struct PageWitness PageWitness;

/* pages: of the domain that has fewer. */
PageWitness *page_witness_new(guint64 pages);
void page_witness_free(PageWitness *witness);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PageWitness, page_witness_free)

/* The logs are fetched and cleared: one round is over and the next begins. */
void page_witness_turn(PageWitness *witness);
/* What a member's log caught; bits NULL: every page of it is to be sent. */
void page_witness_caught(PageWitness *witness, guint member, const guint64 *bits);
void page_witness_peeked(PageWitness *witness, guint member, gsize first_word, gsize n_words, const guint64 *bits);
void page_witness_sent(PageWitness *witness, guint member, gsize first_word, gsize n_words, const guint64 *bits);

/* Of the rounds that are over, row < PAGE_WITNESS_ROWS. */
PageWitnessRow page_witness_row(const PageWitness *witness, guint row);

#endif
