/*
 * The guest of a measured migration: the only program of the virtual machine (its init).
 *
 * It loads the kernel modules in /modules, in the order of their file names, and says on the console which KERNEL it
 * runs under. Then it fills memory with incompressible bytes, says READY, and dirties pages at a known rate for as long
 * as the machine runs. Its inputs come from the kernel's command line, which Linux hands to init as environment
 * variables (words with "=" that the kernel does not know itself):
 *
 *   fill=MIB    memory filled, each page alike
 *   content=C   random: with random bytes, which do not compress (when nothing is said); half: the page's first half is
 *               random and the second one letter; text: letters drawn from sixteen, of four bits each
 *   wws=PAGES   writable working set: writes go to the first PAGES pages of the filled memory
 *   rate=N      writes a second, each of one byte of a page drawn uniformly with replacement
 *               (half: of its random half; text: a letter by a letter; so that it stays as compressible as it was)
 *   serve=US    a server beside it does so many microseconds of work for each request (guest_serve.c); 0: no server
 *   vtpm=WORD   a program beside it calls the vTPM (guest_tpm.c); none: no such program
 *
 * Writes are issued in batches, one after every 2 ms sleep, as many as are due by the clock. A pause of more than 50 ms
 * (the migration's stop phase, a processor throttled beyond 83 %) is forgotten: its writes are dropped, not replayed,
 * as a busy service drops load that it could not serve. Shorter pauses are caught up in full.
 *
 * What works beside it is started before memory is filled: a later fork would have the kernel copy each page that is
 * written afterwards.
 *
 * Build: cc -O2 -static -o init guest*.c (scripts/measure-qemu.sh does it).
 */
#include "guest.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#define PAGE_BYTES 4096
#define SLICE_NS   2000000L
#define DEBT_MAX_S 0.05
#define LETTER     'a'
#define LETTERS    16         /* from LETTER: four bits of each byte are drawn */
#define MODULES    "/modules" /* as scripts/measure-qemu.sh lays them: 00-virtio_ring.ko, 01-virtio.ko, ... */

