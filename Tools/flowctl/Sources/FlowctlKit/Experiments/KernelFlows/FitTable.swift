import Autodiff

/// The metrics of the trainings done so far, `[fits, columns]`, float64; zeros for the others.
struct FitTable: Module {
  private(set) var values: Tensor

  init(count: Int, columns: Int) { values = .zeros([count, columns], dtype: .float64) }

  mutating func walk(_ walker: inout some Walker) { walker.buffer("fits", &values) }

  var isFinite: Bool { values.doubles.allSatisfy { $0.isFinite } }

  func row(_ index: Int) -> [Double] { values[index].doubles }

  mutating func set(_ index: Int, _ row: [Double]) {
    let columns = values.shape[1]
    var all = values.doubles
    all.replaceSubrange(index * columns..<(index + 1) * columns, with: row)
    values = Tensor(all, shape: values.shape)
  }
}
