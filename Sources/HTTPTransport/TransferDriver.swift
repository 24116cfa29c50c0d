import CCurl

/// The transfers that are inside libcurl, on the loop's thread.
///
/// A transfer is retained here exactly while its easy handle is in the multi handle; libcurl gets unretained pointers.
final class TransferDriver {
    /// The longest sleep; nothing happens when it ends, and libcurl's own timers shorten it.
    private static let idleMilliseconds: Int32 = 3_600_000

    private struct Active {
        let transfer: Transfer
        let easy: EasyHandle
        let startedAt: ContinuousClock.Instant
    }

    let multi: MultiHandle
    private var active: [ObjectIdentifier: Active] = [:]

    init?() {
        guard let multi = MultiHandle() else { return nil }
        self.multi = multi
    }

    /// Runs transfers until `takeWork` says to stop.
    func run(taking takeWork: () -> TransferLoop.Work) {
        while true {
            let work = takeWork()
            for command in work.commands { perform(command) }
            if work.isStopping { break }
            multi.perform()
            while let (context, result) = unsafe multi.nextEnded() {
                unsafe completed(Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue(), result)
            }
            multi.poll(timeoutMilliseconds: endOverdue())
        }
        for entry in active.values { remove(entry.transfer)?.end(.clientShutDown) }
    }

    private func perform(_ command: TransferLoop.Command) {
        switch command {
        case .start(let transfer): start(transfer)
        case .resumeReceiving(let transfer), .resumeSending(let transfer): resume(transfer)
        case .remove(let transfer): _ = remove(transfer)
        }
    }

    private func start(_ transfer: Transfer) {
        guard !transfer.isEnded else { return }
        do throws(HTTPTransportError) {
            let easy = try EasyHandle(for: transfer)
            guard multi.add(easy) else {
                throw HTTPTransportError(code: .internal, message: "libcurl refused the transfer")
            }
            active[ObjectIdentifier(transfer)] = Active(transfer: transfer, easy: easy, startedAt: .now)
        } catch {
            transfer.complete(error)
        }
    }

    /// Lifts every pause that is not wanted any more; callbacks may run in here.
    private func resume(_ transfer: Transfer) {
        guard let entry = active[ObjectIdentifier(transfer)] else { return }
        let paused = transfer.paused
        let result = entry.easy.setPaused(receiving: paused.receiving, sending: paused.sending)
        if result != CURLE_OK { completed(transfer, result) }
    }

    private func completed(_ transfer: Transfer, _ result: CURLcode) {
        guard let entry = active[ObjectIdentifier(transfer)] else { return }
        let error = entry.easy.error(for: result, request: transfer.request)
        // Before anybody is resumed: the connection is then free for the next request.
        _ = remove(transfer)
        transfer.complete(error)
    }

    @discardableResult
    private func remove(_ transfer: Transfer) -> Transfer? {
        guard let entry = active.removeValue(forKey: ObjectIdentifier(transfer)) else { return nil }
        multi.remove(entry.easy)
        return entry.transfer
    }

    /// Ends transfers whose response head is overdue and returns how long the thread may sleep.
    private func endOverdue() -> Int32 {
        var nearest: ContinuousClock.Instant?
        let now = ContinuousClock.now
        for entry in active.values {
            guard let deadline = entry.transfer.headDeadline(startedAt: entry.startedAt) else { continue }
            if deadline <= now {
                remove(entry.transfer)
                entry.transfer.end(.responseOverdue(request: entry.transfer.request))
            } else {
                nearest = min(nearest ?? deadline, deadline)
            }
        }
        guard let nearest else { return Self.idleMilliseconds }
        // Rounded up: waking before the deadline would only make another turn.
        let milliseconds = (nearest - now) / .milliseconds(1)
        return Int32(min(milliseconds.rounded(.up), Double(Self.idleMilliseconds)))
    }
}
