/** Which browser bundles of Clerk's the emulator serves: exactly these bytes, from npm. */

export type Bundle = {
  name: '@clerk/clerk-js' | '@clerk/ui'
  version: string
  /** Subresource Integrity of the tarball: `npm view NAME@VERSION dist.integrity`. */
  integrity: string
  /** The file that pages ask for first, by a version range. */
  entry: string
  /** The files of the tarball that a browser may ask for; the rest is for other platforms. */
  isNeeded: RegExp
}

/**
 * Not dependencies: installed as such, their trees take hundreds of megabytes for unused wallets, and
 * @clerk/ui does not resolve at all.
 */
export const BUNDLES: readonly Bundle[] = [
  {
    name: '@clerk/clerk-js',
    version: '6.40.0',
    integrity:
      'sha512-2MnZ/ygvuCmeuqfXQmsxfQaLN/SSJvQbtT2cLXbgr5VKr3KmZFZBVvX977fG3eZ6pprl4J9pO+I2bbe6BvColg==',
    entry: 'clerk.browser.js',
    isNeeded: /^(clerk\.browser|.+_clerk\.browser_a68c22_6\.40\.0)\.js$/,
  },
  {
    name: '@clerk/ui',
    version: '1.36.0',
    integrity:
      'sha512-uI96zYCh5jISLOt1mdpIPy/Y31P0kwFxjUFOxLUwFfTHFmGUcRjbqN6bbb+75tdI2Bz6ARGws3rhspDer+xIfQ==',
    entry: 'ui.browser.js',
    isNeeded: /^(ui\.browser|.+_ui_58d0c7_1\.36\.0)\.js$/,
  },
]

/** The folder of a bundle's files inside `assetsDir`: `clerk-js-6.40.0`. */
export function bundleFolder({ name, version }: Bundle): string {
  return `${name.replace('@clerk/', '')}-${version}`
}
