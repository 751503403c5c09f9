/** A copy of the project to change and to run commands in, with the packages of the original. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'

const LEFT_OUT = ['node_modules', '.git', '.data', '.next', '.next-test', 'test-results']

export type ProjectCopy = {
  readonly folder: string
  /** As in a new terminal: a test's own variables tell Node's test runner not to report to people. */
  readonly environment: NodeJS.ProcessEnv
  /** @throws AssertionError with what the command said, when it fails */
  readonly run: (
    command: string,
    env?: Readonly<Record<string, string | undefined>>,
  ) => Promise<void>
  readonly remove: () => void
}

/**
 * Inside the project's folder, so that Next finds the packages below its root.
 * @param without further files and folders to leave out
 */
export function copyProject(name: string, without: readonly string[] = []): ProjectCopy {
  const folder = resolve('.data', `${name}-${process.pid}`)
  mkdirSync(folder, { recursive: true })
  for (const entry of readdirSync('.')) {
    if ([...LEFT_OUT, ...without].includes(entry)) continue
    const filter = (path: string) => !/[\\/](node_modules|\.next)$/.test(path)
    cpSync(entry, join(folder, entry), { recursive: true, filter })
  }
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  const environment = { ...process.env, NODE_TEST_CONTEXT: undefined, TEST_SERVERS: undefined }
  return {
    folder,
    environment,
    run: async (command, env = {}) => {
      const child = spawn(command, {
        shell: true,
        cwd: folder,
        env: { ...environment, ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let output = ''
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
      }
      const [status] = (await once(child, 'close')) as [number | null]
      assert.equal(status, 0, `${command}\n${output}`)
    },
    remove: () => {
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
