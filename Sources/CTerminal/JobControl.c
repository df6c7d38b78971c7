// Job control: stopping the process and being continued.

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
    // If the signal is ignored, there is no shell that could continue this process.
    if (sigaction(number, NULL, &before) != 0 || (!(before.sa_flags & SA_SIGINFO) && before.sa_handler == SIG_IGN)) return false;
    if (whole_group) {
        // Ignored here, so that this process stops exactly once: by the signal to itself below. The others stop by the signal to the group.
        action.sa_handler = SIG_IGN;
        sigaction(number, &action, NULL);
        kill(0, number);
    }
    action.sa_handler = SIG_DFL;
    sigaction(number, &action, NULL);
    // The caller detects the continuation itself, so the earlier handler of CONT is not called.
    action.sa_handler = on_continued;
    sigaction(SIGCONT, &action, &continue_before);
    int count = atomic_load(&continuations);
    // Worker threads of a Swift program block most signals, and their threads inherit that mask: the signal would stay pending.
    sigset_t set, mask;
    sigemptyset(&set);
    sigaddset(&set, number);
    sigaddset(&set, SIGCONT);
    pthread_sigmask(SIG_UNBLOCK, &set, &mask);
    raise(number);
    // Any thread may handle CONT. Without CONT the signal had no effect, because the process group is orphaned.
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
