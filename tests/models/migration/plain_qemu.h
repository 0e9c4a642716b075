/* QEMU's rules without costs, a cap or a throttle, for tests of what stops its live rounds. */
#ifndef TANDEM_TESTS_MODELS_MIGRATION_PLAIN_QEMU_H
#define TANDEM_TESTS_MODELS_MIGRATION_PLAIN_QEMU_H

#include "models/migration/qemu_rules.h"

#include <math.h>

static inline QemuRules
plain_qemu_rules(const Policy *policy)
{
    QemuRules rules = {.policy = *policy,
                       .window_s = 0.1,
                       .iteration_s = 0.05,
                       .period_s = 1,
                       .check_pages = 64,
                       .flush_pages = 32,
                       .page.header_bytes = 8,
                       .page.zero_bytes = 9,
                       .section_bytes = 18,
                       .buffer_bytes = 1.2e6,
                       .buffer_wake = 2.0 / 3,
                       .postcopy_after_s = INFINITY};

    random_init(&rules.random, 1, "faults", "test");
    return rules;
}

#endif
