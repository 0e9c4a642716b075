#include "sim/parts/card/card_check.h"

#include "sim/parts/card/card_build.h"
#include "sim/specs/reject.h"

#include <string.h>

#define REQUESTS_MAX 1e11 /* of a session in a run; chosen: a day of work */

/* ---- who is there ---- */

static const CardPathSpec *
path_named(const CardKeys *keys, const char *name)
{
    for (guint i = 0; i < keys->paths->len; i++)
        if (g_str_equal(g_array_index(keys->paths, CardPathSpec, i).name, name))
            return &g_array_index(keys->paths, CardPathSpec, i);
    return NULL;
}

/* Every session's name, copies one by one: borrowed hash keys are owned by the set. */
static gboolean
gather_names(const CardKeys *keys, GHashTable *names, GError **error)
{
    for (guint i = 0; i < keys->sessions->len; i++) {
        const CardSessionSpec *session = &g_array_index(keys->sessions, CardSessionSpec, i);
        for (guint copy = 0; copy < session->copies; copy++) {
            char *name = card_build_session_name(session, copy);
            if (!g_hash_table_add(names, name))
                return reject(error, "/card_sessions/%u/name: \"%s\" is another session's, expected a name of its own",
                              i, session->name);
        }
    }
    return TRUE;
}

/* ---- cards and paths ---- */

static gboolean
check_keys(const CryptoCardSpec *card, guint index, GHashTable *names, GError **error)
{
    for (guint i = 0; i < card->keys->len; i++) {
        const KeySpec *key = &g_array_index(card->keys, KeySpec, i);
        if (key->slot > card->key_slots)
            return reject(error,
                          "/cards/%u/keys/%u/slot: is %" G_GINT64_FORMAT
                          ", expected at most the card's %" G_GINT64_FORMAT " key slots",
                          index, i, key->slot, card->key_slots);
        for (guint k = 0; k < i; k++)
            if (g_array_index(card->keys, KeySpec, k).slot == key->slot)
                return reject(error, "/cards/%u/keys/%u/slot: has an owner already, expected another slot", index, i);
        if (!g_hash_table_contains(names, key->owner))
            return reject(error, "/cards/%u/keys/%u/owner: there is no such session, expected the name of one", index,
                          i);
    }
    return TRUE;
}

static gboolean
check_cards(const CardKeys *keys, GHashTable *names, GError **error)
{
    for (guint i = 0; i < keys->cards->len; i++) {
        const CryptoCardSpec *card = &g_array_index(keys->cards, CryptoCardSpec, i);
        const CardSpec spec = card_build_spec(card);
        g_autoptr(GError) why = NULL;
        if (!cardspec_check(&spec, &why))
            return reject(error, "/cards/%u: %s, expected a card that works", i, why->message);
        if (!check_keys(card, i, names, error))
            return FALSE;
    }
    return TRUE;
}

/* Names that results can hold in a cell. */
static gboolean
is_name(const char *text)
{
    gboolean plain = g_ascii_isalnum(*text);

    for (; *text; text++)
        plain = plain && (g_ascii_isalnum(*text) || strchr("._-", *text));
    return plain;
}

static gboolean
check_names(const CardPathSpec *path, guint index, GError **error)
{
    for (guint i = 0; i < path->stations->len; i++) {
        const StationSpec *station = &g_array_index(path->stations, StationSpec, i);
        if (!is_name(station->name))
            return reject(error, "/card_paths/%u/stations/%u/name: is no name, expected letters, digits, . _ -", index,
                          i);
        if (station->server && !is_name(station->server))
            return reject(error, "/card_paths/%u/stations/%u/server: is no name, expected letters, digits, . _ -",
                          index, i);
    }
    return TRUE;
}

static gboolean
check_paths(const CardKeys *keys, GError **error)
{
    for (guint i = 0; i < keys->paths->len; i++) {
        const CardPathSpec *spec = &g_array_index(keys->paths, CardPathSpec, i);
        g_autoptr(CardPath) path = card_build_path(spec);
        g_autoptr(GError) why = NULL;
        if (!check_names(spec, i, error))
            return FALSE;
        if (!cardpath_check(path, &why))
            return reject(error, "/card_paths/%u/stations: %s, expected stations that a request can walk", i,
                          why->message);
    }
    return TRUE;
}

/* ---- sessions ---- */

