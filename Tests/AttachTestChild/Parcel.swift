import ResourceContainer

/// A resource that does nothing.
final class Parcel: SyncResource {}
