#include "sim/sweep/journal.h"

#include "sim/output/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HASH_LENGTH = 8 };

static const char *const status_words[N_RUN_STATUSES] = {"ok",      "violated",  "invalid", "failed",
                                                         "crashed", "timed-out", "killed"};

/* Of a run; offset 0 is the identity's line, so it means "none". */
typedef struct {
    guint64 offset;
    guint32 shape;
    guint8 status;
} Entry;

struct Journal {
    char *path;
    int fd;
    guint64 length;
    gsize torn;
    guint damaged;
    guint n_runs;
    guint done;
    guint counts[N_RUN_STATUSES];
    Entry *entries;       /* by run */
    GPtrArray *shapes;    /* of char *, owned */
    GHashTable *shape_of; /* of shapes' text to 1 + index */
    char *map;            /* NULL: not mapped */
    gsize map_length;
};

GQuark
journal_error_quark(void)
{
    return g_quark_from_static_string("tandem-journal-error");
}

const char *
journal_status_word(RunStatus status)
{
    return status_words[status];
}

static gboolean
fail_file(const Journal *journal, const char *what, GError **error)
{
    g_set_error(error, JOURNAL_ERROR, JOURNAL_ERROR_FILE, "%s: cannot %s: %s", journal->path, what, g_strerror(errno));
    return FALSE;
}

/* FNV-1a, 32 bits (Fowler, Noll, Vo). */
static guint32
hash(const char *text, gsize length)
{
    guint32 h = 2166136261u;

    for (gsize i = 0; i < length; i++)
        h = (h ^ (guchar)text[i]) * 16777619u;
    return h;
}

static gboolean
write_text(Journal *journal, const GString *text, GError **error)
{
    gsize written = 0;

    while (written < text->len) {
        const ssize_t n = write(journal->fd, text->str + written, text->len - written);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return fail_file(journal, "write", error);
        written += (gsize)n;
    }
    journal->length += text->len;
    return TRUE;
}

static void
append_line(GString *out, const char *body)
{
    g_string_append_printf(out, "%08x %s\n", hash(body, strlen(body)), body);
}

/* ---- reading ---- */

static void
add_shape(Journal *journal, char *names)
{
    g_ptr_array_add(journal->shapes, names);
    g_hash_table_insert(journal->shape_of, names, GUINT_TO_POINTER(journal->shapes->len));
}

static void
set_entry(Journal *journal, guint run, guint64 offset, guint shape, RunStatus status)
{
    journal_forget(journal, run);
    journal->entries[run] = (Entry){offset, shape, (guint8)status};
    journal->counts[status]++;
    journal->done++;
}

/* "12,ok,0,…": FALSE when it is not so. */
static gboolean
parse_run(const char *body, guint *run, RunStatus *status, guint *shape)
{
    char *end;

    *run = (guint)strtoul(body, &end, 10);
    if (*end != ',')
        return FALSE;
    const char *word = end + 1;
    const char *comma = strchr(word, ',');
    for (*status = 0; comma && *status < N_RUN_STATUSES; (*status)++)
        if (strncmp(status_words[*status], word, (gsize)(comma - word)) == 0 &&
            strlen(status_words[*status]) == (gsize)(comma - word))
            break;
    if (!comma || *status == N_RUN_STATUSES)
        return FALSE;
    *shape = (guint)strtoul(comma + 1, &end, 10);
    return *end == ',';
}

/* One whole line, without its hash and newline, which body's memory goes on behind. FALSE: it is not one of ours. */
static gboolean
read_line(Journal *journal, const char *body, gsize length, guint64 offset)
{
    guint run, shape;
    RunStatus status;
    char *end;

    if (length < 3 || body[1] != ' ')
        return FALSE;
    if (body[0] == 'S') {
        const gulong id = strtoul(body + 2, &end, 10);
        if (*end != ',' || id != journal->shapes->len)
            return FALSE;
        add_shape(journal, g_strndup(end + 1, (gsize)(body + length - end - 1)));
        return TRUE;
    }
    if (body[0] != 'R' || !parse_run(body + 2, &run, &status, &shape) || run >= journal->n_runs ||
        shape >= journal->shapes->len)
        return FALSE;
    set_entry(journal, run, offset, shape, status);
    return TRUE;
}

