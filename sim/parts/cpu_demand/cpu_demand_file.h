/* Traces of CPU demand from files.
 *
 * Two forms, which the first line tells apart: CloudSim's and Neat's of PlanetLab, one value a line, per cent of the
 * guest's virtual processors; and CSV with the header "time_s,vcpus", whose first time is 0.
 */
#ifndef TANDEM_SIM_PARTS_CPU_DEMAND_CPU_DEMAND_FILE_H
#define TANDEM_SIM_PARTS_CPU_DEMAND_CPU_DEMAND_FILE_H

#include "models/demand/demand_trace.h"

#define CPU_DEMAND_FILE_ERROR (cpu_demand_file_error_quark())
GQuark cpu_demand_file_error_quark(void);

typedef enum {
    CPU_DEMAND_FILE_ERROR_READ, /* a file or folder cannot be read */
    CPU_DEMAND_FILE_ERROR_ROW,  /* a line that is none of a trace */
} DemandFileError;

typedef struct {
    DemandTrace trace;
    gboolean in_vcpus; /* its values are virtual processors; otherwise shares of the guest's, 0 to 1 */
    double largest;    /* value */
} DemandFile;

/* interval_s: of one value, where lines have no times; a trace with times holds its last value for ever. The error
 * begins with path. */
gboolean cpu_demand_file_read(const char *path, double interval_s, DemandFile *file, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* The same of text in memory. */
gboolean cpu_demand_file_parse(const char *text, const char *path, double interval_s, DemandFile *file, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* Names of the regular files of a folder that are not hidden, by their bytes: at least one. (transfer full), of owned
 * char *; NULL with error set. */
GPtrArray *cpu_demand_file_list(const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
