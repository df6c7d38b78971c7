import Configuration
import FileResources
import Foundation
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

/// A row of the table of keys.
struct DocumentedKey: Hashable {
    var type: String
    var key: String
    var accepted: String
    /// The default without backticks; nil for a required key.
    var initial: String?

    /// The rows of the table in the documentation.
    static func all() throws -> [DocumentedKey] {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Sources/ResourceConfiguration/ResourceConfiguration.docc/Keys.md")
        return try String(contentsOf: page, encoding: .utf8).components(separatedBy: "\n").compactMap { line in
            let cells = line.components(separatedBy: " | ")
            guard cells.count == 4, cells[0].hasPrefix("| `") else { return nil }
            func plain(_ cell: String) -> String {
                cell.replacing("`", with: "").replacing("|", with: "").trimmingCharacters(in: .whitespaces)
            }
            let initial = plain(cells[3])
            return DocumentedKey(
                type: plain(cells[0]),
                key: plain(cells[1]),
                accepted: cells[2],
                initial: initial == "required" ? nil : initial
            )
        }
    }

    /// The keys that the initializers read, in the order of the table, without the structs whose traits are off.
    static var read: [DocumentedKey] {
        var keys = Self.keys("PoolConfiguration", PoolConfiguration.settings, PoolConfiguration(maximum: 1), required: ["maximum"])
        #if Standard || SQLite
            keys += Self.keys("SQLiteConfiguration", SQLiteConfiguration.settings, SQLiteConfiguration(.memory), required: ["path"])
        #endif
        keys += Self.keys("FileStoreConfiguration", FileStoreConfiguration.settings, FileStoreConfiguration())
        keys += Self.keys("HTTPConfiguration", HTTPConfiguration.settings, HTTPConfiguration())
        #if Postgres
            keys += [PostgresConfiguration.url, PostgresConfiguration.password, PostgresConfiguration.sslMode].map {
                DocumentedKey(type: "PostgresConfiguration", key: $0.key, accepted: $0.accepted, initial: "none")
            }
            keys += Self.keys("PostgresConfiguration", PostgresConfiguration.settings, PostgresConfiguration(host: "h"), required: ["host"])
        #endif
        #if Redis
            let url = RedisConfiguration.url
            keys += [DocumentedKey(type: "RedisConfiguration", key: url.key, accepted: url.accepted, initial: "none")]
            keys += Self.keys("RedisConfiguration", RedisConfiguration.settings, RedisConfiguration())
        #endif
        keys += Self.keys("ContainerOptions", ContainerOptions.settings, ContainerOptions())
        keys += Self.keys("BindingOptions", BindingOptions.settings, BindingOptions())
        keys += Self.keys("FindingRules", FindingRules.settings, FindingRules())
        keys += Self.keys("HealthPolicy", HealthPolicy.settings, HealthPolicy())
        return keys
    }

    /// The structs that are compiled only with a trait, which is off.
    static var absent: Set<String> {
        var absent: Set<String> = []
        #if !(Standard || SQLite)
            absent.insert("SQLiteConfiguration")
        #endif
        #if !Postgres
            absent.insert("PostgresConfiguration")
        #endif
        #if !Redis
            absent.insert("RedisConfiguration")
        #endif
        return absent
    }

    private static func keys<Root>(
        _ type: String,
        _ settings: [Setting<Root>],
        _ root: Root,
        required: Set<String> = []
    ) -> [DocumentedKey] {
        settings.map { setting in
            let key = setting.text.key
            let initial = required.contains(key) ? nil : setting.shown(root)
            return DocumentedKey(type: type, key: key, accepted: setting.text.accepted, initial: initial)
        }
    }
}
