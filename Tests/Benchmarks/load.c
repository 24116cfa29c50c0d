// Sends one request over and over and measures how long its answers take.
//   load SOCKET CONNECTIONS DEPTH SECONDS REQUEST
// Every connection keeps DEPTH requests unanswered. Prints requests per second, and the 50th and 99th percentile of the time from
// sending a request to having read the whole of its answer, in microseconds. The first fifth of the time is not counted.
#define _GNU_SOURCE
#include "clock.h"
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { maximum_connections = 1024, maximum_depth = 256, maximum_samples = 8 << 20 };

struct connection {
    int socket;
    // When the requests without an answer were sent: answers come in the order of the requests.
    uint64_t sent[maximum_depth];
    unsigned first;
};

static struct connection connections[maximum_connections];
static uint32_t *samples;
static size_t sample_count;
static char *burst;
static size_t request_bytes;
static unsigned depth;

// A request is short, and at most `depth` of them are under way: the socket has room for them.
static void send_requests(struct connection *connection, unsigned count, unsigned from) {
    uint64_t now = nanoseconds();
    for (unsigned index = 0; index < count; index++) connection->sent[(from + index) % depth] = now;
    size_t left = count * request_bytes;
    for (const char *next = burst; left > 0;) {
        ssize_t sent = send(connection->socket, next, left, MSG_NOSIGNAL);
        if (sent < 0) die("send");
        next += sent;
        left -= (size_t)sent;
    }
}

static void receive(struct connection *connection, uint64_t counted_from) {
    static char input[256 << 10];
    ssize_t count = recv(connection->socket, input, sizeof input, MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) die("the server closed a connection");
    uint64_t now = nanoseconds();
    unsigned answers = 0;
    for (const char *next = input; (next = memchr(next, '\n', (size_t)(input + count - next))) != NULL; next++) {
        uint64_t sent = connection->sent[(connection->first + answers) % depth];
        if (sent >= counted_from && sample_count < maximum_samples) samples[sample_count++] = (uint32_t)(now - sent);
        answers++;
    }
    unsigned from = connection->first;
    connection->first = (from + answers) % depth;
    if (answers > 0) send_requests(connection, answers, from);
}

static int open_connection(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(client, (struct sockaddr *)&address, sizeof address) != 0) die(path);
    return client;
}

static int ascending(const void *left, const void *right) {
    uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return a < b ? -1 : a > b;
}

int main(int argc, char **argv) {
    if (argc != 6) return 2;
    unsigned count = (unsigned)atoi(argv[2]);
    depth = (unsigned)atoi(argv[3]);
    double seconds = atof(argv[4]);
    if (count < 1 || count > maximum_connections || depth < 1 || depth > maximum_depth) return 2;

    request_bytes = strlen(argv[5]) + 1;
    burst = malloc(depth * request_bytes + 1);
    samples = malloc(maximum_samples * sizeof *samples);
    if (burst == NULL || samples == NULL) die("malloc");
    for (unsigned index = 0; index < depth; index++) sprintf(burst + index * request_bytes, "%s\n", argv[5]);

    int epoll = epoll_create1(EPOLL_CLOEXEC);
    for (unsigned index = 0; index < count; index++) {
        connections[index].socket = open_connection(argv[1]);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &connections[index]};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, connections[index].socket, &event) != 0) die("epoll_ctl");
    }
    uint64_t start = nanoseconds();
    uint64_t length = (uint64_t)(seconds * 1e9);
    uint64_t counted_from = start + length / 5, end = start + length;
    for (unsigned index = 0; index < count; index++) send_requests(&connections[index], depth, 0);
    while (nanoseconds() < end) {
        struct epoll_event events[256];
        int ready = epoll_wait(epoll, events, 256, 5000);
        if (ready == 0) {
            fprintf(stderr, "load: no answer for 5 s\n");
            return 1;
        }
        for (int index = 0; index < ready; index++) receive(events[index].data.ptr, counted_from);
    }
    double measured = (double)(nanoseconds() - counted_from) / 1e9;
    if (sample_count == 0) return 1;
    qsort(samples, sample_count, sizeof *samples, ascending);
    printf("%.0f %.1f %.1f\n", (double)sample_count / measured, samples[sample_count / 2] / 1e3,
           samples[sample_count * 99 / 100] / 1e3);
    return 0;
}
