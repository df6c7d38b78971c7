/// Something a scenario makes go wrong.
struct Mishap: Error, CustomStringConvertible {
    let description: String
}
