/* Runs a fuzz harness over every file of the folders given, as an ordinary test without a fuzzer. A name that starts
 * with "good-" or "bad-" only tells the reader what the file is; the harness judges. */
#include <glib.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

static guint
run_folder(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    guint n = 0;

    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *file = g_build_filename(folder, name, NULL);
        g_autofree char *bytes = NULL;
        gsize length;
        if (!g_file_get_contents(file, &bytes, &length, NULL))
            continue;
        LLVMFuzzerTestOneInput((const guint8 *)bytes, length);
        for (gsize cut = 0; cut < length; cut += 1 + length / 64) /* and cut short at 64 places */
            LLVMFuzzerTestOneInput((const guint8 *)bytes, cut);
        n++;
    }
    return n;
}

int
main(int argc, char **argv)
{
    guint n = 0;

    for (int i = 1; i < argc; i++)
        n += run_folder(argv[i]);
    g_print("%u files\n", n);
    return n > 0 ? 0 : 1; /* an empty corpus tests nothing */
}
