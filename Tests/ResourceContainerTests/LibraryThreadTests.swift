import Testing

@testable import ResourceContainer

@Suite("Threads of the library")
struct LibraryThreadTests {
    @Test("A thread knows its role, and other threads have none.")
    func roles() async {
        let role = await withCheckedContinuation { (continuation: CheckedContinuation<LibraryThread.Role?, Never>) in
            let hasStarted = LibraryThread.start(.attach) { continuation.resume(returning: LibraryThread.role) }
            if !hasStarted { continuation.resume(returning: nil) }
        }
        #expect(role == .attach)
        #expect(LibraryThread.role == nil)
    }

    @Test("Work that a thread for clients starts does not run on that thread, which must not block.")
    func attach() async {
        let role = await withCheckedContinuation { (continuation: CheckedContinuation<LibraryThread.Role?, Never>) in
            let hasStarted = LibraryThread.start(.attach) {
                ResourceEnvironment.system.start { continuation.resume(returning: LibraryThread.role) }
            }
            if !hasStarted { continuation.resume(returning: .attach) }
        }
        #expect(role == nil)
    }
}
