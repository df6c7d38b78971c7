import ResourceSimulation
import Testing

@testable import ResourceFleet

@Suite("Answers of the Prometheus API")
struct PrometheusAnswerTests {
    private static func read(_ text: String, _ shape: PrometheusAnswer.Shape = .vector, labels: [String] = ["job", "instance"])
        throws(FleetFault)
        -> PrometheusAnswer
    {
        try PrometheusAnswer(Array(text.utf8), shape, labels: labels)
    }

    private static func fault(_ text: String, _ shape: PrometheusAnswer.Shape = .vector) -> String? {
        do throws(FleetFault) {
            _ = try self.read(text, shape)
            return nil
        } catch {
            return error.description
        }
    }

    private static func success(_ result: String) -> String {
        #"{"status":"success","data":{"resultType":"vector","result":\#(result)}}"#
    }

    @Test("The answer to a query for an instant has the requested labels, the values, and the warnings.")
    func vector() throws {
        let answer = try Self.read(
            """
            {"status":"success","infos":["counter is a gauge"],"data":{"result":[
              {"metric":{"__name__":"x","instance":"web1:1","job":"a\\"b\\u00e9"},"value":[1767268800.123,"12.5"]},
              {"value":[1,"NaN"],"metric":{}},{"metric":{"job":"j"},"value":[1,"+Inf"]},{"metric":{"job":"h"},"histogram":[1,{"count":"2"}]}
            ],"resultType":"vector"},"warnings":["partial response"]}
            """
        )
        #expect(answer.series.map(\.labels) == [["a\"bé", "web1:1"], ["", ""], ["j", ""]])
        #expect(answer.series[0].points == [PrometheusAnswer.Point(time: 1_767_268_800.123, value: 12.5)])
        #expect(answer.series[1].points[0].value.isNaN)
        #expect(answer.series[2].points[0].value == .infinity)
        #expect(answer.warnings == ["counter is a gauge", "partial response"])
    }

    @Test("The answer to a query for a range has all points of a series.")
    func matrix() throws {
        let text = #"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"job":"a"},"values":[[1,"2"],[3,"4"]]}]}}"#
        let answer = try Self.read(text, .matrix)
        #expect(answer.series[0].points.map(\.time) == [1, 3])
        #expect(answer.series[0].points.map(\.value) == [2, 4])
    }

    @Test("An error of the server is the fault, with its kind.")
    func error() {
        let fault = Self.fault(#"{"status":"error","errorType":"bad_data","error":"parse error at char 3"}"#)
        #expect(fault == "bad_data: parse error at char 3")
        #expect(Self.fault(#"{"status":"error"}"#) == "the server reports an error without a text")
    }

    @Test(
        "An answer with values of other types, without its parts, or that is no JSON of the API is a fault of one line.",
        arguments: [
            "", "nil", "<html>busy</html>", "[]", "{}", #"{"status":"fine"}"#, #"{"status":1}"#, #"{"status":"success"}"#,
            #"{"status":"success","data":[]}"#, #"{"status":"success","data":{"resultType":"scalar","result":[1,"2"]}}"#,
            #"{"status":"success","data":{"resultType":"vector"}}"#, #"{"status":"success","data":{"result":[]}}"#,
            #"{"status":"success","data":{"resultType":"vector","result":[]}} x"#,
            #"{"status":"success","warnings":"all","data":{"resultType":"vector","result":[]}}"#, Self.success("{}"), Self.success("[1]"),
            Self.success(#"[{"metric":[],"value":[1,"2"]}]"#), Self.success(#"[{"metric":{"job":7},"value":[1,"2"]}]"#),
            Self.success(#"[{"metric":{},"value":[1,2]}]"#), Self.success(#"[{"metric":{},"value":["now","2"]}]"#),
            Self.success(#"[{"metric":{},"value":[1,"two"]}]"#), Self.success(#"[{"metric":{},"value":[1]}]"#),
            Self.success(#"[{"metric":{},"value":[1,"2",3]}]"#),
            Self.success(#"[{"metric":{},"value":[1,"2"]}"#), Self.success(#"[{"metric":{"job":"\ud800"},"value":[1,"2"]}]"#),
            "{\"status\":\"succ",
            "{\"status\":\"\\", "\u{0}\u{0}{",
        ]
    )
    func wrong(text: String) {
        let fault = Self.fault(text)
        #expect(fault != nil)
        #expect(fault?.contains("\n") == false)
    }

    @Test("A nesting of any depth does not end the program.")
    func deep() {
        let deep = String(repeating: "[", count: 1_000_000)
        #expect(Self.fault(#"{"status":"success","data":\#(deep)"#) != nil)
        let closed = deep + String(repeating: "]", count: 1_000_000)
        #expect(Self.fault(#"{"status":"success","extra":\#(closed),"data":{"resultType":"vector","result":[]}}"#) == nil)
    }

    @Test("A number beyond the range of Double is infinite, and a text of the server is cut.")
    func huge() throws {
        let answer = try Self.read(Self.success(#"[{"metric":{},"value":[1,"1e999"]}]"#))
        #expect(answer.series[0].points[0].value == .infinity)
        let long = String(repeating: "x", count: 100_000)
        let fault = try #require(Self.fault(#"{"status":"error","error":"\#(long)"}"#))
        #expect(fault.count == 300)
    }

    @Test("The words of a server are one line without control characters.")
    func lines() throws {
        let fault = try #require(Self.fault(#"{"status":"error","errorType":"bad_data","error":"at \u001b[31m char 3\nline 2"}"#))
        #expect(fault.unicodeScalars.allSatisfy { $0.value >= 0x20 })
        let text = #"{"status":"success","data":{"resultType":"vector","result":[]},"warnings":["one\ntwo\r\u0007"]}"#
        let warnings = try PrometheusAnswer(Array(text.utf8), .vector, labels: []).warnings
        #expect(warnings.count == 1)
        #expect(warnings.allSatisfy { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 } })
        let type = try #require(Self.fault(#"{"status":"success","data":{"resultType":"a\nb","result":[]}}"#))
        #expect(!type.contains("\n"))
    }

    @Test("No change of the bytes of an answer crashes the reader.", arguments: 0..<50)
    func mutated(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let text = Self.success(
            #"[{"metric":{"job":"a\"b","instance":"web1:1"},"value":[1767268800.123,"12.5"]},{"metric":{},"value":[1,"NaN"]}]"#
        )
        for _ in 0..<200 {
            var bytes = Array(text.utf8)
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let index = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[index] = UInt8.random(in: .min ... .max, using: &random)
                case 1: bytes.remove(at: index)
                default: bytes.insert(bytes[Int.random(in: bytes.indices, using: &random)], at: index)
                }
                if bytes.isEmpty { break }
            }
            let answer = try? PrometheusAnswer(bytes, .vector, labels: ["job"])
            #expect(answer?.series.allSatisfy { $0.labels.count == 1 } ?? true)
        }
    }
}
