/// MPI, opened at run time: one program runs with Open MPI, with MPICH and its relatives, with a library of MPI 5's common
/// ABI, and without any. All that is asked of it is to move bytes; what they mean is the caller's business.
#ifndef CMPI_H
#define CMPI_H

#include <stddef.h>

/// Opens a library and starts MPI, with calls from one thread at a time.
///
/// path: the library; null for the one that belongs to the launcher, as the environment tells it (Open MPI, MPICH or
/// Slurm). Returns null, or what went wrong, in words.
const char *cm_start(const char *path);

/// The library in a few words, "Open MPI v4.1.4"; after `cm_start`.
const char *cm_library(void);

int cm_rank(void);
int cm_size(void);

/// The collective operations of all ranks; each returns whether it went well. A failure usually ends the process before
/// that: MPI's own handler reports it and stops all ranks.
///
/// Piece r of what is sent, `bytes` long, goes to rank r; piece r of what is received came from it.
int cm_exchange(const void *sent, void *received, size_t bytes);
/// The pieces of all ranks, in their order, at each of them.
int cm_gather(const void *piece, void *all, size_t bytes);
/// The first rank's bytes at all ranks.
int cm_broadcast(void *data, size_t bytes);

/// Ends MPI; every rank has to call it.
void cm_end(void);
/// Ends all ranks at once, this one too.
void cm_abort(int code);

#endif
