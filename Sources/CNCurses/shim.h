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
struct term;
extern struct term *set_curterm(struct term *terminal);
extern int del_curterm(struct term *terminal);

// What the terminal database says of a terminal type.
struct cn_terminal {
    bool is_known;
    int colors;
    // Whether it says that color numbers are 24-bit values (RGB), or that such values are understood besides (Tc).
    bool has_direct_color;
};

// Looks `term` up, and leaves a running screen alone. Not to be called from two threads at once.
static inline struct cn_terminal cn_look_up(const char *term) {
    struct cn_terminal result = {false, 0, false};
    struct term *running = set_curterm(NULL);
    int status = 0;
    if (setupterm(term, 1, &status) == OK && status == 1) {
        const int colors = tigetnum("colors");
        result.is_known = true;
        result.colors = colors < 0 ? 0 : colors;
        result.has_direct_color = tigetflag("RGB") > 0 || tigetnum("RGB") > 0 || cn_has_string("RGB") || tigetflag("Tc") > 0;
    }
    struct term *looked_up = set_curterm(running);
    if (looked_up != NULL && looked_up != running) { del_curterm(looked_up); }
    return result;
}

// Sets a cell to `text`, which ends with 0, in a pair that may be beyond the range of short.
static inline int cn_set_cell(cchar_t *cell, const wchar_t *text, attr_t attributes, int pair) {
    return setcchar(cell, text, attributes, 0, &pair);
}

#endif
