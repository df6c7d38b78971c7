import CCurl
import LocalSockets
import ResourceContainer
import Testing

@testable import HTTPResources

@Suite("The sockets for which a client's thread waits")
struct SocketWaitsTests {
    private let now = TimeSource.Instant(nanoseconds: 1_000_000_000)

    @Test("Sockets that are ready are reported with their bits, and forgotten ones are not.")
    func ready() throws {
        let waker = try WakePipe()
        let waits = SocketWaits(waker: waker.number)
        let pipes = try (0..<4).map { _ in try WakePipe() }
        for pipe in pipes {
            waits.watch(pipe.number, reads: true, writes: false)
            pipe.wake()
        }
        waits.forget(pipes[1].number)
        let result = waits.wait(at: self.now)
        let expected = [pipes[0], pipes[2], pipes[3]].map { SocketWaits.Ready(socket: $0.number, bits: CURL_CSELECT_IN) }
        #expect(Set(result.ready) == Set(expected))
        #expect(!result.isWoken)
        for pipe in pipes { waits.forget(pipe.number) }
        waker.wake()
        let last = waits.wait(at: self.now)
        #expect(last.ready.isEmpty)
        #expect(last.isWoken)
    }

    @Test("A socket that is watched again waits for the new direction only.")
    func direction() throws {
        let waker = try WakePipe()
        let pipe = try WakePipe()
        let waits = SocketWaits(waker: waker.number)
        waits.watch(pipe.number, reads: false, writes: true)
        #expect(waits.wait(at: self.now).ready == [SocketWaits.Ready(socket: pipe.number, bits: CURL_CSELECT_OUT)])
        waits.watch(pipe.number, reads: true, writes: false)
        waker.wake()
        #expect(waits.wait(at: self.now).ready.isEmpty)
        waker.clear()
        pipe.wake()
        #expect(waits.wait(at: self.now).ready == [SocketWaits.Ready(socket: pipe.number, bits: CURL_CSELECT_IN)])
    }

    @Test("A deadline ends the wait, is taken once, and can be removed.")
    func deadline() throws {
        let waits = SocketWaits(waker: try WakePipe().number)
        #expect(!waits.takeDeadline(at: self.now))
        waits.setDeadline(in: .milliseconds(5), at: self.now)
        #expect(!waits.takeDeadline(at: self.now))
        let later = self.now + .milliseconds(5)
        #expect(waits.wait(at: later).ready.isEmpty)
        #expect(waits.takeDeadline(at: later))
        #expect(!waits.takeDeadline(at: later))
        waits.setDeadline(in: .zero, at: self.now)
        waits.setDeadline(in: nil, at: self.now)
        #expect(!waits.takeDeadline(at: later))
    }

    @Test("A command wakes a thread that waits. A thread that does not wait takes the command before it does.")
    func mailbox() throws {
        let mailbox = CurlMailbox(try WakePipe())
        let waits = SocketWaits(waker: mailbox.waker.number)
        mailbox.post(.end(1))
        #expect(!waits.wait(at: self.now, blocks: false).isWoken)
        #expect(!mailbox.beginWait())
        #expect(mailbox.take().commands.count == 1)
        #expect(mailbox.beginWait())
        mailbox.post(.end(2))
        #expect(waits.wait(at: self.now).isWoken)
        mailbox.waker.clear()
        mailbox.post(.end(3))
        #expect(!waits.wait(at: self.now, blocks: false).isWoken)
        #expect(mailbox.take().commands.count == 2)
        mailbox.close()
        #expect(!mailbox.beginWait())
    }
}
