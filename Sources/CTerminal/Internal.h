// Internal declarations of this target.

#ifndef RESMON_CTERMINAL_INTERNAL_H
#define RESMON_CTERMINAL_INTERNAL_H

#ifdef __APPLE__
#define _DARWIN_C_SOURCE
#else
#define _GNU_SOURCE
#endif

#include "CTerminal.h"

// Saves `terminal` and its modes; -1 clears them.
void ct_remember_terminal(int terminal);

// Makes a descriptor nonblocking and close-on-exec. Returns -1 with errno set on failure.
int ct_set_flags(int descriptor);

#endif
