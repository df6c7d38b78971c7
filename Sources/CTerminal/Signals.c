// The signal handlers, and the dispositions that they replace.

#include "Internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

typedef enum {
    // Does not end a process by default, or cannot be caught.
    leaves_alone,
    // Requests an orderly end.
    asks_to_end,
    // Reports a window change or a continuation.
    reports,
    stops,
    fails_a_write,
    // A crash of this process.
    crashes,
    // All others. The default of an unknown signal ends the process, as it does for signals that later systems add.
    ends,
} effect;

static effect effect_of(int number) {
    switch (number) {
    case SIGKILL: case SIGSTOP: case SIGCHLD: case SIGURG:
#ifdef SIGINFO
    case SIGINFO:
#endif
#ifdef __APPLE__
    // Ends a process on Linux.
    case SIGIO:
#endif
        return leaves_alone;
    case SIGTERM: case SIGINT: case SIGHUP: return asks_to_end;
    case SIGWINCH: case SIGCONT: return reports;
    case SIGTSTP: case SIGTTIN: case SIGTTOU: return stops;
    case SIGPIPE: case SIGXFSZ: return fails_a_write;
    case SIGILL: case SIGTRAP: case SIGSEGV: case SIGBUS: case SIGFPE: case SIGABRT: return crashes;
    default: return ends;
    }
}

// By signal number. A handler reads only its own entry, which is written before the handler is installed.
static struct sigaction before[NSIG];
static bool taken[NSIG];

static _Atomic int signal_pipe_read = -1;
static _Atomic int signal_pipe_write = -1;
static _Atomic int requests = 0;
static _Atomic bool crashing = false;

static void send_byte(unsigned char byte) {
    int error = errno;
    int fd = atomic_load(&signal_pipe_write);
    // If the pipe is full, the reader has already been woken.
    if (fd >= 0 && write(fd, &byte, 1) < 0) { errno = error; }
    errno = error;
}

void ct_wake(void) { send_byte(0); }

static struct sigaction default_action(void) {
    struct sigaction action = {0};
    sigemptyset(&action.sa_mask);
    action.sa_handler = SIG_DFL;
    return action;
}

// Ends the process by the signal, so that its parent sees the signal.
static void end_by(int number) {
    ct_restore();
    struct sigaction action = default_action();
    sigaction(number, &action, NULL);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, number);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    raise(number);
    _exit(128 + number);
}

static void call_earlier(int number, siginfo_t *info, void *context) {
    const struct sigaction *earlier = &before[number];
    if (earlier->sa_flags & SA_SIGINFO) {
        earlier->sa_sigaction(number, info, context);
    } else if (earlier->sa_handler != SIG_DFL && earlier->sa_handler != SIG_IGN) {
        earlier->sa_handler(number);
    }
}

static void on_crash(int number, const siginfo_t *info) {
    // A signal from another process is not a crash. A crash reporter would return from it and let the process continue.
    if ((info->si_code == SI_USER || info->si_code == SI_QUEUE) && info->si_pid != getpid()) end_by(number);
    if (!atomic_exchange(&crashing, true)) ct_restore();
    sigaction(number, &before[number], NULL);
    // The signal is blocked while this handler runs, so it is delivered on return, at the location of the crash.
    raise(number);
}

static void on_signal(int number, siginfo_t *info, void *context) {
    switch (effect_of(number)) {
    case asks_to_end:
        if (atomic_fetch_add(&requests, 1) > 0) end_by(number);
        send_byte((unsigned char)number);
        break;
    case reports:
        send_byte((unsigned char)number);
        call_earlier(number, info, context);
        break;
    case stops: send_byte((unsigned char)number); break;
    case crashes: on_crash(number, info); break;
    case ends: end_by(number); break;
    case fails_a_write: case leaves_alone: break;
    }
}

static bool is_ours(const struct sigaction *action) {
    return (action->sa_flags & SA_SIGINFO) && action->sa_sigaction == on_signal;
}

