#include "loopback.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECTIONS = 1024, BLOCK = 256 << 10 };

typedef struct {
    char head[4096];
    size_t used;
    // The bytes of a body that are not sent yet.
    int64_t left;
} connection;

static char small[512];
static size_t small_size;
static char block[BLOCK];
static struct pollfd polled[CONNECTIONS];
static connection *connections[CONNECTIONS];
static int count = 1;

static void drop(int index) {
    close(polled[index].fd);
    free(connections[index]);
    count--;
    polled[index] = polled[count];
    connections[index] = connections[count];
}

static void accept_one(void) {
    int number = accept(polled[0].fd, NULL, NULL);
    if (number < 0) return;
    connection *new = count < CONNECTIONS ? calloc(1, sizeof(connection)) : NULL;
    if (new == NULL) {
        close(number);
        return;
    }
    int on = 1;
    setsockopt(number, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK);
    polled[count] = (struct pollfd){.fd = number, .events = POLLIN};
    connections[count++] = new;
}

// Sends a part of a large body. Returns false if the connection is over.
static bool send_body(int index) {
    connection *this = connections[index];
    while (this->left > 0) {
        ssize_t sent = send(polled[index].fd, block, this->left < BLOCK ? (size_t)this->left : BLOCK, 0);
        if (sent < 0) return errno == EAGAIN || errno == EWOULDBLOCK;
        this->left -= sent;
    }
    polled[index].events = POLLIN;
    return true;
}

// Answers the request whose head is complete. The answers are small, so that they fit into the socket's buffer.
static bool answer(int index) {
    connection *this = connections[index];
    this->used = 0;
    if (strncmp(this->head, "GET /large ", 11) != 0) {
        return send(polled[index].fd, small, small_size, 0) == (ssize_t)small_size;
    }
    char head[128];
    int size = snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n", LOOPBACK_LARGE);
    if (send(polled[index].fd, head, (size_t)size, 0) != size) return false;
    this->left = LOOPBACK_LARGE;
    polled[index].events = POLLOUT;
    return true;
}

static bool receive(int index) {
    connection *this = connections[index];
    ssize_t received = recv(polled[index].fd, this->head + this->used, sizeof this->head - 1 - this->used, 0);
    if (received <= 0) return received < 0 && errno == EAGAIN;
    this->used += (size_t)received;
    this->head[this->used] = 0;
    if (this->used >= 4 && memcmp(this->head + this->used - 4, "\r\n\r\n", 4) == 0) return answer(index);
    return this->used < sizeof this->head - 1;
}

static void *serve(void *context) {
    (void)context;
    while (poll(polled, (nfds_t)count, -1) >= 0 || errno == EINTR) {
        // Backward, because a dropped connection is replaced by the last one.
        for (int index = count - 1; index > 0; index--) {
            short events = polled[index].revents;
            if (events == 0) continue;
            bool lives = events & POLLOUT ? send_body(index) : receive(index);
            if (!lives) drop(index);
        }
        if (polled[0].revents & POLLIN) accept_one();
    }
    return NULL;
}

int loopback_start(void) {
    signal(SIGPIPE, SIG_IGN);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 1024) != 0) return -1;
    if (getsockname(listener, (struct sockaddr *)&address, &length) != 0) return -1;
    int head = snprintf(small, sizeof small, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\nContent-Type: text/plain\r\n\r\n", LOOPBACK_SMALL);
    memset(small + head, 'a', LOOPBACK_SMALL);
    small_size = (size_t)head + LOOPBACK_SMALL;
    memset(block, 'a', sizeof block);
    polled[0] = (struct pollfd){.fd = listener, .events = POLLIN};
    pthread_t thread;
    if (pthread_create(&thread, NULL, serve, NULL) != 0) return -1;
    pthread_detach(thread);
    return ntohs(address.sin_port);
}
