/* Texts of others, shown where a reader must see them and nothing may act on them.
 *
 * Names, titles, reasons and paths come from scenarios, folders and other programs. On a terminal an escape code
 * repaints what tandem said before it; there and in a browser a character that turns the direction of writing, or has
 * no width, makes one name pass for another. What is not printed is therefore named: "\u202e".
 */
#ifndef TANDEM_SIM_OUTPUT_INERT_H
#define TANDEM_SIM_OUTPUT_INERT_H

#include <glib.h>

/* On one line. (transfer full) */
char *inert_line(const char *text);
/* Newlines and tabs stay. (transfer full) */
char *inert_text(const char *text);

#endif
