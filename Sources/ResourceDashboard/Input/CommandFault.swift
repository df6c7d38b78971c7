/// The check of the text that is typed after the name of a command.
extension Command {
    /// Returns what is wrong with an argument of the command; nil if nothing is. It changes nothing, so that it may be called as one types.
    func fault(in argument: String, _ state: DashboardState) -> String? {
        switch self {
        case .load where Self.percent(argument) == nil:
            return ":load takes a percentage from 0 to 1000; the load is \(state.load)"
        case .save:
            return state.fault(ofSaving: argument)
        case .speed where state.recorded == nil:
            return "speed applies only to a recording"
        case .speed where Self.factor(argument) == nil:
            return "speed: '\(argument)' is not a factor: expected 0.01 to 1000, where 1 is real time"
        case .scenario:
            let names = state.configuration.scenarios.map(\.name)
            if names.isEmpty { return "this source has no scenarios" }
            guard !argument.isEmpty, !names.contains(argument) else { return nil }
            return "unknown scenario \(argument); the scenarios are: \(names.joined(separator: ", "))"
        case .theme:
            let names = state.themes.map(\.name)
            guard !argument.isEmpty, !names.contains(argument) else { return nil }
            return "unknown theme \(argument); the themes are: \(names.joined(separator: ", "))"
        case .goToTime:
            return state.fault(ofTime: argument)
        case .copyView where !["", "text", "tsv"].contains(argument):
            return "copy.view: '\(argument)' is not a format: expected text or tsv"
        case .filter:
            do throws(Filter.Fault) {
                _ = try Filter(argument, fields: state.list?.fields ?? Filter.Field.allCases)
                return nil
            } catch {
                return error.description
            }
        default:
            return nil
        }
    }

    /// Returns the load that an argument names, in percent: `50`, `50%`; nil if it names none.
    static func percent(_ argument: String) -> Int? {
        let percent = Int(argument.hasSuffix("%") ? String(argument.dropLast()) : argument)
        return percent.flatMap { (0...1_000).contains($0) ? $0 : nil }
    }

    /// Returns the playback speed that an argument names; nil if it names none.
    static func factor(_ argument: String) -> Double? {
        Double(argument).flatMap { (0.01...1000).contains($0) ? $0 : nil }
    }
}
