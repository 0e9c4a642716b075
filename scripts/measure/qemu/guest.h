/*
 * What the programs of a measured guest share. One process fills and dirties memory (guest.c); beside it, when the
 * kernel's command line asks for it, one answers requests of clients (guest_serve.c) and one calls the vTPM
 * (guest_tpm.c).
 *
 * Each of the two takes the write end of a pipe. It sets itself up, calls guest_say_ready, and then works for as long
 * as the machine runs; it does not return.
 */
#pragma once

#include <stdint.h>

/* A number or a word of the kernel's command line. */
long guest_input(const char *name, long otherwise);
const char *guest_word(const char *name, const char *otherwise);

/* Seconds by the guest's clock, which stands still while the guest is stopped. */
double guest_clock_s(void);

/* Marsaglia's xorshift64 (shifts 13, 7, 17): fast, and its output does not compress. */
uint64_t guest_draw(uint64_t *state);

/* Says FAILED and why on the console, which ends the measurement. */
void guest_hang(const char *why) __attribute__((noreturn));

void guest_say_ready(int ready);

void serve(int ready) __attribute__((noreturn));
void call_tpm(int ready) __attribute__((noreturn));
