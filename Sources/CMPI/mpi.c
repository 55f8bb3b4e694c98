// MPI's libraries give the same functions the same meaning, but not the same types: a communicator is an integer in MPICH
// and a pointer to a variable of the library in Open MPI; MPI 5 has made it a pointer with a fixed value. All are passed
// in a register, of which MPICH reads the lower half, so that one declaration with pointers serves the three.

#define _GNU_SOURCE  // dladdr

#include "include/cmpi.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FUNCTIONS(use)                                                       \
    use(Init_thread, (int *, char ***, int, int *))                          \
    use(Initialized, (int *))                                                \
    use(Finalize, (void))                                                    \
    use(Abort, (void *, int))                                                \
    use(Comm_rank, (void *, int *))                                          \
    use(Comm_size, (void *, int *))                                          \
    use(Get_library_version, (char *, int *))                                \
    use(Bcast, (void *, int, void *, int, void *))                           \
    use(Allgather, (const void *, int, void *, void *, int, void *, void *)) \
    use(Alltoall, (const void *, int, void *, void *, int, void *, void *))

/// `mpi.Bcast` is `MPI_Bcast`, and so on.
static struct {
#define FIELD(name, parameters) int(*name) parameters;
    FUNCTIONS(FIELD)
#undef FIELD
} mpi;

/// The handles of all ranks and of a byte, and the level of threads at which one calls at a time.
static void *world, *byte_type;
static int serialized;
static int rank, size = 1;
static char library_name[64];
static char problem[512];

enum { LONGEST_VERSION = 8192 };  // MPI_MAX_LIBRARY_VERSION_STRING of every library is at most this

static bool has(const char *variable) { return getenv(variable) != NULL; }

/// The libraries to try, those of the launcher first.
static const char *const *candidates(void) {
    static const char *const open_mpi[] = {"libmpi.so.40", "libmpi.40.dylib", "libmpi_abi.so.0", NULL};
    static const char *const mpich[] = {"libmpi.so.12", "libmpich.so.12", "libmpi.12.dylib", "libmpi_abi.so.0", NULL};
    static const char *const any[] = {"libmpi_abi.so.0",
                                      "libmpi.so.40",
                                      "libmpi.so.12",
                                      "libmpich.so.12",
                                      "libmpi.40.dylib",
                                      "libmpi.12.dylib",
                                      NULL};
    if (has("OMPI_COMM_WORLD_SIZE")) return open_mpi;
    if (has("MPI_LOCALNRANKS") || (has("PMI_SIZE") && !has("SLURM_PROCID"))) return mpich;
    return any;
}

static void *open_library(const char *path) {
    // Global, because Open MPI opens parts of itself that look for its symbols.
    if (path) return dlopen(path, RTLD_NOW | RTLD_GLOBAL);
    void *library = NULL;
    for (const char *const *name = candidates(); *name && !library; name++)
        library = dlopen(*name, RTLD_NOW | RTLD_GLOBAL);
    return library;
}

static bool find_functions(void *library) {
    bool is_whole = true;
    void *found;
    // POSIX lets an address of dlsym be a function's; C has no conversion for it.
#define FIND(name, parameters)               \
    found = dlsym(library, "MPI_" #name);    \
    memcpy(&mpi.name, &found, sizeof found); \
    is_whole = is_whole && found != NULL;
    FUNCTIONS(FIND)
#undef FIND
    return is_whole;
}

/// The first line of what the library says of itself, without what follows a comma.
static void name_library(void) {
    static char text[LONGEST_VERSION + 1];
    int length = 0;
    if (mpi.Get_library_version(text, &length) != 0) text[0] = 0;
    size_t end = strcspn(text, ",\n");
    size_t written = 0;
    for (size_t i = 0; i < end && written < sizeof library_name - 1; i++) {
        // MPICH writes "MPICH Version:      4.0.2".
        if (strncmp(text + i, " Version:", 9) == 0) i += 9;
        bool is_blank = text[i] == ' ' || text[i] == '\t';
        if (is_blank && (written == 0 || library_name[written - 1] == ' ')) continue;
        library_name[written++] = is_blank ? ' ' : text[i];
    }
    library_name[written] = 0;
}

/// Whether the functions are those of MPI 5's common ABI, which have a library of their own: MPICH 5 has its older one, too.
static bool has_common_abi(void) {
    void *function;
    memcpy(&function, &mpi.Init_thread, sizeof function);
    Dl_info info;
    return dladdr(function, &info) && info.dli_fname && strstr(info.dli_fname, "mpi_abi");
}

/// The values of the library's ABI.
static bool find_handles(void *library) {
    world = dlsym(library, "ompi_mpi_comm_world");
    byte_type = dlsym(library, "ompi_mpi_byte");
    serialized = 2;
    if (has_common_abi()) {
        world = (void *)(uintptr_t)0x101;
        byte_type = (void *)(uintptr_t)0x247;
        serialized = 2048;
    } else if (!world) {
        world = (void *)(uintptr_t)0x44000000;
        byte_type = (void *)(uintptr_t)0x4c00010d;
    }
    return byte_type != NULL;
}

const char *cm_start(const char *path) {
    void *library = open_library(path);
    if (!library) {
        if (path) {
            snprintf(problem, sizeof problem, "%s", dlerror());
            return problem;
        }
        return "no MPI library is installed (Open MPI or MPICH)";
    }
    if (!find_functions(library)) return "the MPI library lacks a function of MPI 3";
    name_library();
    if (!find_handles(library)) return "the MPI library is of a kind that is not known";
    int is_started = 0, provided = 0;
    mpi.Initialized(&is_started);
    if (!is_started && mpi.Init_thread(NULL, NULL, serialized, &provided) != 0) return "MPI could not be started";
    if (!is_started && provided < serialized) return "the MPI library cannot be called from different threads";
    if (mpi.Comm_rank(world, &rank) != 0 || mpi.Comm_size(world, &size) != 0) return "MPI does not tell the ranks";
    return NULL;
}

const char *cm_library(void) { return library_name; }
int cm_rank(void) { return rank; }
int cm_size(void) { return size; }

int cm_exchange(const void *sent, void *received, size_t bytes) {
    if (bytes > INT_MAX) return 0;
    return mpi.Alltoall(sent, (int)bytes, byte_type, received, (int)bytes, byte_type, world) == 0;
}

int cm_gather(const void *piece, void *all, size_t bytes) {
    if (bytes > INT_MAX) return 0;
    return mpi.Allgather(piece, (int)bytes, byte_type, all, (int)bytes, byte_type, world) == 0;
}

int cm_broadcast(void *data, size_t bytes) {
    const size_t most = 1 << 30;
    for (size_t start = 0; start < bytes; start += most) {
        size_t count = bytes - start < most ? bytes - start : most;
        if (mpi.Bcast((char *)data + start, (int)count, byte_type, 0, world) != 0) return 0;
    }
    return 1;
}

void cm_end(void) { mpi.Finalize(); }

void cm_abort(int code) {
    mpi.Abort(world, code);
    abort();
}
