import Configuration
import FileResources
import HTTPResources
import ResourceContainer
import ResourceMonitoring
import Testing

@testable import ResourceConfiguration

#if Standard || SQLite
    import SQLiteResources
#endif
#if Postgres
    import PostgresResources
#endif
#if Redis
    import RedisResources
#endif

@Suite("Keys of configurations")
struct KeyTests {
    @Test("The table of the documentation lists exactly the keys that are read, with their accepted values and defaults.")
    func table() throws {
        let documented = try DocumentedKey.all().filter { !DocumentedKey.absent.contains($0.type) }
        #expect(documented == DocumentedKey.read)
        #expect(documented.count > 70)
        #expect(Set(documented.map { "\($0.type).\($0.key)" }).count == documented.count)
    }

    /// An accepted value that differs from every default, by the words of the table.
    private static func example(of key: DocumentedKey) -> ConfigValue? {
        if key.accepted.contains("duration") { return "1234ms" }
        if key.accepted.hasPrefix("a whole number") { return 7 }
        if key.accepted.hasPrefix("a number") { return 0.25 }
        if key.accepted == "`true` or `false`" { return ConfigValue(.bool(key.initial == "false"), isSecret: false) }
        switch key.key {
        case "headers": return ConfigValue(.stringArray(["X-Key: value"]), isSecret: true)
        case "tags": return ConfigValue(.stringArray(["team=orders"]), isSecret: false)
        case "allow": return ConfigValue(.stringArray(["never-used:Cache*"]), isSecret: false)
        case "url": return key.type == "RedisConfiguration" ? "redis://:p@h:7/7" : "postgres://u:p@h:7/d"
        case "pingURL": return "https://health.example/live"
        default: break
        }
        // The other values are words, of which the table lists all, and texts.
        let words = key.accepted.components(separatedBy: "`").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
        if key.accepted.hasPrefix("`") { return words.first { $0 != key.initial }.map { ConfigValue(.string($0), isSecret: false) } }
        return "example"
    }

    /// Reads the struct of a key from a configuration with its required keys and, if there is an example, the value of the key.
    private static func text(of key: DocumentedKey, _ example: ConfigValue?) throws -> String {
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        switch key.type {
        case "PoolConfiguration": values["maximum"] = 9
        case "SQLiteConfiguration": values["path"] = "a.sqlite"
        case "PostgresConfiguration": values["host"] = "h"
        case "HTTPConfiguration" where key.key.hasPrefix("tls."): values["tls.certificate"] = "c.pem"
        default: break
        }
        if let example { values[AbsoluteConfigKey(ConfigKey(key.key))] = example }
        let config = ConfigReader(provider: InMemoryProvider(values: values))
        func shown<Root>(_ settings: [Setting<Root>], _ root: Root) -> String {
            settings.map { $0.shown(root) }.joined(separator: "; ")
        }
        switch key.type {
        case "PoolConfiguration": return shown(PoolConfiguration.settings, try PoolConfiguration(config: config))
        #if Standard || SQLite
            case "SQLiteConfiguration": return shown(SQLiteConfiguration.settings, try SQLiteConfiguration(config: config))
        #endif
        case "FileStoreConfiguration": return shown(FileStoreConfiguration.settings, try FileStoreConfiguration(config: config))
        case "HTTPConfiguration": return shown(HTTPConfiguration.settings, try HTTPConfiguration(config: config))
        case "ContainerOptions": return shown(ContainerOptions.settings, try ContainerOptions(config: config))
        case "BindingOptions": return shown(BindingOptions.settings, try BindingOptions(config: config))
        case "FindingRules": return shown(FindingRules.settings, try FindingRules(config: config))
        case "HealthPolicy": return shown(HealthPolicy.settings, try HealthPolicy(config: config))
        #if Postgres
            // A password and parameters cannot be read. They are part of the hash.
            case "PostgresConfiguration": return "\(try PostgresConfiguration(config: config).hashValue)"
        #endif
        #if Redis
            case "RedisConfiguration": return "\(try RedisConfiguration(config: config).hashValue)"
        #endif
        default: throw UnknownType(type: key.type)
        }
    }

    private struct UnknownType: Error {
        let type: String
    }

    @Test("Every documented key is read and changes its struct.", arguments: try DocumentedKey.all())
    func keys(key: DocumentedKey) throws {
        if DocumentedKey.absent.contains(key.type) { return }
        let example = try #require(Self.example(of: key))
        let (plain, changed) = (try Self.text(of: key, nil), try Self.text(of: key, example))
        #expect(changed != plain, "\(key.type).\(key.key)")
    }

    @Test(
        "A value of the wrong type or out of range is an error for every key that does not accept any text.",
        arguments: try DocumentedKey.all()
    )
    func wrongValues(key: DocumentedKey) throws {
        if DocumentedKey.absent.contains(key.type) { return }
        let isText =
            key.accepted.hasPrefix("a text") || key.accepted.hasPrefix("the ") || key.accepted.hasPrefix("a name")
            || key.accepted.hasPrefix("an encryption")
        let wrong: ConfigValue = isText && key.key != "pingURL" ? 5 : "nonsense"
        let error = #expect(throws: ConfigurationError.self) { try Self.text(of: key, wrong) }
        #expect(error?.key == key.key)
        #expect(error?.description.contains(key.key) == true)
    }
}
