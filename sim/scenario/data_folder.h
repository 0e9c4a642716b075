/* Where data lies: the folders that hold configs/ (profiles, claims, parameters, the schema), scenarios/ and
 * scripts/plots/.
 *
 * TANDEM_DATA names folders, separated by colons; an empty name among them stands for the program's own, as an empty
 * name of MANPATH stands for the system's. Without TANDEM_DATA there is only the program's own: share/tandem in the
 * nearest folder above the program, which is the installed one, wherever it was installed or moved to, and in a build
 * folder a link to the source tree. Nothing of it is fixed when the program is built, so that the program can be moved,
 * and is the same bytes wherever it was built.
 */
#ifndef TANDEM_SIM_SCENARIO_DATA_FOLDER_H
#define TANDEM_SIM_SCENARIO_DATA_FOLDER_H

#include <glib.h>

/* The folders, the first the one that is asked first; ended by NULL, at least one. Borrowed as long as the
 * environment stays. */
const char *const *data_folders(void);

/* A file or folder of the data, named from a data folder on ("scripts/plots/style.gp"): in the first folder that has
 * it, else where it would be in the first. (transfer full) */
char *data_folder_file(const char *name);

/* The program's own: share/tandem in the nearest folder above program, a path without links. (transfer full) */
char *data_folder_above(const char *program);

#endif