static bool is_default(const struct sigaction *action) {
    return !(action->sa_flags & SA_SIGINFO) && action->sa_handler == SIG_DFL;
}

static bool is_same(const struct sigaction *left, const struct sigaction *right) {
    if ((left->sa_flags & SA_SIGINFO) != (right->sa_flags & SA_SIGINFO)) return false;
    return left->sa_flags & SA_SIGINFO ? left->sa_sigaction == right->sa_sigaction : left->sa_handler == right->sa_handler;
}

// Whether `action` belongs to a crash reporter: only such programs use the same handler for ILL, FPE and ABRT.
static bool is_reporter(const struct sigaction *action) {
    struct sigaction code, arithmetic, aborting;
    if (is_default(action) || (!(action->sa_flags & SA_SIGINFO) && action->sa_handler == SIG_IGN)) return false;
    if (sigaction(SIGILL, NULL, &code) || sigaction(SIGFPE, NULL, &arithmetic) || sigaction(SIGABRT, NULL, &aborting)) return false;
    // Use the earlier actions of signals that are already taken.
    if (is_ours(&code)) code = before[SIGILL];
    if (is_ours(&arithmetic)) arithmetic = before[SIGFPE];
    if (is_ours(&aborting)) aborting = before[SIGABRT];
    return is_same(action, &code) && is_same(action, &arithmetic) && is_same(action, &aborting);
}

static bool may_take(int number, const struct sigaction *action) {
    switch (effect_of(number)) {
    case leaves_alone: return false;
    case reports: return true;
    // A crash reporter also handles QUIT, and returns from it.
    case crashes: case ends: return is_default(action) || is_reporter(action);
    default: return is_default(action);
    }
}

static void take_signals(void) {
    for (int number = 1; number < NSIG; number++) {
        taken[number] = false;
        // The C library reserves some signals and does not report their dispositions.
        if (sigaction(number, NULL, &before[number]) != 0 || !may_take(number, &before[number])) continue;
        struct sigaction action = {0};
        sigemptyset(&action.sa_mask);
        action.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
        action.sa_sigaction = on_signal;
        taken[number] = sigaction(number, &action, NULL) == 0;
    }
}

static void give_signals_back(void) {
    for (int number = 1; number < NSIG; number++) {
        struct sigaction now;
        if (!taken[number]) continue;
        taken[number] = false;
        // A handler that was installed later stays.
        if (sigaction(number, NULL, &now) == 0 && is_ours(&now)) sigaction(number, &before[number], NULL);
    }
}

int ct_install(int terminal) {
    if (atomic_load(&signal_pipe_read) >= 0) {
        errno = EBUSY;
        return -1;
    }
    int ends[2];
    if (pipe(ends) < 0) return -1;
    if (ct_set_flags(ends[0]) < 0 || ct_set_flags(ends[1]) < 0) {
        int error = errno;
        close(ends[0]);
        close(ends[1]);
        errno = error;
        return -1;
    }
    ct_remember_terminal(terminal);
    atomic_store(&requests, 0);
    atomic_store(&signal_pipe_read, ends[0]);
    atomic_store(&signal_pipe_write, ends[1]);
    take_signals();
    return ends[0];
}

void ct_uninstall(void) {
    if (atomic_load(&signal_pipe_read) < 0) return;
    give_signals_back();
    close(atomic_exchange(&signal_pipe_write, -1));
    close(atomic_exchange(&signal_pipe_read, -1));
    ct_remember_terminal(-1);
}

void ct_use_alternate_stack(void) {
    stack_t now;
    if (sigaltstack(NULL, &now) == 0 && !(now.ss_flags & SS_DISABLE)) return;
    size_t size = 64 * 1024;
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return;
    stack_t stack = {.ss_sp = memory, .ss_size = size};
    if (sigaltstack(&stack, NULL) != 0) munmap(memory, size);
}

void ct_report_failures(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTTIN);
    sigaddset(&set, SIGTTOU);
    sigaddset(&set, SIGPIPE);
    sigaddset(&set, SIGXFSZ);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}
