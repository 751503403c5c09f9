/** The login provider is reached by its own address. JavaScript, because next.config.js reads it. */
export function authRewrites() {
  return []
}
