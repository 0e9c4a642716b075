#include "models/energy/service_level.h"

/* A mean of ratios, and the ratio of sums, over those whose whole is above 0. */
typedef struct {
    double ratios, parts, wholes;
    guint n;
} Shares;

static void
add_share(Shares *shares, double part, double whole)
{
    if (whole <= 0)
        return;
    shares->ratios += part / whole;
    shares->parts += part;
    shares->wholes += whole;
    shares->n++;
}

static Shares
shares_of_hosts(const ServiceHost *hosts, guint n)
{
    Shares shares = {0};

    for (guint i = 0; i < n; i++)
        add_share(&shares, hosts[i].saturated_s, hosts[i].active_s);
    return shares;
}

static Shares
shares_of_vms(const ServiceVm *vms, guint n)
{
    Shares shares = {0};

    for (guint i = 0; i < n; i++)
        add_share(&shares, vms[i].lost_to_migrations, vms[i].wanted);
    return shares;
}

static double
mean_of_ratios(Shares shares)
{
    return shares.n ? shares.ratios / shares.n : 0;
}

static double
ratio_of_sums(Shares shares)
{
    return shares.n ? shares.parts / shares.wholes : 0;
}

double
service_slatah(const ServiceHost *hosts, guint n)
{
    return mean_of_ratios(shares_of_hosts(hosts, n));
}

double
service_slatah_pooled(const ServiceHost *hosts, guint n)
{
    return ratio_of_sums(shares_of_hosts(hosts, n));
}

double
service_pdm(const ServiceVm *vms, guint n)
{
    return mean_of_ratios(shares_of_vms(vms, n));
}

double
service_pdm_pooled(const ServiceVm *vms, guint n)
{
    return ratio_of_sums(shares_of_vms(vms, n));
}

double
service_slav(double slatah, double pdm)
{
    return slatah * pdm;
}

double
service_esv(double energy, double slav)
{
    return energy * slav;
}

double
service_energy_printed(const ServicePowers *powers, double asleep, double overload)
{
    return powers->host_s *
           (powers->full_W * overload + powers->threshold_W * (1 - asleep - overload) + powers->asleep_W * asleep);
}

double
service_energy_defined(const ServicePowers *powers, double asleep, double overload)
{
    return service_energy_printed(powers, asleep, overload * (1 - asleep));
}
