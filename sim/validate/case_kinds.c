#include "sim/validate/case_kinds.h"

#include "sim/validate/card_judge.h"
#include "sim/validate/guest_judge.h"
#include "sim/validate/socket_judge.h"
#include "sim/validate/tcp_predict.h"
#include "sim/validate/validate.h"

static gpointer
parse_migration(const char *path, const cJSON *root, GError **error)
{
    return case_file_parse(path, root, error);
}

static gpointer
parse_card(const char *path, const cJSON *root, GError **error)
{
    return card_case_parse(path, root, error);
}

static gpointer
parse_socket(const char *path, const cJSON *root, GError **error)
{
    return socket_case_parse(path, root, error);
}

static gpointer
parse_tcp(const char *path, const cJSON *root, GError **error)
{
    return tcp_case_parse(path, root, error);
}

static gpointer
parse_guest(const char *path, const cJSON *root, GError **error)
{
    return guest_case_parse(path, root, error);
}

const CaseKind case_kinds[N_CASE_KINDS] = {
    [CASE_MIGRATIONS] = {CASE_BASE_KIND, "validation.csv", "validate", VALIDATE_SEEDS, parse_migration,
                         (GDestroyNotify)case_file_free, validate_cases, validate_table, validate_take_files},
    [CASE_CARDS] = {CARD_CASE_KIND, "validation-cards.csv", "validate-cards", CARD_SEEDS, parse_card,
                    (GDestroyNotify)card_case_free, card_predict, card_judge_table, card_judge_take_files},
    [CASE_SOCKETS] = {SOCKET_CASE_KIND, "validation-sockets.csv", "validate-sockets", SOCKET_SEEDS, parse_socket,
                      (GDestroyNotify)socket_case_free, socket_predict, socket_judge_table, socket_judge_take_files},
    [CASE_TCP] = {TCP_CASE_KIND, "validation-tcp.csv", "validate-tcp", TCP_SEEDS, parse_tcp,
                  (GDestroyNotify)tcp_case_free, tcp_predict, tcp_predict_table, tcp_predict_take_files},
    [CASE_VTPMS] = {GUEST_VTPM_KIND, "validation-vtpm.csv", "validate-vtpm", GUEST_SEEDS, parse_guest,
                    (GDestroyNotify)guest_case_free, guest_predict, guest_judge_table, guest_judge_take_files},
    [CASE_CLIENTS] = {GUEST_CLIENT_KIND, "validation-client.csv", "validate-client", GUEST_SEEDS, parse_guest,
                      (GDestroyNotify)guest_case_free, guest_predict, guest_judge_table, guest_judge_take_files},
};
