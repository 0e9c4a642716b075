#include "models/base/random.h"
#include "models/migration/qemu_file.h"
#include "tests/check_main.h"

#include <math.h>

#define PAGE 4104.0

/* What qemu_file_add_stretch promises to come to: each page by itself, each flush put, each wait waited. waits: those
 * that ended before the event. */
static guint64
add_one_by_one(QemuFile *file, const PageStretch *stretch, guint *waits)
{
    guint64 n = 0;

    *waits = 0;

    for (; n < stretch->pages; n++) {
        const double work_s = file->t_s + file->outbox_work_s + stretch->page_work_s;
        if ((stretch->first + n) % stretch->check_pages == 0 && work_s >= stretch->late_s)
            break;
        qemu_file_add(file, 1, stretch->content, stretch->page_bytes, stretch->page_work_s);
        while (!qemu_file_put(file)) {
            qemu_file_wait(file, send_buffer_wait_bytes(&file->socket));
            *waits += file->t_s < stretch->event_s;
        }
    }
    return n;
}

/* Several channels' sockets are one that holds so many times as much and wakes its writer as often. */
static QemuFile
random_file_over(RandomStream *random, guint sockets)
{
    const double rate_Bps = 1e6 * pow(10, 4 * random_unit(random));
    const CopyReach reach = {
        .rate_Bps = rate_Bps, .alone_Bps = rate_Bps, .max_batches = G_MAXUINT, .until_s = INFINITY};
    QemuFile file = {.flush_pages = 32};

    file.socket = (SendBuffer){.capacity_bytes = (5e5 + 3e6 * random_unit(random)) * sockets,
                               .wake_share = 1 - 1.0 / 3 / sockets};
    file.socket.level_bytes = file.socket.put_bytes = file.socket.capacity_bytes * random_unit(random);
    qemu_file_resume(&file, 1, &reach);
    return file;
}

static QemuFile
random_file(RandomStream *random)
{
    return random_file_over(random, 1);
}

static PageStretch
random_stretch(RandomStream *random, gboolean content)
{
    return (PageStretch){.pages = random_below(random, 20000),
                         .content = content,
                         .page_bytes = content ? PAGE : 9,
                         .page_work_s = content ? 2e-6 : 0.55e-6,
                         .first = random_below(random, 1000),
                         .check_pages = 1 + (guint)random_below(random, 128),
                         .late_s = random_unit(random) < 0.2 ? INFINITY : 1 + 0.1 * random_unit(random),
                         .event_s = INFINITY};
}

/* To a relative 1e-9: sums of the same numbers in another order. */
static void
assert_alike(const QemuFile *one, const QemuFile *other)
{
    ck_assert_double_eq_tol(one->t_s, other->t_s, 1e-9 * other->t_s);
    ck_assert_double_eq_tol(one->socket.level_bytes, other->socket.level_bytes, 1e-3);
    ck_assert_double_eq_tol(one->socket.put_bytes, other->socket.put_bytes, 1e-3);
    ck_assert_double_eq_tol(one->ahead_bytes, other->ahead_bytes, 1e-3);
    ck_assert_uint_eq(one->outbox_pages, other->outbox_pages);
    ck_assert_double_eq_tol(one->outbox_bytes, other->outbox_bytes, 1e-3);
}

START_TEST(a_stretch_comes_to_what_its_pages_come_to)
{
    RandomStream random;
    guint64 in_stretches = 0;

    random_init(&random, (guint64)_i, "stretch", "test");
    for (int round = 0; round < 500; round++) {
        QemuFile quick = random_file_over(&random, _i < 8 ? 1 : 8), slow = quick;
        const PageStretch stretch = random_stretch(&random, _i % 2);
        const guint64 n = qemu_file_add_stretch(&quick, &stretch);
        PageStretch same = stretch;
        guint waits;

        ck_assert_uint_le(n, stretch.pages);
        same.pages = n;
        ck_assert_uint_eq(add_one_by_one(&slow, &same, &waits), n);
        assert_alike(&quick, &slow);
        in_stretches += n;
    }
    ck_assert_uint_gt(in_stretches, 500000); /* of some five million: else it would be useless */
}
END_TEST

