/// What every role of the interface looks like.
public struct Theme: Hashable, Sendable {
    /// Whether text is light on dark or dark on light.
    public enum Variant: String, Hashable, Sendable {
        case dark, light
    }

    /// What a person types to choose the theme: the name of its file without the ending.
    public let name: String
    /// What its author calls it.
    public let title: String
    public let author: String
    public let variant: Variant
    private let styles: [Role: Style]

    /// A theme from its styles; a role that is missing is drawn as text is.
    public init(name: String, title: String? = nil, author: String = "", variant: Variant, styles: [Role: Style]) {
        self.name = name
        self.title = title ?? name
        self.author = author
        self.variant = variant
        self.styles = styles
    }

    /// What `role` looks like. O(1).
    public func style(_ role: Role) -> Style {
        self.styles[role] ?? self.styles[.text] ?? .plain
    }

    /// The theme to draw with at `depth`: itself, or `mono` where no colour can be shown, since a selection that is only a colour would
    /// vanish there.
    public func adapted(to depth: ColorDepth) -> Theme {
        switch depth {
        case .monochrome: .mono
        case .ansi8, .ansi16, .indexed256, .direct: self
        }
    }
}
