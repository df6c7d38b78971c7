import ResourceDashboard

extension ColorDepth {
    /// The depth of a terminal with `colors` colors.
    static func offered(colors: Int) -> ColorDepth {
        switch colors {
        case ..<8: .monochrome
        case ..<16: .ansi8
        case ..<256: .ansi16
        case ..<(1 << 24): .indexed256
        default: .direct
        }
    }
}