/* Whole flushes only, and the clock is not passed by more than one of them. */
START_TEST(a_stretch_ends_before_the_clock_is_late)
{
    RandomStream random;
    guint late = 0;

    random_init(&random, 7, "late", "test");
    for (int round = 0; round < 2000; round++) {
        QemuFile quick = random_file(&random), slow = quick;
        PageStretch stretch = random_stretch(&random, TRUE);
        stretch.late_s = 1 + 0.02 * random_unit(&random);
        const guint64 n = qemu_file_add_stretch(&quick, &stretch);
        guint waits;
        const guint64 all = add_one_by_one(&slow, &stretch, &waits);

        ck_assert_uint_le(n, all);
        ck_assert_uint_lt(all - n, 32);
        ck_assert_uint_eq(n % 32, 0);
        late += all < stretch.pages;
    }
    ck_assert_uint_gt(late, 200);
}
END_TEST

/* qemu-file.c add_buf_to_iovec: when the buffer of small items is full, all that was collected goes with it. */
START_TEST(zero_pages_take_the_pages_before_them_along)
{
    const CopyReach reach = {.rate_Bps = 1e9, .alone_Bps = 1e9, .max_batches = 1, .until_s = INFINITY};
    QemuFile file = {.flush_pages = 32, .socket = {.capacity_bytes = 1e9, .wake_share = 2.0 / 3}};
    const PageStretch zeros = {.pages = 10000,
                               .page_bytes = 8,
                               .page_work_s = 1e-9,
                               .check_pages = 64,
                               .late_s = INFINITY,
                               .event_s = INFINITY};

    qemu_file_resume(&file, 0, &reach);
    qemu_file_add(&file, 3, TRUE, 3 * PAGE, 0);
    const guint64 n = qemu_file_add_stretch(&file, &zeros);
    ck_assert_uint_eq(n, 4095);
    ck_assert_double_eq(file.unput_bytes, 0);
    qemu_file_add(&file, 1, FALSE, 8, 0);
    ck_assert_double_eq(file.unput_bytes, 3 * PAGE + 32768);
    ck_assert_uint_eq(file.outbox_pages, 0);
}
END_TEST

START_TEST(no_wait_reaches_an_event)
{
    RandomStream random;
    guint in_all = 0;

    random_init(&random, 8, "event", "test");
    for (int round = 0; round < 1000; round++) {
        QemuFile quick = random_file(&random), slow = quick;
        PageStretch stretch = random_stretch(&random, TRUE);
        guint waits;
        stretch.event_s = 1 + 0.05 * random_unit(&random);
        stretch.late_s = INFINITY;
        qemu_file_add_stretch(&quick, &stretch);
        stretch.pages -= stretch.pages % 32;
        add_one_by_one(&slow, &stretch, &waits);
        ck_assert_uint_eq(quick.ahead_waits, waits);
        ck_assert_double_le(quick.socket.level_bytes, quick.socket.capacity_bytes);
        in_all += waits;
    }
    ck_assert_uint_gt(in_all, 1000);
}
END_TEST

START_TEST(a_stretch_stops_when_its_owner_must_catch_up)
{
    RandomStream random;

    random_init(&random, 9, "owner", "test");
    QemuFile file = random_file(&random);
    const CopyReach reach = {.rate_Bps = 12e6, .alone_Bps = 12e6, .max_batches = 3, .until_s = INFINITY};
    const PageStretch stretch = {.pages = 100000,
                                 .content = TRUE,
                                 .page_bytes = PAGE,
                                 .page_work_s = 2e-6,
                                 .check_pages = 64,
                                 .late_s = INFINITY,
                                 .event_s = INFINITY};

    qemu_file_resume(&file, 1, &reach);
    ck_assert_uint_gt(qemu_file_add_stretch(&file, &stretch), 0);
    ck_assert_uint_eq(file.ahead_waits, 3);
    ck_assert(!qemu_file_may_go_further(&file));
    CopyAction action;
    ck_assert(qemu_file_catch_up(&file, &action));
    ck_assert_int_eq(action.kind, COPY_SEND);
    ck_assert_double_gt(action.bytes, 0);
    ck_assert(!qemu_file_catch_up(&file, &action)); /* once */
}
END_TEST

int
main(void)
{
    TCase *cases = tcase_create("cases");

    tcase_add_loop_test(cases, a_stretch_comes_to_what_its_pages_come_to, 0, 12);
    tcase_add_test(cases, a_stretch_ends_before_the_clock_is_late);
    tcase_add_test(cases, zero_pages_take_the_pages_before_them_along);
    tcase_add_test(cases, no_wait_reaches_an_event);
    tcase_add_test(cases, a_stretch_stops_when_its_owner_must_catch_up);
    return check_main("qemu_file", cases, NULL);
}
