// What Swift's Glibc module leaves out, hides behind macros, or declares for _GNU_SOURCE only.
#pragma once
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

extern int accept4(int fd, struct sockaddr *address, socklen_t *length, int flags);
extern int pthread_setname_np(pthread_t thread, const char *name);

extern long syscall(long number, ...);

/// The bytes of the calling thread's affinity mask, written to mask; negative on failure.
static inline long shop_affinity(void *mask, unsigned long size) { return syscall(SYS_sched_getaffinity, 0, size, mask); }
