#include "sim/specs/scenario_spec.h"

/* ---- the core's keys ---- */

static const Field set_workload_fields[] = {
    {"guest", FIELD_REFERENCE(ActionSpec, guest), .refers = "/guests", .required = TRUE, .help = "whose"},
    {"workload", FIELD_OBJECT(ActionSpec, workload), .table = &workload_table, .required = TRUE, .help = "from now on"},
    {NULL},
};
static const Field link_action_fields[] = {
    {"link", FIELD_REFERENCE(ActionSpec, link), .refers = "/links", .required = TRUE, .help = "which cable"},
    {NULL},
};
static const Field host_action_fields[] = {
    {"host", FIELD_REFERENCE(ActionSpec, host), .refers = "/hosts", .required = TRUE, .help = "which host"},
    {NULL},
};
static const Field guest_action_fields[] = {
    {"guest", FIELD_REFERENCE(ActionSpec, guest), .refers = "/guests", .required = TRUE, .help = "which VM"},
    {NULL},
};
static const Field create_guest_fields[] = {
    {"guest", FIELD_REFERENCE(ActionSpec, guest), .refers = "/guests", .required = TRUE,
     .help = "which VM; it, and a vTPM of it, are not there before, and its phases begin at the first such date"},
    {"host", FIELD_REFERENCE(ActionSpec, host), .refers = "/hosts", .help = "where; absent: the guest's host"},
    {NULL},
};
static const Field action_fields[] = {
    {"at", FIELD_TIME(ActionSpec, at_s), .required = TRUE, .help = "when"},
    {NULL},
};
static const FieldCase action_cases[ACTION_OF_PART] = {
    [ACTION_SET_WORKLOAD] = {"set-workload", set_workload_fields, "change what a guest writes"},
    [ACTION_FAIL_LINK] = {"fail-link", link_action_fields, "cut a cable"},
    [ACTION_RESTORE_LINK] = {"restore-link", link_action_fields, "repair it"},
    [ACTION_FAIL_HOST] = {"fail-host", host_action_fields, "lose a host and every domain that runs on it, for good"},
    [ACTION_CREATE_GUEST] =
        {"create-guest", create_guest_fields,
         "create a VM and start it; refused when it is there, when it was destroyed or lost, and without room"},
    [ACTION_START_GUEST] = {"start-guest", guest_action_fields, "let a stopped VM run on"},
    [ACTION_STOP_GUEST] = {"stop-guest", guest_action_fields,
                           "stop a VM, which keeps its memory; refused while it migrates"},
    [ACTION_DESTROY_GUEST] =
        {"destroy-guest", guest_action_fields,
         "end a VM and its vTPM, which give their memory back, for good; refused while they migrate"},
};
static FieldTable action_table = {"action",
                                  sizeof(ActionSpec),
                                  action_fields,
                                  .groups = TRUE,
                                  .tag = "do",
                                  FIELD_TAG(ActionSpec, kind),
                                  .help = "something that happens at a date"};

static const Field first_fields[] = {
    {"extends", FIELD_STRING(ScenarioSpec, extends),
     .help = "another scenario's file, from the folder of this one, over which this one is laid"},
    {"name", FIELD_NAME(ScenarioSpec, name), .required = TRUE, .help = "short name of the scenario"},
    {"title", FIELD_STRING(ScenarioSpec, title), .preset = "", .help = "one line, for lists and reports"},
    {"description", FIELD_STRING(ScenarioSpec, description), .preset = "", .help = "what it shows, any length"},
    {"seed", FIELD_INTEGER(ScenarioSpec, seed), .preset = "1", .min = "0", .help = "of every random stream"},
    {"run_until", FIELD_TIME(ScenarioSpec, run_until_s), .preset = "0s",
     .help = "the run lasts at least so long; it ends after the last action and migration"},
    {"engine", FIELD_OBJECT(ScenarioSpec, engine), .table = &engine_table, .preset = "{}", .help = "how to compute"},
    {"fabric", FIELD_OBJECT(ScenarioSpec, fabric), .help = "absent: all hosts, switches and cables stand in the lists"},
    {"hosts", FIELD_LIST(ScenarioSpec, hosts, OBJECT), .table = &host_table,
     .help = "physical machines; one at least, or a fabric"},
    {"switches", FIELD_LIST(ScenarioSpec, switches, OBJECT), .table = &switch_table, .help = "network switches"},
    {"links", FIELD_LIST(ScenarioSpec, links, OBJECT), .table = &link_table, .help = "cables"},
    {"guests", FIELD_LIST(ScenarioSpec, guests, OBJECT), .table = &guest_table, .help = "virtual machines"},
    {NULL},
};
static const Field last_fields[] = {
    {"timeline", FIELD_LIST(ScenarioSpec, timeline, OBJECT), .table = &action_table, .help = "what happens when"},
    {"sweep", FIELD_OBJECT(ScenarioSpec, sweep), .table = &sweep_table, .help = "what `tandem sweep` runs"},
    {NULL},
};

/* ---- put together with the parts' ---- */

