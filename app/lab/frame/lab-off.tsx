import { FlaskConicalOffIcon } from 'lucide-react'

/** Stands where a room would be, and says how to open it. */
export function LabOff({ hasRecording }: { hasRecording: boolean }) {
  return (
    <section className="flex items-start gap-3 rounded-xl border bg-card p-4 sm:p-5">
      <FlaskConicalOffIcon aria-hidden className="mt-1 size-5 shrink-0 text-muted-foreground" />
      <div className="grid gap-1.5 text-pretty">
        <h2 className="font-semibold">The lab is off here</h2>
        <p className="text-muted-foreground">
          It makes databases, speaks as other people and shows how requests are checked, which a
          public app has no use for. On your own machine, <Code>npm run up</Code> starts it;
          anywhere else, <Code>LAB=on</Code> does.
          {hasRecording && ' Below is a recorded run.'}
        </p>
      </div>
    </section>
  )
}

function Code({ children }: { children: string }) {
  return <code className="rounded bg-muted px-1 py-0.5 font-mono text-sm">{children}</code>
}
