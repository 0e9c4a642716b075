#include "sim/claims/claim_notes.h"

#include "sim/scenario/data_folder.h"
#include "sim/scenario/fields.h"
#include "sim/scenario/json_text.h"
#include "sim/scenario/resolve.h"

static GQuark
claim_notes_error_quark(void)
{
    return g_quark_from_static_string("tandem-claim-notes-error");
}

typedef struct {
    GArray *claims; /* of char *; patterns with * and ? */
    char *mechanism;
    GArray *mutations; /* of char * */
} Mechanism;

typedef struct {
    char *claim, *why;
} Reason;

typedef struct {
    char *description;
    GArray *mechanisms;              /* of Mechanism */
    GArray *known_misses, *disputed; /* of Reason */
} Notes;

static const Field mechanism_fields[] = {
    {"claims", FIELD_LIST(Mechanism, claims, STRING), .required = TRUE, .min_items = 1,
     .help = "ids, or patterns with * and ?"},
    {"mechanism", FIELD_STRING(Mechanism, mechanism), .required = TRUE, .help = "what makes them true"},
    {"mutations", FIELD_LIST(Mechanism, mutations, STRING),
     .help = "files of tests/mutations, each of which makes every one of the claims fail"},
    {NULL},
};
static const FieldTable mechanism_table = {"mechanism", sizeof(Mechanism), mechanism_fields,
                                           .help = "what claims hang on"};

static const Field reason_fields[] = {
    {"claim", FIELD_STRING(Reason, claim), .required = TRUE, .help = "its id"},
    {"why", FIELD_STRING(Reason, why), .required = TRUE, .help = "the reason, as it is shown"},
    {NULL},
};
static const FieldTable reason_table = {"reason", sizeof(Reason), reason_fields, .help = "a claim and a reason"};

static const Field notes_fields[] = {
    {"description", FIELD_STRING(Notes, description), .required = TRUE, .help = "what it belongs to"},
    {"mechanisms", FIELD_LIST(Notes, mechanisms, OBJECT), .table = &mechanism_table, .required = TRUE,
     .help = "of every claim but definitions"},
    {"known_misses", FIELD_LIST(Notes, known_misses, OBJECT), .table = &reason_table,
     .help = "published numbers that are not met"},
    {"disputed", FIELD_LIST(Notes, disputed, OBJECT), .table = &reason_table,
     .help = "claims about which their source contradicts itself"},
    {NULL},
};
static const FieldTable notes_table = {"claim-notes", sizeof(Notes), notes_fields,
                                       .help = "what is known about a paper's claims"};

/* The first complaint is kept, and the rest of the file is applied all the same. */
static void
complain(GError **mistake, const char *format, ...)
{
    va_list arguments;

    if (*mistake)
        return;
    va_start(arguments, format);
    *mistake = g_error_new_valist(claim_notes_error_quark(), 0, format, arguments);
    va_end(arguments);
}

static void
replace(char **text, char *with)
{
    g_free(*text);
    *text = with;
}

static char *
joined(const GArray *words)
{
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < words->len; i++)
        g_string_append_printf(text, "%s%s", i ? " " : "", g_array_index(words, char *, i));
    return g_string_free(text, FALSE);
}

static void
apply_mechanism(ClaimSet *claims, const char *paper, const Mechanism *mechanism, guint index, GError **mistake)
{
    for (guint p = 0; p < mechanism->claims->len; p++) {
        const char *pattern = g_array_index(mechanism->claims, char *, p);
        guint found = 0;
        for (guint i = 0; i < claims_count(claims); i++) {
            Claim *claim = claims_get(claims, i);
            if (!g_str_equal(claim->paper, paper) || claim->role == ROLE_DEFINITION ||
                !g_pattern_match_simple(pattern, claim->id))
                continue;
            found++;
            replace(&claim->mechanism, g_strdup(mechanism->mechanism));
            replace(&claim->mutations, joined(mechanism->mutations));
        }
        if (found == 0)
            complain(mistake, "/mechanisms/%u/claims/%u: no claim \"%s\"", index, p, pattern);
    }
}

static Claim *
find(ClaimSet *claims, const char *paper, const char *id)
{
    for (guint i = 0; i < claims_count(claims); i++) {
        Claim *claim = claims_get(claims, i);
        if (g_str_equal(claim->paper, paper) && g_str_equal(claim->id, id))
            return claim;
    }
    return NULL;
}

/* A claim that passes is no miss; what is disputed is so whatever is simulated. */
static void
apply_reasons(ClaimSet *claims, const char *paper, const GArray *reasons, ClaimVerdict verdict, GError **mistake)
{
    const char *list = verdict == CLAIM_KNOWN_MISS ? "known_misses" : "disputed";

    for (guint i = 0; i < reasons->len; i++) {
        const Reason *reason = &g_array_index(reasons, Reason, i);
        Claim *claim = find(claims, paper, reason->claim);
        if (!claim) {
            complain(mistake, "/%s/%u: no claim \"%s\"", list, i, reason->claim);
        } else if (verdict == CLAIM_KNOWN_MISS && claim->passes) {
            complain(mistake, "/%s/%u: claim %s passes, expected one that is missed", list, i, claim->id);
        } else {
            claim->verdict = verdict;
            replace(&claim->reason, g_strdup(reason->why));
            replace(&claim->mutations, g_strdup("")); /* it fails without one */
        }
    }
}

static void
check_complete(const ClaimSet *claims, const char *paper, GError **mistake)
{
    for (guint i = 0; i < claims_count(claims); i++) {
        const Claim *claim = claims_get(claims, i);
        if (g_str_equal(claim->paper, paper) && claim->role != ROLE_DEFINITION && claim->verdict != CLAIM_SKIPPED &&
            !*claim->mechanism)
            complain(mistake, "/mechanisms: claim %s has none", claim->id);
    }
}

gboolean
claim_notes_apply(ClaimSet *claims, const char *paper, GError **error)
{
    g_autofree char *name = g_strdup_printf("configs/claims/%s.json", paper);
    g_autofree char *path = data_folder_file(name);
    g_autoptr(cJSON) tree = json_text_load(path, error);
    g_autoptr(cJSON) resolved = tree ? resolve_tree(&notes_table, tree, path, error) : NULL;
    GError *mistake = NULL;
    Notes notes = {0};

    if (!resolved)
        return FALSE;
    fields_read(&notes_table, resolved, &notes);
    for (guint i = 0; i < notes.mechanisms->len; i++)
        apply_mechanism(claims, paper, &g_array_index(notes.mechanisms, Mechanism, i), i, &mistake);
    apply_reasons(claims, paper, notes.known_misses, CLAIM_KNOWN_MISS, &mistake);
    apply_reasons(claims, paper, notes.disputed, CLAIM_DISPUTED, &mistake);
    check_complete(claims, paper, &mistake);
    fields_clear(&notes_table, &notes);
    if (!mistake)
        return TRUE;
    g_propagate_prefixed_error(error, mistake, "%s: ", path);
    return FALSE;
}
