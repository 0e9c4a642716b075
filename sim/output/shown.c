#include "sim/output/shown.h"

#include <math.h>

const char *
shown_number(char *text, double value, int decimals)
{
    /* from here on the decimals are three digits or more */
    const gboolean fixed = fabs(value) >= pow(10, 2 - decimals);

    if (isnan(value))
        g_snprintf(text, SHOWN_SIZE, "-");
    else
        g_snprintf(text, SHOWN_SIZE, fixed ? "%.*f" : "%.*g", fixed ? decimals : 3, value);
    return text;
}

const char *
shown_seconds(char *text, double seconds)
{
    return shown_number(text, seconds, 3);
}