static gboolean
check_guest(const ScenarioSpec *scenario, const CardSessionSpec *session, guint index, GError **error)
{
    const CardKeys *keys = card_keys_of(scenario);
    const CryptoCardSpec *card = card_keys_card(keys, session->card);
    const GuestSpec *guest = scenario_guest(scenario, session->guest);

    if (session->copies > 1)
        return reject(error, "/card_sessions/%u/copies: the session is that of a guest, expected 1", index);
    if (!g_str_equal(guest->host, card->host))
        return reject(error, "/card_sessions/%u/card: is on host \"%s\", expected a card on \"%s\", where \"%s\" is",
                      index, card->host, guest->host, guest->name);
    for (guint i = 0; i < index; i++) {
        const char *other = g_array_index(keys->sessions, CardSessionSpec, i).guest;
        if (other && g_str_equal(other, session->guest))
            return reject(error, "/card_sessions/%u/guest: \"%s\" has a session already, expected a guest without one",
                          index, session->guest);
    }
    return TRUE;
}

static gboolean
check_mix(const CryptoCardSpec *card, const CardLoadSpec *load, guint index, GError **error)
{
    const CardSpec spec = card_build_spec(card);
    gboolean fits = FALSE;

    for (guint i = 0; i < load->mix->len; i++) {
        const MixSpec *entry = &g_array_index(load->mix, MixSpec, i);
        if (entry->algorithm != CARD_ECHO && !spec.services[entry->algorithm].offered)
            return reject(error,
                          "/card_sessions/%u/workload/mix/%u/algorithm: card \"%s\" has no %s, expected an algorithm "
                          "that it computes",
                          index, i, card->name, cardspec_algorithm_name(entry->algorithm));
        if (entry->key > card->key_slots)
            return reject(error,
                          "/card_sessions/%u/workload/mix/%u/key: is %" G_GINT64_FORMAT
                          ", expected at most the card's %" G_GINT64_FORMAT " key slots",
                          index, i, entry->key, card->key_slots);
        fits = fits || entry->bytes <= card->packet_max_bytes;
    }
    return fits || reject(error,
                          "/card_sessions/%u/workload/mix/0/bytes: is above the limit of %.0f bytes of card \"%s\", "
                          "expected a packet that it takes",
                          index, card->packet_max_bytes, card->name);
}

/* VMs on the same path of the same card, up to this session. */
static gint64
vms_so_far(const CardKeys *keys, guint index, gboolean functions)
{
    const CardSessionSpec *session = &g_array_index(keys->sessions, CardSessionSpec, index);
    gint64 vms = 0;

    for (guint i = 0; i <= index; i++) {
        const CardSessionSpec *other = &g_array_index(keys->sessions, CardSessionSpec, i);
        if (!g_str_equal(other->card, session->card))
            continue;
        if (functions ? path_named(keys, other->path)->needs_virtual_function : g_str_equal(other->path, session->path))
            vms += other->copies;
    }
    return vms;
}

static gboolean
check_room(const CardKeys *keys, const CardSessionSpec *session, guint index, GError **error)
{
    const CryptoCardSpec *card = card_keys_card(keys, session->card);
    const CardPathSpec *path = path_named(keys, session->path);

    if (path->needs_virtual_function && vms_so_far(keys, index, TRUE) > card->virtual_functions)
        return reject(error,
                      "/card_sessions/%u/path: more VMs than the %" G_GINT64_FORMAT
                      " virtual functions of card \"%s\", expected at most one for each",
                      index, card->virtual_functions, card->name);
    if (path->vms_max > 0 && vms_so_far(keys, index, FALSE) > path->vms_max)
        return reject(error,
                      "/card_sessions/%u/path: more VMs than path \"%s\" can serve, expected at most %" G_GINT64_FORMAT
                      " on a card",
                      index, path->name, path->vms_max);
    return TRUE;
}

static double
lasts_at_least_s(const ScenarioSpec *scenario)
{
    double last_s = scenario->run_until_s;

    for (guint i = 0; i < scenario->timeline->len; i++)
        last_s = MAX(last_s, scenario_action(scenario, i)->at_s);
    return last_s;
}

static gboolean
check_sessions(const ScenarioSpec *scenario, GError **error)
{
    const CardKeys *keys = card_keys_of(scenario);
    const double lasts_s = lasts_at_least_s(scenario);

    for (guint i = 0; i < keys->sessions->len; i++) {
        const CardSessionSpec *session = &g_array_index(keys->sessions, CardSessionSpec, i);
        if (session->guest && !check_guest(scenario, session, i, error))
            return FALSE;
        if (session->workload->rate_per_s * lasts_s > REQUESTS_MAX)
            return reject(error,
                          "/card_sessions/%u/workload/rate: makes more than %.0f requests of the run, expected less", i,
                          REQUESTS_MAX);
        if (session->workload->kind != CARD_LOAD_REPLAY && session->workload->kind != CARD_LOAD_NONE &&
            !check_mix(card_keys_card(keys, session->card), session->workload, i, error))
            return FALSE;
        if (!check_room(keys, session, i, error))
            return FALSE;
    }
    return TRUE;
}

