import Subprocess
import SystemPackage

/// A program that a test runs, with its three streams.
package final class ChildProcess: Sendable {
    private typealias Running = Execution<CustomWriteInput, SequenceOutput, SequenceOutput>

    /// How a process ended.
    package enum Ending: Sendable, Hashable {
        case exited(Int)
        case signalled(Int)
    }

    /// How long a process may take to end after the test is done with it, before it is killed.
    private static let endingGrace: Duration = .seconds(10)

    package let processIdentifier: Int
    /// Lines of standard output.
    package let output: LineInbox
    /// Lines of standard error.
    package let errorOutput: LineInbox
    private let execution: Running
    private let endingPromise: Promise<Ending>
    private let recorder: LineRecorder?

    private init(_ execution: Running, name: String, ending: Promise<Ending>, recorder: LineRecorder?) {
        self.execution = execution
        self.endingPromise = ending
        self.recorder = recorder
        self.processIdentifier = Int(execution.processIdentifier.value)
        self.output = LineInbox(name: "stdout of \(name)")
        self.errorOutput = LineInbox(name: "stderr of \(name)")
    }

    /// Runs a program while `body` runs; afterwards its stdin is closed, it gets SIGTERM and, when that does not help, SIGKILL.
    ///
    /// A variable of `environment` with the value nil is unset. How the program ends is no error: see ``ending(within:)``.
    /// A program with a `recorder` speaks the protocol on its stdin and stdout.
    @discardableResult
    package static func run<Value>(
        _ path: String, _ arguments: [String] = [], environment: [String: String?] = [:],
        workingDirectory: String? = nil, recorder: LineRecorder? = nil, body: (ChildProcess) async throws -> Value
    ) async throws -> Value {
        let started = Promise<Result<ChildProcess, any Error>>()
        let ending = Promise<Ending>()
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let variables = Dictionary(
            environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) }, uniquingKeysWith: { $1 })
        let process = Task {
            do {
                let result = try await Subprocess.run(
                    .path(FilePath(path)), arguments: Arguments(arguments), environment: .inherit.updating(variables),
                    workingDirectory: workingDirectory.map { FilePath($0) },
                    input: .inputWriter, output: .sequence, error: .sequence
                ) { execution in
                    let child = ChildProcess(execution, name: name, ending: ending, recorder: recorder)
                    started.fulfil(.success(child))
                    await withTaskGroup { group in
                        group.addTask { await child.output.collect(execution.standardOutput, recorder) }
                        group.addTask { await child.errorOutput.collect(execution.standardError, nil) }
                    }
                }
                ending.fulfil(Ending(result.terminationStatus))
            } catch {
                started.fulfil(.failure(error))
            }
        }
        let child = try await started.value().get()
        let outcome: Result<Value, any Error>
        do {
            outcome = .success(try await body(child))
        } catch {
            outcome = .failure(error)
        }
        // In a task of its own, so that a cancelled test ends its process too.
        await Task { await child.end(process) }.value
        return try outcome.get()
    }

    /// Writes to standard input.
    package func send(_ text: String) async throws {
        recorder?.recordSent(Array(text.utf8))
        _ = try await execution.standardInputWriter.write(text)
    }

    /// Ends standard input.
    package func closeInput() async throws {
        recorder?.recordSentEnd()
        try await execution.standardInputWriter.finish()
    }

    /// Sends a signal by its number, for example `SIGHUP`.
    package func signal(_ number: Int32) throws {
        try execution.send(signal: Signal(rawValue: number))
    }

    /// Sends SIGTERM.
    package func terminate() throws {
        try execution.send(signal: .terminate)
    }

    /// Sends SIGKILL.
    package func kill() throws {
        try execution.send(signal: .kill)
    }

    /// Waits until the process has ended and both its output streams have.
    package func ending(within deadline: Duration = .seconds(60)) async throws -> Ending {
        try await withDeadline(deadline, waitingFor: "the end of process \(processIdentifier)") { [endingPromise] in
            try await endingPromise.value()
        }
    }

    private func end(_ process: Task<Void, Never>) async {
        if endingPromise.current == nil {
            // Each may fail because the process has just ended, which is what is wanted.
            try? await closeInput()
            try? terminate()
            if (try? await ending(within: Self.endingGrace)) == nil {
                try? kill()
                process.cancel()
            }
        }
        await process.value
    }
}

extension ChildProcess.Ending {
    fileprivate init(_ status: TerminationStatus) {
        switch status {
        case .exited(let code): self = .exited(Int(code))
        case .signaled(let number): self = .signalled(Int(number))
        }
    }
}

extension LineInbox {
    fileprivate func collect(_ stream: SubprocessOutputSequence, _ recorder: LineRecorder?) async {
        do {
            for try await buffer in stream {
                let bytes = unsafe buffer.withUnsafeBytes { unsafe Array($0) }
                recorder?.recordReceived(bytes)
                append(bytes)
            }
        } catch {
            append(Array("<\(name) could not be read: \(error)>\n".utf8))
        }
        finish()
    }
}
