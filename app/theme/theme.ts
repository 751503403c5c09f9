/** The theme that a device has chosen, kept in a cookie so that the first paint has it without a script. */

export const themes = ['light', 'dark', 'system'] as const
export type Theme = (typeof themes)[number]

export const THEME_COOKIE = 'theme'

/** Anything unknown is the system's choice. */
export function parseTheme(value: unknown): Theme {
  return themes.find((theme) => theme === value) ?? 'system'
}
