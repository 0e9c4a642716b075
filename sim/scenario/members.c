#include "sim/scenario/members.h"

#include "sim/scenario/group_names.h"
#include "sim/scenario/law.h"

#include <string.h>

/* Which members an element of a list of the document became. */
typedef struct {
    guint first, n;
    char *group;      /* owned; NULL: it is no group */
    const char *made; /* of what it was made, a pointer; borrowed; NULL: it was written in the list */
} Range;

struct Members {
    const FieldTable *table;
    const cJSON *resolved;
    guint64 seed;
    GHashTable *names;  /* owned; "/hosts" → its names with their counts */
    GHashTable *ranges; /* owned; "hosts" → owned array of Range, one for each element */
};

/* A value in which the members of a group differ. */
typedef struct {
    cJSON *leaf;        /* of the element's copy; borrowed */
    const Field *field; /* a name, a reference, or what has a law */
    char *purpose;      /* owned; what is drawn */
    char *group;        /* owned; the name of the group itself, or of that which is referred to */
    guint members;      /* of that which is referred to */
    guint stride;       /* mesh: of the second group, for the first one */
    Law *law;           /* owned; NULL: none */
} Spot;

/* An element that stands for several. */
typedef struct {
    const Members *members;
    cJSON *copy; /* owned; of an element of references: the member's name */
    GArray *spots;
    GroupRule rule;
    guint n;
    char *entity; /* owned; whose draws they are, where the element has no name */
} Group;

static void
clear_range(gpointer data)
{
    g_free(((Range *)data)->group);
}

static void
clear_spot(gpointer data)
{
    Spot *spot = data;

    g_free(spot->purpose);
    g_free(spot->group);
    if (spot->law)
        fields_clear(&law_table, spot->law);
    g_free(spot->law);
}

Members *
members_new(const FieldTable *table, const cJSON *resolved, guint64 seed)
{
    Members *members = g_new(Members, 1);

    *members =
        (Members){table, resolved, seed,
                  .names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref),
                  .ranges = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_array_unref)};
    return members;
}

void
members_free(Members *members)
{
    if (!members)
        return;
    g_hash_table_unref(members->names);
    g_hash_table_unref(members->ranges);
    g_free(members);
}

/* How many members the group has that a reference of the field names; 0: it names no group. */
static guint
named_group(const Members *members, const Field *field, const char *name)
{
    g_auto(GStrv) lists = g_strsplit(field->refers, " ", -1);
    guint count = 0;

    for (char **list = lists; *list; list++) {
        GHashTable *names = g_hash_table_lookup(members->names, *list);
        if (!names)
            g_hash_table_insert(members->names, g_strdup(*list),
                                names = group_names_new(members->table, members->resolved, *list));
        if (group_names_find(names, name, &count) == GROUP_NAME_GROUP)
            return count;
    }
    return 0;
}

/* ---- what differs ---- */

static void find_spots(Group *group, const FieldTable *table, cJSON *object, const char *path);

static void
add_spot(Group *group, const Field *field, cJSON *leaf, const char *path, guint members)
{
    const Spot spot = {leaf, field, g_strconcat("member ", path, NULL), g_strdup(leaf->valuestring), members, 1, NULL};

    g_array_append_val(group->spots, spot);
}

/* The law's place is taken by a number. */
static void
add_law(Group *group, const Field *field, cJSON *parent, cJSON *written, const char *path)
{
    Law *law = g_new0(Law, 1);

    fields_read(&law_table, written, law);
    cJSON *number = cJSON_CreateNumber(0);
    if (cJSON_IsArray(parent))
        cJSON_ReplaceItemViaPointer(parent, written, number);
    else
        cJSON_ReplaceItemInObjectCaseSensitive(parent, field->key, number);
    add_spot(group, field, number, path, 0);
    g_array_index(group->spots, Spot, group->spots->len - 1).law = law;
}

static void
find_in_value(Group *group, const Field *field, cJSON *parent, cJSON *value, const char *path)
{
    if (field->kind == FIELD_KIND_OBJECT)
        find_spots(group, field->table, value, path);
    else if (law_fits(field) && cJSON_IsObject(value))
        add_law(group, field, parent, value, path);
    else if (field->kind == FIELD_KIND_REFERENCE && named_group(group->members, field, value->valuestring))
        add_spot(group, field, value, path, named_group(group->members, field, value->valuestring));
}

/* A list of references of which the length is free takes all members of a group: fields_read_members() asks. */
static gboolean
takes_all(const Field *field)
{
    return field->kind == FIELD_KIND_REFERENCE && field->list &&
           (field->max_items == 0 || field->min_items != field->max_items);
}

