import Foundation
import ResourceContainer
import Testing

@testable import FileResources

@Suite("File I/O queue")
struct FileIOQueueTests {
    @Test("The queue runs as many operations as its parallelism, and the others in first-in, first-out order.")
    func bound() async throws {
        let queue = FileIOQueue(label: "test", parallelism: 3)
        let (gate, running) = (Gate(), Counter())
        let order = Shared<[Int]>([])
        let most = Shared(0)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<20 {
                let before = order.withLock { $0.count }
                group.addTask {
                    try await queue.run {
                        let count = running.add()
                        most.withLock { $0 = max($0, count) }
                        order.withLock { $0.append(number) }
                        gate.pass()
                        running.add(-1)
                        return number
                    }
                }
                // The first three begin one after the other; then one more queues at a time.
                if number < 3 { try await eventually { order.withLock { $0.count } > before } }
                if number >= 3 { try await eventually { queue.waitingCount == number - 2 } }
            }
            #expect(gate.waiting == 3)
            gate.open()
            #expect(try await group.reduce(0, +) == 190)
        }
        #expect(most.withLock { $0 } == 3)
        #expect(order.withLock { $0.prefix(3) } == [0, 1, 2])
        #expect(order.withLock { Set($0) } == Set(0..<20))
    }

    @Test("A queue with a parallelism of 1 keeps the order of all operations.")
    func serial() async throws {
        let queue = FileIOQueue(label: "test", parallelism: 1)
        let gate = Gate()
        let order = Shared<[Int]>([])
        queue.enqueue { gate.pass() }
        for number in 0..<1_000 { queue.enqueue { order.withLock { $0.append(number) } } }
        gate.open()
        try await queue.run {}
        #expect(order.withLock { $0 } == Array(0..<1_000))
    }

    @Test("A waiting operation that is canceled throws at once and never runs; one that has begun returns its result.")
    func cancellation() async throws {
        let queue = FileIOQueue(label: "test", parallelism: 1)
        let (gate, done) = (Gate(), Counter())
        // Reason for the tasks: they are canceled.
        let begun = Task {
            try await queue.run {
                gate.pass()
                return done.add()
            }
        }
        try await eventually { gate.waiting == 1 }
        // Reason for the task: as above.
        let waiting = Task { try await queue.run { done.add() } }
        try await eventually { queue.waitingCount == 1 }
        waiting.cancel()
        begun.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        gate.open()
        #expect(try await begun.value == 1)
        try await queue.run {}
        #expect(done.value == 1)
        // Reason for the task: it is canceled before it calls run.
        let late = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await queue.run { done.add() }
        }
        late.cancel()
        await #expect(throws: CancellationError.self) { try await late.value }
    }

    @Test("Reads that hang block no thread of the concurrency pool.", .timeLimit(.minutes(1)))
    func hanging() async throws {
        let gate = Gate()
        var calls = FileSystemCalls()
        let read = calls.read
        calls.read = { file, buffer, offset in
            gate.pass()
            return read(file, buffer, offset)
        }
        // More than any machine's concurrency pool has threads.
        let many = 4 * ProcessInfo.processInfo.activeProcessorCount + 4
        try await withStore(FileStoreConfiguration(parallelism: many, durability: .buffered), calls: calls) { store in
            try await store.write("content", to: "data")
            try await withThrowingTaskGroup(of: String.self) { group in
                for _ in 0..<many { group.addTask { try await store.read("data") } }
                try await eventually { gate.waiting == many }
                // This runs on the pool, as do its child tasks.
                let sum = await withTaskGroup(of: Int.self) { group in
                    for number in 1...100 {
                        group.addTask {
                            await Task.yield()
                            return number
                        }
                    }
                    return await group.reduce(0, +)
                }
                #expect(sum == 5_050)
                gate.open()
                for try await text in group { #expect(text == "content") }
            }
        }
    }

    @Test("A store runs as many operations at a time as its configuration permits.")
    func storesBound() async throws {
        let (gate, running) = (Gate(), Counter())
        let most = Shared(0)
        var calls = FileSystemCalls()
        let read = calls.read
        calls.read = { file, buffer, offset in
            let count = running.add()
            most.withLock { $0 = max($0, count) }
            gate.pass()
            running.add(-1)
            return read(file, buffer, offset)
        }
        try await withStore(FileStoreConfiguration(parallelism: 2, durability: .buffered), calls: calls) { store in
            try await store.write("content", to: "data")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        if number % 2 == 0 { _ = try await store.read("data") }
                        try await store.withFile("data", .read) { _ = try await $0.readToEnd() }
                    }
                }
                try await eventually { gate.waiting == 2 }
                gate.open()
                try await group.waitForAll()
            }
        }
        #expect(most.withLock { $0 } == 2)
    }
}
