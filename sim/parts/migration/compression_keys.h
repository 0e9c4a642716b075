/* What a scenario says about the compression of a migration's pages: models/migration/stream_limits.h, xbzrle.h. */
#ifndef TANDEM_SIM_PARTS_MIGRATION_COMPRESSION_KEYS_H
#define TANDEM_SIM_PARTS_MIGRATION_COMPRESSION_KEYS_H

#include "models/migration/stream_limits.h"
#include "sim/scenario/fields.h"

extern const FieldTable compression_table;

/* Keys that contradict each other or others of the hypervisor; index is the action's on the time line. name is the
 * hypervisor's; has_xbzrle: it can send what has changed in a page. */
gboolean compression_keys_check(const StreamRules *rules, const char *name, gboolean has_xbzrle, guint index,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* What hangs on the pages of the guest, which is the scenario's number `guest`. */
gboolean compression_keys_check_pages(const StreamRules *rules, double page_bytes, double write_bytes, guint guest,
                                      guint index, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
