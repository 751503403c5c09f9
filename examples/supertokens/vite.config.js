import { defineConfig } from 'vite'
import solid from 'vite-plugin-solid'

/** The page, and with `--ssr main.ts` the API. */
export default defineConfig(({ isSsrBuild }) => ({
  root: isSsrBuild ? 'api' : 'web',
  plugins: isSsrBuild ? [] : [solid()],
  build: { outDir: isSsrBuild ? '../build/api' : '../build/web', emptyOutDir: true },
}))
