import CHDF5

/// A named link in a group, not followed.
public struct Link: Sendable, Equatable {
  /// Where a link points.
  public enum Kind: String, Sendable { case hard, soft, external, other }
  public var name: String
  public var kind: Kind
}

/// What a hard link leads to.
public enum Object: Sendable {
  case group(Group)
  case dataset(Dataset)
  case namedType
}

/// A folder of groups and datasets.
public struct Group: Sendable {
  let handle: Handle
  public let location: Location

  public var attributes: Attributes { Attributes(handle: handle, location: location) }

  /// All links in alphabetical order; none is followed.
  public func links() throws -> [Link] {
    try Library.synchronized(handle) { _, id in
      var info = H5G_info_t()
      try check(H5Gget_info(id, &info), "list the group", location)
      return try (0..<info.nlinks).map { index in
        let length = try check(
          H5Lget_name_by_idx(id, ".", H5_INDEX_NAME, H5_ITER_INC, index, nil, 0, chdf5_default()), "list the group", location)
        var bytes = [CChar](repeating: 0, count: length + 1)
        try check(
          H5Lget_name_by_idx(id, ".", H5_INDEX_NAME, H5_ITER_INC, index, &bytes, length + 1, chdf5_default()), "list the group", location)
        var kind: Int32 = -1
        try check(chdf5_link_type(id, bytes, &kind), "look at a link", location)
        let kinds: [Int32: Link.Kind] = [0: .hard, 1: .soft, 64: .external]
        return Link(name: String(decoding: bytes.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self), kind: kinds[kind] ?? .other)
      }
    }
  }

  /// Names of the links, sorted as HDF5 keeps them.
  public func names() throws -> [String] { try links().map(\.name) }

  /// Whether every link of the slash-separated `path` exists.
  public func contains(_ path: String) throws -> Bool {
    try Library.synchronized(handle) { _, id in
      var prefix = ""
      for part in path.split(separator: "/") {
        prefix += (prefix.isEmpty ? "" : "/") + part
        if try check(H5Lexists(id, prefix, chdf5_default()), "look for \(prefix)", location) == 0 { return false }
      }
      return true
    }
  }

  /// What lies at the slash-separated `path`; throws `missing` with the names there are.
  public func object(_ path: String) throws -> Object {
    guard try contains(path) else { throw HDF5Error.missing(place(path), available: try names()) }
    return try Library.synchronized(handle) { _, id in
      let object = try check(H5Oopen(id, path, chdf5_default()), "open", place(path))
      switch H5Iget_type(object) {
      case H5I_GROUP: return .group(Group(handle: Handle(object, H5Oclose), location: place(path)))
      case H5I_DATASET: return .dataset(try Dataset(owning: object, place(path)))
      default:
        _ = H5Oclose(object)
        return .namedType
      }
    }
  }

  /// The group at `path`; throws where there is none.
  public func group(_ path: String) throws -> Group {
    guard case .group(let group) = try object(path) else {
      throw HDF5Error.wrongType(place(path), found: "a dataset or a type", expected: "a group")
    }
    return group
  }

  /// The dataset at `path`; throws where there is none.
  public func dataset(_ path: String) throws -> Dataset {
    guard case .dataset(let dataset) = try object(path) else {
      throw HDF5Error.wrongType(place(path), found: "a group or a type", expected: "a dataset")
    }
    return dataset
  }

  /// How many hard links lead to this group.
  public func referenceCount() throws -> Int {
    try Library.synchronized(handle) { _, id in
      var count: UInt32 = 0
      try check(chdf5_reference_count(id, &count), "look at the group", location)
      return Int(count)
    }
  }

  /// Creates a group, and those between, of the slash-separated `path`.
  public func createGroup(_ path: String) throws -> Group {
    try createParents(of: path)
    return try Library.synchronized(handle) { scope, id in
      let links = try linkProperties(&scope)
      let creation = try scope.keep(H5Pcreate(chdf5_group_create_class()), H5Pclose, "describe a group", location)
      try check(H5Pset_obj_track_times(creation, false), "turn time stamps off", location)
      let group = try check(H5Gcreate2(id, path, links, creation, chdf5_default()), "create the group", place(path))
      return Group(handle: Handle(group, H5Gclose), location: place(path))
    }
  }

  /// Creates a numeric dataset; booleans become uint8 with the attribute `encoding = "bool"`.
  public func createDataset(_ path: String, _ type: ElementType, shape: [Int], storage: Storage = .contiguous) throws -> Dataset {
    try createParents(of: path)
    let dataset = try Library.synchronized(handle) { scope, id in
      let creation = try storage.properties(rank: shape.count, &scope, place(path))
      let space = try makeSpace(shape, extendable: storage.extendable, &scope, place(path))
      let links = try linkProperties(&scope)
      let dataset = try check(H5Dcreate2(id, path, type.stored, space, links, creation, chdf5_default()), "create the dataset", place(path))
      return try Dataset(owning: dataset, place(path))
    }
    if type == .bool { try dataset.attributes.write("bool", to: "encoding") }
    return dataset
  }

  /// Creates a dataset of `shape` (one-dimensional when nil) and writes `values` into it.
  @discardableResult
  public func write<E: Element>(_ values: [E], shape: [Int]? = nil, to path: String, storage: Storage = .contiguous) throws -> Dataset {
    let dataset = try createDataset(path, E.elementType, shape: shape ?? [values.count], storage: storage)
    try dataset.write(values)
    return dataset
  }

  /// Creates a scalar dataset holding one variable-length UTF-8 string.
  @discardableResult
  public func write(_ value: String, to path: String) throws -> Dataset { try writeStrings([value], shape: [], to: path) }

  /// Creates a one-dimensional dataset of variable-length UTF-8 strings.
  @discardableResult
  public func write(_ values: [String], to path: String) throws -> Dataset {
    try writeStrings(values, shape: [values.count], to: path)
  }

  private func writeStrings(_ values: [String], shape: [Int], to path: String) throws -> Dataset {
    try createParents(of: path)
    let dataset = try Library.synchronized(handle) { scope, id in
      let type = try Strings.variableType(&scope, place(path))
      let creation = try Storage.contiguous.properties(rank: shape.count, &scope, place(path))
      let space = try makeSpace(shape, &scope, place(path))
      let links = try linkProperties(&scope)
      let dataset = try check(H5Dcreate2(id, path, type, space, links, creation, chdf5_default()), "create the dataset", place(path))
      return try Dataset(owning: dataset, place(path))
    }
    try dataset.writeStrings(values)
    return dataset
  }

  /// Creates the groups above `path` that are missing. The library could do it by itself, but it would stamp them with the time.
  private func createParents(of path: String) throws {
    var prefix = ""
    for part in path.split(separator: "/").dropLast() {
      prefix += (prefix.isEmpty ? "" : "/") + part
      if try !contains(prefix) { _ = try createGroup(prefix) }
    }
  }

  private func linkProperties(_ scope: inout Scope) throws -> hid_t {
    let links = try scope.keep(H5Pcreate(chdf5_link_create_class()), H5Pclose, "describe a link", location)
    try check(H5Pset_char_encoding(links, H5T_CSET_UTF8), "describe a link", location)
    return links
  }

  private func place(_ path: String) -> Location {
    Location(file: location.file, object: (location.object == "/" ? "" : location.object) + "/" + path)
  }
}
