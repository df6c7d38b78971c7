import ResourceContainer
import Testing

@Suite("Names without numbers")
struct ReplacingDigitsTests {
    @Test(
        "Every run of digits of a name becomes one star, and everything else stays.",
        arguments: [("a1b22c333", "a*b*c*"), ("431", "*"), ("", ""), ("request", "request"), ("tür-7-½", "tür-*-½")]
    )
    func replaced(name: String, result: String) {
        #expect(name.replacingDigits == result)
    }
}
