/** Parses Postgres' command tag like Neon's proxy: `INSERT 0 3` is INSERT and 3. */

export type Command = { readonly command: string; readonly rowCount: number | null }

export function commandOf(tag: string): Command {
  const [command = '', second, third] = tag.split(' ')
  const count = command === 'INSERT' ? third : second
  return { command, rowCount: count !== undefined && /^\d+$/.test(count) ? Number(count) : null }
}
