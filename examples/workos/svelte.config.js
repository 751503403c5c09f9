import adapter from '@sveltejs/adapter-node'

export default {
  kit: {
    adapter: adapter(),
    typescript: {
      // For ../todos, too, which would find another copy. Paths are from .svelte-kit/.
      config: ({ compilerOptions }) => {
        compilerOptions.paths['drizzle-orm'] = ['../node_modules/drizzle-orm']
        compilerOptions.paths['drizzle-orm/*'] = ['../node_modules/drizzle-orm/*']
      },
    },
  },
}
