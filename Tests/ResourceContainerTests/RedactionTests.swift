import ResourceContainer
import ResourceSimulation
import Testing

@Suite("Redaction of passwords in texts")
struct RedactionTests {
    @Test(
        "Passwords of URLs, connection strings, and queries are replaced, and nothing else changes.",
        arguments: [
            ("postgres://app:s3cret@db.local:5432/shop", "postgres://app:***@db.local:5432/shop"),
            (
                "could not connect to redis://:s3cret@127.0.0.1:6379, is it up?",
                "could not connect to redis://:***@127.0.0.1:6379, is it up?"
            ),
            ("https://a:s3cret@x/1 and https://b:s3cret@y/2", "https://a:***@x/1 and https://b:***@y/2"),
            ("postgres://app:s3@cret@db/shop", "postgres://app:***@db/shop"),
            ("postgres://app:s3/cret?#@db/shop", "postgres://app:***@db/shop"),
            ("\"amqp://u:s3cret@h\"", "\"amqp://u:***@h\""),
            ("host=db password=s3cret user=app", "host=db password=*** user=app"),
            ("host=db password = 's3 \\'cret' user=app", "host=db password = '***' user=app"),
            ("https://db/shop?user=app&password=s3cret&ssl=on", "https://db/shop?user=app&password=***&ssl=on"),
            ("Server=db;PWD=s3cret;Timeout=3", "Server=db;PWD=***;Timeout=3"),
            ("https://db:5432/~a@b", "https://db:5432/~a@b"),
            ("https://app@db/shop", "https://app@db/shop"),
            ("http://[::1]:80/a@b", "http://[::1]:80/a@b"),
            ("mail to a:b@example.org, a = b", "mail to a:b@example.org, a = b"),
            ("://:@ password= ", "://:***@ password= "),
            ("é://ü:ß@ö", "é://ü:***@ö"),
        ]
    )
    func known(text: String, expected: String) {
        #expect(text.withoutPasswords == expected)
        #expect(text.withoutPasswords.withoutPasswords == text.withoutPasswords)
    }

    @Test("A password is replaced in any surrounding text.", arguments: 0..<50 as Range<UInt64>)
    func random(seed: UInt64) {
        var numbers = SeededRandom(seed: seed)
        let parts = ["@", ":", "/", "://", "?", "#", " ", "=", "password", "'", "\"", "é", "x", "0", "[", "]", "&", "%40"]
        func noise(_ without: Set<String> = []) -> String {
            let allowed = parts.filter { !without.contains($0) }
            return (0..<Int.random(in: 0...6, using: &numbers)).map { _ in allowed.randomElement(using: &numbers) ?? "" }.joined()
        }
        for _ in 0..<200 {
            // Spaces and quotes end a URL. Every other character of a password is replaced with it.
            let secret = "QZ" + noise([" ", "'", "\"", "/", "?", "#", "://", "password"]) + "QZ"
            let text = noise() + " postgres://app:\(secret)@db/" + noise()
            #expect(!text.withoutPasswords.contains("QZ"), "\(text) became \(text.withoutPasswords)")
        }
    }
}
