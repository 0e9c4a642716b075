#include "models/vtpm/cump.h"

gboolean
cump_to_send(const CumpInfo *info)
{
    return info->vm_to_send || info->vtpm_to_send;
}

gboolean
cump_to_skip(const CumpInfo *info)
{
    return info->vm_to_skip || info->vtpm_to_skip;
}

gboolean
cump_is_sent(const CumpInfo *info)
{
    return cump_to_send(info) && !cump_to_skip(info);
}

const char *
cump_result_text(CumpResult result)
{
    switch (result) {
    case CUMP_OK:
        return "ok";
    case CUMP_INCOMPLETE:
        return "not one VM and one vTPM";
    case CUMP_MISMATCH:
        return "domu | vTPM don't match";
    case CUMP_NO_CONFIG:
        return "migration false";
    case CUMP_OTHER_PAIR:
        return "VM and vTPM are another pair at the destination";
    }
    g_assert_not_reached();
}

CumpResult
cump_check_union(const CumpBinding *binding)
{
    if (!binding->vm_uuid || !binding->vtpm_uuid) /* Alg. 1, step 1 */
        return CUMP_INCOMPLETE;
    if (g_strcmp0(binding->vm_vtpm_uuid, binding->vtpm_uuid) != 0) /* Alg. 1, steps 2 and 3 */
        return CUMP_MISMATCH;
    return CUMP_OK;
}

CumpResult
cump_check_separation(gboolean vm_config_exists, gboolean vtpm_config_exists)
{
    return vm_config_exists && vtpm_config_exists ? CUMP_OK : CUMP_NO_CONFIG; /* Alg. 2, step 2 */
}

CumpResult
cump_check_association(const CumpBinding *source, const CumpBinding *destination)
{
    const gboolean same = g_strcmp0(source->vm_uuid, destination->vm_uuid) == 0 &&
                          g_strcmp0(source->vm_vtpm_uuid, destination->vm_vtpm_uuid) == 0 &&
                          g_strcmp0(source->vtpm_uuid, destination->vtpm_uuid) == 0;

    return same ? CUMP_OK : CUMP_OTHER_PAIR;
}

static void
add_member(PageSet *set, const PageSetMember *member, guint64 first_page)
{
    page_set_add(set, member->log, member->image, first_page, member->used_pages);
    if (member->content)
        page_set_track_content(set, set->n_members - 1, member->content);
}

void
cump_create(PageSet *set, const PageSetMember *vm, const PageSetMember *vtpm)
{
    add_member(set, vm, 0);   /* Alg. 1, step 4: copy (VM'Shadow page | uuid) into CUMP */
    add_member(set, vtpm, 0); /* copy (vTPM'Shadow page | uuid) into CUMP */
}

void
cump_create_concatenated(PageSet *set, const PageSetMember *vm, const PageSetMember *vtpm)
{
    add_member(set, vm, 0);
    add_member(set, vtpm, page_set_end(set));
}
