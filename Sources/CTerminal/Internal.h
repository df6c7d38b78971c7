// What the files of this target share.

#ifndef RESMON_CTERMINAL_INTERNAL_H
#define RESMON_CTERMINAL_INTERNAL_H

#ifdef __APPLE__
#define _DARWIN_C_SOURCE
#else
#define _GNU_SOURCE
#endif

#include "CTerminal.h"

// Remembers `terminal` and its modes; -1 forgets them.
void ct_remember_terminal(int terminal);

// Makes a descriptor that does not block and is not inherited; -1 with errno set.
int ct_set_flags(int descriptor);

#endif
