import RedisResources
import Testing

@Suite("Redis configuration")
struct ConfigurationTests {
    @Test("A URL sets all parts, percent-encoded where necessary.")
    func everyPart() throws {
        let configuration = try RedisConfiguration(
            url: "redis://app:p%40ss%3A%2Fw%C3%B6rd@cache.example:6380/3",
            commandTimeout: .seconds(1)
        )
        #expect(configuration.endpoint == .tcp(host: "cache.example", port: 6380))
        #expect(configuration.user == "app")
        #expect(configuration.password == "p@ss:/wörd")
        #expect(configuration.database == 3)
        #expect(configuration.connectTimeout == .seconds(5))
        #expect(configuration.commandTimeout == .seconds(1))
        #expect(configuration.address == "cache.example:6380/3")
    }

    @Test(
        "Parts that a URL leaves out have the default value.",
        arguments: [
            ("redis://cache", RedisConfiguration(host: "cache")),
            ("redis://cache/", RedisConfiguration(host: "cache")),
            ("REDIS://cache:7/2", RedisConfiguration(host: "cache", port: 7, database: 2)),
            ("redis://:secret@cache", RedisConfiguration(host: "cache", password: "secret")),
            ("redis://:@cache", RedisConfiguration(host: "cache")),
            ("redis://[::1]:7", RedisConfiguration(host: "::1", port: 7)),
            ("unix:///run/redis.sock", RedisConfiguration(.unix(path: "/run/redis.sock"))),
            (
                "unix://:secret@/run/re%20dis.sock?db=4",
                RedisConfiguration(.unix(path: "/run/re dis.sock"), password: "secret", database: 4)
            ),
        ]
    )
    func defaultParts(url: String, expected: RedisConfiguration) throws {
        #expect(try RedisConfiguration(url: url) == expected)
    }

    @Test(
        "An invalid URL is refused with the reason and without the password.",
        arguments: [
            ("", "begin with redis://"),
            ("s3cret", "begin with redis://"),
            ("http://:s3cret@cache", "begin with redis://"),
            ("redis:s3cret@cache", "begin with redis://"),
            ("rediss://:s3cret@cache", "TLS"),
            ("redis://", "has no host"),
            ("redis://:s3cret@", "has no host"),
            ("redis://app:s3cret", "not a URL"),
            ("redis://s3cret@cache", "user without a password"),
            ("redis://:s3cret@cache:99999", "65535"),
            ("redis://:s3cret@cache/shop", "database is not a number"),
            ("redis://:s3cret@cache/-1", "at least 0"),
            ("redis://:s3cret@cache/0?db=1", "a query"),
            ("redis://:s3cret@cache/0#1", "a #"),
            ("redis://:12/s3cret@cache", "the path contains an @"),
            ("redis://:s3cret%zz@cache", "not a URL"),
            ("redis://:s3cret%ff@cache", "percent-encoded correctly"),
            ("unix://:s3cret@cache/run/redis.sock", "not a host"),
            ("unix://:s3cret@/run/redis.sock?database=1", "db=database"),
        ]
    )
    func refused(url: String, reason: String) throws {
        let error = try #require(#expect(throws: RedisError.self) { try RedisConfiguration(url: url) })
        #expect(error.code == .invalidConfiguration)
        #expect(error.description.contains(reason))
        #expect(error.description.contains("redis://user:password@host"))
        #expect(!error.description.contains("s3cret"))
    }

    @Test("A configuration is validated on connecting, before anything is sent.")
    func validatedOnConnecting() async throws {
        for (configuration, reason) in [
            (RedisConfiguration(host: ""), "host name is empty"), (RedisConfiguration(host: "a\0b"), "host name is empty"),
            (RedisConfiguration(port: 0), "65535"), (RedisConfiguration(user: "app"), "without a password"),
            (RedisConfiguration(database: -1), "at least 0"), (RedisConfiguration(commandTimeout: .zero), "above zero"),
            (RedisConfiguration(.unix(path: "/" + String(repeating: "x", count: 107))), "108 bytes"),
        ] {
            let error = try await failure { try await RedisConnection(configuration).initialize() }
            #expect(error.code == .invalidConfiguration)
            #expect(error.description.contains(reason))
        }
    }

    @Test("The description and the mirror do not contain the password.")
    func passwordIsNotDescribed() {
        let configuration = RedisConfiguration(host: "cache", user: "app", password: "s3cret")
        var dumped = ""
        dump([configuration], to: &dumped)
        let texts = ["\(configuration)", String(reflecting: configuration), "\([configuration])", dumped, "\(RedisClient(configuration))"]
        for text in texts { #expect(!text.contains("s3cret")) }
        #expect("\(configuration)" == "redis://app:***@cache:6379/0")
    }
}
