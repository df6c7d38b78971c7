import Testing

/// The real program in a real terminal. One after the other: each has a terminal, a shell and the program to itself.
@Suite("Terminal", .serialized)
enum TerminalTests {}
