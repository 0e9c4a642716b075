/* The calibrated parameter sets of the paper's two platforms and the paths, which configs/ must agree with
 * (tests/sim/specs/test_card_build.c).
 *
 * Letters: T stated in the paper; D arithmetic on T; P a proxy from another source; C chosen; F fitted.
 * docs/models/card.md derives them; tests/models/card/test_cardpaper.c holds them to the paper's claims. */
#ifndef TANDEM_TESTS_CARD_FIXTURES_H
#define TANDEM_TESTS_CARD_FIXTURES_H

#include "models/card/card.h"
#include "models/card/cardresult.h"
#include "models/card/cardrun.h"

#define US 1e-6
#define KB 1024.0

/* The card, the same on both platforms. Call times of one synchronous native caller at 4 KB (D, from vsock's shares and
 * its 20.46 us): SM1 31.2 us, SM4 13.9 us, SM2 verification 188 us. Of them driver (1.0 + 0.8), DMA and interrupt are
 * chosen, what is left is the engine's (3 F). */
static inline CardSpec
fixture_sjk1828(void)
{
    CardSpec spec = {
        .name = "sjk1828",
        .groups = 3,
        .engines = {1, 1, 1}, /* C: the sum over VMs passes the host's rate only slowly (T), so one engine of a kind */
        .ring_slots = 64,     /* C */
        .dma_channels = 1,
        .dma_setup_s = 0.3 * US,     /* C: descriptor fetch and two bus crossings */
        .dma_per_byte_s = 1 / 4.0e9, /* C: PCIe 2.0 x8 */
        .interrupt_s = 1.2 * US,     /* C */
        .packet_bytes_max = 16384,   /* T */
        .virtual_functions_max = 16, /* T: 8 to 16 */
        .key_slots = 64,             /* C */
    };

    spec.services[CARD_SM1] = (CardService){TRUE, 0, 0.5 * US, 25.052 * US / 4096, 0, 1}; /* F: 25.552 us at 4 KB */
    spec.services[CARD_SM4] = (CardService){TRUE, 0, 0.5 * US, 7.752 * US / 4096, 0, 1};  /* F: 8.252 us at 4 KB */
    spec.services[CARD_SM2_VERIFY] = (CardService){TRUE, 1, 183.375 * US, 0, 4, 0};       /* F */
    spec.services[CARD_SM2_SIGN] = (CardService){TRUE, 1, 42.8 * US, 0, 64, 0}; /* P: verify : sign = 18000 : 4200 */
    spec.services[CARD_SM2_ENCRYPT] = (CardService){TRUE, 1, 183 * US, 8 / 2.2e9, 96, 1};  /* C: two multiplications */
    spec.services[CARD_SM2_DECRYPT] = (CardService){TRUE, 1, 130 * US, 8 / 2.2e9, -96, 1}; /* C: one, not of the base */
    spec.services[CARD_SM3] = (CardService){TRUE, 2, 0.5 * US, 8 / 2.2e9, 32, 0};          /* P: 2.2 Gb/s */
    return spec;
}

#define SOFTWARE   .spread = CARD_TAILED, .spread_share = 0.2 /* C: of a software station's time, the varying part */
#define DRIVER_IN  1.0 * US
#define DRIVER_OUT 0.8 * US

/* The reference: one native caller in a synchronous call. */
static const CardStation FIXTURE_HOST[] = {
    {"submit", "caller", CARD_HOST_USER, CARD_FORWARD, 1, DRIVER_IN, 0, CARD_PER_VM | CARD_CARD_ONLY, SOFTWARE},
    {"complete", "caller", CARD_HOST_USER, CARD_RETURN, 1, DRIVER_OUT, 0, CARD_PER_VM | CARD_CARD_ONLY, SOFTWARE},
};

/* Section 3. Guest 4.1 + 4.1 us, service thread 4.0 + 4.0 us: the sum, 16.2 us, is fitted to Fig. 11 (1 F), its split
 * chosen. Two slots: one is in the card while the other is filled or emptied. One call of a VM is in the card at a
 * time (session). */
static const CardStation FIXTURE_IVSHMEM[] = {
    {"slot", NULL, CARD_GUEST, CARD_FORWARD, 2, 0, 0, CARD_PER_VM | CARD_TOKEN, "guest-receive"},
    {"guest-send", "guest", CARD_GUEST, CARD_FORWARD, 1, 4.1 * US, 0.03 * US / KB, CARD_PER_VM, SOFTWARE},
    {"receive", "thread", CARD_HOST_USER, CARD_FORWARD, 1, 4.0 * US, 0, 0, SOFTWARE},
    {"session", NULL, CARD_HOST_USER, CARD_FORWARD, 1, 0, 0, CARD_PER_VM | CARD_TOKEN | CARD_CARD_ONLY, "complete"},
    {"submit", "thread", CARD_HOST_USER, CARD_FORWARD, 1, DRIVER_IN, 0, CARD_CARD_ONLY, SOFTWARE},
    {"complete", "thread", CARD_HOST_USER, CARD_RETURN, 1, DRIVER_OUT, 0, CARD_CARD_ONLY, SOFTWARE},
    {"reply", "thread", CARD_HOST_USER, CARD_RETURN, 1, 4.0 * US, 0, 0, SOFTWARE},
    {"guest-receive", "guest", CARD_GUEST, CARD_RETURN, 1, 4.1 * US, 0.03 * US / KB, CARD_PER_VM, SOFTWARE},
};

