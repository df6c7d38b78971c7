import Testing

/// The entry point of the tests.
///
/// The package manager would otherwise generate one from the index of the sources, and the index takes a seventh of a build's time. All
/// tests use Swift Testing, which finds them without it.
@main
enum TestRun {
    static func main() async {
        await Testing.__swiftPMEntryPoint() as Never
    }
}
