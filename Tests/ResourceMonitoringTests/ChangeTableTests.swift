import ResourceSimulation
import Testing

@testable import ResourceMonitoring

@Suite("A table of changes tells every reader what it has not seen")
struct ChangeTableTests {
    /// The plain form: every row with its last change, and the ended ones in the order they ended.
    private struct Naive {
        var rows: [Int: (value: Int, change: UInt64)] = [:]
        var ended: [Int] = []
    }

    @Test("it answers as a plain list does, whatever is added, changed and ended", arguments: 0..<30 as Range<UInt64>)
    func plain(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var table = ChangeTable<Int, Int>(endedLimit: 8)
        var naive = Naive()
        var (change, lastID): (UInt64, Int) = (0, 0)
        for _ in 0..<600 {
            change += 1
            switch Int.random(in: 0...3, using: &random) {
            case 0:
                lastID += 1
                table.insert(Int(change), id: lastID, change: change)
                naive.rows[lastID] = (Int(change), change)
            case 1:
                guard let id = naive.rows.keys.sorted().filter({ !naive.ended.contains($0) }).randomElement(using: &random),
                    let place = table.place(of: id)
                else { continue }
                table.touch(place, change: change)
                table.end(place)
                naive.rows[id]?.change = change
                naive.ended.append(id)
                if naive.ended.count > 8 { naive.rows[naive.ended.removeFirst()] = nil }
            default:
                guard let id = naive.rows.keys.sorted().filter({ !naive.ended.contains($0) }).randomElement(using: &random),
                    let place = table.place(of: id)
                else { continue }
                table[place: place] += 1
                table.touch(place, change: change)
                naive.rows[id]?.value += 1
                naive.rows[id]?.change = change
            }
            let seen = UInt64.random(in: 0...change, using: &random)
            let expected = naive.rows.values.filter { $0.change > seen }.sorted { $0.change < $1.change }.map(\.value)
            #expect(table.changed(after: seen) == expected && table.count == naive.rows.count)
            #expect(table.rows == naive.rows.values.sorted { $0.change < $1.change }.map(\.value))
            #expect(naive.rows.allSatisfy { table[$0.key] == $0.value.value } && table[lastID + 1] == nil)
        }
        #expect(table.forgotten > 0 && table.forgotten < change)
    }

    @Test("a row that changes after its end stays until it is the oldest again")
    func changedAfterEnd() throws {
        var table = ChangeTable<Int, String>(endedLimit: 2)
        for id in 1...2 {
            table.insert("row \(id)", id: id, change: UInt64(id))
            table.end(try #require(table.place(of: id)))
        }
        table.touch(try #require(table.place(of: 1)), change: 3)
        table.insert("row 3", id: 3, change: 4)
        table.end(try #require(table.place(of: 3)))
        #expect(table[1] == "row 1" && table[2] == nil && table[3] == "row 3" && table.forgotten == 2)
    }
}
