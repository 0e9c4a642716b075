#include "sim/version.h"

#include <simgrid/forward.h>
#include <simgrid/version.h>

#define TEXT_OF(x)       #x
#define VALUE_TEXT_OF(x) TEXT_OF(x)

const char *
tandem_version(void)
{
    return TANDEM_VERSION;
}

const char *
tandem_simgrid_version(void)
{
    return VALUE_TEXT_OF(SIMGRID_VERSION_MAJOR) "." VALUE_TEXT_OF(SIMGRID_VERSION_MINOR);
}
