/* The measured cases of a folder, by what was measured. */
#ifndef TANDEM_SIM_VALIDATE_CASE_FOLDER_H
#define TANDEM_SIM_VALIDATE_CASE_FOLDER_H

#include "sim/validate/case_kinds.h"

typedef struct {
    GPtrArray *of[N_CASE_KINDS]; /* owned; elements as the kind's parse gives them */
} CaseFolder;

/* Every .json of a folder, by file name; no two have the same id. (transfer full) */
CaseFolder *case_folder_read(const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void case_folder_free(CaseFolder *folder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CaseFolder, case_folder_free)

/* The migrations of a folder that has nothing else, for what knows only those. (transfer full; element CaseFile) */
GPtrArray *case_file_read_all(const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
