import Testing

@testable import ResourceExport

@Suite("Addresses to listen at")
struct ListenAddressTests {
    @Test(
        "An address is a number of an interface and a port.",
        arguments: [
            ("127.0.0.1:9464", "127.0.0.1:9464", true), ("localhost:0", "127.0.0.1:0", true), ("[::1]:80", "[::1]:80", true),
            ("0.0.0.0:9464", "0.0.0.0:9464", false), ("[::]:1", "[::]:1", false), ("127.1.2.3:1", "127.1.2.3:1", true),
        ]
    )
    func addresses(text: String, written: String, isLoopback: Bool) throws {
        let address = try ListenAddress(parsing: text)
        #expect("\(address)" == written)
        #expect(address.isLoopback == isLoopback)
    }

    @Test(
        "Other texts are refused, with the form of an address.",
        arguments: [
            "", "9464", ":9464", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "web1:9464", "::1:80", "[::1]", "[x]:1",
            "1.2.3:4",
        ]
    )
    func refused(text: String) {
        let fault = #expect(throws: ListenAddress.Fault.self) { try ListenAddress(parsing: text) }
        #expect(fault?.description == "'\(text)' is not ADDRESS:PORT, such as 127.0.0.1:9464 or [::1]:9464")
    }
}
