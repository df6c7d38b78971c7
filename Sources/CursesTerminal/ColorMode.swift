import ResourceDashboard

/// How many colors the screen uses, and why.
public struct ColorMode: Hashable, Sendable {
    /// How many.
    public let depth: ColorDepth
    /// Why, as the end of a sentence for people: what was asked for and what the terminal is known to show.
    public let reason: String
    /// Whether the program's own terminal entry is needed for it, ``DirectColorEntry``.
    let usesOwnEntry: Bool

    /// What a terminal is known to show.
    struct Offer: Hashable, Sendable {
        /// Its type.
        var term: String
        /// How many colors the terminal database gives it; nil if it does not know the type.
        var colors: Int?
        /// Whether the database says RGB or Tc.
        var hasDirectColor = false
        /// Whether `COLORTERM` promises 24-bit colors.
        var promisesDirectColor = false
        /// Whether `NO_COLOR` is set to something.
        var noColor = false
        /// Whether curses takes an entry that is in no database.
        var takesOwnEntry = true
    }

    /// What is used on a terminal that offers `offer`, for a person who asks for `choice`.
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
        // A variable may be left over from another terminal; what was asked for here is not.
        let cause: String? =
            if choice == .direct { "--color rgb" } else if offer.hasDirectColor {
                "the terminal database says RGB or Tc for \(offer.term)"
            } else if offer.promisesDirectColor, plain != .monochrome || offer.colors == nil {
                "COLORTERM promises it"
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
                self.reason = "\(database), and this curses takes no other entry"
            } else if offer.promisesDirectColor {
                self.reason = "\(database), whatever COLORTERM promises; --color rgb asks for 24 bits all the same"
            } else {
                self.reason = "\(database), and neither COLORTERM nor RGB nor Tc promises 24 bits; --color rgb asks for them"
            }
        }
    }
}

extension ColorDepth {
    /// What people call it.
    public var title: String {
        switch self {
        case .monochrome: "none"
        case .ansi8: "8"
        case .ansi16: "16"
        case .indexed256: "256"
        case .direct: "24-bit"
        }
    }
}
