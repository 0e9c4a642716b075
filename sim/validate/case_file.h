/* One measured migration: its inputs and counters, from the JSON that scripts/measure-qemu.sh writes.
 *
 * A case names its kind, QEMU's version and accelerator, and the guest's kernel; one that does not is of the time when
 * all cases were alike (case_base.h says how). One of a kind or version that nothing predicts is an error.
 * An input that is missing or wrong is an error that names it, and so is a counter that is no number or cannot be one;
 * a counter that is missing (null, or no such key) is NAN, and what would be compared with it is left out.
 */
#ifndef TANDEM_SIM_VALIDATE_CASE_FILE_H
#define TANDEM_SIM_VALIDATE_CASE_FILE_H

#include "sim/validate/case_base.h"
#include "sim/validate/case_streams.h"

typedef struct {
    char *path;   /* owned */
    char *id;     /* owned */
    char *method; /* owned; as written */
    const CaseBase *base;
    char *qemu_version; /* owned; "7.2.22" */
    gboolean on_link;
    gboolean auto_converge;
    double postcopy_after_s; /* NAN: pre-copy to the end */
    CaseStreams streams;
    double memory_MiB, fill_MiB, wws_pages, rate_pages_s;
    double link_Mbps, cap_Mbps; /* one of them; the other is NAN */
    double goodput_Mbps;        /* NAN: from the link's rate */
    double downtime_limit_ms;
    double nonzero_pages;
    double ram_total_bytes;

    gboolean completed;
    double followed_s; /* how long it was watched: the history's last date; NAN: unknown */
    double total_ms, downtime_ms, syncs, normal_pages; /* NAN: not measured */
} CaseFile;

/* Of a file, or of its JSON, which is already there. */
CaseFile *case_file_read(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
CaseFile *case_file_parse(const char *path, const cJSON *root, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void case_file_free(CaseFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CaseFile, case_file_free)

#endif
