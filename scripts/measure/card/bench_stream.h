/*
 * How a stream's service starts the thread of a request; the cost of it is measured with the same.
 */
#ifndef BENCH_STREAM_H
#define BENCH_STREAM_H

#include <pthread.h>

#define STREAM_STACK_BYTES                                                                                             \
    (256 * 1024) /* chosen: enough for RSA, and the library keeps hundreds of them for use again */

/* A detached thread with that stack. Free with pthread_attr_destroy. */
void stream_thread_attributes(pthread_attr_t *attributes);

#endif
