import ResourceDashboard

/// The number of colors that the screen uses, and the reason for it.
package struct ColorMode: Hashable, Sendable {
    /// The color depth.
    package let depth: ColorDepth
    /// The reason as the end of a sentence: the requested colors and those of the terminal.
    package let reason: String
    /// Whether the program's own terminal entry is needed, ``DirectColorEntry``.
    let usesOwnEntry: Bool

    /// The known color support of a terminal.
    struct Offer: Hashable, Sendable {
        /// The terminal type.
        var term: String
        /// The number of colors in the terminal database; nil if the database does not have the type.
        var colors: Int?
        /// Whether the database has RGB or Tc for the type.
        var hasDirectColor = false
        /// Whether `COLORTERM` announces 24-bit colors.
        var promisesDirectColor = false
        /// Whether `NO_COLOR` is set and not empty.
        var noColor = false
        /// Whether curses accepts an entry that is not in the database.
        var takesOwnEntry = true
    }

    /// The mode for the color choice `choice` on a terminal with the support `offer`.
    init(_ choice: ColorChoice, _ offer: Offer) {
        let plain = ColorDepth.offered(colors: offer.colors ?? 0)
        let database =
            offer.colors.map { "the terminal database gives \(offer.term) \($0 == 0 ? "no colors" : "\($0) colors")" }
            ?? "the terminal database does not know \(offer.term)"
        let limit = choice.depth(offered: .direct, noColor: offer.noColor)
        guard limit == .direct else {
            self.depth = choice.depth(offered: plain, noColor: offer.noColor)
            self.usesOwnEntry = false
            let limited = choice == .auto ? "NO_COLOR is set" : "--color \(choice.rawValue)"
            self.reason = self.depth == limit ? limited : "\(database), which is less than --color \(choice.rawValue) allows"
            return
        }
        // COLORTERM may be inherited from another terminal, so it counts less than an explicit choice.
        let cause: String? =
            if choice == .direct { "--color rgb" } else if offer.hasDirectColor {
                "the terminal database has RGB or Tc for \(offer.term)"
            } else if offer.promisesDirectColor, plain != .monochrome || offer.colors == nil {
                "COLORTERM announces it"
            } else { nil }
        if plain == .direct {
            self.depth = .direct
            self.usesOwnEntry = false
            self.reason = database
        } else if let cause, offer.takesOwnEntry {
            self.depth = .direct
            self.usesOwnEntry = true
            self.reason = cause
        } else {
            self.depth = plain
            self.usesOwnEntry = false
            if cause != nil {
                self.reason = "\(database), and this curses accepts no other entry"
            } else if offer.promisesDirectColor {
                self.reason = "\(database), although COLORTERM announces 24 bits; --color rgb requests them"
            } else {
                self.reason = "\(database), and neither COLORTERM nor RGB nor Tc announces 24 bits; --color rgb requests them"
            }
        }
    }
}

extension ColorDepth {
    /// The common name of the depth.
    package var title: String {
        switch self {
        case .monochrome: "none"
        case .ansi8: "8"
        case .ansi16: "16"
        case .indexed256: "256"
        case .direct: "24-bit"
        }
    }
}
