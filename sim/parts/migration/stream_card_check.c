#include "sim/parts/migration/stream_card_check.h"

#include "sim/parts/card/card_build.h"
#include "sim/parts/card/card_keys.h"
#include "sim/parts/migration/stream_card_keys.h"
#include "sim/specs/reject.h"

#define SMALL_PAGE_BYTES 4096.0 /* chosen: of guests of which only the run tells; then the card rejects */

static const CryptoCardSpec *
card_of(const CardKeys *keys, const char *session)
{
    return card_keys_card(keys, card_keys_session(keys, session)->card);
}

/* A migration's thread is the host's: nobody else asks through its session. */
static gboolean
check_session(const CardKeys *keys, const char *name, const char *at, GError **error)
{
    const CardSessionSpec *session = card_keys_session(keys, name);

    if (session->guest)
        return reject(error, "%s: \"%s\" is guest \"%s\"'s session, expected one without a guest", at, name,
                      session->guest);
    if (session->workload->kind != CARD_LOAD_NONE)
        return reject(error, "%s: \"%s\" has a workload of its own, expected one of kind \"none\"", at, name);
    return session->copies == 1 || reject(error, "%s: \"%s\" has copies, expected a single session", at, name);
}

/* Where others of the time line's migrations may have brought it, as far as they name the guest. */
static gboolean
may_be_on(const ScenarioSpec *scenario, const GuestSpec *guest, const char *host, guint index)
{
    if (g_str_equal(guest->host, host))
        return TRUE;
    for (guint i = 0; i < scenario->timeline->len; i++) {
        const MigrateKeys *migrate = migration_keys_of(scenario_action(scenario, i));
        if (migrate && i != index && g_str_equal(migrate->guest, guest->name) && g_str_equal(migrate->host, host))
            return TRUE;
    }
    return FALSE;
}

static gboolean
check_source(const ScenarioSpec *scenario, const StreamCard *card, const GuestSpec *guest, const char *source,
             const char *at, guint index, GError **error)
{
    const CardKeys *keys = card_keys_of(scenario);
    const char *host = card_of(keys, card->session)->host;

    if (guest ? may_be_on(scenario, guest, host, index) : g_str_equal(source, host))
        return TRUE;
    return reject(error, "%s: is of a card on host \"%s\", expected one on the source, \"%s\"", at, host,
                  guest ? guest->host : source);
}

static gboolean
check_destination(const CardKeys *keys, const StreamCard *card, const char *destination, const char *at, GError **error)
{
    const char *host = card_of(keys, card->receive_session)->host;

    return !destination || g_str_equal(destination, host) ||
           reject(error, "%s: is of a card on host \"%s\", expected one on the destination, \"%s\"", at, host,
                  destination);
}

/* Requests that the card computes, and takes. key: the algorithm's. */
static gboolean
check_request(const CardKeys *keys, const char *session, CardAlgorithm algorithm, double bytes, const char *at,
              const char *key, GError **error)
{
    const CryptoCardSpec *card = card_of(keys, session);
    const CardSpec spec = card_build_spec(card);

    if (algorithm != CARD_ECHO && !spec.services[algorithm].offered)
        return reject(error, "%s/%s: card \"%s\" has no %s, expected an algorithm that it computes", at, key,
                      card->name, cardspec_algorithm_name(algorithm));
    if (bytes > card->packet_max_bytes)
        return reject(error,
                      "%s/packet: makes requests of %.0f bytes, above the %.0f of card \"%s\", expected fewer pages or "
                      "a larger packet_max of the card",
                      at, bytes, card->packet_max_bytes, card->name);
    return keys->measurement->until == MEASURE_RUN ||
           reject(error,
                  "/card_measurement/until: is \"narrow\" beside a migration that asks a card, expected \"run\"");
}

gboolean
stream_card_check(const ScenarioSpec *scenario, const HypervisorSpec *hypervisor, const GuestSpec *guest,
                  const char *source, const char *destination, guint index, GError **error)
{
    const CardKeys *keys = card_keys_of(scenario);
    const StreamRules *rules = &hypervisor->stream;
    const StreamCard *card = stream_card_of(rules);

    if (!card)
        return TRUE;
    const double ratio = rules->compression ? rules->compression->ratio : 1;
    const StreamPage page = {guest ? guest->page_bytes : SMALL_PAGE_BYTES, hypervisor->page.header_bytes, ratio};
    const double bytes = stream_card_request_bytes(rules, &page);
    g_autofree char *at =
        g_strdup_printf("/timeline/%u/hypervisor/%s/card", index,
                        rules->compression && rules->compression->card ? "compression" : "encryption");
    g_autofree char *sends = g_strconcat(at, "/session", NULL), *receives = g_strconcat(at, "/receive_session", NULL);

    if (!check_session(keys, card->session, sends, error) ||
        !check_source(scenario, card, guest, source, sends, index, error) ||
        !check_request(keys, card->session, card->algorithm, bytes, at, "algorithm", error))
        return FALSE;
    return !card->receive_session ||
           (check_session(keys, card->receive_session, receives, error) &&
            check_destination(keys, card, destination, receives, error) &&
            check_request(keys, card->receive_session, card->receive_algorithm, bytes, at, "receive_algorithm", error));
}