#define ALIGNMENT 16 /* of any struct */

static gsize
aligned(gsize size)
{
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* shift: where the struct that the fields are of begins. */
static void
append_fields(GArray *all, const Field *fields, gsize shift)
{
    for (const Field *field = fields; field && field->key; field++) {
        Field copy = *field;
        copy.offset += shift;
        g_array_append_val(all, copy);
    }
}

static const Field *
end_fields(GArray *all)
{
    const Field end = {NULL};

    g_array_append_val(all, end);
    return (const Field *)(gpointer)g_array_free(all, FALSE);
}

/* A workload may be set for every domain, whichever part created it. */
static const Field *
set_workload_fields_for_all(void)
{
    GArray *fields = g_array_new(FALSE, FALSE, sizeof(Field));
    GString *lists = g_string_new("/guests");

    for (const PartKeys *const *part = part_keys_all(); *part; part++)
        if ((*part)->domain_lists)
            g_string_append_printf(lists, " %s", (*part)->domain_lists);
    append_fields(fields, set_workload_fields, 0);
    g_array_index(fields, Field, 0).refers = g_string_free(lists, FALSE);
    return end_fields(fields);
}

static void
append_actions(GArray *cases, const PartKeys *part)
{
    for (const FieldCase *own = part->actions; own && own->word; own++) {
        GArray *fields = g_array_new(FALSE, FALSE, sizeof(Field));
        append_fields(fields, own->fields, aligned(sizeof(ActionSpec)));
        const FieldCase copy = {own->word, end_fields(fields), own->help};
        g_array_append_val(cases, copy);
    }
}

/* The keys of all parts' words lie in the same place: an action has one word. */
static void
compose_actions(void)
{
    GArray *cases = g_array_new(TRUE, FALSE, sizeof(FieldCase));
    gsize most = 0;

    g_array_append_vals(cases, action_cases, G_N_ELEMENTS(action_cases));
    g_array_index(cases, FieldCase, ACTION_SET_WORKLOAD).fields = set_workload_fields_for_all();
    for (const PartKeys *const *part = part_keys_all(); *part; part++) {
        append_actions(cases, *part);
        most = MAX(most, (*part)->action_size);
    }
    action_table.cases = (const FieldCase *)(gpointer)g_array_free(cases, FALSE);
    action_table.size = aligned(sizeof(ActionSpec)) + aligned(most);
}

static void
compose_scenario(FieldTable *table)
{
    GArray *fields = g_array_new(FALSE, FALSE, sizeof(Field));
    gsize end = aligned(sizeof(ScenarioSpec));

    append_fields(fields, first_fields, 0);
    for (guint i = 0; i < fields->len; i++)
        if (g_str_equal(g_array_index(fields, Field, i).key, "fabric"))
            g_array_index(fields, Field, i).table = fabric_table();
    for (const PartKeys *const *part = part_keys_all(); *part; part++) {
        append_fields(fields, (*part)->fields, end);
        end += aligned((*part)->size);
    }
    append_fields(fields, last_fields, 0);
    *table = (FieldTable){"scenario", end, end_fields(fields),
                          .help = "a run of tandem: platform, guests, what happens", .add_names = fabric_add_names};
}

const FieldTable *
scenario_table(void)
{
    static FieldTable table;
    static gsize composed = 0;

    if (g_once_init_enter(&composed)) {
        compose_actions();
        compose_scenario(&table);
        g_once_init_leave(&composed, 1);
    }
    return &table;
}

gconstpointer
scenario_keys(const ScenarioSpec *scenario, const PartKeys *part)
{
    gsize at = aligned(sizeof(ScenarioSpec));

    for (const PartKeys *const *each = part_keys_all(); *each != part; each++)
        at += aligned((*each)->size);
    return (const guint8 *)scenario + at;
}

/* ---- what is asked of long lists ---- */

/* Each answer takes a look at one entry, whatever the length of the lists. */
struct ScenarioIndex {
    GHashTable *guests;          /* owned; name to GuestSpec */
    GHashTable *content_readers; /* owned; names of guests, a set */
    GHashTable *later_workloads; /* owned; name to owned array of WorkloadSpec */
    GHashTable *creations;       /* owned; name of a guest to ActionSpec */
};

static void
forget_index(ScenarioSpec *scenario)
{
    if (!scenario->index)
        return;
    g_hash_table_unref(scenario->index->guests);
    g_hash_table_unref(scenario->index->content_readers);
    g_hash_table_unref(scenario->index->later_workloads);
    g_hash_table_unref(scenario->index->creations);
    g_clear_pointer(&scenario->index, g_free);
}

/* ---- the time line ---- */

const ActionSpec *
scenario_action(const ScenarioSpec *scenario, guint index)
{
    return (const ActionSpec *)(gpointer)(scenario->timeline->data + index * action_table.size);
}

static int
compare_actions(gconstpointer a, gconstpointer b)
{
    const double first = ((const ActionSpec *)a)->at_s;
    const double second = ((const ActionSpec *)b)->at_s;

    return (first > second) - (first < second);
}

void
scenario_sort_actions(ScenarioSpec *scenario)
{
    forget_index(scenario); /* it knows actions by their places */
    g_array_sort(scenario->timeline, compare_actions);
}

static guint
words_of(const PartKeys *part)
{
    guint n = 0;

    while (part->actions && part->actions[n].word)
        n++;
    return n;
}

const PartKeys *
action_part(const ActionSpec *action, guint *word)
{
    guint left = (guint)action->kind - ACTION_OF_PART;

    if (action->kind < ACTION_OF_PART)
        return NULL;
    for (const PartKeys *const *part = part_keys_all(); *part; part++) {
        if (left < words_of(*part)) {
            if (word)
                *word = left;
            return *part;
        }
        left -= words_of(*part);
    }
    g_assert_not_reached();
}

gconstpointer
action_keys(const ActionSpec *action, const PartKeys *part)
{
    return action_part(action, NULL) == part ? (const guint8 *)action + aligned(sizeof(ActionSpec)) : NULL;
}

/* ---- answers from the index ---- */

static void
index_later_workloads(const ScenarioSpec *scenario, GHashTable *index)
{
    for (guint i = 0; i < scenario->timeline->len; i++) {
        const ActionSpec *action = scenario_action(scenario, i);
        if (action->kind != ACTION_SET_WORKLOAD)
            continue;
        GPtrArray *of_guest = g_hash_table_lookup(index, action->guest);
        if (!of_guest)
            g_hash_table_insert(index, action->guest, of_guest = g_ptr_array_new());
        g_ptr_array_add(of_guest, action->workload);
    }
}

static void
index_creations(const ScenarioSpec *scenario, GHashTable *index)
{
    for (guint i = 0; i < scenario->timeline->len; i++) {
        const ActionSpec *action = scenario_action(scenario, i);
        if (action->kind != ACTION_CREATE_GUEST)
            continue;
        const ActionSpec *other = g_hash_table_lookup(index, action->guest);
        if (!other || action->at_s < other->at_s)
            g_hash_table_insert(index, action->guest, (gpointer)action);
    }
}

static const struct ScenarioIndex *
index_of(const ScenarioSpec *scenario)
{
    ScenarioSpec *self = (ScenarioSpec *)scenario; /* what is found out is no part of what a scenario says */

    if (self->index)
        return self->index;
    self->index = g_new(struct ScenarioIndex, 1);
    *self->index = (struct ScenarioIndex){
        .guests = g_hash_table_new(g_str_hash, g_str_equal),
        .content_readers = g_hash_table_new(g_str_hash, g_str_equal),
        .later_workloads = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref),
        .creations = g_hash_table_new(g_str_hash, g_str_equal)};
    for (guint i = 0; i < scenario->guests->len; i++) {
        GuestSpec *guest = &g_array_index(scenario->guests, GuestSpec, i);
        g_hash_table_insert(self->index->guests, guest->name, guest);
    }
    for (const PartKeys *const *part = part_keys_all(); *part; part++)
        if ((*part)->note_content_readers)
            (*part)->note_content_readers(scenario, self->index->content_readers);
    index_later_workloads(scenario, self->index->later_workloads);
    index_creations(scenario, self->index->creations);
    return self->index;
}

