// The part of terminal handling that must work inside signal handlers: saved modes, saved descriptors, handlers.
//
// The state is one per process, as the terminal, the signal dispositions and descriptors 1 and 2 are.

#ifndef RESMON_CTERMINAL_H
#define RESMON_CTERMINAL_H

#include <stdbool.h>

// Remembers the modes of `terminal`, makes the pipe that signals are written to, installs the handlers for WINCH, TERM, INT, HUP,
// CONT and TSTP and for crashes, and an atexit restore. Returns the pipe's end to read, or -1 with errno set; EBUSY if it is installed.
//
// Each signal arrives as one byte, its number. A second TERM, INT or HUP restores the terminal and exits at once with 128 + its number.
int ct_install(int terminal);

// Writes a 0 into the pipe of ct_install: wakes who waits for it. May be called from any thread.
void ct_wake(void);

// Gives the calling thread a stack for crash handlers, so that running out of stack restores the terminal too.
void ct_use_alternate_stack(void);

// Says whether the screen is up, that is whether there is something to restore on a crash or at exit.
void ct_set_screen_up(bool up);

// Puts a pipe in place of descriptor `descriptor` (1 or 2) and returns its end to read, which does not block; -1 with errno set.
int ct_capture(int descriptor);

// Puts back the captured descriptors. What the pipes hold can still be read; ct_end_capture closes them.
void ct_release_captured(void);
void ct_end_capture(void);

// Stops this process and the others of its process group if `whole_group`, as the terminal's suspend key does; returns when continued.
void ct_stop(bool whole_group);

// Restores the terminal if the screen is up. Safe in a signal handler.
void ct_restore(void);

// Puts back the modes that the terminal had at ct_install.
void ct_restore_modes(void);

// Takes the handlers back and closes the pipe. Nothing of ct_install is left but the atexit function, which then does nothing.
void ct_uninstall(void);

#endif
