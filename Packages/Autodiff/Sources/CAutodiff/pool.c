#define _GNU_SOURCE 1
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <unistd.h>

#include "include/CAutodiff.h"

// One process-wide pool. Workers are created when a run first asks for them and live as long as the
// process; between runs they spin for about 200 microseconds, then sleep. A run is published as a
// generation number; whoever passes its gate draws task indices from a shared counter. The caller
// closes the gate when no index is left, so it never waits for a worker that has not woken up yet.

enum { MOST_THREADS = 64, SPINS = 4000, CLOSED = 1 << 30 };

typedef struct {
  af_task task;
  void* context;
  int64_t task_count;
  int threads;
} job;

static pthread_mutex_t running = PTHREAD_MUTEX_INITIALIZER;  // held by the run that owns the pool
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;     // guards the generation for sleepers
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
static job current;                     // written only while the gate is closed and nobody inside
static _Atomic uint64_t generation;
static _Atomic int64_t next_task;
static _Atomic int gate = CLOSED;        // workers inside the current run, and whether it is closed
static int created;                     // workers 1...created exist; guarded by `running`
static _Thread_local int inside_task;

int af_pool_default_threads(void) {
#if defined(__linux__)
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
  long online = sysconf(_SC_NPROCESSORS_ONLN);
  return online > 0 ? (int)online : 1;
}

static inline void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static void draw_tasks(const job* j, int worker) {
  inside_task = 1;
  for (;;) {
    int64_t index = atomic_fetch_add_explicit(&next_task, 1, memory_order_relaxed);
    if (index >= j->task_count) break;
    j->task(j->context, index, worker);
  }
  inside_task = 0;
}

static uint64_t await_generation(uint64_t seen) {
  for (int spin = 0; spin < SPINS; spin++) {
    uint64_t now = atomic_load_explicit(&generation, memory_order_acquire);
    if (now != seen) return now;
    relax();
  }
  pthread_mutex_lock(&lock);
  uint64_t now;
  while ((now = atomic_load_explicit(&generation, memory_order_acquire)) == seen)
    pthread_cond_wait(&wake, &lock);
  pthread_mutex_unlock(&lock);
  return now;
}

static int enter_gate(void) {
  int state = atomic_load_explicit(&gate, memory_order_relaxed);
  while (!(state & CLOSED))
    if (atomic_compare_exchange_weak_explicit(&gate, &state, state + 1, memory_order_acquire,
                                              memory_order_relaxed))
      return 1;
  return 0;
}

typedef struct {
  int worker;
  uint64_t seen;
} birth;

static birth births[MOST_THREADS];

static void* worker_main(void* argument) {
  const birth* born = argument;
  uint64_t seen = born->seen;
  for (;;) {
    seen = await_generation(seen);
    if (!enter_gate()) continue;
    if (born->worker < current.threads) draw_tasks(&current, born->worker);
    atomic_fetch_sub_explicit(&gate, 1, memory_order_release);
  }
  return NULL;
}

/// Makes sure that workers 1..<threads exist; returns how many threads there are, the caller included.
static int ensure_workers(int threads) {
  while (created + 1 < threads) {
    birth* b = births + created + 1;
    *b = (birth){created + 1, atomic_load(&generation)};
    pthread_t thread;
    if (pthread_create(&thread, NULL, worker_main, b) != 0) break;
    pthread_detach(thread);
    created++;
  }
  return created + 1 < threads ? created + 1 : threads;
}

static void run_alone(int64_t task_count, af_task task, void* context) {
  for (int64_t index = 0; index < task_count; index++) task(context, index, 0);
}

void af_pool_run(int threads, int64_t task_count, af_task task, void* context) {
  if (threads > MOST_THREADS) threads = MOST_THREADS;
  if (threads > task_count) threads = (int)task_count;
  if (threads <= 1 || inside_task || pthread_mutex_trylock(&running) != 0) {
    run_alone(task_count, task, context);
    return;
  }
  current = (job){task, context, task_count, ensure_workers(threads)};
  atomic_store_explicit(&next_task, 0, memory_order_relaxed);
  atomic_store_explicit(&gate, 0, memory_order_release);
  pthread_mutex_lock(&lock);
  atomic_fetch_add_explicit(&generation, 1, memory_order_release);
  pthread_cond_broadcast(&wake);
  pthread_mutex_unlock(&lock);

  draw_tasks(&current, 0);
  atomic_fetch_or_explicit(&gate, CLOSED, memory_order_relaxed);
  for (int spin = 0; atomic_load_explicit(&gate, memory_order_acquire) != CLOSED; spin++) {
    if (spin < SPINS) relax();
    else sched_yield();
  }
  pthread_mutex_unlock(&running);
}
