/** Next's request hook (not the SQL proxy): the one place where PropelAuth's SDK can keep a renewed token. */
export { authMiddleware as proxy } from '@propelauth/nextjs/server/app-router'

export const config = { matcher: '/((?!_next/).*)' }
