#include "sim/claims/claim_parameters.h"

#include "sim/parameters/parameters.h"

gboolean
claim_parameters_add(ClaimSet *claims, const char *paper, GError **error)
{
    g_autoptr(ParameterList) list = parameters_load(paper, error);

    for (guint i = 0; list && i < list->parameters->len; i++) {
        const Parameter *parameter = g_ptr_array_index(list->parameters, i);
        g_autofree char *value = parameter_text(parameter, 1);
        claims_add_fitted(claims, parameter->listed ? parameter->listed : parameter->name,
                          parameter_kind_text(parameter->kind), value, parameter->source);
    }
    return list != NULL;
}
