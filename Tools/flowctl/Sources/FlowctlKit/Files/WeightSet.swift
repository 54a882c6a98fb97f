import DataIO
import HDF5

/// The arrays of a model, without anything else: what other programs take.
struct WeightSet {
  enum Form { case safetensors, npz }

  let arrays: [(name: String, array: HostArray)]
  /// Facts that safetensors files carry along.
  let facts: [(name: String, value: String)]

  /// Reads a checkpoint, a safetensors file, or an NPZ file.
  init(_ path: String, averages: Bool) throws {
    let shown = FileAccess.display(path)
    let suffix = DataFiles.suffix(of: path)
    if averages && ["safetensors", "npz"].contains(suffix) { throw UserError.usage("--averages: only checkpoints hold averages") }
    switch suffix {
    case "safetensors":
      let read = try Safetensors.read(DataFiles.contents(of: path), file: shown)
      (arrays, facts) = (read.arrays, read.facts)
    case "npz":
      arrays = try NPZ.read(DataFiles.contents(of: path), file: shown).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
      facts = []
    default:
      let file = try CheckpointFile(contentsOf: path)
      guard !averages || !file.ema.isEmpty else { throw UserError.failure("\(shown): it holds no moving averages") }
      arrays = file.model.map { ($0.path.isEmpty ? "@" : $0.path, averages ? file.ema[$0.path] ?? $0.array : $0.array) }
      facts = [
        ("format", "hamiltonian-flows"), ("step", "\(file.progress.step)"), ("software", file.provenance.software),
        ("recipe", file.recipe),
      ]
    }
  }

  /// Writes the file atomically and tells what it holds.
  func write(_ form: Form, to path: String) throws -> String {
    let contents: [UInt8] =
      switch form {
      case .safetensors: try Safetensors.contents(arrays, facts: facts)
      case .npz: try NPZ.contents(arrays, file: FileAccess.display(path))
      }
    try AtomicWrite.write([contents], to: path)
    let numbers = arrays.reduce(0) { $0 + $1.array.count }
    return "\(FileAccess.display(path)): \(arrays.count) arrays, \(numbers) numbers, \(contents.count) bytes"
  }
}
