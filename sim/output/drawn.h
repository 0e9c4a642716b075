/* Which figures a folder of results has, and what each was drawn from: its figures.json.
 *
 *     {"drawings": [{"language": "en", "from": {"result.json": DIGEST, …}, "files": {"figures/a.svg": DIGEST, …}}]}
 *
 * Digests are SHA-256, names start from the folder. A report takes in only what this says was drawn from the results
 * that are there now; the next command that writes into the folder takes the figures of the last one away.
 */
#ifndef TANDEM_SIM_OUTPUT_DRAWN_H
#define TANDEM_SIM_OUTPUT_DRAWN_H

#include <glib.h>

#define DRAWN_FILE "figures.json"

typedef enum {
    DRAWN_NOW,   /* from the results that are there */
    DRAWN_STALE, /* from others */
    DRAWN_OTHERS /* tandem did not draw it here, or it was changed since */
} DrawnState;

/* Notes the files that were drawn now: those of the folder, or of one in it, that are called as one of the names (of
 * char *) with an ending. own_tables: a table of that name was written with the figure; else it is what the figure was
 * drawn from, and none of its files. What was noted of the same files goes. FALSE: figures.json cannot be written. */
gboolean drawn_note(const char *folder, const char *language, const GPtrArray *names, gboolean own_tables,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What a folder's figures.json says, to ask it of many files: each result is read once. */
typedef struct Drawn Drawn;

Drawn *drawn_load(const char *folder);
void drawn_free(Drawn *drawn);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Drawn, drawn_free)

/* Of a file of the folder, by its name from there on. language: (out) "en", "zh", or NULL; owned by drawn. */
DrawnState drawn_state(Drawn *drawn, const char *name, const char **language);

/* The names of all files that figures.json notes, and its own; none where there is none. (transfer full) */
GPtrArray *drawn_files(const char *folder);

#endif
