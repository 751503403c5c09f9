/** In place of what cannot work without JavaScript. */
export function NeedsScript({ children }: { children: string }) {
  return (
    <noscript>
      <p className="max-w-md rounded-xl border bg-card p-5 text-left">{children}</p>
    </noscript>
  )
}
