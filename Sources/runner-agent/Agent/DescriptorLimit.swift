import Glibc

/// How many files, sockets and pipes this process may have open.
enum DescriptorLimit {
    /// Raises the soft limit to the hard one: the usual soft limit is less than the connections an agent takes.
    ///
    /// Where that is refused, the limit stays, and connections are refused before the agent itself runs out.
    static func raise() {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard unsafe getrlimit(resource, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        unsafe setrlimit(resource, &limit)
    }
}
