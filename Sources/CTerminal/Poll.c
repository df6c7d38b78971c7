// Waiting for a terminal on macOS.

#include "Internal.h"

#ifdef __APPLE__

#include <stddef.h>
#include <sys/select.h>
#include <sys/time.h>

int ct_poll(struct pollfd *entries, nfds_t count, int timeout) {
    fd_set readable;
    FD_ZERO(&readable);
    int largest = -1;
    for (nfds_t index = 0; index < count; index++) {
        int fd = entries[index].fd;
        entries[index].revents = 0;
        if (fd < 0) continue;
        // A set has no room for larger numbers.
        if (fd >= FD_SETSIZE) return poll(entries, count, timeout);
        FD_SET(fd, &readable);
        if (fd > largest) largest = fd;
    }
    struct timeval time = {.tv_sec = timeout / 1000, .tv_usec = timeout % 1000 * 1000};
    int ready = select(largest + 1, &readable, NULL, NULL, timeout < 0 ? NULL : &time);
    if (ready <= 0) return ready;
    for (nfds_t index = 0; index < count; index++) {
        int fd = entries[index].fd;
        if (fd >= 0 && FD_ISSET(fd, &readable)) entries[index].revents = POLLIN;
    }
    return ready;
}

#endif
