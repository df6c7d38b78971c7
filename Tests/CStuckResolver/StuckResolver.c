#define _GNU_SOURCE
#include "CStuckResolver.h"

#include <netdb.h>
#include <pthread.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static bool holds;
static int waiting;
static int counted;

void stuck_resolver_hold(void) {
    pthread_mutex_lock(&lock);
    holds = true;
    pthread_mutex_unlock(&lock);
}

void stuck_resolver_release(void) {
    pthread_mutex_lock(&lock);
    holds = false;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

int stuck_resolver_waiting(void) {
    pthread_mutex_lock(&lock);
    const int count = waiting;
    pthread_mutex_unlock(&lock);
    return count;
}

int stuck_resolver_counted(void) {
    pthread_mutex_lock(&lock);
    const int count = counted;
    pthread_mutex_unlock(&lock);
    return count;
}

#ifdef __linux__

#include <dlfcn.h>

typedef int (*look_up_function)(const char *, const char *, const struct addrinfo *, struct addrinfo **);

bool stuck_resolver_is_supported(void) { return true; }

static bool ends(const char *name, const char *end) {
    const size_t length = name == NULL ? 0 : strlen(name), size = strlen(end);
    return length >= size && strcmp(name + length - size, end) == 0;
}

int getaddrinfo(const char *restrict name, const char *restrict service, const struct addrinfo *restrict hints,
                struct addrinfo **restrict result) {
    if (ends(name, ".counted.test")) {
        pthread_mutex_lock(&lock);
        counted++;
        pthread_mutex_unlock(&lock);
        name = "127.0.0.1";
    }
    if (!ends(name, ".stuck.test")) {
        look_up_function next = (look_up_function)dlsym(RTLD_NEXT, "getaddrinfo");
        return next == NULL ? EAI_SYSTEM : next(name, service, hints, result);
    }
    pthread_mutex_lock(&lock);
    waiting++;
    while (holds) pthread_cond_wait(&changed, &lock);
    waiting--;
    pthread_mutex_unlock(&lock);
    return EAI_NONAME;
}

#else

bool stuck_resolver_is_supported(void) { return false; }

#endif
