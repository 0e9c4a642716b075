/* The CSV files that workloads are replayed from. */
#ifndef TANDEM_SIM_WORLD_WORKLOAD_FILE_H
#define TANDEM_SIM_WORLD_WORKLOAD_FILE_H

#include "models/memory/workload.h"

#define WORKLOAD_FILE_ERROR workload_file_error_quark()
GQuark workload_file_error_quark(void);
typedef enum { WORKLOAD_FILE_ERROR_READ, WORKLOAD_FILE_ERROR_ROW } WorkloadFileError;

/* Columns time_s,page; times not decreasing, page < pages. Array of WorkloadWrite. (transfer full) */
GArray *workload_file_read_writes(const char *path, guint64 pages, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Columns duration_s,pages; duration > 0, pages <= working_set_pages. Array of WorkloadInterval. (transfer full) */
GArray *workload_file_read_intervals(const char *path, guint64 working_set_pages, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