static gboolean
is_whole(const char *line, gsize length)
{
    char *end;

    return length > HASH_LENGTH + 1 && line[HASH_LENGTH] == ' ' &&
           strtoul(line, &end, 16) == hash(line + HASH_LENGTH + 1, length - HASH_LENGTH - 1) &&
           end == line + HASH_LENGTH;
}

/* Every line after the first; what comes after the last whole one is torn. */
static void
read_lines(Journal *journal, const char *text, gsize length, gsize start)
{
    gsize whole = start;

    for (gsize at = start; at < length;) {
        const char *newline = memchr(text + at, '\n', length - at);
        if (!newline)
            break;
        const gsize n = (gsize)(newline - text) - at;
        if (is_whole(text + at, n) && read_line(journal, text + at + HASH_LENGTH + 1, n - HASH_LENGTH - 1, at)) {
            whole = at + n + 1;
        } else {
            journal->damaged++;
        }
        at += n + 1;
    }
    journal->torn = length - whole;
    journal->length = whole;
}

static gboolean
write_identity(Journal *journal, const char *identity, GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *body = g_strconcat("I ", identity, NULL);

    if (ftruncate(journal->fd, 0) != 0)
        return fail_file(journal, "write", error);
    append_line(out, body);
    return write_text(journal, out, error);
}

static gboolean
read_file(Journal *journal, const char *identity, GError **error)
{
    struct stat info;

    if (fstat(journal->fd, &info) != 0)
        return fail_file(journal, "read", error);
    journal->length = (guint64)info.st_size;
    const char *newline = NULL;
    if (info.st_size > 0) {
        if (!journal_map(journal, error))
            return FALSE;
        newline = memchr(journal->map, '\n', journal->map_length);
    }
    if (!newline) { /* new, or killed before the first line was whole */
        journal->length = 0;
        return write_identity(journal, identity, error);
    }
    const gsize first = (gsize)(newline - journal->map);
    g_autofree char *known = g_strndup(journal->map, first);
    if (!is_whole(known, first) || !g_str_equal(known + HASH_LENGTH + 3, identity)) {
        g_set_error(error, JOURNAL_ERROR, JOURNAL_ERROR_OTHER_CAMPAIGN, "%s: is of another campaign", journal->path);
        return FALSE;
    }
    read_lines(journal, journal->map, journal->map_length, first + 1);
    if (journal->torn > 0 && ftruncate(journal->fd, (off_t)journal->length) != 0)
        return fail_file(journal, "write", error);
    return TRUE;
}

