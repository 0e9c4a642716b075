#include "sim/cli/interrupt.h"

#include "sim/output/signals.h"

#include <string.h>
#include <unistd.h>

static char line[1024]; /* whole before a signal may find it: a handler can format nothing */
static pid_t owner;

static void
say(int number)
{
    if (getpid() == owner) {
        signals_carry_out();
        (void)!write(STDERR_FILENO, line, strlen(line));
    }
    signal(number, SIG_DFL);
    raise(number);
}

/* What nohup ignores stays ignored. */
static void
handle(int number, void (*handler)(int))
{
    if (signal(number, handler) == SIG_IGN)
        signal(number, SIG_IGN);
}

void
interrupt_say_nothing(void)
{
    for (gsize i = 0; i < N_SIGNALS; i++)
        handle(signals_that_stop[i], SIG_DFL);
}

void
interrupt_say(const char *format, ...)
{
    const char *over = isatty(STDERR_FILENO) ? "\r\033[K" : ""; /* a progress line, and the terminal's ^C */
    va_list arguments;

    interrupt_say_nothing();
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_strdelimit(text, "\n", ' ');
    g_snprintf(line, sizeof line, "%standem: interrupted: %s\n", over, text);
    owner = getpid();
    for (gsize i = 0; i < N_SIGNALS; i++)
        handle(signals_that_stop[i], say);
}
