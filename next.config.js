/** @import { NextConfig } from 'next' */
import { authRewrites } from './lib/auth/rewrites.js'

/** What holds for every answer. The Content-Security-Policy changes with each: see lib/auth. */
const securityHeaders = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'Referrer-Policy', value: 'strict-origin-when-cross-origin' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Permissions-Policy', value: 'camera=(), geolocation=(), microphone=(), payment=()' },
]

/** @type {NextConfig} */
const config = {
  distDir: process.env.NEXT_DIST_DIR ?? '.next',
  // Such a build is for tests, and TypeScript knows the routes of `.next` alone: `npm test` checks them itself.
  typescript: { ignoreBuildErrors: process.env.NEXT_DIST_DIR !== undefined },
  // For the Dockerfile: a folder that runs without node_modules. `next start` cannot run that build.
  ...(process.env.NEXT_OUTPUT === 'standalone' ? { output: 'standalone' } : {}),
  poweredByHeader: false,
  reactStrictMode: true,
  headers: async () => [{ source: '/:path*', headers: securityHeaders }],
  rewrites: async () => ({
    beforeFiles: authRewrites(),
    // Browsers request this whatever icon the page names.
    afterFiles: [{ source: '/favicon.ico', destination: '/icon.svg' }],
    fallback: [],
  }),
}

export default config
