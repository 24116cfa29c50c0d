/// What pax headers and GNU long names have said about the member that comes next.
struct TarMetadata {
    enum Kind {
        case paxGlobal
        case pax
        case longName
        case longLink

        /// Nil for the type of a member proper.
        init?(type: UInt8) {
            switch type {
            case UInt8(ascii: "g"): self = .paxGlobal
            case UInt8(ascii: "x"): self = .pax
            case UInt8(ascii: "L"): self = .longName
            case UInt8(ascii: "K"): self = .longLink
            default: return nil
            }
        }
    }

    private(set) var blocks = 0
    private var pax: PaxRecords?
    private var longName: [UInt8]?
    private var longLink: [UInt8]?

    /// Adds the payload of an `x`, `L` or `K` member.
    mutating func add(_ payload: [UInt8], as kind: Kind) throws(TarFieldFault) {
        blocks += 1
        switch kind {
        case .paxGlobal:
            break
        case .pax:
            guard pax == nil else { throw TarFieldFault("two pax headers stand before one member") }
            pax = try PaxRecords(parsing: payload, isGlobal: false)
        case .longName:
            guard longName == nil else { throw TarFieldFault("two GNU long names stand before one member") }
            longName = try Self.text(payload)
        case .longLink:
            guard longLink == nil else { throw TarFieldFault("two GNU long link targets stand before one member") }
            longLink = try Self.text(payload)
        }
    }

    /// The name given so far, for an error about a member whose header is refused.
    var name: [UInt8]? { pax?.path ?? longName }

    /// The member that `header` begins.
    func member(of header: TarHeader) throws(TarFieldFault) -> TarMember {
        let name = try Self.single(pax?.path, longName, "name") ?? header.name
        let target = try Self.single(pax?.linkPath, longLink, "link target")
        let size = pax?.size ?? header.size
        guard size == header.size || header.size == 0 else {
            throw TarFieldFault("the pax size and the header's size contradict each other")
        }
        let kind = try Self.kind(of: header, target: target)
        guard kind == .file || size == 0 else {
            throw TarFieldFault("a directory or symbolic link has a size")
        }
        return TarMember(name: name, kind: kind, size: size, mode: header.mode, modified: header.modified)
    }

    private static func kind(of header: TarHeader, target: [UInt8]?) throws(TarFieldFault) -> TarMember.Kind {
        switch header.type {
        case UInt8(ascii: "2"):
            let target = target ?? header.linkName
            guard !target.isEmpty else { throw TarFieldFault("a symbolic link has no target") }
            return .symlink(target: target)
        case UInt8(ascii: "0"), 0, UInt8(ascii: "5"):
            guard target == nil, header.linkName.isEmpty else {
                throw TarFieldFault("a file or directory has a link target")
            }
            return header.type == UInt8(ascii: "5") ? .directory : .file
        default:
            throw TarFieldFault(Self.refusal(ofType: header.type), code: .unsafe)
        }
    }

    private static func refusal(ofType type: UInt8) -> String {
        let what =
            switch type {
            case UInt8(ascii: "1"): "a hard link"
            case UInt8(ascii: "3"), UInt8(ascii: "4"): "a device"
            case UInt8(ascii: "6"): "a named pipe"
            case UInt8(ascii: "S"): "a sparse file"
            default: "of the unknown type \"\(escapedForDisplay([type]))\""
            }
        return "the member is \(what); only files, directories and symbolic links are accepted"
    }

    private static func single(_ pax: [UInt8]?, _ gnu: [UInt8]?, _ what: String) throws(TarFieldFault) -> [UInt8]? {
        guard pax == nil || gnu == nil else {
            throw TarFieldFault("a pax header and a GNU long name both give the member's \(what)")
        }
        return pax ?? gnu
    }

    /// A GNU long name is a C string; what follows its NUL would be seen by some readers only.
    private static func text(_ payload: [UInt8]) throws(TarFieldFault) -> [UInt8] {
        let text = payload.prefix { $0 != 0 }
        guard !text.isEmpty else { throw TarFieldFault("a GNU long name is empty") }
        guard payload[text.endIndex...].allSatisfy({ $0 == 0 }) else {
            throw TarFieldFault("a GNU long name has bytes after its NUL")
        }
        return Array(text)
    }
}
