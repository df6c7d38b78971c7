import DemoScenarios
import ResourceDashboard
import ResourceScenarios

/// An error in the arguments or the environment. It names the fault and the accepted input in one line. The exit code is 2.
struct UsageFault: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

// Options are declared as `String` and parsed here, because an error must name the option, the fault, and the accepted values.
// `ExpressibleByArgument` has only `init?(argument:)`, which gives no reason.

/// A parser for options with a fixed set of values.
enum Choice {
    /// Returns the value named by `text`.
    ///
    /// - Parameters:
    ///   - text: the argument.
    ///   - option: the name of the option, for the error.
    ///   - what: the kind of value, for the error: `view`, `format`.
    /// - Throws: `UsageFault` with the accepted values.
    static func parse<Value: RawRepresentable & CaseIterable>(
        _ text: String,
        _ option: String,
        _ what: String
    ) throws(UsageFault) -> Value where Value.RawValue == String {
        guard let value = Value(rawValue: text) else {
            let accepted = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw UsageFault("\(option): '\(text)' is not a \(what): \(accepted) are accepted")
        }
        return value
    }
}

/// A parser for the name of a scenario.
enum ScenarioArgument {
    static func parse(_ text: String?) throws(UsageFault) -> any Scenario.Type {
        guard let text else { return Scenarios.all[0] }
        guard let scenario = Scenarios.named(text) else {
            let accepted = Scenarios.all.map { $0.name }
            throw UsageFault(
                "there is no scenario '\(text)': \(accepted.joined(separator: ", ")) are accepted ('resmon --help' lists the commands)"
            )
        }
        return scenario
    }
}

/// A parser for the name of a view. The default is the overview.
enum ViewArgument {
    /// Returns the view named by `text`. The view of the processes exists only with `hasProcesses`.
    static func parse(_ text: String?, hasProcesses: Bool = false) throws(UsageFault) -> DashboardView {
        guard let text else { return .overview }
        if hasProcesses, text == DashboardView.processes.rawValue { return .processes }
        do throws(UsageFault) {
            return try Choice.parse(text, "--view", "view")
        } catch {
            guard text == DashboardView.processes.rawValue else { throw error }
            throw UsageFault("--view: the view 'processes' exists only in 'resmon attach'")
        }
    }
}

/// A parser for the seed of a simulated run.
enum SeedArgument {
    static func parse(_ option: String, _ text: String) throws(UsageFault) -> UInt64 {
        guard !text.isEmpty, text.allSatisfy(\.isDigit), let seed = UInt64(text) else {
            throw UsageFault("\(option): '\(text)' is not a seed: a whole number from 0 to \(UInt64.max) is accepted")
        }
        return seed
    }
}

/// A duration on the command line: `500ms`, `12s`, `5m` or `1h`.
struct DurationArgument: Equatable {
    let duration: Duration

    /// The longest duration of a simulation: one day.
    static let longest = Duration.seconds(24 * 3600)
    /// The longest duration elsewhere: longer than any recording, and short enough to be added to any instant without overflow.
    static let longestRecorded = Duration.seconds(100_000 * 3600)

    init(_ duration: Duration) {
        self.duration = duration
    }

    init(_ option: String, parsing text: String, longest: Duration = DurationArgument.longest) throws(UsageFault) {
        let digits = text.prefix(while: \.isDigit)
        let unit = text.dropFirst(digits.count)
        guard !digits.isEmpty, let milliseconds = Self.milliseconds(of: unit) else {
            throw UsageFault("\(option): '\(text)' is not a duration: give a whole number with a unit, such as 500ms, 12s, 5m or 1h")
        }
        // A number that does not fit an Int exceeds the limit, too.
        let (product, overflow) = (Int(digits) ?? .max).multipliedReportingOverflow(by: milliseconds)
        guard !overflow, .milliseconds(product) <= longest else {
            throw UsageFault("\(option): '\(text)' is too long: up to \(Int(longest / .seconds(3600)))h is accepted")
        }
        self.init(.milliseconds(product))
    }

    private static func milliseconds(of unit: Substring) -> Int? {
        switch unit {
        case "ms": 1
        case "s": 1000
        case "m": 60 * 1000
        case "h": 3600 * 1000
        default: nil
        }
    }
}

/// An amount of memory on the command line: `64MB` or `1GB`, where 1 MB is 1,048,576 bytes.
struct MemoryArgument: Equatable {
    let bytes: Int

    /// The accepted amounts, in MB.
    private static let range = 16...65_536

    init(_ option: String, parsing text: String) throws(UsageFault) {
        let digits = text.prefix(while: \.isDigit)
        let factor: Int? =
            switch text.dropFirst(digits.count) {
            case "MB": 1
            case "GB": 1024
            default: nil
            }
        guard !digits.isEmpty, let factor else {
            throw UsageFault("\(option): '\(text)' is not an amount of memory: give a whole number with a unit, such as 256MB or 1GB")
        }
        let (megabytes, overflow) = (Int(digits) ?? .max).multipliedReportingOverflow(by: factor)
        guard !overflow, Self.range.contains(megabytes) else {
            throw UsageFault("\(option): '\(text)' is out of range: 16MB to 64GB is accepted")
        }
        self.bytes = megabytes << 20
    }
}

/// A screen size on the command line: `120x36`, columns first.
struct SizeArgument: Equatable {
    let width: Int
    let height: Int

    /// The limit of a live screen, too.
    static let largest = Size.longestSide

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
    }

    init(_ option: String, parsing text: String) throws(UsageFault) {
        let parts = text.split(separator: "x", omittingEmptySubsequences: false)
        guard parts.count == 2, let width = Self.number(parts[0]), let height = Self.number(parts[1]) else {
            throw UsageFault("\(option): '\(text)' is not a size: columns x rows is accepted, such as 120x36")
        }
        guard (1...Self.largest).contains(width), (1...Self.largest).contains(height) else {
            throw UsageFault("\(option): '\(text)' is out of range: 1x1 to \(Self.largest)x\(Self.largest) is accepted")
        }
        self.init(width: width, height: height)
    }

    /// Accepts digits only. `Int` would also accept a sign.
    private static func number(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.allSatisfy(\.isDigit) else { return nil }
        return Int(text) ?? .max
    }
}

extension Character {
    /// Whether the character is an ASCII digit. A digit with a combining accent lies between two digits in the order, and is not one.
    var isDigit: Bool {
        self.isASCII && ("0"..."9").contains(self)
    }
}
