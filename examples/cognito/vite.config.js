/** @type {import('vite').UserConfig} */
export default {
  build: { target: 'es2022' },
  preview: { host: 'localhost', port: Number(process.env.PORT), strictPort: true },
}
