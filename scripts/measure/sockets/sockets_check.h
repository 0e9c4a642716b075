/*
 * What messages hold, so that a wrong, missing, repeated or misplaced byte is noticed for little time.
 *
 * The first byte of a message and its last say, by its number, which one it is; those between, where they are in it.
 * The receiver compares each of the first bytes of a stream (a quarter of a mebibyte, and two messages at least); from
 * then on the first byte and the last of what each call brought, and the first of the last message that began in it.
 */
#ifndef SOCKETS_CHECK_H
#define SOCKETS_CHECK_H

#include "sockets_case.h"
#include <stddef.h>
#include <stdint.h>

typedef struct {
    size_t bytes; /* of a message */
    uint8_t salt; /* of a direction: a request is no answer */
    uint64_t number;
    size_t offset; /* in that message, of the next byte */
    uint64_t received, compared, wrong;
} Check;

/* Fills a message with what no number changes. */
void check_fill(uint8_t *message, size_t bytes);

/* Makes a filled message the one of that number. */
void check_number(uint8_t *message, size_t bytes, Side side, uint64_t number);

/* Of the bytes that the other side, `sender`, sends. */
Check check_new(size_t bytes, Side sender);

/* Compares what came next. */
void check_take(Check *check, const uint8_t *data, size_t bytes);

#endif
