/**
 * A picture for users without one: their initial, as an image that needs no request. Its id keeps
 * Clerk's user profile from offering to remove it (`isDefaultImage` in @clerk/ui).
 */
import { createHash } from 'node:crypto'
import type { User } from '../state'

export function avatarUrl(user: Pick<User, 'firstName' | 'email'>): string {
  const initial = Array.from(user.firstName ?? user.email)[0]?.toUpperCase() ?? '?'
  const hue = createHash('sha1').update(user.email).digest().readUInt16BE() % 360
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" id="avatar_placeholder" viewBox="0 0 64 64"><rect width="64" height="64" fill="hsl(${hue} 45% 45%)"/><text x="32" y="34" fill="#fff" font-family="system-ui,sans-serif" font-size="30" text-anchor="middle" dominant-baseline="middle">${escapeXml(initial)}</text></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}

function escapeXml(char: string): string {
  return char === '<' || char === '&' ? `&#${char.charCodeAt(0)};` : char
}
