import Foundation
import Synchronization

extension ContainerBenchmarks {
    /// Runs `body` on a thread of its own, which is in no task.
    func onThread(_ body: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            Thread {
                body()
                continuation.resume()
            }.start()
        }
    }
}
