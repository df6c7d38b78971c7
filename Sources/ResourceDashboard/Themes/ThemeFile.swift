#if canImport(Yams)
    import Yams
#else
    #error("ResourceDashboard needs the trait Dashboard of the package resmon: docs/libraries.md lists the trait of each library")
#endif

/// A parser of Base16 and Base24 scheme files. Every error names its line.
///
/// Scalars are taken as text: YAML would read a bare `000000` as the number 0 and `1e1234` as a number with an exponent.
struct ThemeFile {
    private let file: String
    private let root: Node.Mapping

    init(yaml: String, file: String) throws(ThemeError) {
        self.file = file
        if let fault = YAMLText.fault(in: yaml) { throw ThemeError(file: file, line: fault.line, reason: fault.reason) }
        let node: Node?
        do {
            node = try Yams.compose(yaml: yaml)
        } catch let error as YamlError {
            throw Self.error(error, file: file)
        } catch {
            throw ThemeError(file: file, reason: "not YAML: \(error)")
        }
        guard case .mapping(let root)? = node else {
            throw ThemeError(file: file, line: node?.mark?.line ?? 1, reason: "not a theme: expected `palette:` with base00 to base0F")
        }
        self.root = root
    }

    /// Returns the theme, named after the file.
    func theme() throws(ThemeError) -> Theme {
        try self.checkSystem()
        let scheme = ColorScheme(colors: try self.colors())
        let written = try self.roles(scheme)
        // A role without a background has that of the text, so that one line makes a theme transparent.
        let ground = written[.text]?.background ?? scheme.colors[0]
        var styles = scheme.styles(on: ground)
        for (role, entry) in written {
            styles[role] = Style(
                foreground: entry.foreground,
                background: entry.background ?? ground,
                attributes: entry.attributes
            )
        }
        let readable = Contrast(scheme).corrected(styles)
        let name = try self.text("name")
        let olderName = try self.text("scheme")
        return Theme(
            name: ThemeLibrary.name(self.file),
            title: name ?? olderName,
            author: try self.text("author") ?? "",
            variant: try self.variant(scheme),
            styles: readable.styles,
            correctedRoles: readable.roles
        )
    }

    private func checkSystem() throws(ThemeError) {
        guard let system = try self.text("system"), system != "base16", system != "base24" else { return }
        throw self.error(self.root["system"], "system \"\(system)\" is not known: base16 and base24 are accepted")
    }

    /// Returns the variant given in the file, or else the one that matches the background's luminance.
    private func variant(_ scheme: ColorScheme) throws(ThemeError) -> Theme.Variant {
        guard let text = try self.text("variant") else {
            return RGB.shown(scheme.colors[0], orElse: RGB(0, 0, 0)).luminance > 0.18 ? .light : .dark
        }
        guard let variant = Theme.Variant(rawValue: text.lowercased()) else {
            throw self.error(self.root["variant"], "variant \"\(text)\" is not known: dark and light are accepted")
        }
        return variant
    }

    // MARK: Palette

    private func colors() throws(ThemeError) -> [Color] {
        let palette: Node.Mapping
        switch self.root["palette"] {
        case .mapping(let mapping)?: palette = mapping
        case .some(let node): throw self.error(node, "palette is not a list of names and colors")
        // Files from before 2022 have the colors at the top level, beside the name.
        case nil: palette = self.root
        }
        var colors: [Int: Color] = [:]
        for (key, value) in palette {
            guard let name = key.scalar?.string, let index = Self.paletteIndex(name) else { continue }
            guard colors[index] == nil else { throw self.error(key, "\(name) is defined twice") }
            colors[index] = try self.paletteColor(value, name: name)
        }
        let missing = (0..<16).filter { colors[$0] == nil }.map(Self.paletteName)
        guard missing.isEmpty else {
            let line = self.root["palette"]?.mark?.line ?? self.root.mark?.line ?? 1
            throw ThemeError(file: self.file, line: line, reason: "the palette lacks \(missing.joined(separator: ", "))")
        }
        // The definition of Base24 names the fallback of each absent entry of the second half.
        let fallbacks = [0x0, 0x0, 0x8, 0xA, 0xB, 0xC, 0xD, 0xE]
        return (0..<24).map { index in colors[index] ?? colors[index < 16 ? index : fallbacks[index - 16]] ?? .default }
    }

    private func paletteColor(_ node: Node, name: String) throws(ThemeError) -> Color {
        guard let scalar = node.scalar else { throw self.error(node, "\(name) is not a color: six hexadecimal digits are accepted") }
        guard !scalar.string.isEmpty else {
            throw self.error(node, "\(name) is empty: a color that starts with # needs quotes, else it is a comment")
        }
        let digits = scalar.string.hasPrefix("#") ? scalar.string.dropFirst() : Substring(scalar.string)
        guard let color = Self.color(digits) else {
            throw self.error(node, "\(name) \(Self.quoted(scalar.string)) is not a color: six hexadecimal digits are accepted")
        }
        return color
    }

    // MARK: Roles

    /// The style that the file gives a role.
    private struct Entry {
        var foreground: Color
        var background: Color?
        var attributes: Style.Attributes = []
    }

