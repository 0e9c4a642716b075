#include "sim/version.h"

const char *
tandem_version(void)
{
    return TANDEM_VERSION;
}
