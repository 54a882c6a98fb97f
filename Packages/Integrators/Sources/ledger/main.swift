import IntegratorMeasurements

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

// ledger [FILE]: measures every row of the catalogue and writes the table to FILE, or to the standard output.
let markdown = Ledger().markdown
if CommandLine.arguments.count > 1 {
  let path = CommandLine.arguments[1]
  guard let file = fopen(path, "w"), fputs(markdown, file) >= 0, fclose(file) == 0 else {
    perror("ledger: cannot write \(path)")
    exit(1)
  }
} else {
  print(markdown, terminator: "")
}