/* The same without overlap: the one slot is held until the answer is there, as a synchronous caller would. */
static const CardStation FIXTURE_IVSHMEM_SERIAL[] = {
    {"slot", NULL, CARD_GUEST, CARD_FORWARD, 1, 0, 0, CARD_PER_VM | CARD_TOKEN, "guest-receive"},
    {"guest-send", "guest", CARD_GUEST, CARD_FORWARD, 1, 4.1 * US, 0.03 * US / KB, CARD_PER_VM, SOFTWARE},
    {"receive", "thread", CARD_HOST_USER, CARD_FORWARD, 1, 4.0 * US, 0, 0, SOFTWARE},
    {"submit", "thread", CARD_HOST_USER, CARD_FORWARD, 1, DRIVER_IN, 0, CARD_CARD_ONLY, SOFTWARE},
    {"complete", "thread", CARD_HOST_USER, CARD_RETURN, 1, DRIVER_OUT, 0, CARD_CARD_ONLY, SOFTWARE},
    {"reply", "thread", CARD_HOST_USER, CARD_RETURN, 1, 4.0 * US, 0, 0, SOFTWARE},
    {"guest-receive", "guest", CARD_GUEST, CARD_RETURN, 1, 4.1 * US, 0.03 * US / KB, CARD_PER_VM, SOFTWARE},
};

/* The older scheme that section 3.3 improves on: a pseudo-VM and a thread per VM, which sleeps in the driver until the
 * card is done, and a switch to that thread (C: 3 us each way) for every request. */
static const CardStation FIXTURE_IVSHMEM_OLD[] = {
    {"slot", NULL, CARD_GUEST, CARD_FORWARD, 1, 0, 0, CARD_PER_VM | CARD_TOKEN, "guest-receive"},
    {"guest-send", "guest", CARD_GUEST, CARD_FORWARD, 1, 4.1 * US, 0.03 * US / KB, CARD_PER_VM, SOFTWARE},
    {"server", NULL, CARD_HOST_USER, CARD_FORWARD, 1, 2.0 * US, 0, 0, SOFTWARE},
    {"receive", "thread", CARD_HOST_USER, CARD_FORWARD, 1, 5.0 * US, 0, CARD_PER_VM, "reply", SOFTWARE},
    {"submit", "thread", CARD_HOST_USER, CARD_FORWARD, 1, DRIVER_IN, 0, CARD_PER_VM | CARD_CARD_ONLY, SOFTWARE},
    {"complete", "thread", CARD_HOST_USER, CARD_RETURN, 1, DRIVER_OUT, 0, CARD_PER_VM | CARD_CARD_ONLY, SOFTWARE},
    {"reply", "thread", CARD_HOST_USER, CARD_RETURN, 1, 7.0 * US, 0, CARD_PER_VM, SOFTWARE},
    {"guest-receive", "guest", CARD_GUEST, CARD_RETURN, 1, 4.1 * US, 0.03 * US / KB, CARD_PER_VM, SOFTWARE},
};

/* Section 4. 19.1 us + 0.34 us/KB, both fitted to Fig. 11 (2 F): four copies of 0.085 us/KB (12 GB/s) and a thread
 * started for each request by the one service thread (C: 10.5 of the 19.1 us). PER_BYTE_IO and EXTRA_S are 0 on x86. */
#define VSOCK(PER_BYTE_IO, THREAD_S)                                                                                   \
    {"guest-send", "guest", CARD_GUEST, CARD_FORWARD, 1, 2.15 * US, 0.085 * US / KB, CARD_PER_VM, SOFTWARE},           \
        {"vhost-in", "vhost", CARD_HOST_KERNEL, CARD_FORWARD, 1, 2.15 * US, 0.085 * US / KB, CARD_PER_VM, SOFTWARE},   \
        {"accept", "service-thread", CARD_HOST_KERNEL, CARD_FORWARD, 1, 10.5 * US, 0, 0, SOFTWARE},                    \
        {"request-thread", NULL, CARD_HOST_KERNEL, CARD_FORWARD, 0, THREAD_S, 0, CARD_CARD_ONLY, SOFTWARE},            \
        {"submit", "worker", CARD_HOST_KERNEL, CARD_FORWARD, 1, DRIVER_IN, PER_BYTE_IO, CARD_CARD_ONLY, SOFTWARE},     \
        {"complete", "worker", CARD_HOST_KERNEL, CARD_RETURN, 1, DRIVER_OUT, PER_BYTE_IO, CARD_CARD_ONLY, SOFTWARE},   \
        {"vhost-out", "vhost", CARD_HOST_KERNEL, CARD_RETURN, 1, 2.15 * US, 0.085 * US / KB, CARD_PER_VM, SOFTWARE},   \
    {                                                                                                                  \
        "guest-receive", "guest", CARD_GUEST, CARD_RETURN, 1, 2.15 * US, 0.085 * US / KB, CARD_PER_VM, SOFTWARE        \
    }

