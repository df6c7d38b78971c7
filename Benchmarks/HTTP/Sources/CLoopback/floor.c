#include "loopback.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <time.h>

struct floor_client {
    CURLM *multi;
    CURL **handles;
    uint64_t *started;
    int limit;
};

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static size_t receive(char *bytes, size_t size, size_t count, void *context) {
    (void)bytes;
    *(int64_t *)context += (int64_t)(size * count);
    return size * count;
}

floor_client *floor_open(int limit) {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    floor_client *client = calloc(1, sizeof *client);
    if (client == NULL) return NULL;
    *client = (floor_client){
        .multi = curl_multi_init(),
        .handles = calloc((size_t)limit, sizeof(CURL *)),
        .started = calloc((size_t)limit, sizeof(uint64_t)),
        .limit = limit,
    };
    if (client->multi == NULL || client->handles == NULL || client->started == NULL) {
        floor_close(client);
        return NULL;
    }
    curl_multi_setopt(client->multi, CURLMOPT_MAXCONNECTS, (long)limit);
    for (int index = 0; index < limit; index++) {
        CURL *handle = client->handles[index] = curl_easy_init();
        curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(handle, CURLOPT_PROXY, "");
        curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, receive);
        curl_easy_setopt(handle, CURLOPT_BUFFERSIZE, 262144L);
        curl_easy_setopt(handle, CURLOPT_PRIVATE, (void *)(intptr_t)index);
    }
    return client;
}

void floor_close(floor_client *client) {
    if (client->handles != NULL) {
        for (int index = 0; index < client->limit; index++) curl_easy_cleanup(client->handles[index]);
    }
    curl_multi_cleanup(client->multi);
    free(client->handles);
    free(client->started);
    free(client);
}

static bool begin(floor_client *client, CURL *handle, const char *url, int64_t *size) {
    intptr_t index = 0;
    curl_easy_getinfo(handle, CURLINFO_PRIVATE, (char **)&index);
    client->started[index] = now();
    curl_easy_setopt(handle, CURLOPT_URL, url);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, size);
    return curl_multi_add_handle(client->multi, handle) == CURLM_OK;
}

// Sends requests until `count` have ended. Returns the number of bytes in their bodies; -1 after a failure.
static int64_t run(floor_client *client, const char *url, int in_flight, int count, uint64_t *latencies) {
    int64_t size = 0;
    int begun = 0, ended = 0, running = 0;
    bool failed = false;
    while (begun < in_flight && begun < count) failed |= !begin(client, client->handles[begun++], url, &size);
    while (ended < begun && !failed) {
        failed |= curl_multi_perform(client->multi, &running) != CURLM_OK;
        CURLMsg *message;
        int left;
        bool moved = false;
        while ((message = curl_multi_info_read(client->multi, &left)) != NULL) {
            CURL *handle = message->easy_handle;
            intptr_t index = 0;
            failed |= message->data.result != CURLE_OK;
            curl_easy_getinfo(handle, CURLINFO_PRIVATE, (char **)&index);
            if (latencies != NULL) latencies[ended] = now() - client->started[index];
            ended++;
            curl_multi_remove_handle(client->multi, handle);
            if (begun < count) {
                begun++;
                failed |= !begin(client, handle, url, &size);
                moved = true;
            }
        }
        if (!moved && ended < begun) curl_multi_poll(client->multi, NULL, 0, 1000, NULL);
    }
    return failed ? -1 : size;
}

bool floor_run(floor_client *client, const char *url, int in_flight, int count, uint64_t *latencies) {
    return in_flight <= client->limit && run(client, url, in_flight, count, latencies) >= 0;
}

int64_t floor_download(floor_client *client, const char *url) {
    return run(client, url, 1, 1, NULL);
}