    private func roles(_ scheme: ColorScheme) throws(ThemeError) -> [Role: Entry] {
        guard let node = self.root["resmon"] else { return [:] }
        guard case .mapping(let mapping) = node else { throw self.error(node, "resmon is not a list of roles and styles") }
        var entries: [Role: Entry] = [:]
        for (key, value) in mapping {
            let name = key.scalar?.string ?? ""
            // Theme files written for version 0.1 have the British spelling.
            guard let role = Role(rawValue: name == "state-initialising" ? Role.stateInitializing.rawValue : name) else {
                let known = Role.allCases.map(\.rawValue).joined(separator: ", ")
                throw self.error(key, "\(Self.quoted(name)) is not a role; the roles are: \(known)")
            }
            entries[role] = try self.entry(value, role: name, scheme)
        }
        return entries
    }

    private func entry(_ node: Node, role: String, _ scheme: ColorScheme) throws(ThemeError) -> Entry {
        var words = (node.scalar?.string ?? "").split(whereSeparator: \.isWhitespace)[...]
        guard let first = words.popFirst() else {
            throw self.error(node, "\(role) has no style: `fg [on bg] [bold dim italic underline reverse]` in quotes is accepted")
        }
        var entry = Entry(foreground: try self.roleColor(first, role: role, node: node, scheme))
        if words.first == "on" {
            words.removeFirst()
            guard let word = words.popFirst() else {
                throw self.error(node, "\(role) ends after \"on\": a style with # needs quotes, else the rest is a comment")
            }
            entry.background = try self.roleColor(word, role: role, node: node, scheme)
        }
        for word in words {
            switch word {
            case "bold": entry.attributes.insert(.bold)
            case "dim": entry.attributes.insert(.dim)
            case "italic": entry.attributes.insert(.italic)
            case "underline": entry.attributes.insert(.underline)
            case "reverse": entry.attributes.insert(.reverse)
            default:
                let reason = "is not an attribute: bold, dim, italic, underline and reverse are accepted"
                throw self.error(node, "\(role): \(Self.quoted(word)) \(reason)")
            }
        }
        return entry
    }

    private func roleColor(_ word: Substring, role: String, node: Node, _ scheme: ColorScheme) throws(ThemeError) -> Color {
        if word == "default" { return .default }
        if word.hasPrefix("#"), let color = Self.color(word.dropFirst()) { return color }
        if word.hasPrefix("ansi:"), let index = UInt8(word.dropFirst(5)), index < 16 { return .ansi(index) }
        if let index = Self.paletteIndex(word) { return scheme.colors[index] }
        let reason = "is not a color: base00 to base17, #rrggbb, default and ansi:0 to ansi:15 are accepted"
        throw self.error(node, "\(role): \(Self.quoted(word)) \(reason)")
    }

    // MARK: Scalars

    private static func paletteIndex(_ name: some StringProtocol) -> Int? {
        guard name.utf8.count == 6, name.hasPrefix("base"), let index = Int(name.dropFirst(4), radix: 16) else { return nil }
        return (0..<24).contains(index) ? index : nil
    }

    private static func paletteName(_ index: Int) -> String {
        let digits = String(index, radix: 16, uppercase: true)
        return "base" + String(repeating: "0", count: 2 - digits.count) + digits
    }

    private static func color(_ digits: Substring) -> Color? {
        guard digits.utf8.count == 6, digits.allSatisfy(\.isHexDigit) else { return nil }
        return UInt32(digits, radix: 16).map(Color.init(hex:))
    }

    private func text(_ key: String) throws(ThemeError) -> String? {
        guard let node = self.root[key] else { return nil }
        guard let scalar = node.scalar else { throw self.error(node, "\(key) is not a string") }
        return scalar.string
    }

    /// Returns text of the file clipped and quoted for an error.
    private static func quoted(_ text: some StringProtocol) -> String {
        "\"\(DisplayText.clip(text, width: 24).text)\""
    }

    // MARK: Errors

    private func error(_ node: Node?, _ reason: String) -> ThemeError {
        ThemeError(file: self.file, line: node?.mark?.line, reason: reason)
    }

    private static func error(_ error: YamlError, file: String) -> ThemeError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            ThemeError(file: file, line: mark.line, reason: "not YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            ThemeError(file: file, line: context.mark.line, reason: "\(duplicates.joined(separator: ", ")) is defined twice")
        case .reader(let problem, _, _, _):
            ThemeError(file: file, reason: "not YAML: \(problem)")
        case .no, .memory, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            ThemeError(file: file, reason: "not YAML: \(error)")
        }
    }
}

extension Theme {
    /// Creates the theme that a Base16 or Base24 scheme in YAML describes, with an optional `resmon:` map of roles.
    ///
    /// - Parameters:
    ///   - yaml: The text of the file.
    ///   - file: The path of the file. It names the theme, without directories and extension, and is quoted in errors.
    /// - Throws: ``ThemeError`` with the line of the first fault.
    package init(yaml: String, file: String) throws(ThemeError) {
        self = try ThemeFile(yaml: yaml, file: file).theme()
    }
}
