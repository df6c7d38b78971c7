// The saved state of the terminal, and restoring it from any context, including signal handlers.

#include "Internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

static int terminal_fd = -1;
static struct termios modes_before;
static bool modes_known = false;
static bool exit_registered = false;
static _Atomic bool screen_up = false;
static _Atomic bool picture_stays = false;

// The thread that currently writes to the terminal, as a number; 0 if there is none.
static _Atomic uintptr_t writer = 0;
// Whether screen output is no longer allowed.
static _Atomic bool restored_for_good = false;

// For descriptors 1 and 2: the saved originals, and the read ends of the pipes that replace them.
static _Atomic int saved_fd[3] = {-1, -1, -1};
static _Atomic int capture_fd[3] = {-1, -1, -1};

// Ends synchronized output; switches off mouse, paste and focus reports; resets attributes and the scroll region; shows the cursor; resets
// the keypad; returns to the main screen.
static const char reset_string[] =
    "\x1b[?2026l\x1b[?1002l\x1b[?1006l\x1b[?1000l\x1b[?2004l\x1b[?1004l\x1b[0m\x1b[r\x1b[?25h\x1b[?1l\x1b>\x1b[?1049l\r";
// Moves to a new row below the last frame.
static const char below_string[] = "\x1b[999;1H\r\n";

static void write_all(int fd, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t written = write(fd, bytes, count);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        bytes += written;
        count -= (size_t)written;
    }
}

void ct_remember_terminal(int terminal) {
    terminal_fd = terminal;
    modes_known = terminal >= 0 && tcgetattr(terminal, &modes_before) == 0;
    atomic_store(&restored_for_good, false);
    if (!exit_registered) {
        exit_registered = true;
        atexit(ct_restore);
    }
}

void ct_restore_modes(void) {
    if (terminal_fd >= 0 && modes_known) tcsetattr(terminal_fd, TCSANOW, &modes_before);
}

void ct_set_screen_up(bool up, bool stays) {
    atomic_store(&picture_stays, stays);
    atomic_store(&screen_up, up);
}

bool ct_begin_output(void) {
    atomic_store(&writer, (uintptr_t)pthread_self());
    if (!atomic_load(&restored_for_good)) return true;
    atomic_store(&writer, 0);
    return false;
}

void ct_end_output(void) { atomic_store(&writer, 0); }

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
    // Wait for a frame that is being written, so that its rest does not follow the reset sequence. The wait is bounded, because the
    // terminal may accept no output. This thread may itself be the writer.
    atomic_store(&restored_for_good, true);
    for (int turn = 0; turn < 200; turn++) {
        uintptr_t now = atomic_load(&writer);
        if (now == 0 || now == (uintptr_t)pthread_self()) break;
        poll(NULL, 0, 1);
    }
    // A write from the background would stop this process.
    sigset_t stops, mask;
    sigemptyset(&stops);
    sigaddset(&stops, SIGTTOU);
    pthread_sigmask(SIG_BLOCK, &stops, &mask);
    write_all(terminal_fd, reset_string, sizeof reset_string - 1);
    if (atomic_load(&picture_stays)) write_all(terminal_fd, below_string, sizeof below_string - 1);
    // In the background the modes belong to the foreground process.
    if (!ct_is_background(terminal_fd)) ct_restore_modes();
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
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

int ct_set_flags(int fd) {
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0) return -1;
    return fcntl(fd, F_SETFD, FD_CLOEXEC);
}

int ct_capture(int descriptor) {
    if (descriptor < 1 || descriptor > 2 || atomic_load(&saved_fd[descriptor]) >= 0) {
        errno = EINVAL;
        return -1;
    }
    int ends[2];
    if (pipe(ends) < 0) return -1;
    int saved = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
    fflush(descriptor == 1 ? stdout : stderr);
    if (saved < 0 || ct_set_flags(ends[0]) < 0 || dup2(ends[1], descriptor) < 0) {
        int error = errno;
        if (saved >= 0) close(saved);
        close(ends[0]);
        close(ends[1]);
        errno = error;
        return -1;
    }
    close(ends[1]);
    // With a pipe stdout would be fully buffered, and lines would appear late.
    if (descriptor == 1) setvbuf(stdout, NULL, _IOLBF, 0);
    atomic_store(&saved_fd[descriptor], saved);
    atomic_store(&capture_fd[descriptor], ends[0]);
    return ends[0];
}

int ct_spare_descriptors(int wanted) {
    enum { limit = 64 };
    int opened[limit];
    int count = 0;
    if (wanted > limit) wanted = limit;
    // Opens a directory that always exists. Duplicating a descriptor would fail if 0 to 2 are closed.
    while (count < wanted && (opened[count] = open("/", O_RDONLY | O_CLOEXEC)) >= 0) count++;
    for (int index = 0; index < count; index++) close(opened[index]);
    return count;
}
