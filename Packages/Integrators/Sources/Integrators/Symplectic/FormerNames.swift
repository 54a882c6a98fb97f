/// The name of `SplittingMethod` in version 0.2, which another module of this repository uses for something else.
public typealias Splitting = SplittingMethod
