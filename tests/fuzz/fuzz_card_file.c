/* Fuzzes the reader of recorded card requests. Whatever the text, nothing may crash, an error is one line, and what is
 * read satisfies the model's own check. Built by the fuzz preset with libFuzzer, and in every preset as an ordinary
 * test over tests/fuzz/corpus/card_file/.
 */
#include "sim/parts/card/card_file.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) rows = card_file_parse(text, "fuzz", &error);

    if (!rows) {
        g_assert_nonnull(error);
        g_assert_null(strchr(error->message, '\n'));
        g_assert_nonnull(strstr(error->message, "expected"));
        return 0;
    }
    const CardLoad load = {
        .kind = CARD_LOAD_REPLAY, .replay = (const CardReplay *)(gconstpointer)rows->data, .n_replay = rows->len};
    g_assert_true(cardload_check(&load, &error));
    return 0;
}
