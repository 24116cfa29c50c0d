#include "CLinuxShims.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#ifndef SO_PEERGROUPS
#define SO_PEERGROUPS 59
#endif

int CLinuxShims_peer_credential(int fd, struct CLinuxShims_credential *credential) {
    struct ucred peer;
    socklen_t length = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0) return -errno;
    credential->pid = peer.pid;
    credential->uid = peer.uid;
    credential->gid = peer.gid;
    return 0;
}

int CLinuxShims_peer_has_group(int fd, uint32_t gid) {
    // The kernel answers ERANGE with the size it wants; a process has at most 65536 groups.
    socklen_t length = 32 * sizeof(gid_t);
    gid_t *groups = malloc(length);
    if (groups == NULL) return -ENOMEM;
    while (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &length) != 0) {
        if (errno != ERANGE) {
            int error = errno;
            free(groups);
            return -error;
        }
        gid_t *larger = realloc(groups, length);
        if (larger == NULL) {
            free(groups);
            return -ENOMEM;
        }
        groups = larger;
    }
    int found = 0;
    for (size_t index = 0; index < length / sizeof(gid_t); index++) {
        if (groups[index] == gid) found = 1;
    }
    free(groups);
    return found;
}

int CLinuxShims_unix_socket(int nonblocking) {
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | (nonblocking ? SOCK_NONBLOCK : 0), 0);
    return fd < 0 ? -errno : fd;
}

int CLinuxShims_path_limit(void) { return (int)sizeof(((struct sockaddr_un *)0)->sun_path) - 1; }

static int address_of(const char *path, struct sockaddr_un *address) {
    size_t length = strlen(path);
    if (length > (size_t)CLinuxShims_path_limit()) return -ENAMETOOLONG;
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path, path, length + 1);
    return 0;
}

int CLinuxShims_bind_unix(int fd, const char *path) {
    struct sockaddr_un address;
    int status = address_of(path, &address);
    if (status != 0) return status;
    return bind(fd, (const struct sockaddr *)&address, sizeof address) == 0 ? 0 : -errno;
}

int CLinuxShims_connect_unix(int fd, const char *path) {
    struct sockaddr_un address;
    int status = address_of(path, &address);
    if (status != 0) return status;
    while (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        if (errno != EINTR) return -errno;
    }
    return 0;
}

int CLinuxShims_pidfd_open(int32_t pid) {
    long fd = syscall(SYS_pidfd_open, pid, 0);
    return fd < 0 ? -errno : (int)fd;
}

int CLinuxShims_duplicate(int fd) {
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    return copy < 0 ? -errno : copy;
}

int CLinuxShims_eventfd(void) {
    int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return fd < 0 ? -errno : fd;
}

void CLinuxShims_eventfd_signal(int fd) {
    uint64_t one = 1;
    // A full counter is already a signal, so the result says nothing of use.
    ssize_t written = write(fd, &one, sizeof one);
    (void)written;
}
