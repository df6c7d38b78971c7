import ResourceContainer
import ResourceSimulation
import Testing

@testable import HTTPResources

@Suite("Channels of bytes")
struct ByteChannelTests {
    private func read(_ channel: ByteChannel, _ count: Int) -> (ByteChannel.Found, [UInt8]) {
        var buffer = [UInt8](repeating: 0, count: count)
        let found = buffer.withUnsafeMutableBytes { channel.read(into: $0) }
        guard case .bytes(let size) = found else { return (found, []) }
        return (found, Array(buffer[..<size]))
    }

    private func offer(_ channel: ByteChannel, _ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { channel.offer($0) }
    }

    @Test("A queue returns its bytes in order, in whole chunks or in any portions.")
    func queue() {
        var queue = ByteQueue(bound: 4)
        queue.append([1, 2, 3])
        #expect(!queue.isFull)
        queue.append([])
        queue.append([4, 5])
        #expect(queue.isFull)
        var buffer = [UInt8](repeating: 0, count: 4)
        let moved = buffer.withUnsafeMutableBytes { queue.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[..<2])) }
        #expect(moved == 2)
        #expect(buffer == [1, 2, 0, 0])
        #expect(queue.takeChunk() == [3])
        let rest = buffer.withUnsafeMutableBytes { queue.read(into: $0) }
        #expect(rest == 2)
        #expect(buffer == [4, 5, 0, 0])
        #expect(queue.isEmpty)
        #expect(queue.takeChunk() == nil)
    }

    @Test("The thread is refused when the channel is full, and woken when it is half empty.")
    func fromThread() async throws {
        let channel = ByteChannel(bound: 4)
        let wakes = Lock(0)
        channel.whenThreadCanContinue { wakes.withLock { $0 += 1 } }
        #expect(self.offer(channel, [1, 2]))
        #expect(self.offer(channel, [3, 4]))
        #expect(!self.offer(channel, [5]))
        #expect(try await channel.next() == [1, 2])
        #expect(wakes.withLock { $0 } == 1)
        #expect(try await channel.next() == [3, 4])
        #expect(wakes.withLock { $0 } == 1)
        channel.finish()
        #expect(try await channel.next() == nil)
    }

    @Test("The thread is woken when the channel is no longer empty, and finds the end.")
    func toThread() async throws {
        let channel = ByteChannel(bound: 4)
        let wakes = Lock(0)
        channel.whenThreadCanContinue { wakes.withLock { $0 += 1 } }
        #expect(self.read(channel, 8).0 == .nothing)
        try await channel.send([1, 2, 3])
        #expect(wakes.withLock { $0 } == 1)
        try await channel.send([4])
        #expect(wakes.withLock { $0 } == 1)
        #expect(self.read(channel, 8).1 == [1, 2, 3, 4])
        #expect(self.read(channel, 8).0 == .nothing)
        channel.finish()
        #expect(wakes.withLock { $0 } == 2)
        #expect(self.read(channel, 8).0 == .end)
    }

    @Test("A failed writer is found after its bytes.")
    func failedWriter() async throws {
        let channel = ByteChannel(bound: 4)
        try await channel.send([1])
        channel.finish(CancellationError())
        channel.finish()
        #expect(self.read(channel, 8).1 == [1])
        #expect(self.read(channel, 8).0 == .failure)
        #expect(channel.failure is CancellationError)
    }

    @Test("An abandoned channel discards its bytes, refuses its writer, and takes what the thread offers.")
    func abandoned() async throws {
        let channel = ByteChannel(bound: 1)
        try await channel.send([1])
        channel.abandon()
        await #expect(throws: CancellationError.self) { try await channel.send([2]) }
        #expect(self.offer(channel, [3]))
        #expect(try await channel.next() == nil)
    }

    @Test("Two tasks pass bytes through a small channel completely, in any order of their steps.", arguments: 1...20)
    func tasks(seed: UInt64) throws {
        let simulation = Simulation(seed: seed)
        let environment = simulation.environment
        try simulation.run {
            let channel = ByteChannel(bound: 3)
            let writer = simulation.spawn {
                for number in 0..<50 as Range<UInt8> {
                    try? await channel.send([number, number])
                    if number % 7 == 0 { try? await environment.time.sleep(for: .milliseconds(1)) }
                }
                channel.finish()
            }
            var received: [UInt8] = []
            while let chunk = try await channel.next() { received += chunk }
            await writer.value
            #expect(received == (0..<50 as Range<UInt8>).flatMap { [$0, $0] })
        }
    }
}
