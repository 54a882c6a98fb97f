/// Type Ia supernovae: redshifts, distance moduli, and their errors.
public struct SupernovaDataSection: DataSection {
  public enum Name: String, CaseIterable, Sendable {
    case union21 = "union2.1"
    case union21Binned = "union2.1-binned"
  }

  public var name = Name.union21
  public var path = "Data/supernovae/union2_1.h5"

  public init() {}

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.choice("name", &name, "580 supernovae with their own errors, or 30 bins with a covariance matrix")
    try keys.path("path", &path, "HDF5 file with the compilation")
  }
}

/// The flat Lambda-CDM posterior of h and omega_m with uniform priors.
public struct PosteriorSection: RecipeSection, Sendable {
  public var h = 0.4...1.0
  public var omegaMatter = 0.0...1.0
  public var quadratureNodes = 24

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.interval("h", &h, within: 0.01...100, "ends of the uniform prior of h, the Hubble constant over 100 km/s/Mpc")
    try keys.interval("omegaMatter", &omegaMatter, within: 0...10, "ends of the uniform prior of omega_m, the matter density")
    try keys.integer("quadratureNodes", &quadratureNodes, 4...256, "Chebyshev nodes of the comoving-distance integral")
  }
}

/// A mixture of equal round Gaussians in the plane, generated from the seed.
public struct MixtureDataSection: DataSection {
  public enum Name: String, CaseIterable, Sendable {
    case fourCorners = "four-corners"
    case nineGrid = "nine-grid"
    case ring = "ring"
  }

  public var name = Name.fourCorners
  public var spread = 2.0
  public var deviation = 0.5
  public var count = 20_000

  public init() {}

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.choice("name", &name, "where the modes lie: (±s, ±s), the grid {-s, 0, s}², or eight on a circle of radius s")
    try keys.number("spread", &spread, .positive, "the length s in the placement of the modes")
    try keys.number("deviation", &deviation, .positive, "standard deviation of each mode")
    try keys.integer("count", &count, 100...10_000_000, "training points drawn")
  }
}

/// Handwritten digits of 8 x 8 pixels with 17 grey levels.
public struct DigitDataSection: DataSection {
  public var path = "Data/images/digits.h5"
  public var dequantise = true
  public var scale = 1.0

  public init() {}

  public mutating func walk(_ keys: inout RecipeWalker) throws(UserError) {
    try keys.path("path", &path, "HDF5 file in the dataset schema: /train/x, /test/x")
    try keys.flag("dequantise", &dequantise, "add uniform noise of one grey level, so that a density exists")
    try keys.number("scale", &scale, .positive, "standard deviation of the pixels after standardisation")
  }
}
