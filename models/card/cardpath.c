#include "models/card/cardpath.h"

#include <math.h>

static const char *const CARD_STATIONS[] = {"ring", "dma-in", "engine", "dma-out", "interrupt"};

GQuark
cardpath_error_quark(void)
{
    return g_quark_from_static_string("tandem-cardpath-error");
}

static gboolean
is_card_station(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(CARD_STATIONS); i++)
        if (g_strcmp0(name, CARD_STATIONS[i]) == 0)
            return TRUE;
    return FALSE;
}

/* Its line in the results is not to be taken for another's. */
static gboolean
is_processors(const char *name)
{
    return g_strcmp0(name, "processors") == 0;
}

/* Index of the station of this name, n_stations when there is none. */
static guint
station_find(const CardPath *path, const char *name)
{
    for (guint i = 0; i < path->n_stations; i++)
        if (g_strcmp0(path->stations[i].name, name) == 0)
            return i;
    return path->n_stations;
}

static gboolean
fail(GError **error, CardPathError code, const CardStation *station, const char *what)
{
    g_set_error(error, CARDPATH_ERROR, code, "station %s: %s", station->name ? station->name : "?", what);
    return FALSE;
}

static gboolean
check_numbers(const CardStation *station, GError **error)
{
    if (!(station->fixed_s >= 0 && isfinite(station->fixed_s)))
        return fail(error, CARDPATH_ERROR_NUMBER, station, "fixed time must be finite and >= 0");
    if (!(station->per_byte_s >= 0 && isfinite(station->per_byte_s)))
        return fail(error, CARDPATH_ERROR_NUMBER, station, "time per byte must be finite and >= 0");
    if (!(station->spread_share >= 0 && station->spread_share <= 1))
        return fail(error, CARDPATH_ERROR_NUMBER, station, "spread must be 0 to 1");
    const double sleeper[] = {station->wake_s, station->notify_s, station->notify_queued_s, station->poll_s};
    gboolean sleeps = FALSE;
    for (guint i = 0; i < G_N_ELEMENTS(sleeper); i++) {
        if (!(sleeper[i] >= 0 && isfinite(sleeper[i])))
            return fail(error, CARDPATH_ERROR_NUMBER, station,
                        "wake, notify, notify_queued and poll must be finite and >= 0");
        sleeps |= sleeper[i] > 0;
    }
    if (station->flags & (CARD_TOKEN | CARD_LATENCY) && sleeps)
        return fail(error, CARDPATH_ERROR_NUMBER, station, "a token or a latency is nobody who could be woken");
    if (station->group_max > 1 && station->direction == CARD_RETURN)
        return fail(error, CARDPATH_ERROR_NUMBER, station, "only a forward station can group requests");
    return TRUE;
}

static gboolean
check_names(const CardPath *path, guint index, GError **error)
{
    const CardStation *station = &path->stations[index];

    if (!station->name || !*station->name)
        return fail(error, CARDPATH_ERROR_NAME, station, "a station needs a name");
    if (station_find(path, station->name) != index)
        return fail(error, CARDPATH_ERROR_NAME, station, "the name is there twice");
    if (is_card_station(station->name) || is_card_station(station->server) || is_processors(station->name) ||
        is_processors(station->server))
        return fail(error, CARDPATH_ERROR_NAME, station, "the name is one of the card's own stations");
    if (index > 0 && station->direction == CARD_FORWARD && path->stations[index - 1].direction == CARD_RETURN)
        return fail(error, CARDPATH_ERROR_ORDER, station, "a forward station stands after a return station");
    return TRUE;
}

static gboolean
check_hold(const CardPath *path, guint index, GError **error)
{
    const CardStation *station = &path->stations[index];

    if (!station->held_until)
        return TRUE;
    if (is_card_station(station->held_until))
        return station->direction == CARD_FORWARD ||
               fail(error, CARDPATH_ERROR_ORDER, station, "held until a station that lies before it");
    const guint until = station_find(path, station->held_until);
    if (until == path->n_stations)
        return fail(error, CARDPATH_ERROR_NAME, station, "held until a station that is not on the path");
    if (until <= index)
        return fail(error, CARDPATH_ERROR_ORDER, station, "held until a station that lies before it");
    return TRUE;
}

/* Stations of one server must agree about it. */
static gboolean
check_server(const CardPath *path, guint index, GError **error)
{
    const CardStation *station = &path->stations[index];

    for (guint i = 0; i < index && station->server; i++) {
        const CardStation *other = &path->stations[i];
        if (g_strcmp0(other->server, station->server) == 0 &&
            (other->servers != station->servers || (other->flags ^ station->flags) & CARD_PER_VM))
            return fail(error, CARDPATH_ERROR_NUMBER, station, "disagrees with an earlier station of the same server");
    }
    return TRUE;
}

gboolean
cardpath_check(const CardPath *path, GError **error)
{
    guint holds = 2; /* the ring's slot, and the server that blocks when the ring is full */
    guint groups = 0;

    if (!path->name || !*path->name) {
        g_set_error(error, CARDPATH_ERROR, CARDPATH_ERROR_NAME, "the path has no name");
        return FALSE;
    }
    if (path->n_stations > CARDPATH_STATIONS_MAX) {
        g_set_error(error, CARDPATH_ERROR, CARDPATH_ERROR_LIMIT, "%u stations, at most %u", path->n_stations,
                    CARDPATH_STATIONS_MAX);
        return FALSE;
    }
    for (guint i = 0; i < path->n_stations; i++) {
        if (!check_numbers(&path->stations[i], error) || !check_names(path, i, error) || !check_hold(path, i, error) ||
            !check_server(path, i, error))
            return FALSE;
        holds += path->stations[i].held_until ? 1 : 0;
        groups += path->stations[i].group_max > 1;
        if (groups > 1) /* a packet of packets would be needed */
            return fail(error, CARDPATH_ERROR_NUMBER, &path->stations[i],
                        "only one station of a path can group requests");
    }
    if (holds > CARDPATH_HOLDS_MAX) {
        g_set_error(error, CARDPATH_ERROR, CARDPATH_ERROR_LIMIT, "at most %u stations can be held",
                    CARDPATH_HOLDS_MAX - 2);
        return FALSE;
    }
    return TRUE;
}

double
cardpath_echo_s(const CardPath *path, guint32 bytes)
{
    double sum = 0;

    for (guint i = 0; i < path->n_stations; i++)
        if (!(path->stations[i].flags & CARD_CARD_ONLY))
            sum += path->stations[i].fixed_s + path->stations[i].per_byte_s * bytes;
    return sum;
}
