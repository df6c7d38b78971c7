// The part of terminal handling that must work in signal handlers: saved modes, saved descriptors, handlers.
//
// The state is global, because the terminal, the signal dispositions and descriptors 1 and 2 exist once per process.

#ifndef RESMON_CTERMINAL_H
#define RESMON_CTERMINAL_H

#include <stdbool.h>

#ifdef __APPLE__
#include <poll.h>
#endif

// Saves the modes of `terminal`, creates the signal pipe, registers an atexit function that restores the terminal, and installs handlers:
//
// - TERM, INT, HUP, WINCH, CONT, TSTP, TTIN and TTOU arrive as one byte each, the signal number. A second TERM, INT or HUP restores the
//   terminal and ends the process by that signal.
// - PIPE and XFSZ do nothing: the write that caused them fails with EPIPE or EFBIG.
// - Every other signal whose default ends the process restores the terminal and then ends the process by that signal.
//
// A handler is installed only where the disposition is the default, with two exceptions. WINCH and CONT do not end a process: they are
// always handled, and the earlier handler is called too. A crash reporter, which is a single handler for ILL, FPE and ABRT as in the Swift
// runtime, is called after the terminal is restored, but only for crashes: a signal from another process ends this one at once.
//
// Returns the read end of the pipe, or -1 with errno set; EBUSY if already installed.
int ct_install(int terminal);

// Removes the handlers and closes the pipe. Only the atexit function remains, and it then does nothing. A disposition that other code has
// changed since ct_install is not touched.
void ct_uninstall(void);

// Writes a 0 to the signal pipe, which wakes its reader. May be called from any thread.
void ct_wake(void);

// Gives the calling thread an alternate stack for crash handlers, so that a stack overflow also restores the terminal.
void ct_use_alternate_stack(void);

// Sets whether the screen is up, that is whether a crash or exit must restore the terminal; and whether the last frame stays visible when
// the screen is left, because the terminal has no alternate screen.
void ct_set_screen_up(bool up, bool picture_stays);

// Brackets output of the calling thread to the terminal. ct_begin_output returns false after the final restore. A restoring thread waits
// for ct_end_output, so that no screen output follows the restore.
bool ct_begin_output(void);
void ct_end_output(void);

// Replaces descriptor `descriptor` (1 or 2) by a pipe and returns its nonblocking read end; -1 with errno set on failure.
int ct_capture(int descriptor);

// Restores the captured descriptors. The pipes can still be read until ct_end_capture closes them.
void ct_release_captured(void);
void ct_end_capture(void);

// Whether `terminal` is the controlling terminal of this process and another process group is in its foreground.
bool ct_is_background(int terminal);

// Stops this process by `number` (TSTP, TTIN or TTOU), and the others of its process group if `whole_group`, as the terminal does; returns
// when continued. False if the process cannot be stopped: the signal is ignored, or there is no shell to continue it.
bool ct_stop(int number, bool whole_group);

// Stops this process by TTOU while it is in the background of `terminal`; false if it cannot be stopped and still is.
bool ct_await_foreground(int terminal);

// Keeps the calling thread from being stopped by its own reads and writes in the background, and from being ended by a failed write:
// these calls return EIO, EPIPE and EFBIG instead.
void ct_report_failures(void);

// The number of descriptors that can still be opened, counted up to `wanted`.
int ct_spare_descriptors(int wanted);

// Whether the encoding of the locale in the environment is UTF-8. Does not change the locale of the process.
bool ct_locale_is_utf8(void);

#ifdef __APPLE__
// `poll` for POLLIN that supports terminals: the system's does not support /dev/tty.
int ct_poll(struct pollfd *entries, nfds_t count, int timeout);
#endif

// Restores the terminal if the screen is up, and ends output through ct_begin_output. Safe in a signal handler.
void ct_restore(void);

// Restores the modes that the terminal had at ct_install.
void ct_restore_modes(void);

#endif
