#include "common/bench_machine.h"

#include "common/bench_samples.h"
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

static cpu_set_t usable;

const char *
place_name(Place place)
{
    static const char *const NAMES[PLACES] = {[PLACE_ALL] = "all", [PLACE_ONE] = "1", [PLACE_PINNED] = "pinned"};
    return NAMES[place];
}

void
machine_start(void)
{
    if (sched_getaffinity(0, sizeof usable, &usable) != 0)
        CPU_SET(0, &usable);
}

int
machine_processors(void)
{
    return CPU_COUNT(&usable);
}

static int
number_of(int rank)
{
    int number = 0;
    for (int seen = -1; number < CPU_SETSIZE; number++) {
        seen += CPU_ISSET(number, &usable) ? 1 : 0;
        if (seen == rank)
            break;
    }
    return number;
}

void
machine_pin(int rank)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(number_of(rank), &set);
    sched_setaffinity(0, sizeof set, &set);
}

void
machine_place(Place place, Role role)
{
    cpu_set_t set = usable;

    if (place == PLACE_ONE || (place == PLACE_PINNED && role == ROLE_SERVICE)) {
        machine_pin(0);
        return;
    }
    if (place == PLACE_PINNED)
        CPU_CLR(number_of(0), &set);
    sched_setaffinity(0, sizeof set, &set);
}

/* The value of a line "KEY : VALUE" of a file in /proc; false when it has none. */
static bool
find_line(const char *path, const char *key, char *value, size_t room)
{
    char line[4096];
    bool found = false;
    FILE *file = fopen(path, "re");

    if (!file)
        return false;
    while (!found && fgets(line, sizeof line, file)) {
        char *colon = strchr(line, ':');
        if (!colon || strncmp(line, key, strlen(key)) != 0)
            continue;
        snprintf(value, room, "%s", colon + 1 + strspn(colon + 1, " \t"));
        value[strcspn(value, "\n")] = '\0';
        found = true;
    }
    fclose(file);
    return found;
}

static uint64_t
find_count(const char *path, const char *key)
{
    char value[64];
    unsigned long long count = 0;

    if (find_line(path, key, value, sizeof value))
        sscanf(value, "%llu", &count);
    return count;
}

/* x86 has "model name", ARM only the numbers of implementer and part. */
const char *
machine_model(void)
{
    static char model[128];
    char implementer[32], part[32];

    if (model[0] || find_line("/proc/cpuinfo", "model name", model, sizeof model))
        return model;
    if (find_line("/proc/cpuinfo", "CPU implementer", implementer, sizeof implementer) &&
        find_line("/proc/cpuinfo", "CPU part", part, sizeof part))
        snprintf(model, sizeof model, "implementer %s part %s", implementer, part);
    else
        snprintf(model, sizeof model, "unknown");
    return model;
}

const char *
machine_kernel(void)
{
    static struct utsname kernel;
    return uname(&kernel) == 0 ? kernel.release : "unknown";
}

bool
machine_is_virtual(void)
{
    char flags[4096];
    if (find_line("/proc/cpuinfo", "flags", flags, sizeof flags) && strstr(flags, " hypervisor"))
        return true;
    return access("/sys/hypervisor/type", F_OK) == 0 || access("/proc/device-tree/hypervisor", F_OK) == 0;
}

/*
 * Busy is what is not idle: the kernel knows idle time exactly (it stops its tick), while the other columns are a
 * sample of who ran at each tick, which errs by several per cent over half a second when threads sleep hundreds of
 * times in it.
 */
Load
machine_load(void)
{
    Load load = {0};
    char line[512];
    double tick_s = 1.0 / (double)sysconf(_SC_CLK_TCK), now_s = (double)clock_ns() / 1e9;
    FILE *file = fopen("/proc/stat", "re");

    while (file && fgets(line, sizeof line, file)) {
        unsigned long long idle, waiting, steal;
        int number;
        if (sscanf(line, "cpu%d %*u %*u %*u %llu %llu %*u %*u %llu", &number, &idle, &waiting, &steal) != 4 ||
            number < 0 || number >= CPU_SETSIZE || !CPU_ISSET(number, &usable))
            continue;
        load.steal_s += (double)steal * tick_s;
        load.busy_s += now_s - (double)(idle + waiting + steal) * tick_s;
    }
    if (file)
        fclose(file);
    return load;
}

Shares
machine_shares(const Load *start, const Load *end, double own_s, double elapsed_s)
{
    double processors_s = elapsed_s * machine_processors(), others_s = end->busy_s - start->busy_s - own_s;
    return (Shares){others_s > 0 ? others_s / processors_s : 0, (end->steal_s - start->steal_s) / processors_s};
}

double
machine_used_s(pid_t process)
{
    clockid_t clock;
    return clock_getcpuclockid(process, &clock) == 0 ? (double)clock_of(clock) / 1e9 : 0;
}

Switches
machine_switches(pid_t process)
{
    char path[64];

    snprintf(path, sizeof path, "/proc/%d/task/%d/status", (int)process, (int)process);
    return (Switches){find_count(path, "voluntary_ctxt_switches"), find_count(path, "nonvoluntary_ctxt_switches")};
}

bool
machine_is_asleep(pid_t process)
{
    char path[64], state[64];

    snprintf(path, sizeof path, "/proc/%d/task/%d/status", (int)process, (int)process);
    return find_line(path, "State", state, sizeof state) && state[0] == 'S';
}
