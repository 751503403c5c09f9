export function Introduction() {
  return (
    <div className="grid gap-5">
      <h1 className="text-4xl font-semibold tracking-tight text-balance sm:text-5xl">
        Postgres decides whose row it is.
      </h1>
      <p className="max-w-xl text-lg text-pretty text-muted-foreground">
        A todo list whose SQL is sent from the server, or straight from your browser. Either way it
        travels with your login, and row-level security gives you your own rows and nobody
        else&rsquo;s.
      </p>
    </div>
  )
}
