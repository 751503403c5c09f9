/** A block of SQL, or of a plan. */
export function Code({ children }: { children: string }) {
  return (
    <pre className="min-w-0 rounded-md bg-muted p-3 font-mono text-sm wrap-anywhere whitespace-pre-wrap">
      <code>{children}</code>
    </pre>
  )
}
