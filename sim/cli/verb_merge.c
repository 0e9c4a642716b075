#include "sim/cli/verb.h"
#include "sim/scenario/json_text.h"
#include "sim/sweep/campaign.h"

#include <stdio.h>

static int
merge(char **folders, const char *out)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(cJSON) manifest = campaign_read_manifest(folders[0], &error);
    g_autoptr(Plan) plan = manifest ? plan_from_manifest(manifest, &error) : NULL;

    if (!plan) {
        if (manifest)
            g_prefix_error(&error, "%s: ", folders[0]);
        return verb_fail(EXIT_BAD_INPUT, error);
    }
    for (guint i = 0; folders[i]; i++) /* before anything is written */
        if (!campaign_may_take(plan, folders[i], &error))
            return verb_fail_campaign(error);
    g_autoptr(Campaign) campaign = campaign_open(plan, out, (Part){1, 1, 0}, FALSE, &error);
    if (!campaign)
        return verb_fail_campaign(error);
    for (guint i = 0; folders[i]; i++)
        if (!campaign_take(campaign, folders[i], &error))
            return verb_fail_campaign(error);
    if (!campaign_finish(campaign, &error))
        return verb_fail_writing(error);
    if (campaign_missing(campaign) > 0)
        return verb_complain(EXIT_OTHER, "%s: %u of %u runs are missing (tandem sweep --resume --out %s runs them)",
                             out, campaign_missing(campaign), campaign_size(campaign), out);
    verb_say("%u runs in %s\n", campaign_size(campaign), out);
    return EXIT_DONE;
}

int
verb_merge(int argc, char **argv)
{
    char *out = NULL;
    const GOptionEntry entries[] = {
        {"out", 'o', 0, G_OPTION_ARG_FILENAME, &out, "the folder to make", "DIR"},
        {NULL},
    };
    int status = EXIT_BAD_INPUT;

    if (verb_parse(entries, "DIR...", "Merges folders of `tandem sweep --shard` into one, as if it had run at once.",
                   &argc, &argv)) {
        if (argc < 2)
            verb_complain(0, "merge: no folder given (see tandem merge --help)");
        else if (!out)
            verb_complain(0, "merge: no folder to make, expected --out DIR");
        else
            status = merge(argv + 1, out);
    }
    g_free(out);
    return status;
}
