import Autodiff
import NeuralNetworks
import Probability

/// Scores of draws against held-out rows: the Fréchet distance on features of a classifier, where rows have classes, else of the rows
/// themselves, and the energy distance of the rows.
struct SampleJudge {
  let count: Int
  /// Of the classifier on held-out rows; nil without one.
  let accuracy: Double?
  private let rows: RowData
  private let classifier: MLP?
  private let key: Key

  init(_ rows: RowData, count: Int, key: Key) {
    (self.rows, self.key) = (rows, key)
    let rowCount = rows.train.count / rows.dimension
    self.count = min(count, rowCount)
    let train = Tensor(rows.train, shape: [rowCount, rows.dimension])
    if let labels = rows.trainLabels, let held = rows.heldLabels, rows.levels > 0 {
      let classifier = SampleJudge.classifier(train.cast(to: .float32) * (1 / Double(rows.levels)), labels, key: key.folded(0))
      let found = classifier(rows.held.cast(to: .float32) * (1 / Double(rows.levels))).argmax(axis: 1).scalars(Int32.self)
      accuracy = Double(zip(found, held).filter { Int($0) == $1 }.count) / Double(held.count)
      self.classifier = classifier
    } else {
      (classifier, accuracy) = (nil, nil)
    }
  }

  /// Scores of as many training rows, over 8 choices of them.
  func floor() -> (frechet: RowMean, energy: RowMean) {
    let train = Tensor(rows.train, shape: [rows.train.count / rows.dimension, rows.dimension])
    let values = (0..<8).map { stored(train.shuffled(key: key.folded(1).folded($0)).slice(axis: 0, 0..<count)) }
    return (RowMean(values.map(\.frechet)), RowMean(values.map(\.energy)))
  }

  /// Scores of draws in the model's coordinates.
  func scores(_ draws: Tensor) -> (frechet: Double, energy: Double) { stored(rows.decoded(draws)) }

  private func stored(_ points: Tensor) -> (frechet: Double, energy: Double) {
    (frechetDistance(features(points), features(rows.held)), energyDistance(points, rows.held))
  }

  /// What the classifier's last hidden layer makes of rows as stored.
  private func features(_ stored: Tensor) -> Tensor {
    guard let classifier else { return stored }
    let x = stored.cast(to: .float32) * (1 / Double(rows.levels))
    let hidden = classifier.layers.dropLast().reduce(x) { classifier.activation($1($0)) }
    return hidden.cast(to: .float64)
  }

  /// A perceptron with 16 features before its last layer, trained on the labels by 600 steps of Adam.
  private static func classifier(_ x: Tensor, _ labels: [Int], key: Key) -> MLP {
    let classes = (labels.max() ?? 0) + 1
    let targets = Tensor.oneHot(Tensor(labels.map(Int32.init)), count: classes)
    let keys = key.split()
    let network = MLP(sizes: [x.shape[1], 128, 16, classes], activation: .silu, key: keys[0])
    let adam = Adam(learningRate: .cosine(peak: 3e-3, total: 600, floor: 1e-5), weightDecay: 0.01)
    let step = compile { (state: TrainingState<MLP>, x: Tensor, targets: Tensor) -> TrainingState<MLP> in
      let chosen = Tensor.randomIntegers([256], in: 0..<x.shape[0], key: keys[1].folded(state.step))
      let (batch, wanted) = (x.gathered(chosen), targets.gathered(chosen))
      return state.advanced(by: adam) { -($0(batch).logSoftmax() * wanted).sum(axis: 1).mean() }.state
    }
    var state = TrainingState(network)
    for _ in 0..<600 { state = step(state, x, targets) }
    return state.model
  }
}
