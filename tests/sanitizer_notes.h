/* What AddressSanitizer says of SimGrid's actors, and nobody needs to read. */
#ifndef TANDEM_TESTS_SANITIZER_NOTES_H
#define TANDEM_TESTS_SANITIZER_NOTES_H

#include <glib.h>
#include <stddef.h>
#include <string.h>

/* SimGrid ends an actor by an exception on the actor's own stack, which the sanitizer does not know: a process says
 * once that it leaves that stack alone, in three lines on stderr. They are cut out of what a program said; a report of
 * an error is not, and ends the program with a status of its own besides. */
static inline char *
sanitizer_notes_cut(char *text)
{
    static const char middle[] = "WARNING: ASan is ignoring requested __asan_handle_no_return", last[] = "issues/189";
    char *note;

    while (text && (note = strstr(text, middle)) != NULL) { /* of each process one */
        char *end = strstr(note, last);
        if (!end)
            break;
        note -= strlen("==");
        while (note > text && g_ascii_isdigit(note[-1])) /* "==PID==", maybe in a line with something else before it */
            note--;
        note -= MIN(note - text, (ptrdiff_t)strlen("=="));
        end += strlen(last);
        end += *end == '\r'; /* a terminal has one */
        end += *end == '\n';
        memmove(note, end, strlen(end) + 1);
    }
    return text;
}

#endif
