/* The CSV files that card workloads are replayed from. */
#ifndef TANDEM_SIM_PARTS_CARD_CARD_FILE_H
#define TANDEM_SIM_PARTS_CARD_CARD_FILE_H

#include "models/card/cardload.h"

#define CARD_FILE_ERROR card_file_error_quark()
GQuark card_file_error_quark(void);
typedef enum { CARD_FILE_ERROR_READ, CARD_FILE_ERROR_ROW } CardFileError;

/* Columns time_s,algorithm,bytes; times from 0, not going back; every line, the last one too, ends with a newline.
 * Array of CardReplay, one row at least. (transfer full) */
GArray *card_file_read(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for text in memory; path only names it in errors. */
GArray *card_file_parse(const char *text, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
