// An HTTP server on loopback, and the floor of an HTTP client: bare C over libcurl's multi interface.

#pragma once

#include <stdbool.h>
#include <stdint.h>

// Starts the server on a thread, which runs until the process ends. Returns its port, or -1. GET /small answers with 128 bytes, GET /large
// with LOOPBACK_LARGE bytes.
int loopback_start(void);

enum { LOOPBACK_SMALL = 128, LOOPBACK_LARGE = 512 << 20 };

typedef struct floor_client floor_client;

// Creates a client with at most `limit` connections; NULL if there is no memory.
floor_client *floor_open(int limit);

void floor_close(floor_client *client);

// Sends `count` requests, `in_flight` at a time, and stores the nanoseconds that each took in `latencies`. Returns false after a failure.
bool floor_run(floor_client *client, const char *url, int in_flight, int count, uint64_t *latencies);

// Sends one request, and returns the number of bytes in the body; -1 after a failure.
int64_t floor_download(floor_client *client, const char *url);
