import Autodiff
import DataIO
import DataIOTestSupport
import HDF5
import ModelIO
import Testing

private struct Layer: Module {
  var weight: Tensor
  var bias: Tensor
  var count = Tensor([Int32(0)])

  init(_ inputs: Int, _ outputs: Int, _ value: Double, dtype: DType) {
    weight = Tensor((0..<inputs * outputs).map { value + Double($0) / 7 }, shape: [outputs, inputs], dtype: dtype)
    bias = .full([outputs], value, dtype: dtype)
  }

  mutating func walk(_ walker: inout some Walker) {
    walker.parameter("weight", &weight)
    walker.parameter("bias", &bias)
    walker.buffer("count", &count)
  }
}

private struct Model: Module {
  var layers: [Layer]
  var scale: Tensor
  var key = Key(seed: 1)

  init(hidden: Int = 4, depth: Int = 2, value: Double = 1, dtype: DType = .float32) {
    layers = (0..<depth).map { Layer($0 == 0 ? 2 : hidden, hidden, value + Double($0), dtype: dtype) }
    scale = Tensor(value, dtype: dtype)
  }

  mutating func walk(_ walker: inout some Walker) {
    walker.child("layers", &layers)
    walker.parameter("scale", &scale)
    walker.child("key", &key)
  }
}

private func sameBits(_ a: some Module, _ b: some Module) -> Bool { a.storedArrays() == b.storedArrays() }

@Suite struct RestoreTests {
  private let provenance = Provenance(software: "ModelIOTests", softwareVersion: "1")

  @Test(arguments: [DType.float32, .float64]) func aModelSurvivesItsFile(_ dtype: DType) throws {
    let folder = TemporaryFolder()
    let path = folder.file("latest.h5")
    let model = Model(value: 0.1, dtype: dtype)
    let average = Model(value: 0.2, dtype: dtype)
    let moments = Pair(Model(value: 3, dtype: dtype), Model(value: 4, dtype: dtype))
    let key = Key(seed: 0xFFFF_FFFF_0000_0001)
    try CheckpointFile(
      provenance: provenance, model: model, ema: average,
      optimizer: .init(kind: "adam", step: 5, attributes: ["learning_rate": .real(1e-3)], state: moments),
      randomKeys: [.init(name: "training", key: key)], progress: .init(step: 5)
    ).write(to: path)

    let file = try CheckpointFile(contentsOf: path)
    #expect(
      file.model.paths == [
        "key.words", "layers.0.bias", "layers.0.count", "layers.0.weight", "layers.1.bias", "layers.1.count", "layers.1.weight", "scale",
      ])
    #expect(file.model.map(\.role) == [.buffer, .parameter, .buffer, .parameter, .parameter, .buffer, .parameter, .parameter])
    var restored = Model(value: 9, dtype: dtype)
    try file.restore(into: &restored, file: path)
    #expect(sameBits(restored, model))
    try file.restoreAverages(into: &restored, file: path)
    #expect(restored.scale.item() == average.scale.item())
    #expect(sameBits(restored.key, model.key))
    var state = Pair(Model(dtype: dtype), Model(dtype: dtype))
    try file.optimizer?.restore(into: &state, file: path)
    #expect(sameBits(state, moments))
    #expect(file.randomKeys[0].words == KeyWords(0xFFFF_FFFF, 1))
    #expect(sameBits(file.randomKeys[0].key, key))
  }

  @Test func aTensorIsAModelToo() throws {
    let folder = TemporaryFolder()
    let path = folder.file("tensor.h5")
    try CheckpointFile(provenance: provenance, model: Tensor([1.5, 2.5])).write(to: path)
    var tensor = Tensor.zeros([2], dtype: .float64)
    try CheckpointFile(contentsOf: path).restore(into: &tensor, file: path)
    #expect(tensor.doubles == [1.5, 2.5])
  }

  @Test func everyTensorTypeSurvives() {
    for array in [HostArray([Float(1), 2]), HostArray([1.0, 2]), HostArray([Int32(1), -2]), HostArray([true, false])] {
      #expect(HostArray(Tensor(array)) == array)
    }
    #expect(Tensor(HostArray([UInt8(0), 255]), dtype: .float32).scalars(Float.self) == [0, 255])
    #expect(HostArray(Tensor(2.0, dtype: .float64) * 3) == HostArray([6.0], shape: []))
  }

  @Test func mismatchesNameThePathAndTheRemedy() {
    let stored = Model().storedArrays()
    func message(_ model: Model, _ arrays: [StoredArray]) -> String {
      var model = model
      let before = model.storedArrays()
      do {
        try model.restore(from: arrays, file: "a.h5:/model")
        return "no error"
      } catch {
        #expect(model.storedArrays() == before)
        return "\(error)"
      }
    }
    #expect(message(Model(), stored) == "no error")
    #expect(
      message(Model(hidden: 8), stored)
        == "a.h5:/model: array 'layers.0.weight' has shape [4, 2], the model expects [8, 2]; "
        + "axis 0 is 4 in the file and 8 in the model: set the recipe's sizes to those the file was trained with")
    #expect(
      message(Model(dtype: .float64), stored)
        == "a.h5:/model: array 'layers.0.weight' is float32, the model expects float64; set the precision to float32, or allow the cast")
    #expect(
      message(Model(depth: 3), stored)
        == "a.h5:/model: no array 'layers.2.weight', which the model needs; the file has 'layers.0.weight'")
    #expect(
      message(Model(depth: 1), stored) == "a.h5:/model: array 'layers.1.bias' has no place in the model; the model has 'layers.0.bias'")
    #expect(message(Model(), []).hasSuffix("the file has no arrays there"))
    let transposed = stored.map { $0.path == "layers.0.weight" ? StoredArray(path: $0.path, array: $0.array.reshaped([2, 4])) : $0 }
    #expect(message(Model(), transposed).hasSuffix("the file's array is transposed; axes are [in, out]"))
  }

  @Test func allowancesAreExplicitAndNarrow() throws {
    let stored = Model(value: 2).storedArrays()
    var deeper = Model(depth: 3, value: 5)
    try deeper.restore(from: stored, file: "a.h5", allowing: [.missing("layers.2.*")])
    #expect(deeper.scale.item() == 2)
    #expect(deeper.layers[2].bias.doubles[0] == 7)
    #expect(throws: RestoreError.self) { try deeper.restore(from: stored, file: "a.h5", allowing: [.missing("layers.2.bias")]) }

    var shallower = Model(depth: 1)
    try shallower.restore(from: stored, file: "a.h5", allowing: [.unexpected("layers.1.*")])
    #expect(throws: RestoreError.self) { try shallower.restore(from: stored, file: "a.h5", allowing: [.missing("*")]) }

    var wide = Model(dtype: .float64)
    try wide.restore(from: stored, file: "a.h5", allowing: [.cast("*")])
    #expect(wide.scale.dtype == .float64 && wide.scale.item() == 2)
    // An integer never becomes a floating-point number.
    let wrong = stored.map { $0.path == "scale" ? StoredArray(path: "scale", array: HostArray([Int32(1)], shape: [])) : $0 }
    #expect(throws: RestoreError.self) { try wide.restore(from: wrong, file: "a.h5", allowing: [.cast("*")]) }
  }
}
