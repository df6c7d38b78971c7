import ResourceContainer

extension Painter {
    /// Draws the use of a pool as a gauge of `width` cells in brackets: `[███▒▒░]`.
    mutating func gauge(of pool: PoolSample, x: Int, y: Int, width: Int) {
        self.text("[", x: x, y: y, width: 1, role: .textDim)
        self.canvas.drawGauge(
            [
                GaugePart(pool.leased, .used, self.theme.style(.gaugeUsed)),
                GaugePart(pool.idle, .idle, self.theme.style(.gaugeIdle)),
                GaugePart(max(0, pool.maximum - pool.leased - pool.idle), .free, self.theme.style(.gaugeFree)),
            ],
            x: x + 1,
            y: y,
            width: width
        )
        self.text("]", x: x + width + 1, y: y, width: 1, role: .textDim)
    }
}
