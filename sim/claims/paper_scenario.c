#include "sim/claims/paper_scenario.h"

#include "sim/scenario/profile.h"

char *
paper_scenario(const char *paper, const char *file)
{
    return g_build_filename(profile_data_folder(), "scenarios", "papers", paper, file, NULL);
}
