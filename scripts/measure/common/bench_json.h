/*
 * A JSON text, written member by member; one space of indent for each level, as the other cases of tandem have.
 */
#ifndef BENCH_JSON_H
#define BENCH_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct {
    FILE *to;
    int depth;
    bool any; /* a member stands before this one */
} Json;

/* `key` is NULL in an array; `bracket` is '{' or '['. */
void json_open(Json *json, const char *key, char bracket);
void json_close(Json *json, char bracket); /* '}' or ']' */

void json_number(Json *json, const char *key, double value); /* null when it is no number */
void json_whole(Json *json, const char *key, double value);  /* the same, with all digits of a whole number */
void json_count(Json *json, const char *key, uint64_t value);
void json_bool(Json *json, const char *key, bool value);
void json_text(Json *json, const char *key, const char *value);

#endif
