import ResourceContainer
import ResourceDashboard
import Testing

@testable import ResourceAttachClient

@Suite("The connection to a process, on manual time")
struct AttachedProcessTests {
    private static func at(_ milliseconds: Int64) -> TimeSource.Instant { TimeSource.Instant(nanoseconds: milliseconds * 1_000_000) }

    /// A process that is connected and has sent its header at 0.
    private static func live() -> AttachedProcess {
        var process = AttachedProcess(at: Self.at(0))
        process.opened(at: Self.at(0))
        _ = process.greeted(by: "run-1", last: nil, at: Self.at(0))
        return process
    }

    @Test("A new connection connects at once, and is live with the header.")
    func begins() {
        var process = AttachedProcess(at: Self.at(0))
        #expect(process.step(at: Self.at(0)) == .connect)
        #expect(process.status(at: Self.at(0), lag: nil) == .connecting)
        process.opened(at: Self.at(5))
        #expect(process.step(at: Self.at(5)) == .read(until: Self.at(3_005)))
        let isSameRun = process.greeted(by: "run-1", last: nil, at: Self.at(6))
        #expect(isSameRun)
        #expect(process.status(at: Self.at(7), lag: .milliseconds(2)) == .live(lag: .milliseconds(2)))
        #expect(process.instance == "run-1")
    }

    @Test("After three seconds without a line a connection is silent, and the next line makes it live again.")
    func silence() {
        var process = Self.live()
        process.heard(at: Self.at(500))
        process.tick(at: Self.at(3_499))
        #expect(process.phase == .live(heardAt: Self.at(500)))
        process.tick(at: Self.at(3_500))
        #expect(process.phase == .silent(since: Self.at(500)))
        #expect(process.status(at: Self.at(7_500), lag: nil) == .silent(for: .seconds(7)))
        process.heard(at: Self.at(8_000))
        #expect(process.phase == .live(heardAt: Self.at(8_000)))
    }

    @Test("Every byte after the header is a sign of life, also one of a line that takes long to arrive.")
    func bytes() {
        var process = Self.live()
        for second in 1...10 {
            process.heard(at: Self.at(Int64(second) * 1_000))
            process.tick(at: Self.at(Int64(second) * 1_000 + 999))
        }
        #expect(process.phase == .live(heardAt: Self.at(10_000)))
        process.tick(at: Self.at(13_000))
        let wasSilent = process.heard(at: Self.at(13_500))
        #expect(wasSilent)
        #expect(process.phase == .live(heardAt: Self.at(13_500)))
    }

    @Test("Bytes before the header are no sign of life of a process.")
    func bytesBeforeHeader() {
        var process = AttachedProcess(at: Self.at(0))
        process.opened(at: Self.at(0))
        process.heard(at: Self.at(1_000))
        #expect(process.phase == .connecting(since: Self.at(0)))
        process.tick(at: Self.at(3_000))
        process.heard(at: Self.at(3_500))
        #expect(process.phase == .silent(since: Self.at(0)))
    }

    @Test("Figures are not called live after three seconds, even if the thread of the connection is late.")
    func lateTick() {
        #expect(Self.live().status(at: Self.at(3_200), lag: nil) == .silent(for: .milliseconds(3_200)))
    }

    @Test("A process that accepts the connection and sends nothing is silent, and later live.")
    func stopped() {
        var process = AttachedProcess(at: Self.at(0))
        process.opened(at: Self.at(0))
        process.tick(at: Self.at(3_000))
        #expect(process.phase == .silent(since: Self.at(0)))
        let isSameRun = process.greeted(by: "run-1", last: nil, at: Self.at(9_000))
        #expect(isSameRun)
        #expect(process.phase == .live(heardAt: Self.at(9_000)))
    }

    @Test("While the process exists, the pauses between attempts grow from 0.2 s to 5 s, without end.")
    func backOff() {
        var process = Self.live()
        var (now, pauses): (Int64, [Int64]) = (100, [])
        for _ in 0..<40 {
            process.lost("refused", isAlive: true, last: nil, at: Self.at(now))
            guard case .reconnecting(let next) = process.phase else { break }
            pauses.append(next.nanoseconds / 1_000_000 - now)
            #expect(process.step(at: Self.at(now)) == .wait(until: next))
            now = next.nanoseconds / 1_000_000
            #expect(process.step(at: Self.at(now)) == .connect)
        }
        #expect(pauses.prefix(7) == [200, 400, 800, 1_600, 3_200, 5_000, 5_000])
        #expect(pauses.count == 40)
        #expect(pauses.last == 5_000)
    }

    @Test("A connection of five seconds makes the next pause short again.")
    func stable() {
        var process = Self.live()
        for _ in 0..<5 { process.lost("refused", isAlive: nil, last: nil, at: Self.at(0)) }
        process.opened(at: Self.at(10_000))
        let isSameRun = process.greeted(by: "run-1", last: nil, at: Self.at(10_000))
        #expect(isSameRun)
        process.lost("closed", isAlive: true, last: nil, at: Self.at(15_000))
        #expect(process.phase == .reconnecting(at: Self.at(15_200)))
    }

