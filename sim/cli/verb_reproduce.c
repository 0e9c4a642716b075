#include "sim/cli/verb.h"

int
verb_reproduce(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    return 0;
}
