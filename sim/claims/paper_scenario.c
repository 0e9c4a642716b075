#include "sim/claims/paper_scenario.h"

#include "sim/scenario/data_folder.h"

char *
paper_scenario(const char *paper, const char *file)
{
    g_autofree char *name = g_build_filename("scenarios", "papers", paper, file, NULL);

    return data_folder_file(name);
}
