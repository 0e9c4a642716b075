/* Lists of what lies in files of the data folders, and of profiles of one's own. */
#ifndef TANDEM_SIM_CLI_DATA_LISTS_H
#define TANDEM_SIM_CLI_DATA_LISTS_H

#include <glib.h>

/* Each appends Entry by Entry (entries.h), sorted by name. */

/* Files below scenarios/ with their titles; of two data folders that have a name the first counts. */
void data_lists_add_scenarios(GArray *entries);
/* What `tandem new` makes, by name. */
void data_lists_add_templates(GArray *entries);
/* Profiles as a scenario names them, FOLDER/NAME. folder: only of this one; NULL: of all. One from elsewhere than the
 * data folders says where it lies; one that another hides says which. */
void data_lists_add_profiles(GArray *entries, const char *folder);
/* Claims by their ids, each with its mechanism. */
void data_lists_add_claims(GArray *entries);
/* PAPER/NAME of each fitted or assumed parameter, and why it has its value. */
void data_lists_add_parameters(GArray *entries);

#endif
