// The part of terminal handling that must work inside signal handlers: saved modes, saved descriptors, handlers.
//
// The state is one per process, as the terminal, the signal dispositions and descriptors 1 and 2 are.

#ifndef RESMON_CTERMINAL_H
#define RESMON_CTERMINAL_H

#include <stdbool.h>

// Remembers the modes of `terminal`, makes the pipe that signals are written to, and installs an atexit restore and the handlers:
//
// - TERM, INT, HUP, WINCH, CONT, TSTP, TTIN and TTOU arrive as one byte each, their number. A second TERM, INT or HUP restores the
//   terminal and ends the process by that signal.
// - PIPE and XFSZ do nothing: the write that caused them fails with EPIPE or EFBIG.
// - Every other signal whose default ends the process restores the terminal and then ends the process by that signal.
//
// A handler is installed only where the disposition is the default. There are two exceptions. WINCH and CONT end nobody: they are always
// taken, and the earlier handler is called too. A crash reporter, that is one handler for ILL, FPE and ABRT alike as the Swift runtime
// has it, is called after the terminal was restored, but only for crashes: a signal that another process sends ends this one at once.
//
// Returns the pipe's end to read, or -1 with errno set; EBUSY if it is installed.
int ct_install(int terminal);

// Takes the handlers back and closes the pipe. Nothing of ct_install is left but the atexit function, which then does nothing. A
// disposition that somebody changed in between stays as it is.
void ct_uninstall(void);

// Writes a 0 into the pipe of ct_install: wakes who waits for it. May be called from any thread.
void ct_wake(void);

// Gives the calling thread a stack for crash handlers, so that running out of stack restores the terminal too.
void ct_use_alternate_stack(void);

// Says whether the screen is up, that is whether there is something to restore on a crash or at exit; and whether its picture stays when
// it is left, because the terminal has no second screen.
void ct_set_screen_up(bool up, bool picture_stays);

// Brackets what the calling thread writes to the terminal. Begin returns false once the terminal has been restored for good; a thread
// that restores waits for the end, so that nothing of the screen arrives after it.
bool ct_begin_output(void);
void ct_end_output(void);

// Puts a pipe in place of descriptor `descriptor` (1 or 2) and returns its end to read, which does not block; -1 with errno set.
int ct_capture(int descriptor);

// Puts back the captured descriptors. What the pipes hold can still be read; ct_end_capture closes them.
void ct_release_captured(void);
void ct_end_capture(void);

// Whether `terminal` is this process's and another process group has it now.
bool ct_is_background(int terminal);

// Stops this process by `number` (TSTP, TTIN or TTOU), and the others of its process group if `whole_group`, as the terminal does;
// returns when continued. False if the process cannot be stopped: the signal is ignored, or there is no shell to continue it.
bool ct_stop(int number, bool whole_group);

// Stops this process by TTOU as long as it is in the background of `terminal`; false if it cannot be stopped and still is.
bool ct_await_foreground(int terminal);

// Keeps the calling thread from being stopped by its own reads and writes in the background, and from being ended by a failed write:
// those return EIO, EPIPE and EFBIG instead.
void ct_report_failures(void);

// How many more descriptors can be opened, counted up to `wanted`.
int ct_spare_descriptors(int wanted);

// Restores the terminal if the screen is up, and lets nothing be written to it by ct_begin_output any more. Safe in a signal handler.
void ct_restore(void);

// Puts back the modes that the terminal had at ct_install.
void ct_restore_modes(void);

#endif
