#define _GNU_SOURCE
#include "CTerminal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

static const int watched[] = {SIGWINCH, SIGTERM, SIGINT, SIGHUP, SIGCONT, SIGTSTP};
static const int crashes[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT};
enum { watched_count = sizeof watched / sizeof *watched, crash_count = sizeof crashes / sizeof *crashes };

static struct sigaction watched_before[watched_count];
static struct sigaction crash_before[crash_count];

static int terminal_fd = -1;
static struct termios modes_before;
static bool modes_known = false;
static _Atomic int signal_pipe_read = -1;
static _Atomic int signal_pipe_write = -1;
static _Atomic bool screen_up = false;
static _Atomic int endings = 0;
static _Atomic bool crashing = false;
static bool exit_registered = false;

// For descriptors 1 and 2: what they were, and the end to read of the pipe in their place.
static _Atomic int saved_fd[3] = {-1, -1, -1};
static _Atomic int capture_fd[3] = {-1, -1, -1};

// Ends synchronised output; mouse, paste and focus reports off; attributes off; cursor on; keypad off; main screen.
static const char reset_string[] =
    "\x1b[?2026l\x1b[?1002l\x1b[?1006l\x1b[?1000l\x1b[?2004l\x1b[?1004l\x1b[0m\x1b[?25h\x1b[?1l\x1b>\x1b[?1049l\r";

static void write_all(int fd, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t written = write(fd, bytes, count);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        bytes += written;
        count -= (size_t)written;
    }
}

static void send_byte(unsigned char byte) {
    int error = errno;
    int fd = atomic_load(&signal_pipe_write);
    // A full pipe has woken its reader already.
    if (fd >= 0 && write(fd, &byte, 1) < 0) { errno = error; }
    errno = error;
}

void ct_wake(void) { send_byte(0); }

void ct_restore_modes(void) {
    if (terminal_fd >= 0 && modes_known) tcsetattr(terminal_fd, TCSANOW, &modes_before);
}

void ct_release_captured(void) {
    for (int fd = 1; fd <= 2; fd++) {
        int saved = atomic_exchange(&saved_fd[fd], -1);
        if (saved < 0) continue;
        dup2(saved, fd);
        close(saved);
    }
}

void ct_end_capture(void) {
    for (int fd = 1; fd <= 2; fd++) {
        int end = atomic_exchange(&capture_fd[fd], -1);
        if (end >= 0) close(end);
    }
}

void ct_restore(void) {
    if (!atomic_exchange(&screen_up, false)) return;
    int error = errno;
    write_all(terminal_fd, reset_string, sizeof reset_string - 1);
    // A process in the background would be stopped by tcsetattr.
    if (tcgetpgrp(terminal_fd) == getpgrp()) ct_restore_modes();
    ct_release_captured();
    for (int fd = 1; fd <= 2; fd++) {
        int end = atomic_load(&capture_fd[fd]);
        if (end < 0) continue;
        char bytes[4096];
        ssize_t count;
        while ((count = read(end, bytes, sizeof bytes)) > 0) write_all(2, bytes, (size_t)count);
    }
    errno = error;
}

static void on_signal(int number) {
    if (number == SIGTERM || number == SIGINT || number == SIGHUP) {
        if (atomic_fetch_add(&endings, 1) > 0) {
            ct_restore();
            _exit(128 + number);
        }
    }
    send_byte((unsigned char)number);
}

static void on_crash(int number, siginfo_t *info, void *context) {
    (void)info;
    (void)context;
    if (!atomic_exchange(&crashing, true)) ct_restore();
    for (int index = 0; index < crash_count; index++) {
        if (crashes[index] == number) sigaction(number, &crash_before[index], NULL);
    }
    // Blocked while this handler runs, so it arrives on return, at the place of the crash.
    raise(number);
}

static int set_flags(int fd) {
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0) return -1;
    return fcntl(fd, F_SETFD, FD_CLOEXEC);
}

