// What Swift cannot import from ncurses by itself: macros, globals, and the wide-character interface.

#ifndef RESMON_CNCURSES_SHIM_H
#define RESMON_CNCURSES_SHIM_H

// Without it cchar_t and its functions are hidden, and WINDOW is imported with the wrong size.
#define NCURSES_WIDECHAR 1
#include <ncurses.h>
#include <wchar.h>

// Glibc's Swift module does not show it.
extern int wcwidth(wchar_t character);

static inline WINDOW *cn_screen(void) { return stdscr; }
static inline int cn_colors(void) { return COLORS; }
static inline int cn_color_pairs(void) { return COLOR_PAIRS; }
static inline int cn_width(const wchar_t character) { return wcwidth(character); }

static inline attr_t cn_bold(void) { return WA_BOLD; }
static inline attr_t cn_dim(void) { return WA_DIM; }
static inline attr_t cn_italic(void) { return WA_ITALIC; }
static inline attr_t cn_underline(void) { return WA_UNDERLINE; }
static inline attr_t cn_reverse(void) { return WA_REVERSE; }

// Whether the terminal has the named string capability.
static inline bool cn_has_string(const char *name) {
    const char *value = tigetstr(name);
    return value != NULL && value != (const char *)-1;
}

// Declared in term.h, whose macros are names that a program may have.
extern int setupterm(const char *term, int descriptor, int *status);

// How many colours the terminal database says that `term` has; -1 if it does not know it.
static inline int cn_colors_of(const char *term) {
    int status = 0;
    if (setupterm(term, 1, &status) != OK || status != 1) { return -1; }
    const int count = tigetnum("colors");
    return count < 0 ? 0 : count;
}

// Sets a cell to `text`, which ends with 0, in a pair that may be beyond the range of short.
static inline int cn_set_cell(cchar_t *cell, const wchar_t *text, attr_t attributes, int pair) {
    return setcchar(cell, text, attributes, 0, &pair);
}

#endif
