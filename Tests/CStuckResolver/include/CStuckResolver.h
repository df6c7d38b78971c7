// Replaces `getaddrinfo` in the process of the tests: lookups of names that end in ".stuck.test" can be made to wait, and those of names
// that end in ".counted.test" are counted and have the address 127.0.0.1.

#ifndef RESMON_CSTUCKRESOLVER_H
#define RESMON_CSTUCKRESOLVER_H

#include <stdbool.h>

// Whether the replacement is in effect: on Linux, a function of the program takes the place of that of the C library.
bool stuck_resolver_is_supported(void);

// From now on, lookups of names that end in ".stuck.test" wait. Otherwise they fail at once.
void stuck_resolver_hold(void);

// Lets the waiting lookups fail.
void stuck_resolver_release(void);

// The number of lookups that wait.
int stuck_resolver_waiting(void);

// The number of lookups of names that end in ".counted.test".
int stuck_resolver_counted(void);

#endif
