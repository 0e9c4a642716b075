#include "sockets_check.h"

#define COMPARED_WHOLE 262144 /* bytes; chosen: done within the warm-up, also when each takes a nanosecond */
#define PERIOD         251    /* chosen: a prime, so that no power of two is a multiple of it */
/* of a longer piece that came at once: its ends, and where its last message begins */
#define COMPARED_OF_A_PIECE 3

static uint8_t
salt_of(Side side)
{
    return (uint8_t)(85 * side);
}

static uint8_t
number_byte(uint64_t number, uint8_t salt)
{
    return (uint8_t)(number * 167 + salt);
}

static uint8_t
byte_at(const Check *check, uint64_t number, size_t offset)
{
    if (offset == 0)
        return number_byte(number, check->salt);
    if (offset == check->bytes - 1)
        return (uint8_t)~number_byte(number, check->salt);
    return (uint8_t)(offset % PERIOD);
}

void
check_fill(uint8_t *message, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        message[i] = (uint8_t)(i % PERIOD);
}

void
check_number(uint8_t *message, size_t bytes, Side side, uint64_t number)
{
    uint8_t byte = number_byte(number, salt_of(side));
    message[bytes - 1] = (uint8_t)~byte;
    message[0] = byte;
}

Check
check_new(size_t bytes, Side sender)
{
    return (Check){.bytes = bytes, .salt = salt_of(sender)};
}

static void
compare(Check *check, uint8_t byte, uint64_t number, size_t offset)
{
    check->compared++;
    check->wrong += byte != byte_at(check, number, offset);
}

static void
compare_each(Check *check, const uint8_t *data, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        size_t at = check->offset + i;
        compare(check, data[i], check->number + at / check->bytes, at % check->bytes);
    }
}

void
check_take(Check *check, const uint8_t *data, size_t bytes)
{
    size_t last = check->offset + bytes - 1, last_offset = last % check->bytes;
    uint64_t last_number = check->number + last / check->bytes;

    if (check->received < COMPARED_WHOLE || check->number < 2 || bytes <= COMPARED_OF_A_PIECE) {
        compare_each(check, data, bytes);
    } else {
        compare(check, data[0], check->number, check->offset);
        compare(check, data[bytes - 1], last_number, last_offset);
        if (last_offset < bytes - 1)
            compare(check, data[bytes - 1 - last_offset], last_number, 0);
    }
    check->received += bytes;
    check->number = last_number + (last_offset == check->bytes - 1);
    check->offset = last_offset == check->bytes - 1 ? 0 : last_offset + 1;
}
