#pragma once

/// How many blocks of memory the process has allocated so far; 0 where allocations cannot be counted.
unsigned long allocations_so_far(void);
