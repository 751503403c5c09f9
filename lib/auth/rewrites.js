/**
 * Sends Clerk's requests to CLERK_API_URL when NEXT_PUBLIC_CLERK_PROXY_URL is a path of this app:
 * that is how the local Clerk is reached. With real Clerk keys neither variable is set.
 *
 * JavaScript, because next.config.js reads it.
 */
export function authRewrites() {
  const path = process.env.NEXT_PUBLIC_CLERK_PROXY_URL
  const target = process.env.CLERK_API_URL
  if (!path?.startsWith('/') || !target) return []
  return [{ source: `${path}/:path*`, destination: `${target}/:path*` }]
}
