/** Serves Clerk's browser bundles from disk, whatever version the page's address names. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BUNDLES, bundleFolder } from './bundles'
import { notFound } from './errors'
import type { Reply } from './reply'
import type { Handler } from './router'

/** `/npm/@clerk/<name>@<version>/dist/<file>` */
export const serveAsset: Handler = async (clerk, { params, headers }): Promise<Reply> => {
  const { package: asked = '', file = '' } = params
  const name = `@clerk/${asked.split('@')[0] ?? ''}`
  const bundle = BUNDLES.find((candidate) => candidate.name === name)
  if (!bundle?.isNeeded.test(file)) throw notFound('The file')
  const etag = `"${bundle.version}"`
  const caching = {
    etag,
    // The entry's address names a range of versions; a chunk's name changes with its content.
    'cache-control': file === bundle.entry ? 'no-cache' : 'public, max-age=31536000, immutable',
  }
  if (headers['if-none-match'] === etag) return { status: 304, headers: caching }
  return {
    status: 200,
    headers: { ...caching, 'content-type': 'text/javascript; charset=utf-8' },
    body: await readAsset(join(clerk.assetsDir, bundleFolder(bundle), file)),
  }
}

async function readAsset(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch {
    throw notFound('The file')
  }
}
