/** Takes the pictures of docs/screenshots: small files, and the same ones again from the same page. */
import type { Page } from '@playwright/test'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fadesEnded } from './settled'

const FOLDER = join('docs', 'screenshots')
const QUALITY = 0.82

/** Encodes as WebP, with the browser's own encoder: a quarter of the PNG. */
export async function takePicture(page: Page, name: string, folder = FOLDER): Promise<void> {
  await fadesEnded(page)
  // Nothing blinks, and nothing that comes and goes by time is in it.
  const png = await page.screenshot({ animations: 'disabled', caret: 'hide' })
  const encoder = await page.context().newPage()
  const webp = await encoder.evaluate(
    async ({ base64, quality }) => {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
      canvas.getContext('2d')?.drawImage(bitmap, 0, 0)
      const blob = await canvas.convertToBlob({ type: 'image/webp', quality })
      return Array.from(new Uint8Array(await blob.arrayBuffer()))
    },
    { base64: png.toString('base64'), quality: QUALITY },
  )
  await encoder.close()
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.webp`), Buffer.from(webp))
}
