import Testing

/// Tests of the real program in a real terminal. They run serially: each has a terminal, a shell and the program to itself.
@Suite("Terminal", .serialized)
enum TerminalTests {}