uint64_t
guest_draw(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

double
guest_clock_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

long
guest_input(const char *name, long otherwise)
{
    const char *text = getenv(name);
    return text ? atol(text) : otherwise;
}

const char *
guest_word(const char *name, const char *otherwise)
{
    const char *text = getenv(name);
    return text ? text : otherwise;
}

/* Init must not return (the kernel would panic): wait for the end of the machine. */
void
guest_hang(const char *why)
{
    printf("FAILED %s\n", why);
    for (;;)
        pause();
}

static int
is_module(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void
load_module(const char *name)
{
    char path[sizeof MODULES + 256];

    snprintf(path, sizeof path, MODULES "/%s", name);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || syscall(SYS_finit_module, file, "", 0) != 0) {
        perror(path);
        guest_hang("a module could not be loaded");
    }
    close(file);
}

/* No such folder: nothing to load. */
static void
load_modules(void)
{
    struct dirent **names = NULL;
    int n = scandir(MODULES, &names, is_module, alphasort);

    for (int i = 0; i < n; i++) {
        load_module(names[i]->d_name);
        free(names[i]);
    }
    free(names);
}

static void
say_kernel(void)
{
    struct utsname kernel;

    if (uname(&kernel) == 0)
        printf("KERNEL %s (%s)\n", kernel.release, kernel.version);
}

void
guest_say_ready(int ready)
{
    if (write(ready, "", 1) != 1)
        guest_hang("a program could not say that it is ready");
    close(ready);
}

/* Returns when it is ready, so that nothing else disturbs its setting up. */
static void
start_beside(void (*program)(int ready))
{
    int ends[2];
    char byte;

    if (pipe(ends) != 0)
        guest_hang("no pipe");
    const pid_t child = fork();
    if (child < 0)
        guest_hang("no process for another program");
    if (child == 0) {
        close(ends[0]);
        program(ends[1]);
    }
    close(ends[1]);
    while (read(ends[0], &byte, 1) != 1) /* one that failed has said so, and never writes */
        pause();
    close(ends[0]);
}

typedef enum { CONTENT_RANDOM, CONTENT_HALF, CONTENT_TEXT, N_CONTENTS } Content;

static const char *const content_words[N_CONTENTS] = {
    [CONTENT_RANDOM] = "random", [CONTENT_HALF] = "half", [CONTENT_TEXT] = "text"};

static Content
content_of(const char *word)
{
    for (int i = 0; i < N_CONTENTS; i++)
        if (strcmp(word, content_words[i]) == 0)
            return (Content)i;
    guest_hang("content is none of random, half and text");
}

static uint64_t
letters(uint64_t drawn)
{
    return (drawn & 0x0f0f0f0f0f0f0f0fu) + LETTER * 0x0101010101010101u;
}

static void
fill_page(uint8_t *page, Content content, uint64_t *state)
{
    const size_t random_bytes = content == CONTENT_HALF ? PAGE_BYTES / 2 : PAGE_BYTES;

    memset(page + random_bytes, LETTER, PAGE_BYTES - random_bytes);
    for (size_t at = 0; at < random_bytes; at += sizeof(uint64_t)) {
        const uint64_t drawn = guest_draw(state);
        *(uint64_t *)(page + at) = content == CONTENT_TEXT ? letters(drawn) : drawn;
    }
}

static void
write_byte(uint8_t *page, Content content, uint64_t drawn)
{
    uint8_t *byte = page + drawn % (content == CONTENT_HALF ? PAGE_BYTES / 2 : PAGE_BYTES);

    *byte = content == CONTENT_TEXT ? LETTER + (*byte - LETTER + 1) % LETTERS : *byte + 1;
}

static void
dirty_for_ever(uint8_t *memory, uint64_t wws_pages, Content content, double rate_per_s, uint64_t *state)
{
    struct timespec slice = {.tv_sec = 0, .tv_nsec = SLICE_NS};
    double epoch_s = guest_clock_s(); /* the time at which `written` would have been 0 */
    double written = 0;
    for (;;) {
        nanosleep(&slice, NULL);
        double now_s = guest_clock_s();
        double debt = (now_s - epoch_s) * rate_per_s - written;
        if (debt > rate_per_s * DEBT_MAX_S + 1) { /* + 1: a slow rate may owe its one write for longer */
            debt = 0;
            epoch_s = now_s - written / rate_per_s;
        }
        uint64_t due = debt > 0 ? (uint64_t)debt : 0;
        for (uint64_t i = 0; i < due; i++) {
            uint64_t page = guest_draw(state) % wws_pages;
            write_byte(memory + page * PAGE_BYTES, content, guest_draw(state));
        }
        written += (double)due;
    }
}

int
main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    load_modules();
    say_kernel();
    if (guest_input("serve", 0) > 0)
        start_beside(serve);
    if (strcmp(guest_word("vtpm", "none"), "none") != 0)
        start_beside(call_tpm);
    size_t fill_bytes = (size_t)guest_input("fill", 64) << 20;
    uint64_t wws_pages = (uint64_t)guest_input("wws", 4096);
    long rate = guest_input("rate", 0);
    const Content content = content_of(guest_word("content", content_words[CONTENT_RANDOM]));
    uint64_t state = 0x9e3779b97f4a7c15u; /* chosen: any non-zero seed */
    if (!fill_bytes)
        guest_hang("fill must be positive");
    uint8_t *memory = mmap(NULL, fill_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        guest_hang("no room for the filled memory");
    for (size_t at = 0; at < fill_bytes; at += PAGE_BYTES)
        fill_page(memory + at, content, &state);
    if (wws_pages > fill_bytes / PAGE_BYTES)
        wws_pages = fill_bytes / PAGE_BYTES;
    printf("READY fill=%zu wws=%lu rate=%ld\n", fill_bytes >> 20, (unsigned long)wws_pages, rate);
    if (!wws_pages || rate <= 0)
        for (;;)
            pause();
    dirty_for_ever(memory, wws_pages, content, (double)rate, &state);
}
