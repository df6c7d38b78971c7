import Foundation
import ResourceRecording
import Testing

@testable import resmon

@Suite("Table of processes")
struct ProcessTableTests {
    private static let shop = ProcessTable.Row(
        process: "4711",
        pid: 4711,
        path: "/run/user/1000/resmon/4711-0.sock",
        name: "shop",
        host: "web1",
        program: "Shop",
        uid: 1000,
        uptime: 761,
        scopes: 9,
        active: 37,
        errors: 2,
        pool: PoolUse(name: "db", used: 18, limit: 20),
        waiting: 6,
        findings: 5,
        worstFinding: "high",
        health: .degraded,
        may: ["watch", "act"]
    )

    @Test("The table has a row for each container, with its figures and what a client may do.")
    func rows() {
        let quiet = ProcessTable.Row(process: "482", pid: 482, path: "/x/482-0.sock", name: "mail", host: "web1", may: ["watch"])
        #expect(
            ProcessTable(rows: [Self.shop, quiet]).text == """
                PROC  NAME  HOST     UP  SCOPES  ACTIVE  POOL WORST  WAIT  FIND  HEALTH    MAY
                4711  shop  web1  12:41       9      37  db 18/20       6     5  degraded  look, act
                482   mail  web1      -       -       -  -              -     -  -         look

                """
        )
    }

    @Test("A process that does not answer has a row with the reason.")
    func problem() {
        let problem = "permission is denied: it belongs to user 1001"
        let refused = ProcessTable.Row(process: "12", pid: 12, path: "/x/12-0.sock", problem: problem)
        let lines = ProcessTable(rows: [Self.shop, refused]).text.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[2] == "12    \(problem)")
    }

    @Test("Without a process, the table is a sentence with a remedy.")
    func empty() {
        #expect(ProcessTable(rows: []).text == "no process of this machine serves a container; 'resmon demo' in another terminal does\n")
    }

    @Test("Names of other processes cannot contain control characters, and wide characters do not move the columns.")
    func hostileNames() {
        var hostile = Self.shop
        hostile.name = "sh\u{1B}[2Jop\n漢字"
        hostile.pool?.name = "d\r\nb"
        let text = ProcessTable(rows: [hostile]).text
        let controls = text.unicodeScalars.filter { $0.properties.generalCategory == .control && $0 != "\n" }
        #expect(controls.isEmpty)
        #expect(text.split(separator: "\n").count == 2)
    }
}
