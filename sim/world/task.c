#include "sim/world/task.h"

#include "sim/world/guard.h"

#include <simgrid/actor.h>
#include <simgrid/semaphore.h>

typedef struct {
    World *world; /* borrowed */
    sg_sem_t due; /* once for every task */
    aid_t pid;    /* of its actor, once it runs */
    const char *name;
    sg_host_t host;
    void (*work)(gpointer data);
    gpointer data;
} Worker;

struct Tasks {
    GPtrArray *workers; /* owned, of Worker, owned */
    GPtrArray *idle;    /* of borrowed Worker */
    GHashTable *by_pid; /* of borrowed Worker */
    guint at_work;
    sg_sem_t none_left; /* NULL: nobody waits for it */
};

static struct Tasks *current; /* the process's, as the engine is: who asks for a name knows no world */

/* For guard.h. */
static const char *
name_of_self(void)
{
    const Worker *worker =
        current ? g_hash_table_lookup(current->by_pid, GINT_TO_POINTER(sg_actor_self_get_pid())) : NULL;

    return worker && worker->name ? worker->name : sg_actor_self_get_name();
}

static struct Tasks *
tasks_of(World *world)
{
    if (!world->tasks) {
        struct Tasks *tasks = current = world->tasks = g_new0(struct Tasks, 1);
        tasks->workers = g_ptr_array_new_with_free_func(g_free);
        tasks->idle = g_ptr_array_new();
        tasks->by_pid = g_hash_table_new(g_direct_hash, g_direct_equal);
        guard_call_by(name_of_self);
    }
    return world->tasks;
}

static void
end_task(Worker *worker)
{
    struct Tasks *tasks = worker->world->tasks;

    worker->name = NULL;
    g_ptr_array_add(tasks->idle, worker);
    if (--tasks->at_work == 0 && tasks->none_left)
        sg_sem_release(tasks->none_left);
}

static void
run_tasks(int argc G_GNUC_UNUSED, char **argv G_GNUC_UNUSED)
{
    Worker *worker = sg_actor_self_get_data();

    worker->pid = sg_actor_self_get_pid();
    g_hash_table_insert(worker->world->tasks->by_pid, GINT_TO_POINTER(worker->pid), worker);
    for (;;) {
        sg_sem_acquire(worker->due);
        sg_actor_set_host(sg_actor_self(), worker->host);
        worker->work(worker->data);
        end_task(worker);
    }
}

static Worker *
new_worker(World *world, sg_host_t host)
{
    Worker *worker = g_new0(Worker, 1);

    worker->world = world;
    worker->due = sg_sem_init(0);
    g_ptr_array_add(world->tasks->workers, worker);
    world_start_actor("worker", host, run_tasks, worker, TRUE);
    return worker;
}

void
task_start(World *world, const char *name, sg_host_t host, void (*work)(gpointer data), gpointer data)
{
    struct Tasks *tasks = tasks_of(world);
    GPtrArray *idle = tasks->idle;
    Worker *worker = idle->len > 0 ? g_ptr_array_steal_index_fast(idle, idle->len - 1) : new_worker(world, host);

    worker->name = name;
    worker->host = host;
    worker->work = work;
    worker->data = data;
    tasks->at_work++;
    sg_sem_release(worker->due);
}

void
task_wait_for_all(World *world)
{
    struct Tasks *tasks = tasks_of(world);

    tasks->none_left = sg_sem_init(0);
    while (tasks->at_work > 0)
        sg_sem_acquire(tasks->none_left);
}

void
task_forget_all(World *world)
{
    struct Tasks *tasks = world->tasks;

    if (!tasks)
        return;
    for (guint i = 0; i < tasks->workers->len; i++)
        sg_sem_destroy(((Worker *)g_ptr_array_index(tasks->workers, i))->due);
    if (tasks->none_left)
        sg_sem_destroy(tasks->none_left);
    g_ptr_array_unref(tasks->workers);
    g_ptr_array_unref(tasks->idle);
    g_hash_table_unref(tasks->by_pid);
    g_clear_pointer(&world->tasks, g_free);
    current = NULL;
    guard_call_by(NULL);
}
