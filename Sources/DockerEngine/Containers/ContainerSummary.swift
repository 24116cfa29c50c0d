/// A container, as the list shows it.
package struct ContainerSummary: Sendable, Hashable, Decodable {
    private enum CodingKeys: String, CodingKey {
        case id = "Id"
        case names = "Names"
        case image = "Image"
        case imageID = "ImageID"
        case labels = "Labels"
        case state = "State"
        case status = "Status"
        case created = "Created"
        case ports = "Ports"
    }

    private struct Port: Decodable {
        enum CodingKeys: String, CodingKey {
            case hostIP = "IP"
            case containerPort = "PrivatePort"
            case hostPort = "PublicPort"
            case proto = "Type"
        }

        let hostIP: String?
        let containerPort: Int?
        let hostPort: Int?
        let proto: String?
    }

    package let id: String
    /// Without leading slashes.
    package let names: [String]
    package let image: String
    package let imageID: String
    package let labels: [String: String]
    /// `created`, `running`, `paused`, `restarting`, `removing`, `exited` or `dead`.
    package let state: String
    /// For people: `Up 3 minutes`.
    package let status: String
    /// Seconds since 1970.
    package let created: Int64
    package let ports: [PublishedPort]

    package init(from decoder: any Decoder) throws {
        let answer = try decoder.container(keyedBy: CodingKeys.self)
        id = try answer.decode(String.self, forKey: .id)
        names = (try answer.decodeIfPresent([String].self, forKey: .names) ?? []).map { String($0.drop { $0 == "/" }) }
        image = try answer.decodeIfPresent(String.self, forKey: .image) ?? ""
        imageID = try answer.decodeIfPresent(String.self, forKey: .imageID) ?? ""
        labels = try answer.decodeIfPresent([String: String].self, forKey: .labels) ?? [:]
        state = try answer.decodeIfPresent(String.self, forKey: .state) ?? "unknown"
        status = try answer.decodeIfPresent(String.self, forKey: .status) ?? ""
        created = try answer.decodeIfPresent(Int64.self, forKey: .created) ?? 0
        ports = (try answer.decodeIfPresent([Port].self, forKey: .ports) ?? []).compactMap { port in
            guard let containerPort = port.containerPort, let hostPort = port.hostPort else { return nil }
            return PublishedPort(
                containerPort: containerPort, proto: port.proto ?? "tcp", hostIP: port.hostIP ?? "", hostPort: hostPort)
        }
    }
}