int ct_install(int terminal) {
    if (atomic_load(&signal_pipe_read) >= 0) {
        errno = EBUSY;
        return -1;
    }
    int ends[2];
    if (pipe(ends) < 0) return -1;
    if (set_flags(ends[0]) < 0 || set_flags(ends[1]) < 0) {
        int error = errno;
        close(ends[0]);
        close(ends[1]);
        errno = error;
        return -1;
    }
    terminal_fd = terminal;
    modes_known = tcgetattr(terminal, &modes_before) == 0;
    atomic_store(&endings, 0);
    atomic_store(&signal_pipe_read, ends[0]);
    atomic_store(&signal_pipe_write, ends[1]);
    if (!exit_registered) {
        exit_registered = true;
        atexit(ct_restore);
    }

    struct sigaction action = {0};
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    action.sa_handler = on_signal;
    for (int index = 0; index < watched_count; index++) {
        sigaction(watched[index], &action, &watched_before[index]);
        // What the process was started to ignore, as nohup does with HUP and shells without job control with TSTP, stays so.
        if (watched_before[index].sa_handler == SIG_IGN) sigaction(watched[index], &watched_before[index], NULL);
    }

    struct sigaction crash = {0};
    sigemptyset(&crash.sa_mask);
    crash.sa_flags = SA_SIGINFO | SA_ONSTACK;
    crash.sa_sigaction = on_crash;
    for (int index = 0; index < crash_count; index++) sigaction(crashes[index], &crash, &crash_before[index]);
    return ends[0];
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

void ct_set_screen_up(bool up) { atomic_store(&screen_up, up); }

int ct_capture(int descriptor) {
    if (descriptor < 1 || descriptor > 2 || atomic_load(&saved_fd[descriptor]) >= 0) {
        errno = EINVAL;
        return -1;
    }
    int ends[2];
    if (pipe(ends) < 0) return -1;
    int saved = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
    fflush(descriptor == 1 ? stdout : stderr);
    if (saved < 0 || set_flags(ends[0]) < 0 || dup2(ends[1], descriptor) < 0) {
        int error = errno;
        if (saved >= 0) close(saved);
        close(ends[0]);
        close(ends[1]);
        errno = error;
        return -1;
    }
    close(ends[1]);
    // A pipe would make it buffer whole blocks, and lines would show long after they were printed.
    if (descriptor == 1) setvbuf(stdout, NULL, _IOLBF, 0);
    atomic_store(&saved_fd[descriptor], saved);
    atomic_store(&capture_fd[descriptor], ends[0]);
    return ends[0];
}

void ct_stop(bool whole_group) {
    struct sigaction action = {0};
    struct sigaction before;
    struct sigaction continue_before;
    sigemptyset(&action.sa_mask);
    // Ignored: nobody could continue this process.
    if (sigaction(SIGTSTP, NULL, &before) != 0 || before.sa_handler == SIG_IGN) return;
    if (whole_group) {
        // The others stop by the signal to the group, this process by the one to itself: exactly once.
        action.sa_handler = SIG_IGN;
        sigaction(SIGTSTP, &action, NULL);
        kill(0, SIGTSTP);
    }
    action.sa_handler = SIG_DFL;
    sigaction(SIGTSTP, &action, NULL);
    // The caller knows that it was continued: no byte for that.
    sigaction(SIGCONT, &action, &continue_before);
    raise(SIGTSTP);
    sigaction(SIGCONT, &continue_before, NULL);
    sigaction(SIGTSTP, &before, NULL);
}

void ct_uninstall(void) {
    if (atomic_load(&signal_pipe_read) < 0) return;
    for (int index = 0; index < watched_count; index++) sigaction(watched[index], &watched_before[index], NULL);
    for (int index = 0; index < crash_count; index++) sigaction(crashes[index], &crash_before[index], NULL);
    int write_end = atomic_exchange(&signal_pipe_write, -1);
    close(write_end);
    close(atomic_exchange(&signal_pipe_read, -1));
    terminal_fd = -1;
    modes_known = false;
}
