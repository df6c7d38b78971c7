#include "allocations.h"

#include <stdatomic.h>
#include <stddef.h>

static atomic_ulong count;

#if defined(__GLIBC__)
// Every library of the process resolves `malloc` to the definition in the executable.
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);

void *malloc(size_t size) {
    atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
    return __libc_calloc(number, size);
}

void *realloc(void *block, size_t size) {
    atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
    return __libc_realloc(block, size);
}
#endif

unsigned long allocations_so_far(void) { return atomic_load_explicit(&count, memory_order_relaxed); }