static void
find_in_list(Group *group, const Field *field, cJSON *list, const char *path)
{
    const guint first = group->spots->len;
    guint index = 0;
    cJSON *next;

    for (cJSON *item = list->child; item && !takes_all(field); item = next) {
        g_autofree char *own = g_strdup_printf("%s/%u", path, index++);
        next = item->next;
        find_in_value(group, field, list, item, own);
    }
    if (group->rule == GROUP_MESH && field->kind == FIELD_KIND_REFERENCE && group->spots->len == first + 2)
        g_array_index(group->spots, Spot, first).stride = g_array_index(group->spots, Spot, first + 1).members;
}

static void
find_in_fields(Group *group, const Field *fields, cJSON *object, const char *path)
{
    for (; fields && fields->key; fields++) {
        cJSON *value = cJSON_GetObjectItemCaseSensitive(object, fields->key);
        g_autofree char *own = g_strconcat(path, "/", fields->key, NULL);
        if (value && fields->list)
            find_in_list(group, fields, value, own);
        else if (value)
            find_in_value(group, fields, object, value, own);
    }
}

static void
find_spots(Group *group, const FieldTable *table, cJSON *object, const char *path)
{
    const char *word = table->tag ? cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, table->tag)) : NULL;
    const FieldCase *chosen = word ? fields_case(table, word) : NULL;

    find_in_fields(group, table->fields, object, path);
    find_in_fields(group, chosen ? chosen->fields : NULL, object, path);
}

/* The group's own name comes first: the others' draws are by the member's. */
static void
find_name(Group *group, const FieldTable *table, cJSON *object)
{
    for (const Field *field = table->fields; field && field->key; field++) {
        cJSON *name = cJSON_GetObjectItemCaseSensitive(object, field->key);
        if (field->kind == FIELD_KIND_NAME && !field->list && name)
            add_spot(group, field, name, field->key, 0);
    }
    for (const FieldCase *c = table->cases; c && c->word; c++) {
        const cJSON *word = cJSON_GetObjectItemCaseSensitive(object, table->tag);
        for (const Field *field = c->fields; g_strcmp0(word->valuestring, c->word) == 0 && field && field->key; field++)
            if (field->kind == FIELD_KIND_NAME && cJSON_GetObjectItemCaseSensitive(object, field->key))
                add_spot(group, field, cJSON_GetObjectItemCaseSensitive(object, field->key), field->key, 0);
    }
}

static GroupRule
rule_of(const cJSON *element)
{
    const char *word = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(element, fields_of_group[1].key));

    for (guint i = 0; word && fields_of_group[1].words[i]; i++)
        if (g_str_equal(fields_of_group[1].words[i], word))
            return (GroupRule)i;
    return GROUP_ROUND_ROBIN;
}

static Group *
new_group(const Members *members, cJSON *copy, guint n)
{
    Group *group = g_new0(Group, 1);

    group->members = members;
    group->copy = copy;
    group->n = n;
    group->rule = rule_of(copy);
    group->spots = g_array_new(FALSE, FALSE, sizeof(Spot));
    g_array_set_clear_func(group->spots, clear_spot);
    return group;
}

/* ---- what fields_read_members() asks ---- */

/* list and made are borrowed, group is taken. Returns the range's place. */
static guint
note_range(Members *members, const char *list, guint n, char *group, const char *made)
{
    GArray *ranges = g_hash_table_lookup(members->ranges, list);
    const Range *last = ranges && ranges->len > 0 ? &g_array_index(ranges, Range, ranges->len - 1) : NULL;
    const Range range = {last ? last->first + last->n : 0, n, group, made};

    if (!ranges) {
        ranges = g_array_new(FALSE, FALSE, sizeof(Range));
        g_array_set_clear_func(ranges, clear_range);
        g_hash_table_insert(members->ranges, (gpointer)list, ranges);
    }
    g_array_append_val(ranges, range);
    return ranges->len - 1;
}

static guint
note_element(Members *members, const Field *list, const cJSON *element, guint n)
{
    const char *name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(element, "name"));

    return note_range(members, list->key, MAX(n, 1), n > 0 ? g_strdup(name ? name : "member") : NULL, NULL);
}

void
members_note_made(Members *members, const char *list, guint n, const char *pointer)
{
    if (n > 0)
        (void)note_range(members, list, n, NULL, pointer);
}

static gpointer
open_element(const Field *list, const cJSON *element, guint *n, gpointer data)
{
    Members *members = data;

    if (takes_all(list)) {
        const guint count = named_group(members, list, element->valuestring);
        if (count == 0)
            return NULL;
        Group *group = new_group(members, cJSON_Duplicate(element, TRUE), count);
        add_spot(group, list, group->copy, "", count);
        *n = count;
        return group;
    }
    if (list->kind != FIELD_KIND_OBJECT || !list->table->groups)
        return NULL;
    const guint count = group_names_count(element);
    const guint place = note_element(members, list, element, count);
    if (count == 0)
        return NULL;
    Group *group = new_group(members, cJSON_Duplicate(element, TRUE), count);
    group->entity = g_strdup_printf("%s/%u", list->key, place);
    find_name(group, list->table, group->copy);
    find_spots(group, list->table, group->copy, list->key);
    *n = count;
    return group;
}

