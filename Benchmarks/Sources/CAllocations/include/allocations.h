#pragma once

/// The number of memory blocks that the process has allocated so far; 0 if allocations cannot be counted.
unsigned long allocations_so_far(void);
