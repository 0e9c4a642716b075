/* Numbers as a person is shown them, in the lines of result_say: rounded, but never to a zero that is none. */
#ifndef TANDEM_SIM_OUTPUT_SHOWN_H
#define TANDEM_SIM_OUTPUT_SHOWN_H

#include <glib.h>

/* Room for any of the texts. */
enum { SHOWN_SIZE = 340 };

/* With so many decimals, or to three digits where these begin later: of 3 decimals "18.091", "0.000656" and "0"; "-":
 * it is not known. Written to text, of SHOWN_SIZE characters, and returned. */
const char *shown_number(char *text, double value, int decimals);
/* To the millisecond, without the unit. */
const char *shown_seconds(char *text, double seconds);

#endif
