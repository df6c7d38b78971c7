import Testing

@testable import ResourceDashboard

@Suite("Theme files")
struct ThemeFileTests {
    /// A valid file with three lines, then base00 in line 4 through base0F in line 19.
    private static let valid = """
        name: "Valid"
        variant: "dark"
        palette:
          base00: "000000"
          base01: "#111111"
          base02: 222222
          base03: "#666666"
          base04: "#999999"
          base05: "#EEeeEE"
          base06: 91e123
          base07: "#ffffff"
          base08: "#ff0000"
          base09: 'ff8800'
          base0A: "#ffff00"
          base0B: "#00ff00"
          base0C: "#00ffff"
          base0D: "#6699ff"
          base0E: "#ff00ff"
          base0F: "#884400"

        """

    private func error(_ yaml: String) -> String {
        do {
            let theme = try Theme(yaml: yaml, file: "themes/x.yaml")
            return "accepted as \(theme.name)"
        } catch {
            return error.description
        }
    }

    private func error(replacing old: String, with new: String) -> String {
        self.error(Self.valid.replacing(old, with: new))
    }

    @Test("A theme file defines the style of every role.")
    func roles() throws {
        let theme = try Theme(yaml: Self.valid, file: "some/where/valid.yaml")
        #expect(theme.name == "valid")
        #expect(theme.title == "Valid")
        #expect(theme.variant == .dark)
        let ground = Color.rgb(red: 0, green: 0, blue: 0)
        #expect(theme.style(.text) == Style(foreground: .rgb(red: 0xEE, green: 0xEE, blue: 0xEE), background: ground))
        #expect(theme.style(.border) == Style(foreground: .rgb(red: 0x66, green: 0x66, blue: 0x66), background: ground))
        #expect(theme.style(.textDim) == Style(foreground: .rgb(red: 0x99, green: 0x99, blue: 0x99), background: ground))
        #expect(theme.style(.selected) == Style(foreground: ground, background: .rgb(red: 0x66, green: 0x99, blue: 0xFF)))
        #expect(theme.style(.healthUnhealthy).foreground == .rgb(red: 0xFF, green: 0, blue: 0))
        #expect(theme.style(.chart3).foreground == .rgb(red: 0xFF, green: 0x88, blue: 0))
    }

    @Test("A file in the older format has its colors at the top level and its name under scheme.")
    func olderForm() throws {
        let older = Self.valid.replacing("palette:\n", with: "").replacing("  base", with: "base").replacing("name:", with: "scheme:")
            .replacing("variant: \"dark\"\n", with: "")
        let theme = try Theme(yaml: older, file: "older.yml")
        #expect(theme.title == "Valid")
        #expect(theme.variant == .dark)
        #expect(theme.style(.text) == (try Theme(yaml: Self.valid, file: "valid.yaml")).style(.text))
    }

