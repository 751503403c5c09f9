/** Makes sure that Clerk's browser bundles are on disk: fetched once, verified, whole or not at all. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { StartError } from './start-error'
import { bundleFolder, BUNDLES, type Bundle } from './bundles'

const run = promisify(execFile)

/**
 * Fills `assetsDir` with one folder per bundle; needs no network when they are there already, or in
 * npm's cache.
 * @throws StartError when npm cannot deliver a bundle, or delivers other bytes than the pinned ones.
 */
export async function ensureClerkAssets(
  assetsDir: string,
  bundles: readonly Bundle[] = BUNDLES,
): Promise<void> {
  await mkdir(assetsDir, { recursive: true })
  await Promise.all(bundles.map((bundle) => ensureBundle(resolve(assetsDir), bundle)))
}

async function ensureBundle(assetsDir: string, bundle: Bundle) {
  const folder = join(assetsDir, bundleFolder(bundle))
  if (existsSync(folder)) return
  const draft = await mkdtemp(`${folder}.draft-`)
  try {
    const tarball = await pack(bundle, draft)
    await verify(bundle, join(draft, tarball))
    await unpack(bundle, draft, tarball)
    await rename(join(draft, 'needed'), folder).catch((error: unknown) => {
      // Another start of the emulator was faster, with the same bytes.
      if (!existsSync(folder)) throw error
    })
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** @returns the name of the tarball that npm left in `directory`. */
async function pack({ name, version }: Bundle, directory: string): Promise<string> {
  // Without a network, npm by default retries for minutes even what its cache holds.
  const patience = [
    '--prefer-offline',
    '--fetch-retry-mintimeout=500',
    '--fetch-retry-maxtimeout=2000',
  ]
  const args = ['pack', `${name}@${version}`, '--ignore-scripts', '--silent', ...patience]
  try {
    await run('npm', args, { cwd: directory, shell: process.platform === 'win32' })
  } catch {
    throw new StartError(
      `npm could not deliver ${name}@${version}, which the local Clerk serves to browsers: ` +
        `connect to the internet once (or check the registry with "npm view ${name}"), and start again.`,
    )
  }
  const tarball = (await readdir(directory)).find((file) => file.endsWith('.tgz'))
  if (tarball === undefined) throw new StartError(`npm left no tarball of ${name}@${version}.`)
  return tarball
}

/** @see https://www.w3.org/TR/SRI/ for the format. */
async function verify({ name, version, integrity }: Bundle, tarball: string) {
  const digest = createHash('sha512').update(await readFile(tarball))
  if (`sha512-${digest.digest('base64')}` === integrity) return
  throw new StartError(
    `npm delivered a ${name}@${version} that is not the published one: run "npm cache verify", ` +
      'check the registry, and start again.',
  )
}

/** Leaves the needed files in `draft/needed`. */
async function unpack({ isNeeded }: Bundle, draft: string, tarball: string) {
  await run('tar', ['-xzf', tarball, 'package/dist'], { cwd: draft })
  const dist = join(draft, 'package', 'dist')
  await mkdir(join(draft, 'needed'))
  for (const file of await readdir(dist)) {
    if (isNeeded.test(file)) await rename(join(dist, file), join(draft, 'needed', file))
  }
}