static const CardStation FIXTURE_VSOCK[] = {VSOCK(0, 0)};

/* ARM (1 F): the driver copies to and from memory that is not cache-coherent, 27.5 ns a byte, 220 ns an 8-byte access.
 * No other number of the x86 set changes, since the paper states none. */
#define ARM_COPY (0.0275 * US)
static const CardStation FIXTURE_VSOCK_ARM[] = {VSOCK(ARM_COPY, 0)};
static const CardStation FIXTURE_HOST_ARM[] = {
    {"submit", "caller", CARD_HOST_USER, CARD_FORWARD, 1, DRIVER_IN, ARM_COPY, CARD_PER_VM | CARD_CARD_ONLY, SOFTWARE},
    {"complete", "caller", CARD_HOST_USER, CARD_RETURN, 1, DRIVER_OUT, ARM_COPY, CARD_PER_VM | CARD_CARD_ONLY,
     SOFTWARE},
};

/* A virtual function or the whole card in the guest: the native driver, an interrupt posted to the guest (C: 2 us). */
static const CardStation FIXTURE_SRIOV[] = {
    {"submit", "guest", CARD_GUEST, CARD_FORWARD, 1, DRIVER_IN, 0, CARD_PER_VM | CARD_CARD_ONLY, SOFTWARE},
    {"inject", NULL, CARD_HOST_KERNEL, CARD_RETURN, 0, 2.0 * US, 0, CARD_PER_VM | CARD_LATENCY, SOFTWARE},
    {"complete", "guest", CARD_GUEST, CARD_RETURN, 1, DRIVER_OUT, 0, CARD_PER_VM | CARD_CARD_ONLY, SOFTWARE},
};

/* Section 1 (1): trap and emulate. C: six exits of 4 us to the device emulator, which copies; one emulator per VM. */
static const CardStation FIXTURE_EMULATED[] = {
    {"trap-in", "guest", CARD_GUEST, CARD_FORWARD, 1, 12.0 * US, 0, CARD_PER_VM, SOFTWARE},
    {"emulate-in", "emulator", CARD_HOST_USER, CARD_FORWARD, 1, 10.0 * US, 0.085 * US / KB, CARD_PER_VM, "emulate-out",
     SOFTWARE},
    {"submit", "emulator", CARD_HOST_USER, CARD_FORWARD, 1, DRIVER_IN, 0, CARD_PER_VM | CARD_CARD_ONLY, SOFTWARE},
    {"complete", "emulator", CARD_HOST_USER, CARD_RETURN, 1, DRIVER_OUT, 0, CARD_PER_VM | CARD_CARD_ONLY, SOFTWARE},
    {"emulate-out", "emulator", CARD_HOST_USER, CARD_RETURN, 1, 10.0 * US, 0.085 * US / KB, CARD_PER_VM, SOFTWARE},
    {"trap-out", "guest", CARD_GUEST, CARD_RETURN, 1, 12.0 * US, 0, CARD_PER_VM, SOFTWARE},
};

/* TCP over virtio-net to a server on the host. C: 50 us a round trip, one server thread that waits for no card. */
static const CardStation FIXTURE_VIRTIO_NET[] = {
    {"guest-tcp-out", "guest", CARD_GUEST, CARD_FORWARD, 1, 9.0 * US, 0.17 * US / KB, CARD_PER_VM, SOFTWARE},
    {"vhost-in", "vhost", CARD_HOST_KERNEL, CARD_FORWARD, 1, 6.0 * US, 0.085 * US / KB, CARD_PER_VM, SOFTWARE},
    {"server-receive", "server", CARD_HOST_USER, CARD_FORWARD, 1, 10.0 * US, 0.085 * US / KB, 0, SOFTWARE},
    {"submit", "server", CARD_HOST_USER, CARD_FORWARD, 1, DRIVER_IN, 0, CARD_CARD_ONLY, SOFTWARE},
    {"complete", "server", CARD_HOST_USER, CARD_RETURN, 1, DRIVER_OUT, 0, CARD_CARD_ONLY, SOFTWARE},
    {"server-send", "server", CARD_HOST_USER, CARD_RETURN, 1, 10.0 * US, 0.085 * US / KB, 0, SOFTWARE},
    {"vhost-out", "vhost", CARD_HOST_KERNEL, CARD_RETURN, 1, 6.0 * US, 0.085 * US / KB, CARD_PER_VM, SOFTWARE},
    {"guest-tcp-in", "guest", CARD_GUEST, CARD_RETURN, 1, 9.0 * US, 0.17 * US / KB, CARD_PER_VM, SOFTWARE},
};

