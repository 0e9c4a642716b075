#include "common/bench_json.h"

#include <inttypes.h>
#include <math.h>

static void
begin(Json *json, const char *key)
{
    if (json->depth > 0)
        fprintf(json->to, "%s\n%*s", json->any ? "," : "", json->depth, "");
    if (key)
        fprintf(json->to, "\"%s\": ", key);
    json->any = true;
}

void
json_open(Json *json, const char *key, char bracket)
{
    begin(json, key);
    fputc(bracket, json->to);
    json->depth++;
    json->any = false;
}

void
json_close(Json *json, char bracket)
{
    json->depth--;
    fprintf(json->to, "\n%*s%c", json->depth, "", bracket);
    json->any = true;
    if (json->depth == 0)
        fputc('\n', json->to);
}

void
json_number(Json *json, const char *key, double value)
{
    begin(json, key);
    if (isfinite(value))
        fprintf(json->to, "%.6g", value);
    else
        fputs("null", json->to);
}

void
json_whole(Json *json, const char *key, double value)
{
    begin(json, key);
    if (isfinite(value))
        fprintf(json->to, "%.0f", value);
    else
        fputs("null", json->to);
}

void
json_count(Json *json, const char *key, uint64_t value)
{
    begin(json, key);
    fprintf(json->to, "%" PRIu64, value);
}

void
json_bool(Json *json, const char *key, bool value)
{
    begin(json, key);
    fputs(value ? "true" : "false", json->to);
}

void
json_text(Json *json, const char *key, const char *value)
{
    begin(json, key);
    fputc('"', json->to);
    for (const char *at = value; *at; at++) {
        if (*at == '"' || *at == '\\')
            fputc('\\', json->to);
        fputc((unsigned char)*at < ' ' ? ' ' : *at, json->to);
    }
    fputc('"', json->to);
}
