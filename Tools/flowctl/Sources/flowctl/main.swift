import FlowctlKit
import Foundation

exit(FlowctlCommand.exitCode(arguments: Array(CommandLine.arguments.dropFirst())))
