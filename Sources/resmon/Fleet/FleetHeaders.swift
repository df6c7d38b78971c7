import Foundation
import ResourceFleet

/// The headers of the requests to a server, from `--header` and `--token-file`.
///
/// Values in files are read for every table, because tokens are replaced while a screen is open. No error contains a value.
struct FleetHeaders: Sendable, Equatable {
    private enum Value: Sendable, Equatable {
        case text(String)
        case file(String)
        case bearer(String)
    }

    private struct Header: Sendable, Equatable {
        var name: String
        var value: Value
    }

    private var headers: [Header] = []

    /// The largest size of a file with a value, in bytes.
    private static let limit = 64 << 10

    /// Parses the values of `--header` and `--token-file`, and reads the files once.
    init(_ texts: [String], tokenFile: String?) throws(UsageFault) {
        for text in texts {
            guard let colon = text.firstIndex(of: ":"), colon > text.startIndex else {
                throw UsageFault("--header: a header is 'Name: value', or 'Name: @FILE' to read its value from a file")
            }
            let name = String(text[..<colon])
            let value = text[text.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            try self.add(name, value.hasPrefix("@") ? .file(String(value.dropFirst())) : .text(value), "--header")
        }
        if let tokenFile { try self.add("Authorization", .bearer(tokenFile), "--token-file") }
        do {
            _ = try self.read()
        } catch {
            throw UsageFault(error.description)
        }
    }

    private mutating func add(_ name: String, _ value: Value, _ option: String) throws(UsageFault) {
        let isToken = name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        guard isToken else { throw UsageFault("--header: the name of a header has no blanks and no characters outside of ASCII") }
        guard !self.headers.contains(where: { $0.name.lowercased() == name.lowercased() }) else {
            throw UsageFault("\(option): the header \(name) is given twice")
        }
        self.headers.append(Header(name: name, value: value))
    }

    /// Returns the headers with their values.
    func read() throws(FleetFault) -> [String: String] {
        var values: [String: String] = [:]
        for header in self.headers {
            switch header.value {
            case .text(let text): values[header.name] = text
            case .file(let path): values[header.name] = try Self.contents(of: path, for: header.name)
            case .bearer(let path): values[header.name] = "Bearer \(try Self.contents(of: path, for: header.name))"
            }
        }
        return values
    }

    private static func contents(of path: String, for name: String) throws(FleetFault) -> String {
        let text: String
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            let bytes = try file.read(upToCount: self.limit + 1) ?? Data()
            text = bytes.count > self.limit ? "" : String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        } catch {
            throw FleetFault("the value of the header \(name) cannot be read from \(path): \(Program.words(error))")
        }
        guard !text.isEmpty, !text.contains(where: \.isNewline) else {
            throw FleetFault("the value of the header \(name) in \(path) is not one line")
        }
        return text
    }
}
