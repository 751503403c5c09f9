/** Where things are, whichever folder the tests are started from. */
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The proxy's own folder. */
export const PACKAGE = fileURLToPath(new URL('../../', import.meta.url))

/** Where npm has put its packages: in this folder, or in that of the project around it. */
export const PACKAGES = dirname(
  dirname(createRequire(import.meta.url).resolve('libpg-query/package.json')),
)

/** For `node --import`. */
export const TSX = import.meta.resolve('tsx')
