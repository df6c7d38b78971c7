// Stopping and being continued, as a shell does it with its jobs.

#include "Internal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

static _Atomic int continuations = 0;

static void on_continued(int number) {
    (void)number;
    atomic_fetch_add(&continuations, 1);
}

bool ct_is_background(int terminal) {
    pid_t group = terminal >= 0 ? tcgetpgrp(terminal) : -1;
    return group > 0 && group != getpgrp();
}

bool ct_stop(int number, bool whole_group) {
    struct sigaction action = {0};
    struct sigaction before, continue_before;
    sigemptyset(&action.sa_mask);
    // Ignored: nobody could continue this process.
    if (sigaction(number, NULL, &before) != 0 || (!(before.sa_flags & SA_SIGINFO) && before.sa_handler == SIG_IGN)) return false;
    if (whole_group) {
        // The others stop by the signal to the group, this process by the one to itself: exactly once.
        action.sa_handler = SIG_IGN;
        sigaction(number, &action, NULL);
        kill(0, number);
    }
    action.sa_handler = SIG_DFL;
    sigaction(number, &action, NULL);
    // The caller knows that it was continued, so nobody else is told.
    action.sa_handler = on_continued;
    sigaction(SIGCONT, &action, &continue_before);
    int count = atomic_load(&continuations);
    // The worker threads of a Swift program block most signals, and threads that they start inherit that: it would stay pending.
    sigset_t set, mask;
    sigemptyset(&set);
    sigaddset(&set, number);
    sigaddset(&set, SIGCONT);
    pthread_sigmask(SIG_UNBLOCK, &set, &mask);
    raise(number);
    // Any thread may take the CONT. If it does not come, the signal had no effect: the process group is orphaned.
    for (int turn = 0; turn < 100 && atomic_load(&continuations) == count; turn++) poll(NULL, 0, 1);
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    sigaction(SIGCONT, &continue_before, NULL);
    sigaction(number, &before, NULL);
    return atomic_load(&continuations) != count;
}

bool ct_await_foreground(int terminal) {
    while (ct_is_background(terminal)) {
        if (!ct_stop(SIGTTOU, true)) return !ct_is_background(terminal);
    }
    return true;
}
