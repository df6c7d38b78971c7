/// The themes of the directory `themes/`, compiled in so that they are available in every installation and to every client of the library.
///
/// A test compares each with its file.
enum ShippedThemes {
    static let all: [Theme] = Self.files.compactMap { name, yaml in try? Theme(yaml: yaml, file: name) }

    private static let files: [(name: String, yaml: String)] = [
        (
            "ansi-16",
            """
            { system: base16, name: "ANSI 16", author: "the resmon authors", variant: dark,
            palette: { base00: "000000", base01: "1c1c1c", base02: "303030", base03: "7f7f7f", base04: "b0b0b0", base05: "e5e5e5",
              base06: "f2f2f2", base07: "ffffff", base08: "ff0000", base09: "ff8700", base0A: "ffff00", base0B: "00ff00",
              base0C: "00ffff", base0D: "5c5cff", base0E: "ff00ff", base0F: "cdcd00" },
            resmon: { text: "default on default", text-dim: "ansi:7", border: "ansi:8", border-focus: "ansi:14 bold",
              title: "ansi:14 bold", selected: "ansi:0 on ansi:14", state-ready: "ansi:10", state-initializing: "ansi:14",
              state-disposing: "ansi:13", state-disposed: "ansi:7", state-failed: "ansi:9 bold", health-healthy: "ansi:10",
              health-degraded: "ansi:11", health-unhealthy: "ansi:9 bold", health-unknown: "ansi:7", gauge-used: "ansi:6",
              gauge-idle: "ansi:7", gauge-free: "ansi:8", gauge-over: "ansi:9", chart-0: "ansi:6", chart-1: "ansi:13",
              chart-2: "ansi:10", chart-3: "ansi:11" } }
            """
        ),
        (
            "color-blind-blue-yellow",
            """
            { system: base16, name: "Color Blind Blue-Yellow", author: "the resmon authors", variant: dark,
            palette: { base00: "1d1716", base01: "272121", base02: "362e2e", base03: "776c6b", base04: "9b9191", base05: "d2cccc",
              base06: "ded9d9", base07: "e6e4e4", base08: "ff5c52", base09: "ff9d80", base0A: "ffd9e4", base0B: "3fc98e",
              base0C: "6fd6cf", base0D: "ff9fb0", base0E: "e08bd0", base0F: "eb8656" } }
            """
        ),
        (
            "color-blind-red-green",
            """
            { system: base16, name: "Color Blind Red-Green", author: "the resmon authors", variant: dark,
            palette: { base00: "13191f", base01: "1d232a", base02: "2a3139", base03: "646e79", base04: "8c959f", base05: "c7cdd3",
              base06: "d7dbe0", base07: "e1e3e6", base08: "f0692e", base09: "ffb05c", base0A: "ffe98a", base0B: "8fc4ff",
              base0C: "7fd6e8", base0D: "62aaff", base0E: "cfa8ff", base0F: "eb8656" } }
            """
        ),
        (
            "ember",
            """
            { system: base16, name: "Ember", author: "the resmon authors", variant: dark,
            palette: { base00: "201511", base01: "2b201c", base02: "3a2d28", base03: "7c6861", base04: "a08e87", base05: "d5c9c5",
              base06: "e1d9d6", base07: "e7e2e0", base08: "ef7e7c", base09: "ed835e", base0A: "d7b43b", base0B: "60bc71",
              base0C: "16bbbc", base0D: "e38d3d", base0E: "b98cea", base0F: "d29922" } }
            """
        ),
        (
            "graphite",
            """
            { system: base16, name: "Graphite", author: "the resmon authors", variant: dark,
            palette: { base00: "151617", base01: "202022", base02: "2d2e2f", base03: "6a6c6e", base04: "8f9193", base05: "cacacc",
              base06: "d8d9da", base07: "e1e1e2", base08: "d78e8b", base09: "d1966d", base0A: "ccb673", base0B: "7db485",
              base0C: "56b6bb", base0D: "7ea7dc", base0E: "b296d2", base0F: "d49375" } }
            """
        ),
        (
            "harbor",
            """
            { system: base16, name: "Harbor", author: "the resmon authors", variant: dark,
            palette: { base00: "131e28", base01: "1d2933", base02: "2a3743", base03: "5f7384", base04: "8899a8", base05: "c8d2dc",
              base06: "d9e1e8", base07: "e5eaee", base08: "eb817f", base09: "e28d4f", base0A: "d5b449", base0B: "67bb75",
              base0C: "04bbc3", base0D: "6aa7f4", base0E: "b88fe6", base0F: "e7885d" } }
            """
        ),
        (
            "high-contrast-dark",
            """
            { system: base16, name: "High Contrast Dark", author: "the resmon authors", variant: dark,
            palette: { base00: "000000", base01: "000000", base02: "030303", base03: "898989", base04: "bababa", base05: "ffffff",
              base06: "ffffff", base07: "ffffff", base08: "ffa09c", base09: "fea668", base0A: "facc0f", base0B: "53de73",
              base0C: "14d7e0", base0D: "91c1ff", base0E: "d1a9ff", base0F: "ffa47a" },
            resmon: { border-focus: "base0A bold", title: "base07 bold", selected: "#000000 on #ffffff bold",
              health-unhealthy: "base08 bold underline", health-degraded: "base0A bold" } }
            """
        ),
        (
            "high-contrast-light",
            """
            { system: base16, name: "High Contrast Light", author: "the resmon authors", variant: light,
            palette: { base00: "ffffff", base01: "f0f0f0", base02: "dedede", base03: "636363", base04: "4a4a4a", base05: "000000",
              base06: "000000", base07: "000000", base08: "94001d", base09: "773a00", base0A: "5e4b00", base0B: "005e22",
              base0C: "04585c", base0D: "004b96", base0E: "661e9d", base0F: "803100" },
            resmon: { border-focus: "base0D bold", title: "base07 bold", selected: "#ffffff on #000000 bold",
              health-unhealthy: "base08 bold underline", health-degraded: "base0A bold" } }
            """
        ),
        (
            "meadow",
            """
            { system: base16, name: "Meadow", author: "the resmon authors", variant: light,
            palette: { base00: "f4fbf3", base01: "e5ece4", base02: "d3dad2", base03: "81897f", base04: "5e645c", base05: "2f332f",
              base06: "262826", base07: "212220", base08: "ab4043", base09: "9f5102", base0A: "7e6607", base0B: "167c34",
              base0C: "02787d", base0D: "09729e", base0E: "7c50a8", base0F: "a84811" } }
            """
        ),
        (
            "mist",
            """
            { system: base16, name: "Mist", author: "the resmon authors", variant: light,
            palette: { base00: "e9f1f8", base01: "dae3e9", base02: "c8d1d7", base03: "788289", base04: "555d64", base05: "2f3337",
              base06: "26292c", base07: "212324", base08: "a74546", base09: "a05000", base0A: "7b6307", base0B: "1a7533",
              base0C: "0d7176", base0D: "2b66ae", base0E: "7b52a4", base0F: "a44c1d" } }
            """
        ),
        (
            "moss",
            """
            { system: base16, name: "Moss", author: "the resmon authors", variant: dark,
            palette: { base00: "161d14", base01: "20281e", base02: "2d362b", base03: "667364", base04: "8c988a", base05: "cbd2c9",
              base06: "dbe0d9", base07: "e4e7e3", base08: "e68582", base09: "de8f57", base0A: "d3b555", base0B: "6db979",
              base0C: "26bdae", base0D: "39b4dd", base0E: "b691e1", base0F: "e28b63" } }
            """
        ),
        (
            "paper",
            """
            { system: base16, name: "Paper", author: "the resmon authors", variant: light,
            palette: { base00: "faf6ee", base01: "ebe7df", base02: "dad5cc", base03: "898479", base04: "646057", base05: "33312d",
              base06: "292724", base07: "21201e", base08: "a74546", base09: "a05000", base0A: "7f6601", base0B: "217937",
              base0C: "07767b", base0D: "2e69b2", base0E: "7b52a4", base0F: "a44c1d" } }
            """
        ),
        (
            "plum",
            """
            { system: base16, name: "Plum", author: "the resmon authors", variant: dark,
            palette: { base00: "271a2a", base01: "322435", base02: "413144", base03: "806a85", base04: "a692aa", base05: "dccfde",
              base06: "e8dfea", base07: "eee9f0", base08: "eb817f", base09: "e28d4f", base0A: "d5b449", base0B: "67bb75",
              base0C: "04bbc3", base0D: "be8ce1", base0E: "de82b7", base0F: "e7885d" } }
            """
        ),
    ]
}
