/* What every Check program shares: run the given cases, 60 s each (Check's default of 4 s is short under sanitizers).
 */
#ifndef TANDEM_TESTS_CHECK_MAIN_H
#define TANDEM_TESTS_CHECK_MAIN_H

#include <check.h>
#include <stdarg.h>
#include <stdlib.h>

/* The arguments after name are TCase pointers, closed by NULL; returns main's exit status. */
static inline int
check_main(const char *name, TCase *first, ...)
{
    Suite *suite = suite_create(name);
    va_list cases;

    va_start(cases, first);
    for (TCase *tcase = first; tcase; tcase = va_arg(cases, TCase *)) {
        tcase_set_timeout(tcase, 240);
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
