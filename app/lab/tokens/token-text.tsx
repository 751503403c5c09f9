/** A token with its three parts told apart. It is worth nothing outside of the lab. */
export function TokenText({ token }: { token: string }) {
  const [header = '', claims = '', signature = ''] = token.split('.')
  return (
    <p className="rounded-lg bg-muted px-3 py-2 font-mono text-sm break-all">
      <span title="Header">{header}</span>.
      <span title="Claims" className="text-primary">
        {claims}
      </span>
      .
      <span title="Signature" className="text-muted-foreground">
        {signature}
      </span>
    </p>
  )
}
