/// The correction of foregrounds that are too close to their backgrounds to be read, by the contrast ratio of WCAG 2.
struct Contrast: Sendable {
    /// The ends toward which a foreground is moved: the scheme's background and its strongest foreground.
    let dark: RGB
    let light: RGB

    /// Creates the correction for a scheme.
    init(_ scheme: ColorScheme) {
        self.dark = RGB.shown(scheme.colors[0], orElse: RGB(0, 0, 0))
        self.light = RGB.shown(scheme.colors[7], orElse: RGB(255, 255, 255))
    }

    /// Returns the lowest ratio at which a role can be read: 4.5 for text, the selection and words, 3 for lines, gauges and charts.
    static func required(_ role: Role) -> Double {
        switch role {
        case .text, .textDim, .title, .selected, .stateReady, .stateInitializing, .stateDisposing, .stateDisposed, .stateFailed,
            .healthHealthy, .healthDegraded, .healthUnhealthy, .healthUnknown:
            4.5
        case .border, .borderFocus, .gaugeUsed, .gaugeIdle, .gaugeFree, .gaugeOver, .chart0, .chart1, .chart2, .chart3:
            3
        }
    }

    /// Returns the styles with every foreground moved as far as its role requires, and the roles that were changed, in their order.
    ///
    /// Only 24-bit colors are changed. Other colors are the terminal's, whose values are not known.
    func corrected(_ styles: [Role: Style]) -> (styles: [Role: Style], roles: [Role]) {
        var result = styles
        var roles: [Role] = []
        for role in Role.allCases {
            guard let style = styles[role], let color = self.corrected(style, to: Self.required(role)) else { continue }
            result[role]?.foreground = color
            roles.append(role)
        }
        return (result, roles)
    }

    /// Returns the foreground that reaches the ratio; nil if the style's foreground does.
    private func corrected(_ style: Style, to ratio: Double) -> Color? {
        guard case .rgb = style.foreground, case .rgb = style.background else { return nil }
        let (color, ground) = (RGB.shown(style.foreground, orElse: self.light), RGB.shown(style.background, orElse: self.dark))
        guard color.contrast(with: ground) < ratio else { return nil }
        // The end of the scheme that contrasts more comes first. Where it does not suffice, black or white does: one of them always
        // has a ratio above 4.5.
        let end = self.dark.contrast(with: ground) > self.light.contrast(with: ground) ? self.dark : self.light
        let extremes = [RGB(0, 0, 0), RGB(255, 255, 255)].sorted { $0.contrast(with: ground) > $1.contrast(with: ground) }
        for (from, to) in [(color, end), (end, extremes[0])] {
            for step in 1...32 {
                let mixed = from.mixed(with: to, Double(step) / 32)
                if mixed.contrast(with: ground) >= ratio { return .rgb(red: mixed.red, green: mixed.green, blue: mixed.blue) }
            }
        }
        return .rgb(red: extremes[0].red, green: extremes[0].green, blue: extremes[0].blue)
    }
}

extension RGB {
    /// Returns the color that is `share` of the way from this one to `other`.
    fileprivate func mixed(with other: RGB, _ share: Double) -> RGB {
        func mix(_ from: UInt8, _ to: UInt8) -> UInt8 {
            UInt8((Double(from) + (Double(to) - Double(from)) * share).rounded())
        }
        return RGB(mix(self.red, other.red), mix(self.green, other.green), mix(self.blue, other.blue))
    }
}
