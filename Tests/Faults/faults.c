// A library to preload: makes one call of the system fail, in files of one folder. Scripts/check-faults builds and uses it.
//
//   FAULT_FOLDER  only calls on paths that begin with it count, and on descriptors that were opened by such a path
//   FAULT_CALLS   which calls count: open, read, write, sync, rename
//   FAULT_AT      the number, from 1, of the call that fails; 0 for none
//   FAULT_ERROR   the errno; 0 for a call that does only a part of what it should (read, write)
//   FAULT_COUNT   a file that gets the number of calls that counted
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

enum { HIGHEST_DESCRIPTOR = 1024 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char is_watched[HIGHEST_DESCRIPTOR];
static int count;

static const char *setting(const char *name) {
  const char *value = getenv(name);
  return value ? value : "";
}

static int is_in_folder(const char *path) {
  const char *folder = setting("FAULT_FOLDER");
  return path && *folder && !strncmp(path, folder, strlen(folder));
}

static int is_watched_descriptor(int descriptor) {
  return descriptor >= 0 && descriptor < HIGHEST_DESCRIPTOR && is_watched[descriptor];
}

/// Whether this call is the one that fails; `errno` is set then.
static int fails(const char *call) {
  if (!strstr(setting("FAULT_CALLS"), call)) { return 0; }
  pthread_mutex_lock(&lock);
  int number = ++count;
  pthread_mutex_unlock(&lock);
  if (number != atoi(setting("FAULT_AT"))) { return 0; }
  errno = atoi(setting("FAULT_ERROR"));
  return 1;
}

__attribute__((destructor)) static void write_count(void) {
  const char *path = setting("FAULT_COUNT");
  if (!*path) { return; }
  FILE *file = fopen(path, "w");
  if (!file) { return; }
  fprintf(file, "%d\n", count);
  fclose(file);
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int opened(int descriptor, int is_in) {
  if (descriptor >= 0 && descriptor < HIGHEST_DESCRIPTOR) { is_watched[descriptor] = (char)is_in; }
  return descriptor;
}

#define DEFINE_OPEN(name)                                                                                              \
  int name(const char *path, int flags, ...) {                                                                         \
    va_list arguments;                                                                                                 \
    va_start(arguments, flags);                                                                                        \
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? (mode_t)va_arg(arguments, int) : 0;                                  \
    va_end(arguments);                                                                                                 \
    int is_in = is_in_folder(path);                                                                                    \
    if (is_in && fails("open")) { return -1; }                                                                         \
    return opened(NEXT(name)(path, flags, mode), is_in);                                                               \
  }
DEFINE_OPEN(open)
DEFINE_OPEN(open64)

int close(int descriptor) {
  opened(descriptor, 0);
  return NEXT(close)(descriptor);
}

/// How many bytes a call that fails may still do: all but the last of half of them, at least one.
static size_t part(size_t size) { return size > 1 ? size / 2 : size; }

#define DEFINE_TRANSFER(name, call, buffer_type, parameters, arguments)                                                \
  ssize_t name parameters {                                                                                            \
    if (is_watched_descriptor(descriptor) && fails(call)) {                                                            \
      if (errno) { return -1; }                                                                                        \
      size = part(size);                                                                                               \
    }                                                                                                                  \
    return NEXT(name) arguments;                                                                                       \
  }
DEFINE_TRANSFER(read, "read", void *, (int descriptor, void *buffer, size_t size), (descriptor, buffer, size))
DEFINE_TRANSFER(pread, "read", void *, (int descriptor, void *buffer, size_t size, off_t offset),
                (descriptor, buffer, size, offset))
DEFINE_TRANSFER(pread64, "read", void *, (int descriptor, void *buffer, size_t size, off64_t offset),
                (descriptor, buffer, size, offset))
DEFINE_TRANSFER(write, "write", const void *, (int descriptor, const void *buffer, size_t size),
                (descriptor, buffer, size))
DEFINE_TRANSFER(pwrite, "write", const void *, (int descriptor, const void *buffer, size_t size, off_t offset),
                (descriptor, buffer, size, offset))

int fsync(int descriptor) { return is_watched_descriptor(descriptor) && fails("sync") ? -1 : NEXT(fsync)(descriptor); }

int fdatasync(int descriptor) {
  return is_watched_descriptor(descriptor) && fails("sync") ? -1 : NEXT(fdatasync)(descriptor);
}

int rename(const char *from, const char *to) {
  return is_in_folder(to) && fails("rename") ? -1 : NEXT(rename)(from, to);
}

int link(const char *from, const char *to) {
  return is_in_folder(to) && fails("rename") ? -1 : NEXT(link)(from, to);
}
