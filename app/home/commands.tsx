const commands = [
  { command: 'npm run up', does: 'installs and starts everything: Postgres, proxy, login, app' },
  { command: 'npm test', does: 'proves everything, in a real browser too' },
]

/** How to run it. */
export function Commands() {
  return (
    <section aria-labelledby="commands" className="grid gap-4">
      <h2 id="commands" className="text-2xl font-semibold tracking-tight">
        Two commands
      </h2>
      <p className="max-w-2xl text-pretty text-muted-foreground">
        It runs on a laptop with Node and nothing else: no account, no cloud, and after the first
        start no internet.
      </p>
      <dl className="grid gap-4 rounded-xl border bg-card p-5">
        {commands.map(({ command, does }) => (
          <div key={command} className="grid gap-1 sm:grid-cols-[10rem_1fr] sm:items-baseline">
            <dt>
              <code className="font-mono font-medium">{command}</code>
            </dt>
            <dd className="text-sm text-muted-foreground">{does}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
