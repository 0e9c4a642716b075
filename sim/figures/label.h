/* What figures and reports say, in English and Chinese; names of columns as labels, and units that people read. */
#ifndef TANDEM_SIM_FIGURES_LABEL_H
#define TANDEM_SIM_FIGURES_LABEL_H

#include <glib.h>

typedef enum { LANGUAGE_EN, LANGUAGE_ZH } Language;

/* "en" or "zh". */
gboolean label_language(const char *word, Language *language);
const char *label_language_word(Language language);

/* What an English text is called in Chinese. */
typedef struct {
    const char *en, *zh;
} Translation;

/* The English text in that language, by the first n of a table; one that is not there stays as it is. */
const char *label_translate(const Translation *table, gsize n, const char *english, Language language);

/* The word or phrase in that language; English words are their own keys, unknown ones stay as they are. */
const char *label_word(const char *english, Language language);

/* What a column's values are multiplied by to be read, and its label: "links.l.bandwidth_Bps" with values up to 1.25e9
 * becomes "links.l.bandwidth (Gbit/s)" and 8e-9. largest: of the values, in the column's unit. */
typedef struct {
    double factor;
    char *text; /* owned */
} Label;
Label label_column(const char *column, double largest, Language language);

/* A number for people: four significant digits, none of a whole number lost, and no power of ten as long as it can be
 * read without one: 8000, 0.0125, 3.5e+12. (transfer full) */
char *label_number(double value);

/* How wide a text is, in heights of its letters, at most: gnuplot cannot measure the letters of an SVG. */
double label_ems(const char *text);
double label_letter_ems(gunichar letter);
/* A text that is no wider: its middle gives way to "…". (transfer full) */
char *label_shorten(const char *text, double ems);

#endif
