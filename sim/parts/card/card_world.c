#include "sim/parts/card/card_world.h"

const Invariant invariant_card_once = {"card_requests_once",
                                       "every request to a card is answered exactly once, or still waits"};
const Invariant invariant_card_littles_law = {"card_littles_law",
                                              "at every station the number present is rate times time spent there"};

static const struct {
    const char *word, *text;
} fit_words[] = {
    [CARD_FITS] = {"open", "open"},
    [CARD_PATH_STAYS] = {"refused-path", "the path cannot be moved"},
    [CARD_NONE_THERE] = {"refused-no-card", "the host has no crypto card"},
    [CARD_LACKS_ALGORITHM] = {"refused-algorithm", "the card has not got an algorithm that the VM uses"},
    [CARD_LACKS_KEYS] = {"refused-keys", "the card has not got the VM's keys"},
    [CARD_IS_FULL] = {"refused-full", "the card serves no more VMs on this path"},
    [CARD_FEARS_ARM] = {"refused-arm", "the path does not work on ARM hosts"},
    [CARD_TAKES_NO_TIME] = {"refused-no-time", "the card answers at once, so that a closed loop would never end"},
};

const char *
card_world_fit_text(CardFit fit)
{
    return fit_words[fit].text;
}

const char *
card_world_state_word(const CardClient *client)
{
    static const char *const words[] = {
        [CLIENT_WAITING] = "waiting", [CLIENT_OPEN] = "open",       [CLIENT_TRAVELLING] = "travelling",
        [CLIENT_REFUSED] = "",        [CLIENT_CRASHED] = "crashed", [CLIENT_LOST] = "lost",
    };

    return client->state == CLIENT_REFUSED ? fit_words[client->fit].word : words[client->state];
}
