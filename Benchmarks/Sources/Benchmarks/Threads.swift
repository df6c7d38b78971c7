import Foundation
import Synchronization

/// Runs `body` on a new thread, outside of any task.
func onThread(_ body: @escaping @Sendable () -> Void) async {
    await withCheckedContinuation { continuation in
        Thread {
            body()
            continuation.resume()
        }.start()
    }
}
