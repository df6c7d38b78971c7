/// The dates of HTTP headers.
enum HTTPDate {
    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]

    /// Returns the seconds from 1970 to the date of `text`; nil if `text` is not a date.
    ///
    /// RFC 9110, section 5.6.7, has three formats: `Sun, 06 Nov 1994 08:49:37 GMT`, and the obsolete `Sunday, 06-Nov-94 08:49:37 GMT` and
    /// `Sun Nov  6 08:49:37 1994`. A year of two digits is from 1970 to 2069.
    static func seconds(_ text: String) -> Int64? {
        // Longer texts are no dates.
        guard text.utf8.count < 64 else { return nil }
        let parts = text.lowercased().split { $0 == " " || $0 == "," || $0 == "-" }
        let isObsolete = parts.count == 5
        guard isObsolete || (parts.count == 6 && parts[5] == "gmt") else { return nil }
        let (day, month, year, time) = isObsolete ? (parts[2], parts[1], parts[4], parts[3]) : (parts[1], parts[2], parts[3], parts[4])
        guard let day = Self.number(day), let month = Self.months.firstIndex(of: String(month)), let year = Self.year(year) else {
            return nil
        }
        let clock = time.split(separator: ":", omittingEmptySubsequences: false).compactMap(Self.number)
        guard clock.count == 3, clock[0] < 24, clock[1] < 60, clock[2] <= 60 else { return nil }
        guard 1...Self.lastDay(ofMonth: month, year) ~= day else { return nil }
        return Self.days(year, month, day) * 86400 + clock[0] * 3600 + clock[1] * 60 + clock[2]
    }

    /// The number of at most four digits in `text`; nil if there is anything else.
    private static func number(_ text: Substring) -> Int64? {
        guard text.utf8.count <= 4, text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else { return nil }
        return Int64(text)
    }

    private static func year(_ text: Substring) -> Int64? {
        guard let number = Self.number(text) else { return nil }
        if text.utf8.count == 2 { return number < 70 ? 2000 + number : 1900 + number }
        return text.utf8.count == 4 ? number : nil
    }

    private static func lastDay(ofMonth month: Int, _ year: Int64) -> Int64 {
        let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month]
    }

    /// The days from 1970-01-01 to a date of the Gregorian calendar. Months begin at 0.
    private static func days(_ year: Int64, _ month: Int, _ day: Int64) -> Int64 {
        // Years begin in March here, so that the leap day is the last day of a year.
        let shifted = month < 2 ? year - 1 : year
        let monthSinceMarch = Int64(month < 2 ? month + 10 : month - 2)
        let century = shifted >= 0 ? shifted / 400 : -1
        let yearOfEra = shifted - century * 400
        let dayOfYear = (153 * monthSinceMarch + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return century * 146_097 + dayOfEra - 719_468
    }
}