/* ---- calls ---- */

static gboolean
owns_key(const CryptoCardSpec *card, const char *session, gint64 slot)
{
    for (guint i = 0; i < card->keys->len; i++) {
        const KeySpec *key = &g_array_index(card->keys, KeySpec, i);
        if (key->slot == slot)
            return g_str_equal(key->owner, session);
    }
    return slot == 0;
}

/* A session that requires its keys has them before it opens, and a call's too. */
static gboolean
check_call_key(const CryptoCardSpec *card, const CardSessionSpec *session, const CardCallSpec *call, const char *at,
               GError **error)
{
    if (call->key > card->key_slots)
        return reject(error,
                      "%s/key: is %" G_GINT64_FORMAT ", expected at most the card's %" G_GINT64_FORMAT " key slots", at,
                      call->key, card->key_slots);
    return !session->require_keys || owns_key(card, session->name, call->key) ||
           reject(error,
                  "%s/key: slot %" G_GINT64_FORMAT " of card \"%s\" is not session \"%s\"'s, expected one of its own "
                  "or a session that does not require its keys",
                  at, call->key, card->name, session->name);
}

gboolean
card_check_call(const ScenarioSpec *scenario, const char *guest, const CardCallSpec *call, const char *at,
                GError **error)
{
    const CardKeys *keys = card_keys_of(scenario);
    const CardSessionSpec *session = card_keys_session(keys, call->session);
    const CryptoCardSpec *card = card_keys_card(keys, session->card);
    const CardSpec spec = card_build_spec(card);

    if (g_strcmp0(session->guest, guest) != 0)
        return reject(error, "%s/session: \"%s\" is not a session of guest \"%s\", expected the guest's own", at,
                      session->name, guest);
    if (call->algorithm != CARD_ECHO && !spec.services[call->algorithm].offered)
        return reject(error, "%s/algorithm: card \"%s\" has no %s, expected an algorithm that it computes", at,
                      card->name, cardspec_algorithm_name(call->algorithm));
    if (call->bytes > card->packet_max_bytes)
        return reject(error,
                      "%s/bytes: is above the limit of %.0f bytes of card \"%s\", expected a packet that it takes", at,
                      card->packet_max_bytes, card->name);
    if (keys->measurement->until == MEASURE_NARROW)
        return reject(error,
                      "/card_measurement/until: is \"narrow\" beside an application that calls a card (%s), expected "
                      "\"run\"",
                      at);
    return check_call_key(card, session, call, at, error);
}

/* ---- the measurement ---- */

static gboolean
check_measurement(const ScenarioSpec *scenario, GError **error)
{
    const CardKeys *keys = card_keys_of(scenario);

    if (keys->sessions->len == 0)
        return TRUE;
    if (lasts_at_least_s(scenario) / keys->measurement->batch_s > CARD_CHECK_BATCHES_MAX)
        return reject(error, "/card_measurement/batch: makes more than %.0f batches of the run, expected a longer one",
                      CARD_CHECK_BATCHES_MAX);
    if (keys->measurement->until == MEASURE_RUN && scenario->timeline->len == 0 && scenario->run_until_s > 0 &&
        keys->measurement->warm_up_s >= scenario->run_until_s)
        return reject(error, "/card_measurement/warm_up: lasts to the end of the run, expected less");
    if (keys->measurement->until == MEASURE_RUN)
        return scenario->run_until_s > 0 || scenario->timeline->len > 0 ||
               reject(error, "/run_until: the run has no length, expected how long the card sessions last");
    if (scenario->timeline->len > 0)
        return reject(error, "/card_measurement/until: is \"narrow\" beside a time line, expected \"run\"");
    for (guint i = 0; i < keys->sessions->len; i++)
        if (g_array_index(keys->sessions, CardSessionSpec, i).start_s > 0)
            return reject(error, "/card_sessions/%u/start: is above 0 beside \"narrow\", expected \"0s\"", i);
    return TRUE;
}

static gboolean
check(const ScenarioSpec *scenario, const Network *network G_GNUC_UNUSED, GError **error)
{
    const CardKeys *keys = card_keys_of(scenario);
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    return gather_names(keys, names, error) && check_cards(keys, names, error) && check_paths(keys, error) &&
           check_sessions(scenario, error) && check_measurement(scenario, error);
}

const PartKeys card_keys = {"card", .fields = card_keys_fields, .size = sizeof(CardKeys), .check = check};
