import PostgresResources
import Testing

@Suite("PostgreSQL configurations")
struct ConfigurationTests {
    @Test("A URL sets the parameters that libpq reads.")
    func url() throws {
        let url = "postgresql://sh%40p:pa%2Fss@db.example:6543/or%20ders?sslmode=require&application_name=checkout&connect_timeout=3"
        let configuration = try PostgresConfiguration(url: url)
        #expect(configuration.host == "db.example")
        #expect(configuration.port == 6543)
        #expect(configuration.user == "sh@p")
        #expect(configuration.database == "or ders")
        #expect(configuration.applicationName == "checkout")
        #expect(configuration.connectTimeout == .seconds(3))
        #expect(configuration.address == "db.example:6543/or ders")
        let short = try PostgresConfiguration(url: "postgres://[::1]")
        #expect(short.host == "::1")
        #expect(short.port == 5432)
        #expect(short.user == nil)
        #expect(short.applicationName == "resmon")
        #expect(short.connectTimeout == .seconds(10))
        #expect(short.statementTimeout == .seconds(30))
        #expect(short.address == "[::1]:5432/")
        #expect(try PostgresConfiguration(url: "postgres://%2Fvar%2Frun/x").host == "/var/run")
        #expect(try PostgresConfiguration(url: "postgres://a:b?c#d@h/x").host == "h")
    }

    @Test("No description of a configuration contains its password.")
    func secret() throws {
        let configurations = [
            try PostgresConfiguration(url: "postgres://shop:hunter2@db/orders?sslpassword=hunter2"),
            PostgresConfiguration(host: "db", user: "shop", password: "hunter2", database: "orders"),
        ]
        for configuration in configurations {
            #expect(configuration.description == "postgres://shop@db:5432/orders")
            var text = "\(configuration) \(String(reflecting: configuration)) \([configuration]) \(Optional(configuration) as Any)"
            dump(configuration, to: &text)
            #expect(!text.contains("hunter2"))
        }
        #expect(configurations[1] != PostgresConfiguration(host: "db", user: "shop", password: "hunter3", database: "orders"))
    }

    @Test(
        "An invalid URL is refused with a reason that contains no secrets.",
        arguments: [
            ("", "begin with postgres://"),
            ("mysql://app:hunter2@db/x", "begin with postgres://"),
            ("host=db password=hunter2", "begin with postgres://"),
            ("postgres://app:hun@ter2@db/x", "written as %40"),
            ("postgres://app:ter2/@db/x", "written as %40"),
            ("postgres://app:hun@\u{301}ter2@db/x", "written as %40"),
            ("postgres://app:12/hunter2@db/x", "written as %40"),
            ("postgres://app:hunter2%zz@db/x", "two hexadecimal digits"),
            ("postgres://app:hunter2%00@db/x", "two hexadecimal digits"),
            ("postgres://app:hunter2%zz", "from 1 to 65535"),
            ("postgres://app:hunter2@db:port/x", "from 1 to 65535"),
            ("postgres://app:hunter2@db:0/x", "from 1 to 65535"),
            ("postgres://app:hunter2@db:65536/x", "from 1 to 65535"),
            ("postgres://app:hunter2@[::1/x", "matching \"]\""),
            ("postgres://app:hunter2@db/x?nosuch=hunter2", "nosuch"),
            ("postgres://app:hunter2@db/x?hunter2", "parameter 1 after the ?"),
            ("postgres://app:hunter2@db/x?sslmode=disable&a=b=hunter2", "parameter 2 after the ?"),
            ("postgres://app:hunter2@db/x?password=hunter2%zz", "two hexadecimal digits"),
            ("postgres://app:hunter2@db/x?connect_timeout=soon", "connect_timeout"),
            ("postgres://app:hunter2@db/x?client_encoding=LATIN1", "client_encoding"),
            ("postgres://app:hunter2@db/x?service=hunter2", "service"),
            ("postgres://app:hunter2@a,b/x", "one host"),
            ("postgres://app:hunter2@db/x\0y", "NUL"),
        ]
    )
    func refused(url: String, reason: String) throws {
        let error = try #require(throws: PostgresError.self) { try PostgresConfiguration(url: url) }
        #expect(error.code == .invalidConfiguration)
        #expect(error.description.contains(reason), "\(error)")
        #expect(!error.description.contains("hunter2"))
        #expect(!error.description.contains("ter2"))
    }
}
