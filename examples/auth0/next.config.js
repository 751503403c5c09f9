import { join } from 'node:path'

/** @type {import('next').NextConfig} */
export default {
  // The queries and styles of all examples are beside this folder.
  turbopack: { root: join(import.meta.dirname, '../..') },
}
