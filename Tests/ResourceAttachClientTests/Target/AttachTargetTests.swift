import Testing

@testable import ResourceAttachClient

@Suite("Targets of an attach")
struct AttachTargetTests {
    @Test("A number is a process, a word with a slash is a path, and any other word is a name.")
    func words() throws {
        #expect(try AttachTarget(parsing: "4711") == .pid(4711))
        #expect(try AttachTarget(parsing: "shop") == .name("shop"))
        #expect(try AttachTarget(parsing: "4711-1") == .name("4711-1"))
        #expect(try AttachTarget(parsing: "/run/resmon/1-0.sock") == .path("/run/resmon/1-0.sock"))
        #expect(try AttachTarget(parsing: "./1-0.sock") == .path("./1-0.sock"))
        #expect(try AttachTarget(parsing: "unix:///run/x.sock") == .path("/run/x.sock"))
    }

    @Test("A host is reached by ssh, with a name after a slash or in the next word.")
    func hosts() throws {
        let web1 = try SSHHost(parsing: "web1")
        #expect(try AttachTarget(parsing: "ssh://web1") == .ssh(web1, name: nil))
        #expect(try AttachTarget(parsing: "ssh://web1/") == .ssh(web1, name: nil))
        #expect(try AttachTarget(parsing: "ssh://web1/shop") == .ssh(web1, name: "shop"))
        #expect(try AttachTarget.parse(["ssh://web1", "shop", "mail"]) == [.ssh(web1, name: "shop"), .name("mail")])
        #expect(try AttachTarget.parse(["mail", "ssh://web1"]) == [.name("mail"), .ssh(web1, name: nil)])
        let both = try AttachTarget.parse(["ssh://web1", "ssh://web1", "/run/x.sock"])
        #expect(both == [.ssh(web1, name: nil), .ssh(web1, name: nil), .path("/run/x.sock")])
    }

    @Test("A command makes a further target, and is split into words without a shell.")
    func command() throws {
        let targets = try AttachTarget.parse(["shop"], via: "kubectl exec -i 'my pod' -- resmon dial")
        #expect(targets == [.name("shop"), .command(["kubectl", "exec", "-i", "my pod", "--", "resmon", "dial"])])
    }

    @Test(
        "A word that is no target is an error.",
        arguments: [
            "", "-x", "0", "99999999999", "http://web1", "ssh://", "ssh://-oProxyCommand=x", "ssh://a b", "ssh://web1/-x", "unix://x",
            "a\nb",
        ]
    )
    func refused(_ word: String) {
        #expect(throws: AttachTargetError.self) { try AttachTarget(parsing: word) }
    }

    @Test("A description can be written on a command line again.", arguments: ["4711", "shop", "/run/x.sock", "ssh://me@web1:2222/shop"])
    func description(_ word: String) throws {
        #expect("\(try AttachTarget(parsing: word))" == word)
    }
}

@Suite("Hosts of ssh")
struct SSHHostTests {
    @Test("A user and a port are options of ssh, and the name is an argument of the other host's resmon.")
    func command() throws {
        let host = try SSHHost(parsing: "me@web1.example.org:2222")
        let words = host.command(dialing: "shop")
        #expect(words.prefix(4) == ["ssh", "-T", "-o", "BatchMode=yes"])
        #expect(words.suffix(9) == ["-p", "2222", "-l", "me", "--", "web1.example.org", "resmon", "dial", "shop"])
    }

    @Test("A host that does not answer ends ssh within seconds, when connecting and later.")
    func limits() throws {
        let words = try SSHHost(parsing: "web1").command(dialing: nil)
        let options = zip(words, words.dropFirst()).filter { $0.0 == "-o" }.map { $0.1 }
        #expect(options == ["BatchMode=yes", "ConnectTimeout=10", "ServerAliveInterval=3"])
    }

    @Test("Without a name, the other host must serve one container.")
    func nameless() throws {
        #expect(try SSHHost(parsing: "web1").command(dialing: nil).suffix(4) == ["--", "web1", "resmon", "dial"])
    }

    @Test("The shell of the other host receives an unusual name as one word.")
    func quoted() throws {
        #expect(try SSHHost(parsing: "web1").command(dialing: "a'; rm -r x").last == #"'a'\''; rm -r x'"#)
    }

    @Test(
        "Only letters, digits, dots, and hyphens make a host.",
        arguments: ["-web1", "web1;x", "we b", "$(x)", "", "web1:", "web1:0", "web1:99999", "a@b@c", "@web1"]
    )
    func refused(_ text: String) {
        #expect(throws: AttachTargetError.self) { try SSHHost(parsing: text) }
    }
}

@Suite("Words of a command")
struct CommandWordsTests {
    @Test("Quotes group words, and a backslash takes the next character literally.")
    func quotes() throws {
        #expect(try CommandWords.split("a  b\tc") == ["a", "b", "c"])
        #expect(try CommandWords.split(#"a 'b c' "d 'e'" f\ g"#) == ["a", "b c", "d 'e'", "f g"])
        #expect(try CommandWords.split(#"a "" '' "\"\x""#) == ["a", "", "", #""\x"#])
        #expect(try CommandWords.split("$HOME `x` *") == ["$HOME", "`x`", "*"])
    }

    @Test("Joined words are split into the same words.")
    func joined() throws {
        let words = ["kubectl", "exec", "-i", "my pod", "it's \"here\" \\", "", "$HOME", "a=b"]
        #expect(try CommandWords.split(CommandWords.joined(words)) == words)
        #expect(CommandWords.joined(["sudo", "resmon", "dial", "--root", "/proc/4711/root"]) == "sudo resmon dial --root /proc/4711/root")
    }

    @Test("An open quote and an empty command are errors.", arguments: ["", "  ", "a 'b", #"a "b"#, #"a \"#, "''", "a \0"])
    func refused(_ text: String) {
        #expect(throws: AttachTargetError.self) { try CommandWords.split(text) }
    }
}
