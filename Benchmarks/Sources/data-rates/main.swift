import DataIO
import Foundation

// Rates of data and checkpoints, one figure per line; Benchmarks/compare_data.py sets them beside h5py and plain files.
//
//     swift run -c release --package-path Benchmarks data-rates stream FILE [THREADS]
//     swift run -c release --package-path Benchmarks data-rates inflate FILE [THREADS]
//     swift run -c release --package-path Benchmarks data-rates checkpoint FOLDER [MEGABYTES]

let arguments = Array(CommandLine.arguments.dropFirst())

func usage() -> Never {
  print("usage: data-rates stream|inflate FILE [THREADS], or data-rates checkpoint FOLDER [MEGABYTES]")
  exit(64)
}

guard arguments.count >= 2 else { usage() }
let number = arguments.count > 2 ? Int(arguments[2]) ?? 0 : nil

switch arguments[0] {
case "stream": try StreamRate.measure(arguments[1], threads: number ?? Parallel.coreCount)
case "inflate": try InflateRate.measure(arguments[1], threads: number ?? Parallel.coreCount)
case "checkpoint": try CheckpointRate.measure(in: arguments[1], megabytes: number ?? 200)
default: usage()
}

/// `name value`, as compare_data.py reads it.
func report(_ name: String, _ value: Double) { print(name, value) }

func seconds(_ body: () throws -> Void) rethrows -> Double {
  let start = ContinuousClock.now
  try body()
  return (ContinuousClock.now - start) / .seconds(1)
}

/// The largest memory this process has had, in MiB.
func peakMemory() -> Double {
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
  return (Double(line.filter(\.isNumber)) ?? .nan) / 1024
}
