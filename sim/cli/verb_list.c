#include "sim/cli/verb.h"

int
verb_list(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    return 0;
}
