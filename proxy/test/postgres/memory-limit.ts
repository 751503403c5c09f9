/**
 * Bounds the memory of each Postgres process: a statement that asks for more fails with SQLSTATE 53200
 * (out_of_memory), alone. Without it, one short statement grows its backend until the kernel kills that,
 * and then Postgres ends every session and starts again.
 */

/**
 * Of each process. What Postgres is set to use is far below: work_mem is 4 MB, maintenance_work_mem 64 MB.
 */
export const PROCESS_MEMORY_MB = 256

/**
 * RLIMIT_DATA counts private writable memory (Linux 4.7 and newer, setrlimit(2)), so neither
 * shared_buffers nor the memory that parallel workers share. Postgres itself has no such setting, and
 * macOS and Windows no such limit: there the statement timeout alone bounds memory.
 *
 * `exec` keeps the process id, by which the server is watched and stopped. A lower limit that is there
 * already stays.
 * @returns the command with its arguments
 */
export function withMemoryLimit(
  [program, ...args]: readonly [string, ...string[]],
  platform: NodeJS.Platform = process.platform,
): [string, ...string[]] {
  if (platform !== 'linux') return [program, ...args]
  const script = `ulimit -d ${PROCESS_MEMORY_MB * 1024} 2>/dev/null; exec "$0" "$@"`
  return ['/bin/sh', '-c', script, program, ...args]
}
