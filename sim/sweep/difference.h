/* The first difference of two JSON values, in words. */
#ifndef TANDEM_SIM_SWEEP_DIFFERENCE_H
#define TANDEM_SIM_SWEEP_DIFFERENCE_H

#include <cjson/cJSON.h>
#include <glib.h>

/* `/scenario/guests/0/memory was the text "1GiB" and is the text "2GiB"`, or NULL when they are equal. (transfer full)
 */
char *difference_text(const cJSON *was, const cJSON *is);

#endif
