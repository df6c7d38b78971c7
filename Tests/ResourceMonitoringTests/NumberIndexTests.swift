import ResourceSimulation
import Testing

@testable import ResourceMonitoring

@Suite("The index of numbers agrees with a dictionary")
struct NumberIndexTests {
    @Test(
        "For random insertions and removals of numbers in sequence, equal remainders, and extremes, every lookup agrees.",
        arguments: 0..<40 as Range<UInt64>
    )
    func plain(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var index = NumberIndex()
        var plain: [UInt64: Int32] = [:]
        // A stride of a power of two collides in a table that uses the lowest bits.
        let stride: UInt64 = [1, 1 << 10, 1 << 32, 3][Int(seed % 4)]
        var candidates = (0..<64).map { UInt64($0) &* stride }
        candidates.append(contentsOf: [.max, .max - 1, 1 << 63])
        for step in 0..<2000 {
            guard let number = candidates.randomElement(using: &random) else { continue }
            if plain[number] != nil {
                index.remove(number)
                plain[number] = nil
            } else if Bool.random(using: &random) {
                index.insert(Int32(step), for: number)
                plain[number] = Int32(step)
            } else {
                index.remove(number)
            }
            #expect(index.count == plain.count)
            #expect(candidates.allSatisfy { index.find($0) == plain[$0].map(Int.init) })
        }
    }

    @Test("A table that grows keeps every number.")
    func growth() {
        var index = NumberIndex()
        for number in 0..<10_000 { index.insert(Int32(number), for: UInt64(number) * 7) }
        #expect(index.count == 10_000)
        #expect((0..<10_000).allSatisfy { index.find(UInt64($0) * 7) == $0 })
        #expect(index.find(3) == nil)
    }
}