void
scenario_clear(ScenarioSpec *scenario)
{
    forget_index(scenario);
    fields_clear(scenario_table(), scenario);
}

const GuestSpec *
scenario_guest(const ScenarioSpec *scenario, const char *name)
{
    return g_hash_table_lookup(index_of(scenario)->guests, name);
}

const ActionSpec *
scenario_creation(const ScenarioSpec *scenario, const char *guest)
{
    return g_hash_table_lookup(index_of(scenario)->creations, guest);
}

gboolean
scenario_content_is_read(const ScenarioSpec *scenario, const char *guest)
{
    return g_hash_table_contains(index_of(scenario)->content_readers, guest);
}

const GPtrArray *
scenario_later_workloads(const ScenarioSpec *scenario, const char *domain)
{
    return g_hash_table_lookup(index_of(scenario)->later_workloads, domain);
}

/* ---- domains ---- */

GArray *
scenario_domains(const ScenarioSpec *scenario)
{
    GArray *domains = g_array_new(FALSE, FALSE, sizeof(DomainSpec));

    for (guint i = 0; i < scenario->guests->len; i++) {
        const GuestSpec *guest = &g_array_index(scenario->guests, GuestSpec, i);
        const DomainSpec domain = {"guests",
                                   i,
                                   guest->name,
                                   guest->uuid,
                                   guest->host,
                                   guest->name,
                                   guest->memory_bytes,
                                   guest->page_bytes,
                                   guest_spec_workload_room(guest),
                                   (guint)guest->vcpus};
        g_array_append_val(domains, domain);
    }
    for (const PartKeys *const *part = part_keys_all(); *part; part++)
        if ((*part)->list_domains)
            (*part)->list_domains(scenario, domains);
    return domains;
}
