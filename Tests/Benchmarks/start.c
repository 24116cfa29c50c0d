// Prints the milliseconds from starting a program to the first line it answers on its stdout.
//   start LINE PROGRAM [ARGUMENT...]     LINE is written to its stdin at once
#define _GNU_SOURCE
#include "clock.h"
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

int main(int argc, char **argv) {
    if (argc < 3) return 2;
    int input[2], output[2];
    if (pipe2(input, O_CLOEXEC) != 0 || pipe2(output, O_CLOEXEC) != 0) die("pipe2");
    dprintf(input[1], "%s\n", argv[1]);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input[0], 0);
    posix_spawn_file_actions_adddup2(&actions, output[1], 1);
    uint64_t start = nanoseconds();
    pid_t child;
    if (posix_spawnp(&child, argv[2], &actions, NULL, argv + 2, environ) != 0) die(argv[2]);
    close(output[1]);
    char bytes[4096];
    ssize_t count;
    do {
        count = read(output[0], bytes, sizeof bytes);
        if (count <= 0) return 1;
    } while (memchr(bytes, '\n', (size_t)count) == NULL);
    printf("%.2f\n", (double)(nanoseconds() - start) / 1e6);
    close(input[1]);
    waitpid(child, NULL, 0);
    return 0;
}
