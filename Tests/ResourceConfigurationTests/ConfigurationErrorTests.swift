import Configuration
import HTTPResources
import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceConfiguration

#if Standard || SQLite
    import SQLiteResources
#endif

@Suite("Errors of configurations")
struct ConfigurationErrorTests {
    private static func reader(_ values: [AbsoluteConfigKey: ConfigValue]) -> ConfigReader {
        ConfigReader(provider: InMemoryProvider(name: "test", values: values))
    }

    @Test("An error names the key, the value, the accepted values, and the reader with its prefix.")
    func text() throws {
        let config = Self.reader(["orders.pool.maximum": 4, "orders.pool.acquireBudget": "30"]).scoped(to: "orders.pool")
        let error = #expect(throws: ConfigurationError.self) { try PoolConfiguration(config: config) }
        #expect(
            error?.description
                == "the value \"30\" of acquireBudget is not accepted: it must be a duration above zero, such as `500ms`, `30s`, `5m`, or `1h` "
                + "(read from ConfigReader[keyPrefix: orders.pool, providers: InMemoryProvider[test]])"
        )
        #expect(error?.key == "acquireBudget")
        #expect(error?.value == "30")
    }

    @Test("A required key that is missing is an error.")
    func missing() throws {
        let pool = #expect(throws: ConfigurationError.self) { try PoolConfiguration(config: Self.reader([:])) }
        #expect(pool?.description.hasPrefix("maximum is missing and has no default: set it to a whole number of at least 1 (") == true)
        #if Standard || SQLite
            let database = #expect(throws: ConfigurationError.self) { try SQLiteConfiguration(config: Self.reader([:])) }
            #expect(database?.key == "path")
        #endif
    }

    @Test("Defaults replace missing keys, required ones as well.")
    func defaults() throws {
        let defaults = PoolConfiguration(maximum: 12, acquireBudget: .seconds(3))
        let configuration = try PoolConfiguration(config: Self.reader(["minimumSize": 2]), defaults: defaults)
        #expect(configuration == PoolConfiguration(maximum: 12, minimumSize: 2, acquireBudget: .seconds(3)))
    }

    @Test(
        "A number where a text is expected, and a text where a number is expected, are errors with the value.",
        arguments: [
            ("maximum", ConfigValue(.string("many"), isSecret: false), "many"), ("maximum", ConfigValue(.int(0), isSecret: false), "0"),
            ("maximum", ConfigValue(.double(1.5), isSecret: false), "1.5"), ("acquireBudget", ConfigValue(.int(30), isSecret: false), "30"),
            ("whenEmpty", ConfigValue(.bool(true), isSecret: false), "true"),
            ("lifetimeJitter", ConfigValue(.double(0.75), isSecret: false), "0.75"),
        ]
    )
    func wrongType(key: String, value: ConfigValue, shown: String) throws {
        var values: [AbsoluteConfigKey: ConfigValue] = ["maximum": 1]
        values[AbsoluteConfigKey([key])] = value
        let config = Self.reader(values)
        let error = #expect(throws: ConfigurationError.self) { try PoolConfiguration(config: config) }
        #expect(error?.value == shown)
    }

    @Test("An error shows no secret.")
    func secrets() throws {
        let config = Self.reader(["pingURL": "hunter2"])
        let error = #expect(throws: ConfigurationError.self) { try HTTPConfiguration(config: config) }
        #expect(error?.value == nil)
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test("A finding that cannot be suppressed is an error with the reason.")
    func refused() throws {
        let config = Self.reader(["allow": ConfigValue(.stringArray(["books-unbalanced"]), isSecret: false)])
        let error = #expect(throws: ConfigurationError.self) { try FindingRules(config: config) }
        #expect(error?.description.contains("unbalanced books are always reported") == true)
    }

    @Test("A private key without a certificate is an error with the reason.")
    func keyWithoutCertificate() throws {
        let config = Self.reader(["tls.key": "key.pem"])
        let error = #expect(throws: ConfigurationError.self) { try HTTPConfiguration(config: config) }
        #expect(error?.key == "tls.key")
        #expect(error?.description.contains("it belongs to a certificate, and there is none") == true)
    }

    @Test("A file with a certificate and its private key needs no second key.")
    func certificate() throws {
        let config = Self.reader(["tls.certificate": "client.pem", "tls.minimumVersion": "tls13", "proxy": "none"])
        let configuration = try HTTPConfiguration(config: config)
        #expect(configuration.tls.clientCertificate == HTTPTLS.ClientCertificate(certificate: "client.pem", key: "client.pem"))
        #expect(configuration.tls.minimumVersion == .tls13)
        #expect(configuration.proxy == .none)
    }

    #if Standard || SQLite
        @Test("The pools of a database have their keys under the names of the pools.")
        func nested() throws {
            let configuration = try SQLiteConfiguration(
                config: Self.reader(["path": ":memory:", "readers.maximum": 8, "writer.acquireBudget": "2s"])
            )
            #expect(configuration.location == .memory)
            #expect(configuration.readers.maximum == 8)
            #expect(configuration.writer.maximum == 1)
            #expect(configuration.writer.acquireBudget == .seconds(2))
        }
    #endif

    @Test(
        "A duration is a number with a unit.",
        arguments: [
            ("500ms", Duration.milliseconds(500)), ("1.5s", .milliseconds(1500)), ("5m", .seconds(300)), ("5 min", .seconds(300)),
            ("2h", .seconds(7200)), ("1d", .seconds(86_400)), ("7us", .microseconds(7)), ("9ns", .nanoseconds(9)), ("0s", .zero),
            ("30", nil),
            ("", nil), ("s", nil), ("-1s", nil), ("1e3s", nil), ("1.2.3s", nil), ("five s", nil), ("100001h", nil), ("1 s 2", nil),
        ] as [(String, Duration?)]
    )
    func durations(text: String, expected: Duration?) {
        #expect(DurationSpelling.parse(text) == expected)
    }

    @Test(
        "A duration is shown in the largest unit that divides it.",
        arguments: [
            (Duration.zero, "0s"), (.seconds(600), "10m"), (.seconds(61), "61s"), (.milliseconds(1500), "1500ms"),
            (.microseconds(3), "3us"),
            (.nanoseconds(1), "1ns"),
        ]
    )
    func spelling(duration: Duration, expected: String) {
        #expect(DurationSpelling.text(duration) == expected)
        #expect(DurationSpelling.parse(expected) == duration)
    }
}
