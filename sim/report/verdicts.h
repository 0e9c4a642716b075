/* How many claims of a reproduction have each verdict. */
#ifndef TANDEM_SIM_REPORT_VERDICTS_H
#define TANDEM_SIM_REPORT_VERDICTS_H

#include "sim/report/phrase.h"

#include <cjson/cJSON.h>

/* "102 pass, 0 fail, …" of claims.json: definitions and claims that tell another one's number are not counted.
 * (transfer full) */
char *verdicts_text(const cJSON *claims, Language language);

#endif
