import Foundation

/// Calls on file descriptors that retry after interrupts, wait where they would block, and return an error instead of raising a signal.
package enum Descriptor {
    /// Writes all of `bytes`. Returns 0, or the error number of the failure.
    ///
    /// - Parameter patience: The time, in milliseconds, to wait for a reader that accepts no data; a negative value waits forever. After
    ///   that time the result is `EAGAIN`.
    package static func writeAll(_ bytes: some Collection<UInt8>, to descriptor: Int32, patience: Int32 = -1) -> Int32 {
        let bytes = ContiguousArray(bytes)
        var count = 0
        while count < bytes.count {
            let (written, number) = bytes.withUnsafeBytes { buffer in
                Self.withoutSignals(of: descriptor) { write(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count) }
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

    /// Waits until `descriptor` is ready or closed. Returns false after `patience` milliseconds.
    package static func wait(for events: Int32, of descriptor: Int32, _ patience: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        while true {
            let answer = poll(&entry, 1, patience)
            if answer > 0 { return true }
            if answer == 0 { return false }
            if errno != EINTR { return true }
        }
    }

    /// Writes with SIGPIPE and SIGXFSZ blocked, so that a closed pipe or a file size limit is an error and does not end the program.
    ///
    /// Linux sends both signals to the writing thread. A signal that was pending before the call stays pending.
    private static func withoutSignals(of descriptor: Int32, _ call: () -> Int) -> (Int, Int32) {
        #if canImport(Darwin)
            // Darwin sends SIGPIPE to the process, where another thread may take it.
            let raisesSignal = fcntl(descriptor, F_GETNOSIGPIPE) == 0
            if raisesSignal { _ = fcntl(descriptor, F_SETNOSIGPIPE, 1) }
            defer { if raisesSignal { _ = fcntl(descriptor, F_SETNOSIGPIPE, 0) } }
        #endif
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

/// Standard output and standard error.
package enum StandardOutput {
    /// Writes to standard output.
    ///
    /// - Throws: ``FileFault`` of the kind `brokenOff`.
    package static func write(_ bytes: some Collection<UInt8>) throws(FileFault) {
        let number = Descriptor.writeAll(bytes, to: STDOUT_FILENO)
        if number != 0 { throw FileFault(.brokenOff, "standard output cannot be written", FileFault.words(number)) }
    }

    /// Writes to standard error. A failure is ignored, because it could not be reported anywhere.
    package static func mutter(_ bytes: some Collection<UInt8>) {
        _ = Descriptor.writeAll(bytes, to: STDERR_FILENO)
    }

    /// Opens the closed ones among standard input, output, and error, so that no file opened later takes their number and receives their
    /// data. The opened descriptors fail on use, as closed ones do.
    package static func reservePlaces() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            // `open` returns the lowest free number.
            _ = open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY)
        }
    }
}