Journal *
journal_open(const char *folder, const char *identity, guint n_runs, GError **error)
{
    g_autoptr(Journal) journal = g_new0(Journal, 1);

    journal->path = g_build_filename(folder, "runs.journal", NULL);
    journal->n_runs = n_runs;
    journal->entries = g_new0(Entry, n_runs);
    journal->shapes = g_ptr_array_new_with_free_func(g_free);
    journal->shape_of = g_hash_table_new(g_str_hash, g_str_equal);
    if (!files_check_target(journal->path, error)) {
        journal->fd = -1;
        return NULL;
    }
    journal->fd = open(journal->path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (journal->fd < 0) {
        fail_file(journal, "open", error);
        return NULL;
    }
    if (flock(journal->fd, LOCK_EX | LOCK_NB) != 0) {
        g_set_error(error, JOURNAL_ERROR, JOURNAL_ERROR_BUSY, "%s: another tandem is at work in this folder", folder);
        return NULL;
    }
    return read_file(journal, identity, error) ? g_steal_pointer(&journal) : NULL;
}

static void
unmap(Journal *journal)
{
    if (journal->map)
        munmap(journal->map, journal->map_length);
    journal->map = NULL;
}

void
journal_free(Journal *journal)
{
    if (!journal)
        return;
    unmap(journal);
    if (journal->fd >= 0)
        close(journal->fd);
    g_hash_table_unref(journal->shape_of);
    g_ptr_array_unref(journal->shapes);
    g_free(journal->entries);
    g_free(journal->path);
    g_free(journal);
}

gsize
journal_torn(const Journal *journal)
{
    return journal->torn;
}

guint
journal_damaged(const Journal *journal)
{
    return journal->damaged;
}

gboolean
journal_has(const Journal *journal, guint run)
{
    return journal->entries[run].offset > 0;
}

guint
journal_count(const Journal *journal, RunStatus status)
{
    return journal->counts[status];
}

guint
journal_done(const Journal *journal)
{
    return journal->done;
}

void
journal_forget(Journal *journal, guint run)
{
    if (!journal_has(journal, run))
        return;
    journal->counts[journal->entries[run].status]--;
    journal->done--;
    journal->entries[run].offset = 0;
}

/* ---- writing ---- */

static gboolean
find_shape(Journal *journal, const char *names, guint *shape, GError **error)
{
    const guint known = GPOINTER_TO_UINT(g_hash_table_lookup(journal->shape_of, names));
    g_autoptr(GString) out = g_string_new(NULL);

    *shape = known > 0 ? known - 1 : journal->shapes->len;
    if (known > 0)
        return TRUE;
    g_autofree char *body = g_strdup_printf("S %u,%s", *shape, names);
    append_line(out, body);
    if (!write_text(journal, out, error))
        return FALSE;
    add_shape(journal, g_strdup(names));
    return TRUE;
}

gboolean
journal_append(Journal *journal, guint run, RunStatus status, const char *message, const char *names, const char *cells,
               GError **error)
{
    g_return_val_if_fail(run < journal->n_runs, FALSE);

    g_autoptr(GString) out = g_string_new(NULL);
    guint shape;

    if (!find_shape(journal, names, &shape, error))
        return FALSE;
    g_autofree char *body =
        g_strdup_printf("R %u,%s,%u,%s,%s", run, journal_status_word(status), shape, message, cells);
    append_line(out, body);
    const guint64 offset = journal->length;
    if (!write_text(journal, out, error))
        return FALSE;
    set_entry(journal, run, offset, shape, status);
    return TRUE;
}

/* ---- what is in it ---- */

gboolean
journal_map(Journal *journal, GError **error)
{
    unmap(journal);
    journal->map_length = journal->length;
    journal->map = mmap(NULL, journal->map_length, PROT_READ, MAP_SHARED, journal->fd, 0);
    if (journal->map != MAP_FAILED)
        return TRUE;
    journal->map = NULL;
    return fail_file(journal, "read", error);
}

/* The end of the CSV cell at p: its comma, or end. */
static const char *
cell_end(const char *p, const char *end)
{
    gboolean quoted = FALSE;

    for (; p < end && (quoted || *p != ','); p++)
        quoted ^= *p == '"';
    return p;
}

gboolean
journal_line(const Journal *journal, guint run, JournalLine *line)
{
    const Entry *entry = &journal->entries[run];
    if (entry->offset == 0)
        return FALSE;
    const char *p = journal->map + entry->offset;
    const char *end = memchr(p, '\n', journal->map_length - entry->offset);

    for (int commas = 0; commas < 3; p++)
        commas += *p == ',';
    const char *message_end = cell_end(p, end);
    *line = (JournalLine){(RunStatus)entry->status, entry->shape,    p,
                          (gsize)(message_end - p), message_end + 1, (gsize)(end - message_end - 1)};
    return TRUE;
}

guint
journal_shapes(const Journal *journal)
{
    return journal->shapes->len;
}

const char *
journal_shape(const Journal *journal, guint shape)
{
    return g_ptr_array_index(journal->shapes, shape);
}