    @Test("Colors are read as written, even if YAML would read a number.")
    func bareNumbers() throws {
        let roles =
            "resmon:\n  text: base06 on base00\n  title: base02 bold underline\n  selected: \"#010203 on ansi:15 reverse dim italic\"\n"
        let theme = try Theme(yaml: Self.valid.replacing("\"000000\"", with: "000000") + roles, file: "x.yaml")
        #expect(theme.style(.text).foreground == .rgb(red: 0x91, green: 0xE1, blue: 0x23))
        #expect(theme.style(.text).background == .rgb(red: 0, green: 0, blue: 0))
        #expect(theme.style(.title).attributes == [.bold, .underline])
        #expect(
            theme.style(.selected)
                == Style(foreground: .rgb(red: 1, green: 2, blue: 3), background: .ansi(15), attributes: [.reverse, .dim, .italic])
        )
    }

    @Test("A text role on the terminal's background puts the other roles on it as well, except for the selection.")
    func transparent() throws {
        let roles = "resmon:\n  text: base05 on default\n  border: base04\n"
        let theme = try Theme(yaml: Self.valid + roles, file: "x.yaml")
        #expect(theme.style(.border).background == .default)
        #expect(theme.style(.healthHealthy).background == .default)
        #expect(theme.style(.selected).background != .default)
    }

    @Test("Base24 files have eight more colors, each with a fallback.")
    func base24() throws {
        let file = Self.valid.replacing("name:", with: "system: base24\nname:")
        let roles = "resmon:\n  title: base17\n  text: base10\n"
        let full = try Theme(yaml: file + "  base10: \"#F0F0F0\"\n  base17: \"#E7E7E7\"\n" + roles, file: "x.yaml")
        #expect(full.style(.title).foreground == .rgb(red: 0xE7, green: 0xE7, blue: 0xE7))
        #expect(full.style(.text).foreground == .rgb(red: 0xF0, green: 0xF0, blue: 0xF0))
        #expect(try Theme(yaml: file + roles, file: "x.yaml").style(.title).foreground == .rgb(red: 0xFF, green: 0, blue: 0xFF))
    }

    @Test("A file with an invalid color is rejected with its line.")
    func badColors() {
        #expect(
            self.error(replacing: "\"#00ff00\"", with: "\"zz\"")
                == "themes/x.yaml:15: base0B \"zz\" is not a color: six hexadecimal digits are accepted"
        )
        #expect(
            self.error(replacing: "\"#ff0000\"", with: "\"#f00\"")
                == "themes/x.yaml:12: base08 \"#f00\" is not a color: six hexadecimal digits are accepted"
        )
        #expect(
            self.error(replacing: "\"#00ff00\"", with: "#00ff00")
                == "themes/x.yaml:15: base0B is empty: a color that starts with # needs quotes, else it is a comment"
        )
        #expect(self.error(replacing: "\"#00ff00\"", with: "[1]").hasPrefix("themes/x.yaml:15: base0B is not a color"))
        #expect(self.error(replacing: "\"#00ff00\"", with: "\"+0ff00\"").hasPrefix("themes/x.yaml:15: "))
        #expect(self.error(replacing: "\"#00ff00\"", with: "\"\\e[31m\"").contains("\"␛[31m\""))
    }

    @Test("All colors missing from a palette are named.")
    func missing() {
        #expect(
            self.error(Self.valid.replacing("base0B:", with: "base0G:").replacing("base0E:", with: "other:"))
                == "themes/x.yaml:4: the palette lacks base0B, base0E"
        )
        #expect(self.error("name: x\n").hasPrefix("themes/x.yaml:1: the palette lacks base00, base01"))
        #expect(self.error("name: x\npalette: 7\n") == "themes/x.yaml:2: palette is not a list of names and colors")
    }

    @Test("A file with an invalid role is rejected with its line and the accepted values.")
    func badRoles() {
        let map = Self.valid + "resmon:\n  text: base05\n"
        #expect(self.error(map + "  tittle: base05\n").hasPrefix("themes/x.yaml:22: \"tittle\" is not a role; the roles are: text, border"))
        #expect(
            self.error(map + "  title: base05 shiny\n")
                == "themes/x.yaml:22: title: \"shiny\" is not an attribute: bold, dim, italic, underline and reverse are accepted"
        )
        let colors = "is not a color: base00 to base17, #rrggbb, default and ansi:0 to ansi:15 are accepted"
        #expect(self.error(map + "  title: blue\n") == "themes/x.yaml:22: title: \"blue\" \(colors)")
        #expect(self.error(map + "  title: ansi:16\n") == "themes/x.yaml:22: title: \"ansi:16\" \(colors)")
        #expect(
            self.error(map + "  title: base05 on #102030\n")
                == "themes/x.yaml:22: title ends after \"on\": a style with # needs quotes, else the rest is a comment"
        )
        #expect(self.error(map + "  title: #102030\n").hasPrefix("themes/x.yaml:22: title has no style"))
        #expect(self.error(map + "  title: [base05]\n").hasPrefix("themes/x.yaml:22: title has no style"))
        #expect(self.error(Self.valid + "resmon: dark\n") == "themes/x.yaml:20: resmon is not a list of roles and styles")
    }

    @Test("A file with an invalid header is rejected with its line.")
    func badHead() {
        #expect(
            self.error(replacing: "\"dark\"", with: "dusk") == "themes/x.yaml:2: variant \"dusk\" is not known: dark and light are accepted"
        )
        #expect(
            self.error(replacing: "variant:", with: "system: tinted8\nvariant:")
                == "themes/x.yaml:2: system \"tinted8\" is not known: base16 and base24 are accepted"
        )
        #expect(self.error(replacing: "\"Valid\"", with: "[Valid]") == "themes/x.yaml:1: name is not a string")
    }

    @Test("A file that is not YAML, or not a theme, is rejected with a line.")
    func noYAML() {
        #expect(self.error("").hasPrefix("themes/x.yaml:1: not a theme"))
        #expect(self.error("- a\n- b\n").hasPrefix("themes/x.yaml:1: not a theme"))
        #expect(self.error("name: x\npalette:\n  base00: \"111111\n").hasPrefix("themes/x.yaml:"))
        #expect(self.error("name: x\n\t- y: [\n").hasPrefix("themes/x.yaml:2: not YAML"))
        #expect(self.error(Self.valid + "name: twice\n").contains("name is defined twice"))
    }
}
