/* What every Check program shares: run the given cases. A time limit is there to end what hangs, never to judge how
 * fast the machine is: the slowest test takes less than a minute on an idle one, and has half an hour, times
 * $TANDEM_TEST_PATIENCE when that is set. What has to be fast counts its work instead. */
#ifndef TANDEM_TESTS_CHECK_MAIN_H
#define TANDEM_TESTS_CHECK_MAIN_H

#include <check.h>
#include <stdarg.h>
#include <stdlib.h>

#define CHECK_LIMIT_S 1800.0

static inline double
check_limit_s(void)
{
    const char *text = getenv("TANDEM_TEST_PATIENCE");
    const double patience = text ? strtod(text, NULL) : 1;

    return CHECK_LIMIT_S * (patience > 0 ? patience : 1);
}

/* The arguments after name are TCase pointers, closed by NULL; returns main's exit status. */
static inline int
check_main(const char *name, TCase *first, ...)
{
    Suite *suite = suite_create(name);
    va_list cases;

    va_start(cases, first);
    for (TCase *tcase = first; tcase; tcase = va_arg(cases, TCase *)) {
        tcase_set_timeout(tcase, check_limit_s());
        suite_add_tcase(suite, tcase);
    }
    va_end(cases);

    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