/* Index of the member to which the spot refers. */
static guint
referred(const Group *group, const Spot *spot, guint index, RandomStream *random)
{
    switch (group->rule) {
    case GROUP_BLOCK:
        return (guint)((guint64)index * spot->members / group->n);
    case GROUP_DRAWN:
        return (guint)random_below(random, spot->members);
    case GROUP_ROUND_ROBIN:
    case GROUP_MESH:
        break;
    }
    return index / spot->stride % spot->members;
}

static void
set_spot(const Group *group, const Spot *spot, guint index, const char *entity)
{
    RandomStream random;

    if (spot->law || group->rule == GROUP_DRAWN)
        random_init(&random, group->members->seed, spot->purpose, entity);
    if (spot->law) {
        cJSON_SetNumberValue(spot->leaf, law_draw(spot->law, spot->field, index, group->n, &random));
        return;
    }
    const gboolean own = spot->field->kind == FIELD_KIND_NAME || takes_all(spot->field);
    g_autofree char *name = group_names_member(spot->group, own ? index : referred(group, spot, index, &random));
    cJSON_SetValuestring(spot->leaf, name);
}

/* Of an element without a name, the draws are by its place in the list. */
static char *
entity_of(const Group *group, guint index)
{
    const Spot *first = group->spots->len > 0 ? &g_array_index(group->spots, Spot, 0) : NULL;
    const gboolean named = first && first->field->kind == FIELD_KIND_NAME;

    return group_names_member(named ? first->group : group->entity ? group->entity : "", index);
}

static const cJSON *
member_at(gpointer opened, guint index)
{
    const Group *group = opened;
    g_autofree char *entity = entity_of(group, index);

    for (guint i = 0; i < group->spots->len; i++)
        set_spot(group, &g_array_index(group->spots, Spot, i), index, entity);
    return group->copy;
}

static void
close_element(gpointer opened)
{
    Group *group = opened;

    g_array_unref(group->spots);
    cJSON_Delete(group->copy);
    g_free(group->entity);
    g_free(group);
}

void
members_read(Members *members, gpointer out)
{
    const FieldsMembers asked = {open_element, member_at, close_element, members};

    g_hash_table_remove_all(members->ranges);
    fields_read_members(members->table, members->resolved, &asked, out);
}

/* ---- where a member was written ---- */

/* The element of which the member of that index is one, and its place among the elements. */
static const Range *
range_of(const GArray *ranges, guint64 index, guint *place)
{
    guint low = 0, high = ranges->len;

    while (high > low + 1) {
        const guint middle = low + (high - low) / 2;
        if (g_array_index(ranges, Range, middle).first <= index)
            low = middle;
        else
            high = middle;
    }
    *place = low;
    return high > low ? &g_array_index(ranges, Range, low) : NULL;
}

/* Of "/LIST/INDEX…", where LIST has members: how long that is, and the element's range, its place and the member's
 * index in it; 0: something else. */
static gsize
parse_place(const Members *members, const char *text, const Range **range, guint *place, guint *member)
{
    const char *slash = *text == '/' ? strchr(text + 1, '/') : NULL;

    if (!slash || !g_ascii_isdigit(slash[1]))
        return 0;
    g_autofree char *list = g_strndup(text + 1, (gsize)(slash - text - 1));
    const GArray *ranges = g_hash_table_lookup(members->ranges, list);
    char *end;
    const guint64 index = g_ascii_strtoull(slash + 1, &end, 10);
    *range = ranges ? range_of(ranges, index, place) : NULL;
    if (!*range)
        return 0;
    *member = (guint)(index - (*range)->first);
    return (gsize)(end - text);
}

char *
members_true_pointers(const Members *members, const char *message)
{
    GString *text = g_string_new(NULL);
    g_autofree char *whose = NULL;
    gboolean first = TRUE;

    for (const char *at = message; *at;) {
        const Range *range = NULL;
        guint place = 0, member = 0;
        const gsize length = parse_place(members, at, &range, &place, &member);
        if (length > 0) {
            const char *slash = strchr(at + 1, '/');
            if (range->made)
                g_string_append(text, range->made);
            else
                g_string_append_printf(text, "%.*s/%u", (int)(slash - at), at, place);
            if (first && at == message && range->group)
                whose = group_names_member(range->group, member);
            at += length;
            first = FALSE;
        } else if (whose && at[0] == ':' && at[1] == ' ') {
            g_string_append_printf(text, ": %s: ", whose);
            g_clear_pointer(&whose, g_free);
            at += 2;
        } else {
            g_string_append_c(text, *at++);
        }
    }
    return g_string_free(text, FALSE);
}
