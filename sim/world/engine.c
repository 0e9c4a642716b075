#define _GNU_SOURCE /* MADV_POPULATE_WRITE */
#include "sim/world/engine.h"

#include <simgrid/engine.h>
#ifdef __GLIBC__
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#endif

/* chosen: above an actor's stack, and below the maps of a large guest */
#define MAPPED_BYTES_MIN (1 << 20)
/* chosen: what the heap may keep for the next ones */
#define KEPT_BYTES_MAX (64 << 20)
/* each a little below MAPPED_BYTES_MIN: what a run with few actors uses */
enum { FILLED_BLOCKS = 2 };

static void add_setting(GPtrArray *argv, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void
add_setting(GPtrArray *argv, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    /* lives for good, even where SimGrid drops it from argv */
    g_ptr_array_add(argv, (gpointer)g_intern_string(text));
}

static void
add_double_setting(GPtrArray *argv, const char *key, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    add_setting(argv, "--cfg=%s:%s", key, g_ascii_dtostr(text, sizeof text, value));
}

/* Actors come and go with migrations. Their stacks are taken from the heap and go back there: mapping each one anew
 * costs as much as a counted migration, and whether the C library does so hangs on what else it has freed before. */
static void
keep_stacks_in_heap(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, MAPPED_BYTES_MIN);
    mallopt(M_TRIM_THRESHOLD, KEPT_BYTES_MAX);
#endif
}

/* With its first sleep and its first transfer SimGrid 3.32 clears half a mebibyte each and makes a thousand objects. A
 * page that the system gives when it is touched costs more than what is then done with it: they are asked for at once.
 */
static void
fill_heap(void)
{
#ifdef MADV_POPULATE_WRITE
    const gsize page = (gsize)sysconf(_SC_PAGESIZE), bytes = MAPPED_BYTES_MIN - 2 * page;
    char *blocks[FILLED_BLOCKS];

    for (guint i = 0; i < G_N_ELEMENTS(blocks); i++) {
        blocks[i] = malloc(bytes);
        if (blocks[i])
            (void)madvise(blocks[i] + page - (guintptr)blocks[i] % page, bytes - page, MADV_POPULATE_WRITE);
    }
    for (guint i = 0; i < G_N_ELEMENTS(blocks); i++)
        free(blocks[i]);
#endif
}

/* SimGrid takes SIGINT for itself, and ends with exit(1) without a word: what Ctrl-C does stays as it was. */
static void
start_simgrid(int *argc, char **argv)
{
    struct sigaction interrupt;
    const gboolean known = sigaction(SIGINT, NULL, &interrupt) == 0;

    simgrid_init(argc, argv);
    if (known)
        (void)sigaction(SIGINT, &interrupt, NULL);
}

void
engine_start(const EngineSpec *spec)
{
    keep_stacks_in_heap();
    fill_heap();
    /* never freed: SimGrid keeps pointers into argv */
    GPtrArray *argv = g_ptr_array_new();

    add_setting(argv, "tandem");
    add_setting(argv, "--cfg=network/model:%s", spec->network == NETWORK_CM02 ? "CM02" : "LV08");
    if (spec->network == NETWORK_LV08) {
        add_double_setting(argv, "network/bandwidth-factor", ENGINE_LV08_BANDWIDTH_FACTOR);
        add_double_setting(argv, "network/latency-factor", ENGINE_LV08_LATENCY_FACTOR);
        add_double_setting(argv, "network/weight-S", ENGINE_LV08_WEIGHT_S);
    }
    add_setting(argv, "--cfg=network/crosstraffic:%d", spec->crosstraffic ? 1 : 0);
    add_double_setting(argv, "network/TCP-gamma", spec->tcp_window_bytes);
    add_double_setting(argv, "surf/precision", ENGINE_PRECISION_S);
    add_setting(argv, "--cfg=contexts/stack-size:%d", ENGINE_STACK_KIB);
    add_setting(argv, "--log=root.thres:critical");
    int argc = (int)argv->len;
    g_ptr_array_add(argv, NULL);
    start_simgrid(&argc, (char **)argv->pdata);
}
