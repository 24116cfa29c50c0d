// The few Linux calls that Swift's Glibc module lacks. Every function returns 0 (or a descriptor or count) on success and
// a negated errno value on failure, so that no caller has to read errno across a language boundary.
#ifndef CLINUXSHIMS_H
#define CLINUXSHIMS_H

#include <stdint.h>
#include <sys/types.h>

// The kernel's record of who called connect(2) on the other end of a unix socket: unix(7), SO_PEERCRED.
struct CLinuxShims_credential {
    int32_t pid;
    uint32_t uid;
    uint32_t gid;
};

int CLinuxShims_peer_credential(int fd, struct CLinuxShims_credential *_Nonnull credential);

// Whether `gid` is among the supplementary groups of the peer (SO_PEERGROUPS, Linux 4.13): 1, 0, or a negated errno.
int CLinuxShims_peer_has_group(int fd, uint32_t gid);

// socket(2) for AF_UNIX, SOCK_STREAM, close-on-exec; non-blocking on request.
int CLinuxShims_unix_socket(int nonblocking);

// bind(2) and connect(2) to a path of at most CLinuxShims_path_limit() bytes; -ENAMETOOLONG beyond.
int CLinuxShims_bind_unix(int fd, const char *_Nonnull path);
int CLinuxShims_connect_unix(int fd, const char *_Nonnull path);
int CLinuxShims_path_limit(void);

// pidfd_open(2), which glibc 2.36 has only in a header Swift does not import. The descriptor is close-on-exec.
int CLinuxShims_pidfd_open(int32_t pid);

// dup(2) with close-on-exec (F_DUPFD_CLOEXEC), to a descriptor above the standard three.
int CLinuxShims_duplicate(int fd);

// eventfd(2), close-on-exec, and its two ends.
int CLinuxShims_eventfd(void);
void CLinuxShims_eventfd_signal(int fd);

#endif