#define ARM_CRASH                                                                                                      \
    "ivshmem on an ARM host: the shared pages have other attributes in the guest than on the host, the hardware does " \
    "not keep caches coherent, and the VM crashes (paper, section 5.1)"
#define HARDWARE_STAYS                                                                                                 \
    "hardware state of the virtual function cannot be moved: SR-IOV hardly supports migration (paper, introduction)"
#define DEVICE_STAYS "the device is passed through to this one VM and cannot be moved (paper, section 1)"
#define STATIONS(a)  a, G_N_ELEMENTS(a)

static const CardPath FIXTURE_PATH_HOST = {"host", STATIONS(FIXTURE_HOST), .vms_max = 1};
static const CardPath FIXTURE_PATH_IVSHMEM = {"ivshmem", STATIONS(FIXTURE_IVSHMEM), .arm_refusal = ARM_CRASH};
static const CardPath FIXTURE_PATH_IVSHMEM_SERIAL = {"ivshmem-serial", STATIONS(FIXTURE_IVSHMEM_SERIAL),
                                                     .arm_refusal = ARM_CRASH};
static const CardPath FIXTURE_PATH_IVSHMEM_OLD = {"ivshmem-thread-per-vm", STATIONS(FIXTURE_IVSHMEM_OLD),
                                                  .arm_refusal = ARM_CRASH};
static const CardPath FIXTURE_PATH_VSOCK = {"vsock", STATIONS(FIXTURE_VSOCK)};
static const CardPath FIXTURE_PATH_VSOCK_ARM = {"vsock", STATIONS(FIXTURE_VSOCK_ARM)};
static const CardPath FIXTURE_PATH_HOST_ARM = {"host", STATIONS(FIXTURE_HOST_ARM), .vms_max = 1};
static const CardPath FIXTURE_PATH_SRIOV = {"sriov", STATIONS(FIXTURE_SRIOV), .ring_per_vm = TRUE,
                                            .needs_virtual_function = TRUE, .migration_refusal = HARDWARE_STAYS};
static const CardPath FIXTURE_PATH_PASSTHROUGH = {"passthrough", STATIONS(FIXTURE_SRIOV), .vms_max = 1,
                                                  .migration_refusal = DEVICE_STAYS};
static const CardPath FIXTURE_PATH_EMULATED = {"emulated", STATIONS(FIXTURE_EMULATED)};
static const CardPath FIXTURE_PATH_VIRTIO_NET = {"virtio-net", STATIONS(FIXTURE_VIRTIO_NET)};

/* The rival reading: all is serial, and the thread started for each vsock request costs 207 us that the loop of Fig. 11
 * has not. The shares 60, 40 and 90 % then give host calls of 311, 138 and 1870 us; ivshmem has one slot. */
static const CardStation FIXTURE_VSOCK_RIVAL[] = {VSOCK(0, 187 * US)};
static const CardPath FIXTURE_PATH_VSOCK_RIVAL = {"vsock", STATIONS(FIXTURE_VSOCK_RIVAL)};

static inline CardSpec
fixture_sjk1828_rival(void)
{
    CardSpec spec = fixture_sjk1828();

    spec.services[CARD_SM1].per_byte_s = (313.0 - 31.2 + 25.052) * US / 4096;
    spec.services[CARD_SM4].per_byte_s = (139.5 - 13.9 + 7.752) * US / 4096;
    spec.services[CARD_SM2_VERIFY].fixed_s = (1885.0 - 188.0 + 183.375) * US;
    return spec;
}

/* n VMs on this path, each with w requests of this kind outstanding. */
static inline Card *
fixture_card(const CardSpec *spec, const CardPath *path, guint vms, guint outstanding, const CardMix *mix,
             guint64 limit)
{
    const CardLoad load = {CARD_LOAD_CLOSED, mix, 1, .outstanding = outstanding, .request_limit = limit};
    Card *card = card_new(spec, 1, 0);
    const guint number = card_add_path(card, path);

    for (guint i = 0; i < vms; i++) {
        g_autofree char *name = g_strdup_printf("vm%u", i);
        guint vm;
        if (card_attach(card, number, name, &load, &vm) != CARD_ATTACHED)
            g_error("vm%u does not attach", i);
    }
    return card;
}

#endif
