import ResourceDashboard

/// A view by its name; the first one if none was named.
enum ViewArgument {
    static func parse(_ text: String?) throws(UsageFault) -> DashboardView {
        guard let text else { return .overview }
        return try Choice.parse(text, "--view", "view")
    }
}
