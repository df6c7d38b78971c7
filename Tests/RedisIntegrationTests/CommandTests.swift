import LoopbackServers
import RedisResources
import ResourceContainer
import Testing

@Suite("Redis commands")
struct CommandTests {
    @Test("A value is returned as it was set, until it is deleted.")
    func roundTrips() async throws {
        let server = try await RedisServer()
        try await server.withConnection { redis in
            #expect(try await redis.get("nothing") == nil)
            for text in ["", "plain", "Grüße 👩‍👩‍👧‍👦 \u{0}\r\n$5\r\n\u{1B}[31m", String(repeating: "long", count: 500_000)] {
                try await redis.set("key \r\n ключ", text)
                #expect(try await redis.get("key \r\n ключ") == text)
            }
            let bytes = (0...255).map { UInt8($0) } + [0xFF, 0xFE, 0]
            try await redis.set("binary", bytes)
            #expect(try await redis.bytes(of: "binary") == bytes)
            #expect(try await redis.delete("binary", "key \r\n ключ", "nothing") == 2)
            #expect(try await redis.bytes(of: "binary") == nil)
            try await redis.ping()
            try await redis.probe(key: "health_check_key")
        }
    }

    @Test("A value with an expiration is removed after its time.")
    func expiring() async throws {
        let server = try await RedisServer()
        try await server.withConnection { redis in
            try await redis.set("short", "here", expiring: .milliseconds(30))
            try await redis.set("long", "here", expiring: .seconds(90))
            #expect(try await eventually { try await redis.get("short") == nil })
            let left = try await redis.command("PTTL", "long")
            guard case .integer(let milliseconds) = left else { return #expect(left == .integer(90_000)) }
            #expect((60_000...90_000).contains(milliseconds))
            try await redis.set("long", "for ever")
            #expect(try await redis.command("PTTL", "long") == .integer(-1))
            let error = try await failure { try await redis.set("long", "never", expiring: .zero) }
            #expect(error.code == .misuse)
            #expect(!error.mayHaveRun)
            #expect(try await redis.get("long") == "for ever")
        }
    }

    @Test("Every kind of reply has its case.")
    func replyKinds() async throws {
        let server = try await RedisServer()
        try await server.withConnection { redis in
            #expect(try await redis.command("SET", "a", "1") == .status("OK"))
            #expect(try await redis.command("INCR", "a") == .integer(2))
            #expect(try await redis.command("GET", "a") == .string([UInt8(ascii: "2")]))
            #expect(try await redis.command("MGET", "a", "b") == .array([.string([UInt8(ascii: "2")]), .null]))
            #expect(try await redis.command("KEYS", "x*") == .array([]))
            try await redis.command("MULTI")
            #expect(try await redis.command("INCR", "a") == .status("QUEUED"))
            try await redis.command("LPUSH", "a", "x")
            try await redis.command("EVAL", "return {1, {'two', {3}}}", "0")
            let answer = try await redis.command("EXEC")
            guard case .array(let answers) = answer, answers.count == 3, case .error(let text) = answers[1] else {
                return #expect(answer == .array([]))
            }
            #expect(answers[0] == .integer(3))
            #expect(text.hasPrefix("WRONGTYPE"))
            #expect(answers[2] == .array([.integer(1), .array([.string(Array("two".utf8)), .array([.integer(3)])])]))
            let words = ["RPUSH", "many"] + (1...20_000).map { "\($0)" }
            #expect(try await redis.command(words) == .integer(20_000))
            let many = try await redis.command("LRANGE", "many", "0", "-1")
            #expect(many == .array((1...20_000).map { .string(Array("\($0)".utf8)) }))
        }
    }

    @Test("A rejected command is an error that names it but not its arguments, and the connection stays usable.")
    func refused() async throws {
        let server = try await RedisServer()
        try await server.withConnection { redis in
            try await redis.set("word", "x")
            let wrongType = try await failure { try await redis.command("LPUSH", "word", "argument-a") }
            #expect(wrongType.code == .serverError)
            #expect(wrongType.action == "LPUSH")
            #expect(wrongType.message.hasPrefix("WRONGTYPE"))
            #expect(wrongType.description.contains("127.0.0.1:\(server.port)/0"))
            #expect(!wrongType.mayHaveRun)
            let unknown = try await failure { try await redis.command("NONSENSE", "argument-b") }
            #expect(unknown.code == .serverError)
            #expect(unknown.action == "NONSENSE")
            #expect(!unknown.description.contains("argument-b"))
            #expect(try await redis.get("word") == "x")
            #expect(redis.isUsable)
        }
    }

    @Test("Commands that are malformed or not answered by exactly one reply are not sent.")
    func unsent() async throws {
        let server = try await RedisServer()
        try await server.withConnection { redis in
            for words in [
                [], [""], ["GET argument-a"], ["\u{1B}[31m"], ["subscribe", "argument-a"], ["PUNSUBSCRIBE"], ["MONITOR"], ["HELLO", "3"],
                ["CLIENT", "reply", "off"],
            ] {
                let error = try await failure { try await redis.command(words) }
                #expect(error.code == .misuse)
                #expect(!error.mayHaveRun)
                #expect(!error.description.contains("argument-a"))
                #expect(!error.description.contains("\u{1B}"))
            }
            #expect(try await redis.command("ECHO", "still in order").text == "still in order")
        }
    }

    @Test("A reply that hiredis cannot parse closes the connection with a protocol error.")
    func unparsable() async throws {
        let server = try await RedisServer()
        try await server.withConnection { redis in
            let error = try await failure {
                try await redis.command("EVAL", "local t = {} for i = 1, 12 do t = {t} end return t", "0")
            }
            #expect(error.code == .protocolError)
            #expect(error.action == "EVAL")
            #expect(error.mayHaveRun)
            #expect(!redis.isUsable)
            let next = try await failure { try await redis.ping() }
            #expect(next.code == .connectionLost)
            #expect(!next.mayHaveRun)
        }
        #expect(try await server.comesToHave(0))
    }

    @Test("Many tasks share a connection, and each gets its own replies.")
    func shared() async throws {
        let server = try await RedisServer()
        try await server.withConnection { redis in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<20 {
                    group.addTask { () async throws in
                        for round in 0..<10 {
                            #expect(try await redis.command("ECHO", "\(task).\(round)").text == "\(task).\(round)")
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("A connection uses the configured database, over TCP and over a socket.")
    func database() async throws {
        let server = try await RedisServer()
        let socket = RedisConfiguration(.unix(path: server.socket), user: "default", password: server.password, database: 3)
        try await server.withConnection(socket) { try await $0.set("where", "three") }
        try await server.withConnection(server.configuration(database: 3)) { redis async throws in
            #expect(try await redis.get("where") == "three")
        }
        try await server.withConnection { redis async throws in #expect(try await redis.get("where") == nil) }
        let beyond = try await failure { try await RedisConnection(server.configuration(database: 99)).initialize() }
        #expect(beyond.code == .serverError)
        #expect(beyond.action == "SELECT")
        #expect(beyond.description.contains("/99"))
        #expect(try await server.comesToHave(0))
    }

    @Test("A reset undoes a transaction, watches, and a database selection, but fails after a login as another user.")
    func reset() async throws {
        let server = try await RedisServer()
        try await server.withConnection { redis in
            try await redis.command("SELECT", "5")
            try await redis.command("WATCH", "a")
            try await redis.command("MULTI")
            try await redis.command("SET", "a", "queued")
            try await redis.reset()
            #expect(try await redis.get("a") == nil)
            try await redis.set("a", "in 0")
            try await server.withConnection { other async throws in #expect(try await other.get("a") == "in 0") }

            try await redis.command("WATCH", "a")
            try await redis.reset()
            try await server.withConnection { try await $0.set("a", "changed") }
            try await redis.command("MULTI")
            #expect(try await redis.command("EXEC") == .array([]))

            try await redis.command("AUTH", server.password)
            #expect(try await failure { try await redis.reset() }.code == .misuse)
        }
    }

    @Test("A connection can be initialized once, and is not usable before that or after dispose.")
    func lifecycle() async throws {
        let server = try await RedisServer()
        let redis = RedisConnection(server.configuration())
        #expect(!redis.isUsable)
        #expect(try await failure { try await redis.ping() }.code == .notOpen)
        try await redis.initialize()
        #expect(redis.isUsable)
        #expect(try await failure { try await redis.initialize() }.code == .notOpen)
        try await redis.ping()
        await redis.dispose()
        await redis.dispose()
        #expect(!redis.isUsable)
        #expect(try await failure { try await redis.ping() }.code == .notOpen)
        #expect(try await server.comesToHave(0))
    }

    @Test("A connection without references is closed.")
    func connectionWithoutReferences() async throws {
        let server = try await RedisServer()
        var redis: RedisConnection? = RedisConnection(server.configuration())
        try await redis?.initialize()
        #expect(try await server.clients().count == 1)
        redis = nil
        #expect(try await server.comesToHave(0))
    }
}
