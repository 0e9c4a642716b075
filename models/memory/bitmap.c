#include "models/memory/bitmap.h"

static guint64
count_baseline(const guint64 *words, gsize n_words)
{
    guint64 count = 0;

    for (gsize w = 0; w < n_words; w++)
        count += bitmap_count_word(words[w]);
    return count;
}

#ifdef __x86_64__
__attribute__((target("popcnt"))) static guint64
count_popcnt(const guint64 *words, gsize n_words)
{
    guint64 count = 0;

    for (gsize w = 0; w < n_words; w++)
        count += (guint64)__builtin_popcountll(words[w]);
    return count;
}
#endif

guint64
bitmap_count(const guint64 *words, gsize n_words)
{
#ifdef __x86_64__
    if (__builtin_cpu_supports("popcnt"))
        return count_popcnt(words, n_words);
#endif
    return count_baseline(words, n_words);
}
