import Foundation

/// Calls on open files that go on when they are interrupted, wait where they would block, and answer with an error instead of a signal.
enum Descriptor {
    /// Writes all of `bytes`; returns the error number of what stopped it, or 0.
    ///
    /// - Parameter patience: how many milliseconds to wait for a reader that takes nothing; negative for as long as it takes. `EAGAIN` if
    ///   it took nothing for so long.
    static func writeAll(_ bytes: some Collection<UInt8>, to descriptor: Int32, patience: Int32 = -1) -> Int32 {
        let bytes = ContiguousArray(bytes)
        var count = 0
        while count < bytes.count {
            let (written, number) = bytes.withUnsafeBytes { buffer in
                Self.withoutSignals { write(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count) }
            }
            if written > 0 {
                count += written
            } else if written == 0 {
                return EIO
            } else if number == EAGAIN {
                if !Self.wait(for: POLLOUT, of: descriptor, patience) { return EAGAIN }
            } else if number != EINTR {
                return number
            }
        }
        return 0
    }

    /// Waits until `descriptor` can be written to or read from, or has gone; false if that took longer than `patience` milliseconds.
    static func wait(for events: Int32, of descriptor: Int32, _ patience: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        while true {
            let answer = poll(&entry, 1, patience)
            if answer > 0 { return true }
            if answer == 0 { return false }
            if errno != EINTR { return true }
        }
    }

    /// Writes with SIGPIPE and SIGXFSZ held back: a reader that has gone and a limit of file sizes are errors, not the end of the program.
    ///
    /// The kernel sends both to the thread that writes. What was pending before is left to whom it concerns.
    private static func withoutSignals(_ call: () -> Int) -> (Int, Int32) {
        var held = sigset_t()
        sigemptyset(&held)
        sigaddset(&held, SIGPIPE)
        sigaddset(&held, SIGXFSZ)
        var before = sigset_t()
        guard pthread_sigmask(SIG_BLOCK, &held, &before) == 0 else {
            let written = call()
            return (written, errno)
        }
        var pending = sigset_t()
        sigpending(&pending)
        let written = call()
        let number = errno
        if written < 0, number == EPIPE || number == EFBIG {
            let signal = number == EPIPE ? SIGPIPE : SIGXFSZ
            let wasPending = sigismember(&pending, signal) == 1
            sigpending(&pending)
            if !wasPending, sigismember(&pending, signal) == 1 {
                var raised = sigset_t()
                sigemptyset(&raised)
                sigaddset(&raised, signal)
                var taken: Int32 = 0
                sigwait(&raised, &taken)
            }
        }
        pthread_sigmask(SIG_SETMASK, &before, nil)
        return (written, number)
    }
}

/// Standard output, as a place to write to.
package enum StandardOutput {
    package static func write(_ bytes: some Collection<UInt8>) throws(FileFault) {
        let number = Descriptor.writeAll(bytes, to: STDOUT_FILENO)
        if number != 0 { throw FileFault(.brokenOff, "standard output cannot be written", FileFault.words(number)) }
    }

    /// Writes to standard error. If that cannot be written there is nobody left to tell.
    package static func mutter(_ bytes: some Collection<UInt8>) {
        _ = Descriptor.writeAll(bytes, to: STDERR_FILENO)
    }

    /// Puts something into the places of standard input, output and error that are closed, so that no file which is opened later takes such a
    /// place and gets what was meant for it. What is put there refuses what the place is for, as a closed one does.
    package static func reservePlaces() {
        for place in STDIN_FILENO...STDERR_FILENO where fcntl(place, F_GETFD) < 0 {
            // The lowest number that is free is the one that is opened.
            _ = open("/dev/null", place == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }
}
