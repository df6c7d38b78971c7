// The parts of ncurses that Swift cannot import directly: macros, globals, and the wide-character interface.

#ifndef RESMON_CNCURSES_SHIM_H
#define RESMON_CNCURSES_SHIM_H

// Without this macro cchar_t and its functions are hidden, and WINDOW is imported with a wrong size.
#define NCURSES_WIDECHAR 1
#include <ncurses.h>
#include <wchar.h>

// The ncurses of macOS itself is older.
#if NCURSES_VERSION_MAJOR < 6 || (NCURSES_VERSION_MAJOR == 6 && NCURSES_VERSION_MINOR < 1)
#error "ncurses 6.1 or later is required (macOS: brew install ncurses pkgconf)"
#endif

// Not exported by Glibc's Swift module.
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

// Declared here instead of including term.h, whose macros collide with common names.
extern int setupterm(const char *term, int descriptor, int *status);
struct term;
extern struct term *set_curterm(struct term *terminal);
extern int del_curterm(struct term *terminal);

// The entry of a terminal type in the terminal database.
struct cn_terminal {
    bool is_known;
    int colors;
    // Whether color numbers are 24-bit values (RGB), or such values are also supported (Tc).
    bool has_direct_color;
};

// Looks up `term` without affecting a running screen. Not thread-safe.
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

// Sets a cell to the 0-terminated `text`, with a pair number that may exceed the range of short.
static inline int cn_set_cell(cchar_t *cell, const wchar_t *text, attr_t attributes, int pair) {
    return setcchar(cell, text, attributes, 0, &pair);
}

#endif
