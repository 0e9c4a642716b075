#include "sim/validate/case_base.h"

#include "sim/scenario/wording.h"

#include <string.h>

const CaseBase case_bases[] = {
    {"plain", "7.2", "tcg", "qemu-case.json", "qemu-7.2-tcg", "vm"},
    {"plain", "7.2", "kvm", "qemu-case.json", "qemu-kvm", "vm"},
    {"plain", "10.0", "tcg", "qemu-case.json", "qemu-10-tcg", "vm"},
    {GUEST_VTPM_KIND, "7.2", "tcg", "qemu-vtpm-case.json", "qemu-7.2-tcg", "joint"},
    {GUEST_VTPM_KIND, "10.0", "tcg", "qemu-vtpm-case.json", "qemu-10-tcg", "joint"},
    {GUEST_CLIENT_KIND, "10.0", "tcg", "qemu-client-case.json", "qemu-10-tcg", "vm"},
    {NULL},
};

/* What a case is looked up by, in this order: a key is wrong when no base that fits those before it fits it too. */
enum { KEY_KIND, KEY_SERIES, KEY_ACCEL, N_KEYS };

static const struct {
    const char *pointer; /* in the case */
    gsize offset;
} keys[N_KEYS] = {
    [KEY_KIND] = {"/kind", G_STRUCT_OFFSET(CaseBase, kind)},
    [KEY_SERIES] = {"/qemu/version", G_STRUCT_OFFSET(CaseBase, series)},
    [KEY_ACCEL] = {"/qemu/accel", G_STRUCT_OFFSET(CaseBase, accel)},
};

static const char *
key_word(const CaseBase *base, int key)
{
    return G_STRUCT_MEMBER(const char *, base, keys[key].offset);
}

static gboolean
fits(const CaseBase *base, int key, const char *value)
{
    const char *word = key_word(base, key);

    if (key != KEY_SERIES)
        return g_str_equal(value, word);
    const gsize length = strlen(word);
    return strncmp(value, word, length) == 0 && (value[length] == '\0' || value[length] == '.');
}

static gboolean
fits_before(const CaseBase *base, int end, const char *const values[N_KEYS])
{
    for (int key = 0; key < end; key++)
        if (!fits(base, key, values[key]))
            return FALSE;
    return TRUE;
}

static const CaseBase *
first_that_fits(int end, const char *const values[N_KEYS])
{
    for (const CaseBase *base = case_bases; base->kind; base++)
        if (fits_before(base, end, values))
            return base;
    return NULL;
}

static char *
describe(int key, const char *const values[N_KEYS])
{
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    g_autofree char *quoted = wording_quote(values[key]);

    for (const CaseBase *base = case_bases; base->kind; base++)
        if (fits_before(base, key, values) &&
            !g_ptr_array_find_with_equal_func(words, key_word(base, key), g_str_equal, NULL))
            g_ptr_array_add(words, (gpointer)key_word(base, key));
    g_ptr_array_add(words, NULL);
    g_autofree char *choice = wording_choice(values[key], (const char *const *)words->pdata);
    return g_strdup_printf("%s: there is nothing to predict %s with, %s", keys[key].pointer, quoted, choice);
}

const CaseBase *
case_base_find(const char *kind, const char *version, const char *accel, char **fault)
{
    const char *const values[N_KEYS] = {[KEY_KIND] = kind, [KEY_SERIES] = version, [KEY_ACCEL] = accel};

    for (int key = 0; key < N_KEYS; key++)
        if (!first_that_fits(key + 1, values)) {
            *fault = describe(key, values);
            return NULL;
        }
    return first_that_fits(N_KEYS, values);
}
