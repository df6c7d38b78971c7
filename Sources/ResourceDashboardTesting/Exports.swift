// The arguments of screens and sessions have these types, so a test that names them need not import ResourceDashboard.
@_exported import struct ResourceDashboard.DashboardView
@_exported import struct ResourceDashboard.Size
