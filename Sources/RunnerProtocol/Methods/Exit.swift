/// `exit`: ends a stdio session; a notification.
package struct ExitParams: EmptyParams, Hashable {
    package static let method = WireMethod.exit

    package init() {}
}
