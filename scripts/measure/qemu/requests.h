/* What the guest's server (guest_serve.c) and its clients (clients.c) agree on. */
#pragma once

#define REQUEST_PORT  7000
#define REQUEST_BYTES 64 /* of a request and of its answer; the first eight are its number */
