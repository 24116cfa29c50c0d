// The least a server of lines can do, to compare with: answers every line on a unix socket, from one thread, with epoll.
//   echo SOCKET [FILE]     with the line itself, or with the contents of FILE, which is one line
#define _GNU_SOURCE
#include "clock.h"
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { maximum_descriptors = 4096, read_bytes = 64 << 10 };

static char *answer;
static size_t answer_bytes;

// What a connection has not been able to send yet.
static struct {
    char *bytes;
    size_t count, sent, room;
} unsent[maximum_descriptors];

static void append(int client, const char *bytes, size_t count) {
    size_t needed = unsent[client].count + count;
    if (needed > unsent[client].room) {
        unsent[client].room = needed * 2;
        unsent[client].bytes = realloc(unsent[client].bytes, unsent[client].room);
        if (unsent[client].bytes == NULL) die("realloc");
    }
    memcpy(unsent[client].bytes + unsent[client].count, bytes, count);
    unsent[client].count = needed;
}

// False when the client is gone.
static bool flush(int epoll, int client) {
    while (unsent[client].sent < unsent[client].count) {
        ssize_t sent = send(client, unsent[client].bytes + unsent[client].sent,
                            unsent[client].count - unsent[client].sent, MSG_NOSIGNAL);
        if (sent < 0 && errno != EAGAIN) return false;
        struct epoll_event event = {.events = sent < 0 ? EPOLLIN | EPOLLOUT : EPOLLIN, .data.fd = client};
        if (sent < 0) return epoll_ctl(epoll, EPOLL_CTL_MOD, client, &event) == 0;
        unsent[client].sent += (size_t)sent;
    }
    unsent[client].count = unsent[client].sent = 0;
    return true;
}

static bool serve(int epoll, int client) {
    static char input[read_bytes];
    ssize_t count = recv(client, input, sizeof input, 0);
    if (count < 0 && errno == EAGAIN) return true;
    if (count <= 0) return false;
    if (answer == NULL) {
        append(client, input, (size_t)count);
    } else {
        for (ssize_t index = 0; index < count; index++)
            if (input[index] == '\n') append(client, answer, answer_bytes);
    }
    return flush(epoll, client);
}

static void read_answer(const char *path) {
    FILE *file = fopen(path, "r");
    if (file == NULL) die(path);
    size_t room = 0;
    ssize_t count = getline(&answer, &room, file);
    if (count <= 0) die(path);
    answer_bytes = (size_t)count;
    fclose(file);
}

int main(int argc, char **argv) {
    if (argc < 2) return 2;
    if (argc > 2) read_answer(argv[2]);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", argv[1]);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 1024) != 0) die(argv[1]);
    int epoll = epoll_create1(0);
    struct epoll_event events[64] = {{.events = EPOLLIN, .data.fd = listener}};
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &events[0]);
    while (true) {
        int count = epoll_wait(epoll, events, 64, -1);
        for (int index = 0; index < count; index++) {
            int client = events[index].data.fd;
            if (client == listener) {
                int accepted = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
                if (accepted < 0) continue;
                struct epoll_event event = {.events = EPOLLIN, .data.fd = accepted};
                if (accepted >= maximum_descriptors || epoll_ctl(epoll, EPOLL_CTL_ADD, accepted, &event) != 0)
                    close(accepted);
                continue;
            }
            bool has_room = unsent[client].count == 0;
            bool lives = has_room || flush(epoll, client);
            if (lives && has_room && (events[index].events & (EPOLLIN | EPOLLHUP))) lives = serve(epoll, client);
            if (!lives) {
                unsent[client].count = unsent[client].sent = 0;
                close(client);
            }
        }
    }
}
