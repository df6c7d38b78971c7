import Testing

@testable import ResourceFleet

@Suite("The command that opens a process of a fleet")
struct FleetCommandTemplateTests {
    private static let shop = FleetRow(FleetSample.key("web1:4711", "shop"))

    private static func row(_ instance: String, _ container: String, process: String? = nil) -> FleetRow {
        FleetRow(FleetSample.key(instance, container), process: process)
    }

    @Test("The standard command is ssh with the host and the container as arguments.")
    func standard() throws {
        #expect(try FleetCommandTemplate.standard.arguments(for: Self.shop) == ["ssh", "web1", "resmon", "dial", "shop"])
    }

    @Test("A process whose instance states its number is named by that: replicas have containers of one name.")
    func replicas() throws {
        let rows = ["4711-0", "4712-0", "4712-1"].map { (number: String) in Self.row("web1:\(number)", "shop", process: number) }
        let commands = try rows.map { try FleetCommandTemplate.standard.arguments(for: $0) }
        #expect(commands.map(\.last) == ["4711-0", "4712-0", "4712-1"])
    }

    @Test(
        "The instance states the number of a process only if the process exposes that number.",
        arguments: [
            ("web1:4711", "4711", "4711-0"), ("web1:4711-2", "4711", "4711-2"), ("web1:9464", "4711", nil), ("web1", "4711", nil),
            ("web1:4711", "", nil), ("web1:4711-x", "4711", nil), ("web1:47110", "4711", nil), ("web1:a-1", "a", nil),
        ] as [(String, String, String?)]
    )
    func numbers(instance: String, pid: String, expected: String?) {
        #expect(FleetSample.key(instance, "shop").process(pid) == expected)
    }

    @Test("All placeholders are replaced, also within a word.")
    func placeholders() throws {
        let template = try FleetCommandTemplate([
            "kubectl", "exec", "-i", "pod/{host}", "--", "resmon", "dial", "{pid}", "{instance}", "{container}", "{process}",
        ])
        #expect(
            try template.arguments(for: Self.shop)
                == ["kubectl", "exec", "-i", "pod/web1", "--", "resmon", "dial", "4711", "web1:4711", "shop", "shop"]
        )
    }

    @Test(
        "A host with other characters than letters, digits, dots, and hyphens, or with a hyphen at its start, is refused.",
        arguments: [
            "-oProxyCommand=touch x:1", "we b1:1", "web1;id:1", "$(id):1", "[::1]:1", "wéb:1", "web1\n:1", ":1", "", "{container}:1",
        ]
    )
    func hosts(instance: String) {
        #expect(throws: FleetFault.self) { try FleetCommandTemplate.standard.arguments(for: Self.row(instance, "shop")) }
    }

    @Test(
        "A container with characters that a shell interprets, or with a hyphen at its start, is refused.",
        arguments: ["", "-v", "a b", "a;id", "$(id)", "`id`", "a'b", "a\"b", "a|b", "a>b", "é", "a\u{0}b", "{host}"]
    )
    func containers(name: String) {
        #expect(throws: FleetFault.self) { try FleetCommandTemplate.standard.arguments(for: Self.row("web1:1", name)) }
    }

    @Test("Only the values that the template needs are checked.")
    func unused() throws {
        let template = try FleetCommandTemplate(["connect", "{pid}"])
        #expect(try template.arguments(for: Self.row("-:7", "a b")) == ["connect", "7"])
        #expect(throws: FleetFault.self) { try template.arguments(for: Self.row("web1", "a")) }
    }

    @Test(
        "A template without a program, with a placeholder as its program, or with an unknown placeholder is refused.",
        arguments: [[], [""], ["{host}"], ["ssh", "{user}"], ["ssh", "{host"], ["ssh", "host}"]]
    )
    func templates(words: [String]) {
        #expect(throws: FleetFault.self) { try FleetCommandTemplate(words) }
    }
}
