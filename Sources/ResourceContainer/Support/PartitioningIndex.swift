extension RandomAccessCollection {
    /// Returns the first index whose element satisfies `predicate`, in a collection whose elements that satisfy it all come last.
    ///
    /// Returns `endIndex` if no element satisfies it. O(log n).
    @inlinable
    package func partitioningIndex<Failure: Error>(where predicate: (Element) throws(Failure) -> Bool) throws(Failure) -> Index {
        var (low, count) = (self.startIndex, self.count)
        while count > 0 {
            let half = count / 2
            let middle = self.index(low, offsetBy: half)
            if try predicate(self[middle]) {
                count = half
            } else {
                low = self.index(after: middle)
                count -= half + 1
            }
        }
        return low
    }
}
