import ResourceSimulation
import Testing

@testable import ResourceMonitoring

/// The identity of a row.
private struct Number: NumberedID, ExpressibleByIntegerLiteral {
    let rawValue: UInt64

    init(_ number: Int) {
        self.rawValue = UInt64(number)
    }

    init(integerLiteral number: UInt64) {
        self.rawValue = number
    }
}

@Suite("The change table returns to each reader the rows it has not seen")
struct ChangeTableTests {
    /// The reference form: every row with its last change, and the ended rows in the order in which they ended.
    private struct Naive {
        var rows: [Int: (value: Int, change: UInt64)] = [:]
        var ended: [Int] = []
    }

    @Test("For random insertions, changes, and ends, the change table agrees with a plain list.", arguments: 0..<30 as Range<UInt64>)
    func plain(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var table = ChangeTable<Number, Int>(endedLimit: 8)
        var naive = Naive()
        var (change, lastID): (UInt64, Int) = (0, 0)
        for _ in 0..<600 {
            change += 1
            switch Int.random(in: 0...3, using: &random) {
            case 0:
                lastID += 1
                table.insert(Int(change), id: Number(lastID), change: change)
                naive.rows[lastID] = (Int(change), change)
            case 1:
                guard let id = naive.rows.keys.sorted().filter({ !naive.ended.contains($0) }).randomElement(using: &random),
                    let index = table.index(of: Number(id))
                else { continue }
                table.touch(index, change: change)
                table.end(index)
                naive.rows[id]?.change = change
                naive.ended.append(id)
                if naive.ended.count > 8 { naive.rows[naive.ended.removeFirst()] = nil }
            default:
                guard let id = naive.rows.keys.sorted().filter({ !naive.ended.contains($0) }).randomElement(using: &random),
                    let index = table.index(of: Number(id))
                else { continue }
                table[index: index] += 1
                table.touch(index, change: change)
                naive.rows[id]?.value += 1
                naive.rows[id]?.change = change
            }
            let seen = UInt64.random(in: 0...change, using: &random)
            let expected = naive.rows.values.filter { $0.change > seen }.sorted { $0.change < $1.change }.map(\.value)
            #expect(table.changed(after: seen) == expected)
            #expect(table.count == naive.rows.count)
            #expect(table.rows == naive.rows.values.sorted { $0.change < $1.change }.map(\.value))
            #expect(naive.rows.allSatisfy { table[Number($0.key)] == $0.value.value })
            #expect(table[Number(lastID + 1)] == nil)
        }
        #expect(table.forgotten > 0)
        #expect(table.forgotten < change)
    }

    @Test("A row that changes after its end stays until it is the oldest again.")
    func changedAfterEnd() throws {
        var table = ChangeTable<Number, String>(endedLimit: 2)
        for id in 1...2 {
            table.insert("row \(id)", id: Number(id), change: UInt64(id))
            table.end(try #require(table.index(of: Number(id))))
        }
        table.touch(try #require(table.index(of: 1)), change: 3)
        table.insert("row 3", id: 3, change: 4)
        table.end(try #require(table.index(of: 3)))
        #expect(table[1] == "row 1")
        #expect(table[2] == nil)
        #expect(table[3] == "row 3")
        #expect(table.forgotten == 2)
    }
}
