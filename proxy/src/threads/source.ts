/** The code of a thread as one text, from the bundle or built from the sources. */
import { fileURLToPath } from 'node:url'

/** `proxy/compile.mjs` substitutes this name. */
declare const THREAD_SOURCE: string | undefined

export async function threadSource(): Promise<string> {
  if (typeof THREAD_SOURCE === 'string') return THREAD_SOURCE
  return (made ??= make())
}

let made: Promise<string> | undefined

/** For tests and scripts under tsx, whose loader does not work in threads on Node 20. */
async function make(): Promise<string> {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('./thread.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    external: ['libpg-query'],
    write: false,
    logLevel: 'error',
  })
  return outputFiles[0]?.text ?? ''
}
