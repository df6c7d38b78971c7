/// A parser for the seed of a simulated run.
enum SeedArgument {
    static func parse(_ option: String, _ text: String) throws(UsageFault) -> UInt64 {
        guard !text.isEmpty, text.allSatisfy(\.isDigit), let seed = UInt64(text) else {
            throw UsageFault("\(option): '\(text)' is not a seed: a whole number from 0 to \(UInt64.max) is accepted")
        }
        return seed
    }
}
