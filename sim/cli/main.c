#include "sim/cli/tandem.h"

int
main(int argc, char **argv)
{
    return tandem_main(argc, argv);
}
