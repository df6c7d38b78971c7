import Foundation
import Testing

/// Code that the compiler must refuse. Each snippet is compiled separately against the built module, up to the checks of noncopyable types.
@Suite("Call forms that must not compile")
struct RefusedFormsTests {
    private static let cases: [(name: String, code: String, error: String)] = [
        ("a synchronous get without try", "func f(_ s: Scope) -> Int { s.get(Int.self) }", "call can throw"),
        ("a type that is not Sendable", "class C {}\nfunc f(_ c: Container) throws { try c.bind(C.self) { C() } }", "Sendable"),
        (
            "a closure that returns another type", "func f(_ c: Container) throws { try c.bind(Int.self) { \"text\" } }",
            "cannot convert value of type 'String'"
        ),
        (
            "a fallback of another type without a conversion",
            "func f(_ c: Container) throws { try c.bind(Bind(Int.self) { 1 }.fallback(to: ResourceKey(String.self))) }",
            "cannot convert value"
        ),
        (
            "a lease that is released twice",
            "func f(_ p: ResourcePool<Int>) async throws { let l = try await p.acquire(); l.release(); l.release() }",
            "consumed more than once"
        ),
        (
            "a lease that is used after its release",
            "func f(_ p: ResourcePool<Int>) async throws -> Int { let l = try await p.acquire(); l.release(); return l.element }",
            "used after consume"
        ),
        (
            "a lease that is copied",
            "func f(_ p: ResourcePool<Int>) async throws { let l = try await p.acquire(); let a = [l]; _ = a }",
            "Copyable"
        ),
    ]

    @Test("The compiler refuses an invalid call form.", arguments: Self.cases.indices)
    func refused(index: Int) throws {
        let (name, code, expected) = Self.cases[index]
        let output = try Self.typeCheck("import ResourceContainer\n" + code)
        #expect(output.status != 0, "\(name) was accepted")
        #expect(output.text.contains("error:"), "\(name): \(output.text)")
        #expect(output.text.contains(expected), "\(name): \(output.text)")
    }

    @Test("The compiler accepts the valid form that corresponds to each refused one.")
    func accepted() throws {
        let code = """
            import ResourceContainer
            func get(_ s: Scope) throws -> Int { try s.get(Int.self) }
            final class C: Sendable {}
            func bind(_ c: Container) throws {
                try c.bind(C.self) { C() }
                try c.bind(Bind(Int.self) { 1 }.fallback(to: ResourceKey(String.self)) { $0.count })
            }
            func lease(_ p: ResourcePool<Int>) async throws -> Int { let l = try await p.acquire(); let e = l.element; l.release(); return e }
            """
        let output = try Self.typeCheck(code)
        #expect(output.status == 0, "\(output.text)")
    }

    private static func typeCheck(_ code: String) throws -> (status: Int32, text: String) {
        let directory = FileManager.default.temporaryDirectory.appending(path: "resmon-forms-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let file = directory.appending(path: "form.swift")
        try code.write(to: file, atomically: true, encoding: .utf8)

        // The test bundle is in the same directory as the modules.
        let products = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "swiftc", "-emit-sil", "-o", "/dev/null", "-swift-version", "6", "-parse-as-library", "-I",
            products.appending(path: "Modules").path, file.path,
        ]
        let pipe = Pipe()
        process.standardError = pipe
        process.standardOutput = pipe
        try process.run()
        let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }
}
