/** @import { NextConfig } from 'next' */

/**
 * Sends Clerk's requests to CLERK_API_URL when NEXT_PUBLIC_CLERK_PROXY_URL is a path of this app:
 * that is how the local Clerk is reached. With real Clerk keys neither variable is set.
 */
async function clerkRewrites() {
  const path = process.env.NEXT_PUBLIC_CLERK_PROXY_URL
  const target = process.env.CLERK_API_URL
  if (!path?.startsWith('/') || !target) return []
  return [{ source: `${path}/:path*`, destination: `${target}/:path*` }]
}

/** Headers of every answer. The Content-Security-Policy differs per answer: see proxy.ts. */
const securityHeaders = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'Referrer-Policy', value: 'strict-origin-when-cross-origin' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Permissions-Policy', value: 'camera=(), geolocation=(), microphone=(), payment=()' },
]

/** @type {NextConfig} */
const config = {
  distDir: process.env.NEXT_DIST_DIR ?? '.next',
  // For the Dockerfile: a folder that runs without node_modules. `next start` cannot run that build.
  ...(process.env.NEXT_OUTPUT === 'standalone' ? { output: 'standalone' } : {}),
  poweredByHeader: false,
  reactStrictMode: true,
  headers: async () => [{ source: '/:path*', headers: securityHeaders }],
  rewrites: async () => ({
    beforeFiles: await clerkRewrites(),
    // Browsers request this whatever icon the page names.
    afterFiles: [{ source: '/favicon.ico', destination: '/icon.svg' }],
    fallback: [],
  }),
}

export default config
