/* What a report says in its own words, in the language that was asked for. */
#ifndef TANDEM_SIM_REPORT_PHRASE_H
#define TANDEM_SIM_REPORT_PHRASE_H

#include "sim/figures/label.h"

/* Whether the phrase, or what a record says that a metric means, stands in the language's files (resources/). */
gboolean phrase_has(const char *english, Language language);
/* The English phrase, or what it is called in the language; a phrase that is not known stays English. */
const char *phrase_say(const char *english, Language language);

#endif
