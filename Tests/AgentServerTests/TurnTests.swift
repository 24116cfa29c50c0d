import NIOConcurrencyHelpers
import Testing

@testable import AgentServer

@Suite struct TurnTests {
    @Test func `turns are taken in the order they were given, whatever the order of the tasks`() async {
        let order = NIOLockedValueBox<[Int]>([])
        var turns: [Turn] = []
        for _ in 0..<50 { turns.append(Turn(after: turns.last)) }
        await withTaskGroup(of: Void.self) { tasks in
            for (index, turn) in turns.enumerated().reversed() {
                tasks.addTask {
                    await turn.begin()
                    order.withLockedValue { $0.append(index) }
                    turn.pass()
                }
            }
        }
        #expect(order.withLockedValue { $0 } == Array(0..<50))
    }
}
