/** Asks the proxy on this machine whether it is alive, for the health check of a container. */
const { PROXY_HOST, PROXY_PORT } = process.env
const host = !PROXY_HOST || PROXY_HOST === '0.0.0.0' ? '127.0.0.1' : PROXY_HOST

try {
  const url = `http://${host}:${PROXY_PORT || 4444}/healthz`
  const { ok } = await fetch(url, { signal: AbortSignal.timeout(2_000) })
  process.exitCode = ok ? 0 : 1
} catch {
  process.exitCode = 1
}