    @Test("A connection that breaks again and again does not make the pauses short.")
    func unstable() {
        var process = Self.live()
        process.lost("closed", isAlive: true, last: nil, at: Self.at(100))
        process.opened(at: Self.at(300))
        let isSameRun = process.greeted(by: "run-1", last: nil, at: Self.at(300))
        #expect(isSameRun)
        process.lost("closed", isAlive: true, last: nil, at: Self.at(400))
        #expect(process.phase == .reconnecting(at: Self.at(800)))
    }

    @Test("The user can connect before the pause is over.")
    func retry() {
        var process = Self.live()
        process.lost("closed", isAlive: true, last: nil, at: Self.at(100))
        process.retry(at: Self.at(110))
        #expect(process.step(at: Self.at(110)) == .connect)
    }

    @Test("The user can replace a silent connection, and what arrives on it afterward changes nothing.")
    func retrySilent() {
        var process = Self.live()
        process.retry(at: Self.at(2_999))
        #expect(process.phase == .live(heardAt: Self.at(0)))
        process.retry(at: Self.at(3_100))
        #expect(process.step(at: Self.at(3_100)) == .connect)
        let isSameRun = process.greeted(by: "run-1", last: nil, at: Self.at(3_110))
        #expect(!isSameRun)
        let wasSilent = process.heard(at: Self.at(3_120))
        #expect(!wasSilent)
        #expect(process.step(at: Self.at(3_120)) == .connect)
        process.opened(at: Self.at(3_200))
        #expect(process.step(at: Self.at(3_200)) == .read(until: Self.at(6_200)))
    }

    @Test("The end line ends the process with its reason, and later events change nothing.")
    func goodbye() {
        var process = Self.live()
        process.goodbye("the container was closed", last: Self.at(77))
        let end = ConnectionPhase.ended(at: Self.at(77), how: "the container was closed")
        #expect(process.phase == end)
        process.lost("closed", isAlive: true, last: nil, at: Self.at(200))
        process.retry(at: Self.at(200))
        process.opened(at: Self.at(200))
        process.heard(at: Self.at(200))
        process.refuse("no")
        #expect(process.phase == end)
        #expect(process.step(at: Self.at(300)) == .wait(until: nil))
    }

    @Test("A lost connection to a process that is gone is an end without goodbye.")
    func withoutGoodbye() {
        var process = Self.live()
        process.lost("closed", isAlive: false, last: Self.at(90), at: Self.at(100))
        #expect(process.phase == .ended(at: Self.at(90), how: "without goodbye"))
    }

    @Test("A process that is gone while the client waits for the next attempt has ended.")
    func goneLater() {
        var process = Self.live()
        process.lost("closed", isAlive: true, last: Self.at(90), at: Self.at(100))
        process.lost("no process listens", isAlive: false, last: Self.at(90), at: Self.at(300))
        #expect(process.phase == .ended(at: Self.at(90), how: "without goodbye"))
    }

    @Test("Two runs never mix: a header of another run ends this one.")
    func otherRun() {
        var process = Self.live()
        process.lost("closed", isAlive: nil, last: Self.at(90), at: Self.at(100))
        process.opened(at: Self.at(300))
        let isSameRun = process.greeted(by: "run-2", last: Self.at(90), at: Self.at(301))
        #expect(!isSameRun)
        #expect(process.phase == .ended(at: Self.at(90), how: "without goodbye"))
    }

    @Test("A first connection that fails is refused with its reason, and the user can try again.")
    func firstFails() {
        var process = AttachedProcess(at: Self.at(0))
        process.lost("there is no socket", isAlive: nil, last: nil, at: Self.at(1))
        #expect(process.status(at: Self.at(1), lag: nil) == .refused("there is no socket"))
        #expect(process.step(at: Self.at(9_999)) == .wait(until: nil))
        process.retry(at: Self.at(10_000))
        #expect(process.step(at: Self.at(10_000)) == .connect)
    }

    @Test("A process that a probe has seen, and that is gone before its header, has ended and is not refused.")
    func goneBeforeHeader() {
        var process = AttachedProcess(of: "run-2", at: Self.at(0))
        process.lost("there is no socket", isAlive: false, last: nil, at: Self.at(1))
        #expect(process.phase == .ended(at: nil, how: "without goodbye"))
        var starting = AttachedProcess(of: "run-2", at: Self.at(0))
        starting.lost("it does not accept connections", isAlive: true, last: nil, at: Self.at(1))
        #expect(starting.phase == .reconnecting(at: Self.at(201)))
    }

    @Test("A command such as ssh gets more time for the header.")
    func patience() {
        var process = AttachedProcess(patience: .seconds(20), at: Self.at(0))
        process.opened(at: Self.at(0))
        process.tick(at: Self.at(19_999))
        #expect(process.status(at: Self.at(19_999), lag: nil) == .connecting)
        process.tick(at: Self.at(20_000))
        #expect(process.phase == .silent(since: Self.at(0)))
    }
}
