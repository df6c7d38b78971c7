#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The terminal, opened twice: for writing, and for nonblocking reading. Both files are closed by ``end()`` or with the object.
final class TerminalFiles {
    /// Required by curses, which reads nothing from it: keys are read from its descriptor.
    let input: UnsafeMutablePointer<FILE>
    let output: UnsafeMutablePointer<FILE>
    private var isOpen = true

    /// Opens the terminal `device`, independent of standard input and output.
    init(_ device: String) throws(TerminalError) {
        self.output = try Self.file(device, O_RDWR | O_CLOEXEC, "w")
        do throws(TerminalError) {
            self.input = try Self.file(device, O_RDONLY | O_NONBLOCK | O_CLOEXEC, "r")
        } catch {
            fclose(self.output)
            throw error
        }
    }

    deinit {
        self.end()
    }

    var inputDescriptor: Int32 { fileno(self.input) }
    var outputDescriptor: Int32 { fileno(self.output) }

    /// Closes both files.
    func end() {
        guard self.isOpen else { return }
        self.isOpen = false
        fclose(self.input)
        fclose(self.output)
    }

    private static func file(_ device: String, _ flags: Int32, _ mode: String) throws(TerminalError) -> UnsafeMutablePointer<FILE> {
        let descriptor = open(device, flags)
        guard descriptor >= 0 else { throw .system("the terminal \(device) cannot be opened", errno) }
        guard let file = fdopen(descriptor, mode) else {
            let code = errno
            close(descriptor)
            throw .system("the terminal \(device) cannot be opened", code)
        }
        return file
    }
}
