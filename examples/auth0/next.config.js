import { join } from 'node:path'

/** @type {import('next').NextConfig} */
export default {
  // The queries and styles of all examples are beside this folder. In a root above that, Next would find another app's proxy.ts.
  turbopack: { root: join(import.meta.dirname, '..') },
}
